"""What is typed to find a person in a list: a name, or the end of a telephone.

It must stand in no address, since addresses are kept by browsers, proxies and logs. So the form above a list is POSTed
to `/sought`, the words wait, sealed, in the browser's session, and the list is opened by a redirect, which tells one
search from another by a small number only (`?s=3`): going back works. Filters that tell nothing of a person stand in
the address as everywhere. `moves.filter_form(…, sought=true)` is such a form, `SoughtFilter` reads it, and a page
that has no other filter asks `words()`.
"""

import json

from flask import request, session
from werkzeug.datastructures import MultiDict

from portal import cookie_seal
from portal.forms import FilterForm

MOST_LETTERS = 40
KEPT = 8  # searches: those of a few windows
_PLACE = "sought"


def keep(typed: str) -> str:
    """Seal these words into the session; the number by which they are found again."""
    searches, typed = _searches(), typed[:MOST_LETTERS]
    again = [number for number, words in searches.items() if words == typed]
    number = again[0] if again else str(max(map(int, searches), default=0) + 1)
    others = [each for each in searches.items() if each[0] != number]
    latest = dict([*others, (number, typed)][-KEPT:])
    session[_PLACE] = cookie_seal.seal(json.dumps(latest, ensure_ascii=False), _PLACE)
    return number


def words() -> str:
    """What was typed for the search that the present address names; '' when there is none, or it is forgotten."""
    return _searches().get(request.args.get("s", ""), "")


def _searches() -> dict[str, str]:
    """The latest searches of this browser by their numbers, the oldest first."""
    try:
        kept = json.loads(cookie_seal.unseal(session.get(_PLACE, ""), _PLACE))
    except ValueError:
        return {}
    return kept if isinstance(kept, dict) else {}


class SoughtFilter(FilterForm):
    """Filters of a list of people: the field `q` is what was typed to find one, and never read from the address."""

    def __init__(self, **kw):
        """Read the present request's address, and what waits under the number in it."""
        asked = MultiDict(request.args)
        asked.setlist("q", [words()])
        super().__init__(asked, **kw)

    @property
    def chosen(self) -> dict:
        """The filters in use as the address holds them: for what was typed, its number."""
        others = {name: value for name, value in super().chosen.items() if name != "q"}
        return others | ({"s": request.args["s"]} if words() else {})
