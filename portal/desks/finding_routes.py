"""The page of the search box, and the way to a list of what was typed above it: neither stands in an address."""

from urllib.parse import urlencode

from flask import abort, redirect, render_template, request, url_for

from portal import clock, sought
from portal.desks import finding
from portal.desks.routes import bp
from portal.doors import signed_in
from portal.finding import Sought, read
from portal.text import clean
from portal.web import me, safe_next

NO_FILTERS = ("q", "to", "s", "csrf_token")


@bp.route("/find", methods=["GET", "POST"])
@signed_in
def find():
    """Everything that a search found, by kind; the only thing with a whole number is opened at once."""
    if request.method == "POST":
        words = _typed()
        alone = finding.only_one(me(), _read(words))
        return redirect(alone or url_for(".find", s=sought.keep(words)), 303)
    words = sought.words()
    found = finding.everything(me(), _read(words))
    return render_template("desks/found.html", words=words, found=found, search=request.args.get("s"), **_hint())


@bp.route("/find/<kind>")
@signed_in
def find_all(kind: str):
    """All that a search found of one kind, in pages."""
    chosen = finding.kind_of(kind) or abort(404)
    search = request.args.get("s")
    words = sought.words()
    shown = chosen.page(me(), _read(words), request.args.get("after")) if words else None
    following = url_for(".find_all", kind=kind, s=search, after=shown.next) if shown and shown.next else ""
    return render_template(
        "desks/found_all.html", words=words, kind=chosen, lines=shown.rows if shown else [], search=search,
        next_page=following, **_hint(),
    )  # fmt: skip


@bp.route("/sought", methods=["POST"])
@signed_in
def seek():
    """What was typed above a list is kept, and the list opened: with the other filters, and a number for the words."""
    words = _typed()
    filters = [(name, text) for name, text in request.form.items(multi=True) if name not in NO_FILTERS]
    filters += [("s", sought.keep(words))] if words else []
    there = safe_next(request.form.get("to"), url_for(".desk")).partition("?")[0]
    return redirect(f"{there}?{urlencode(filters)}" if filters else there, 303)


def _typed() -> str:
    return clean(request.form.get("q", ""))[: sought.MOST_LETTERS]


def _read(words: str) -> Sought:
    return read(words, clock.today().year)


def _hint() -> dict[str, str]:
    return {"hint": finding.hint(me())}
