"""Every kind of page that each role reaches by links, on a phone and in an office: axe finds nothing."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from portal.accounts.models import User
from portal.extensions import db
from tests import demonstration
from tests.browser.conftest import WINDOWS

pytestmark = pytest.mark.long

AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ROLES = (
    "county", "admin", "dept1", "chengguan", "town2", "park", "committee", "inspector1", "unit1", "community1",
    "grid1", "member1", "dual1",
)  # fmt: skip
# What every role sees alike is looked at once, as a resident sees it.
SHARED = {"/", "/help", "/wishes/new", "/wishes/follow", "/login", "/verify"}
NO_PAGE = re.compile(r"^/elder|\.(pdf|pem|xlsx|xls|docx|csv|ics|zip|png|svg|jpg)(\?|$)")


@pytest.fixture
def demo(app):
    """`demo(username)` is a login of the demonstration."""
    demonstration.load()
    return lambda username: db.session.scalar(select(User).where(User.username == username))


def walk(page, *starts: str, skip=frozenset()) -> Iterator[str]:
    """Open one page of each kind that links lead to from these; yields its address while it is open."""
    waiting, met = list(starts), set()
    while waiting:
        address = waiting.pop(0)
        if (kind := kind_of(address)) in met | skip:
            continue
        met.add(kind)
        answer = page.goto(address)
        assert answer.status == 200, f"{address}: {answer.status}"
        yield address
        links = page.eval_on_selector_all("a[href^='/']", "links => links.map(a => a.getAttribute('href'))")
        waiting += [link for each in links if not NO_PAGE.search(link := each.partition("#")[0])]


def kind_of(address: str) -> str:
    """The address without what tells one row from another; a page further on is a kind of its own."""
    parts = urlsplit(address)
    return re.sub(r"\d[\d-]*", "N", parts.path) + ("?after" if "after=" in parts.query else "")


def findings(page) -> list[str]:
    """What axe says against the open page, and whether it is wider than its window or lacks its one h1."""
    run = f"{AXE}; axe.run(document, {{runOnly: {RULES}, resultTypes: ['violations']}})"
    found = [
        f"{rule['id']}: {node['html'][:150]}" for rule in page.evaluate(run)["violations"] for node in rule["nodes"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append("wider than its window")
    if page.locator("h1").count() != 1:
        found.append("not one h1")
    return found


def complaints(page, *starts: str, **options) -> list[str]:
    """What there is to say of each page that is reached, as wide as a phone and as an office's screen."""
    found = []
    for address in walk(page, *starts, **options):
        for window in ("phone", "office"):
            page.set_viewport_size(WINDOWS[window]["viewport"])
            found += [f"{window} {address} {finding}" for finding in findings(page)]
    return found


@pytest.mark.parametrize("username", ROLES)
def test_pages_of_a_role(demo, visit, username):
    page = visit("office", user=demo(username))
    db.session.rollback()
    assert complaints(page, "/desk", "/wishes", skip=SHARED) == []


@pytest.mark.parametrize("elder", [False, True], ids=["", "elder"])
def test_pages_of_residents(demo, visit, elder):
    page = visit("office")
    if elder:
        page.goto("/elder?on=1")
    assert complaints(page, "/", "/login") == []


# What makes a page hard to read or to hit in 长辈模式: text below 18 px, lines below 1.5, targets below 60 px high.
TOO_SMALL = """() => {
  const found = new Set();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const words = texts.currentNode.textContent.trim(), element = texts.currentNode.parentElement;
    if (!words || !element.getClientRects().length || element.closest('.visually-hidden, script, option')) continue;
    const {fontSize, lineHeight} = getComputedStyle(element);
    const size = parseFloat(fontSize), line = parseFloat(lineHeight);
    const several = element.getBoundingClientRect().height > 1.5 * line;
    if (size < 18) found.add(`${fontSize}: ${words.slice(0, 20)}`);
    if (several && line < 1.5 * size) found.add(`lines: ${words.slice(0, 20)}`);
  }
  for (const target of document.querySelectorAll('a, button, input, select, textarea, summary')) {
    const {height} = (target.closest('label') || target).getBoundingClientRect();
    const in_a_sentence = target.tagName === 'A' && getComputedStyle(target).display === 'inline';
    if (target.closest('[aria-hidden="true"]')) continue;
    if (height > 1 && height < 59.5 && !in_a_sentence) found.add(`${height} px high: ${target.outerHTML.slice(0, 80)}`);
  }
  return [...found];
}"""


@pytest.mark.parametrize("window", ["phone", "office"])
def test_large_type_is_large_on_every_page_of_residents(demo, visit, window):
    page = visit(window)
    page.goto("/elder?on=1")
    found = {address: page.evaluate(TOO_SMALL) for address in walk(page, "/", "/login")}
    assert {address: small for address, small in found.items() if small} == {}
