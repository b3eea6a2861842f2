/* Niceties only: every page works without this file. */
(() => {
  "use strict";

  const say = (words) => {
    const flash = document.getElementById("flash");
    const banner = document.createElement("div");
    banner.className = "banner banner--error";
    banner.textContent = words;
    flash.replaceChildren(banner);
    showFlash();
  };

  /* Far down a page the message would be out of sight: it floats there until the next click. */
  const showFlash = () => {
    const flash = document.getElementById("flash");
    flash.classList.toggle("floating", flash.childElementCount > 0 && flash.getBoundingClientRect().bottom < 0);
  };

  /* What needs a script shows itself only when there is one. */
  const reveal = (root) => {
    root.querySelectorAll("[data-print], [data-tick-all]").forEach((element) => { element.hidden = false; });
    root.querySelectorAll("[data-bulk]").forEach(countTicks);
  };

  /* Bulk tables: one tick for all rows of each, and how many are ticked. */
  const ticks = (form) => [...form.querySelectorAll("tbody input[type=checkbox]:not([disabled])")];
  function countTicks(form) {
    const all = ticks(form);
    const ticked = all.filter((tick) => tick.checked).length;
    form.querySelectorAll("[data-tick-all]").forEach((head) => {
      const own = ticks(head.closest("table")), on = own.filter((tick) => tick.checked).length;
      head.checked = own.length > 0 && on === own.length;
      head.indeterminate = on > 0 && on < own.length;
    });
    const count = form.querySelector("[data-count]");
    if (count) count.textContent = `已选 ${ticked} 项`;
  }
  document.addEventListener("change", (event) => {
    const form = event.target.closest("[data-bulk]");
    if (!form) return;
    if (event.target.matches("[data-tick-all]")) ticks(event.target.closest("table")).forEach((tick) => { tick.checked = event.target.checked; });
    countTicks(form);
  });

  /* A long form warns before what was typed is lost. */
  let unsaved = false;
  document.addEventListener("input", (event) => { if (event.target.closest("[data-guard]")) unsaved = true; });
  document.addEventListener("submit", () => { unsaved = false; });
  window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });

  const MENUS = "details.who[open], details.nav__group[open]";
  document.addEventListener("click", (event) => {
    document.getElementById("flash").classList.remove("floating");
    if (event.target.closest("[data-print]")) window.print();
    /* A click elsewhere closes the menu of identities and the groups of the navigation. */
    document.querySelectorAll(MENUS).forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector(MENUS);
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });

  /* An answer without the piece asked for (a refusal, a login page) takes the place of the whole text. */
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { detail } = event;
    const answer = new DOMParser().parseFromString(detail.xhr.responseText, "text/html");
    if (detail.target.id && answer.getElementById(detail.target.id)) return;
    if (answer.getElementById("main")) {
      detail.target = document.getElementById("main");
      detail.selectOverride = "#main";
      detail.swapOverride = "outerHTML show:window:top";
    } else {
      detail.shouldSwap = false;
      say("系统暂时没有回应，请稍后再试。");
    }
  });
  document.addEventListener("htmx:sendError", () => say("网络不通，您的操作没有送出，请检查网络后再试。"));

  /* After a swap the keyboard stays where the change is. */
  const focusErrors = (root) => {
    const errors = root.querySelector("[data-focus]");
    if (errors) errors.focus();
    return Boolean(errors);
  };
  document.addEventListener("htmx:afterSettle", (event) => {
    const changed = document.getElementById(event.detail.target.id) || document.getElementById("main");
    reveal(changed);
    showFlash();
    if (focusErrors(changed) || document.activeElement !== document.body) return;
    if (!changed.hasAttribute("tabindex")) changed.tabIndex = -1;
    changed.focus({ preventScroll: true });
  });

  reveal(document);
  focusErrors(document);
})();
