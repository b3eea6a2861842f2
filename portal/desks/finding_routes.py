"""The page of the search box.

What is sought may be a name or the end of a telephone: it must stand in no address, since addresses are kept by
browsers, proxies and logs. So the form is POSTed, and the words wait, sealed, in the browser's session; the answer is
a redirect, so that going back from something found asks nobody to send a form again. The address tells one search
from another by a small number only.
"""

import json

from flask import abort, redirect, render_template, request, session, url_for

from portal import clock, cookie_seal
from portal.desks import finding
from portal.desks.routes import bp
from portal.doors import signed_in
from portal.finding import MOST_LETTERS, Sought, read
from portal.text import clean
from portal.web import me

KEPT = 5  # searches: those of a few windows
_PLACE = "sought"


@bp.route("/find", methods=["GET", "POST"])
@signed_in
def find():
    """Everything that a search found, by kind; the only thing with a whole number is opened at once."""
    if request.method == "POST":
        words = clean(request.form.get("q", ""))[:MOST_LETTERS]
        alone = finding.only_one(me(), _read(words))
        return redirect(alone or url_for(".find", s=_keep(words)), 303)
    words = _kept(request.args.get("s"))
    found = finding.everything(me(), _read(words))
    return render_template("desks/found.html", words=words, found=found, search=request.args.get("s"), **_hint())


@bp.route("/find/<kind>")
@signed_in
def find_all(kind: str):
    """All that a search found of one kind, in pages."""
    chosen = finding.kind_of(kind) or abort(404)
    search = request.args.get("s")
    words = _kept(search)
    shown = chosen.page(me(), _read(words), request.args.get("after")) if words else None
    following = url_for(".find_all", kind=kind, s=search, after=shown.next) if shown and shown.next else ""
    return render_template(
        "desks/found_all.html", words=words, kind=chosen, lines=shown.rows if shown else [], search=search,
        next_page=following, **_hint(),
    )  # fmt: skip


def _read(words: str) -> Sought:
    return read(words, clock.today().year)


def _hint() -> dict[str, str]:
    return {"hint": finding.hint(me())}


def _searches() -> dict[str, str]:
    """The latest searches of this browser by their numbers, the oldest first."""
    try:
        kept = json.loads(cookie_seal.unseal(session.get(_PLACE, ""), _PLACE))
    except ValueError:
        return {}
    return kept if isinstance(kept, dict) else {}


def _keep(words: str) -> str:
    """Seal these words into the session; the number by which they are found again."""
    searches = _searches()
    number = str(max(map(int, searches), default=0) + 1)
    latest = dict([*searches.items(), (number, words)][-KEPT:])
    session[_PLACE] = cookie_seal.seal(json.dumps(latest, ensure_ascii=False), _PLACE)
    return number


def _kept(number: str | None) -> str:
    """The words of the search with this number; '' when it is forgotten."""
    return _searches().get(number or "", "")
