"""What the page of the menu shows, and to whom."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for
from flask_login import current_user

from portal import clock
from portal.actors import Actor, Role
from portal.doors import may_open, serves
from portal.labels import Category
from portal.menu import board, standing
from portal.menu.board import Counts, Looked
from portal.menu.forms import MenuFilters
from portal.menu.narrowing import OF_ACTIVITIES, Days, Filters, Kind, Part, When
from portal.menu.standing import STRANGER, Standing
from portal.menu.suiting import Suiting
from portal.scheme import queries as scheme
from portal.scheme import service_days
from portal.wishes import queries as wishes
from portal.wishes import suited, wall, wall_cache
from portal.wishes.queries import Helper

KNOWN = ("q", "community", "grid", "category", "kind", "when", "page")
OF_ONE_COMMUNITY = (Role.CLERK, Role.GRID_WORKER)
UNITS = {Kind.ACTIVITY: "场", Kind.POST: "个", Kind.WISH: "条"}
# What an office does from here, and what a member or a resident finds besides.
DOINGS = (
    ("开设岗位", "posts.new"),
    ("发起活动", "activities.new"),
    ("审核心愿", "wishes.review"),
    ("我的安排", "menu.mine"),
)


@dataclass(frozen=True)
class Shelf:
    """One part of the board as the page shows it; `more` leads to all of it ('' when this is all)."""

    key: str
    title: str
    kind: str
    total: int
    lines: list
    more: str = ""

    @property
    def unit(self) -> str:
        """The word by which such things are counted."""
        return UNITS[Kind(self.kind)]


def page_key() -> tuple:
    """What the board of a visitor depends on."""
    return ("menu", request.cookies.get("elder"), clock.today(), *(request.args.get(name, "") for name in KNOWN))


def of(by: Actor) -> dict[str, Any]:
    """The board under the filters of the address, as this person may see it."""
    known = current_user.is_authenticated
    helper, kept = wishes.helper_of(by), _kept(by)
    form = _form(by, known, helper.home or by.community_id)
    today = clock.today()
    calendar = scheme.calendar_around(today.year)
    days = Days(today, service_days.following(today, calendar, scheme.overrides(today.year, today.year + 1)))
    mine, look = _reader(by, known, helper, Looked(_filters(form, known), days, calendar))
    found, page = board.counts(look), _page()
    one = look.filters.kind
    shelves, pages = _one_kind(look, found, kept, page) if one else (_whole(look, found, kept), ("", ""))
    return {
        "form": form, "filters": look.filters, "mine": mine, "doings": _doings(known), "now": clock.local(clock.now()),
        "service": days.service, "service_month": f"{days.service.first:%Y-%m}",
        "kinds": _categories(look, found, kept), "parts": shelves, "pages": pages,
    }  # fmt: skip


def _kept(by: Actor) -> dict[str, str]:
    """The filters of the address; that an office chose all communities is said in it, since its own is the default."""
    all_chosen = by.is_in(*OF_ONE_COMMUNITY) and request.args.get("community") == ""
    found = {name: value for name in KNOWN if name != "page" and (value := request.args.get(name))}
    return found | ({"community": ""} if all_chosen else {})


def _form(by: Actor, known: bool, home: int | None) -> MenuFilters:
    form = MenuFilters()
    form.community.offer(wall_cache.recent("communities", wall.communities))
    # An office of one community finds its own board first; all communities are one choice away.
    if by.is_in(*OF_ONE_COMMUNITY) and "community" not in request.args:
        form.community.data = by.community_id
    here = form.community.data or (home if known else None)
    grids = wishes.grids_of(here) if here else []
    form.grid.offer(grids)
    if form.grid.data not in dict(grids):  # that of a community chosen before
        form.grid.data = None
    return form


def _filters(form: MenuFilters, known: bool) -> Filters:
    return Filters(
        category=form.category.data, community=form.community.data, grid=form.grid.data, kind=form.kind.data,
        when=form.when.data, words=(form.q.data or "")[:40].strip(), known=known,
    )  # fmt: skip


def _reader(by: Actor, known: bool, helper: Helper, look: Looked) -> tuple[Standing, Looked]:
    """How the reader stands, and the look with what is known of them."""
    if not known:
        return STRANGER, look
    if not by.is_in(Role.MEMBER):
        return standing.of_office(by), replace(look, who=Suiting())
    profile = suited.profile_of(by)
    mine = standing.of_member(by, helper, profile)
    return mine, replace(look, who=Suiting.of(profile, helper.home), profile=profile)


def _whole(look: Looked, found: Counts, kept: dict) -> list[Shelf]:
    """All parts that hold something, the first of each."""
    lines: dict[Part, list] = dict(board.activities(look)) if look.filters.shows(Kind.ACTIVITY) else {}
    lines[Part.POSTS] = board.posts(look)[: board.PER_PART] if look.filters.shows(Kind.POST) else []
    lines[Part.WISHES] = board.wishes(look)
    shown = [(part, lines[part], found.parts[part]) for part in Part if lines.get(part)]
    return [
        Shelf(part.value, part.label, _kind_of(part).value, total, some, _more(part, kept) if total > len(some) else "")
        for part, some, total in shown
    ]


def _one_kind(look: Looked, found: Counts, kept: dict, page: int) -> tuple[list[Shelf], tuple[str, str]]:
    """Everything of one kind, a page at a time, and the addresses of the pages before and after."""
    kind = look.filters.kind or Kind.ACTIVITY
    match kind:
        case Kind.ACTIVITY:
            lines: list = board.some_activities(look, page)
        case Kind.POST:
            lines = board.posts(look, board.PER_PAGE, page)
        case _:
            lines = list(board.wishes(look, board.PER_PAGE))
    before = _address(**kept, page=str(page - 1)) if page > 1 and kind is not Kind.WISH else ""
    after = _address(**kept, page=str(page + 1)) if len(lines) > board.PER_PAGE and page < board.MOST_PAGES else ""
    total = sum(found.parts[part] for part in Part if _kind_of(part) is kind)
    title = f"{look.filters.when.label}的{kind.label}" if look.filters.when else kind.label
    more = _wall(look.filters) if kind is Kind.WISH and total > board.PER_PAGE else ""
    return [Shelf("all", title, kind.value, total, lines[: board.PER_PAGE], more)] if lines else [], (before, after)


def _kind_of(part: Part) -> Kind:
    return Kind.ACTIVITY if part in OF_ACTIVITIES else Kind(part.value)


def _more(part: Part, kept: dict) -> str:
    when = When.of(part.value)
    return _address(**kept | {"kind": _kind_of(part).value} | ({"when": when.value} if when else {}))


def _categories(look: Looked, found: Counts, kept: dict) -> list[tuple[str, str, int, str, bool]]:
    """(icon's name, label, how many, address, whether it is the one open) of each category."""
    rest = {name: value for name, value in kept.items() if name != "category"}
    open_ = look.filters.category
    lines = [("all", "全部", found.whole, _address(**rest), open_ is None)]
    for one in Category:
        address = _address(**rest, category=one.value)
        lines.append((one.value, one.label, found.categories[one], address, open_ is one))
    return lines


def _doings(known: bool) -> list[tuple[str, str]]:
    if not known:
        return [("许一个心愿", "/wishes/new"), ("怎样参加", "/help#member")]
    return [(label, url_for(endpoint)) for label, endpoint in DOINGS if serves(endpoint) and may_open(endpoint)]


def _wall(filters: Filters) -> str:
    """All such wishes, on the wall."""
    kept = {"category": filters.category and filters.category.value, "community": filters.community, "q": filters.words}
    return "/wishes?" + urlencode({name: value for name, value in kept.items() if value} | {"status": "published"})


def _address(**query: str) -> str:
    return f"/menu?{urlencode(query)}" if query else "/menu"


def _page() -> int:
    typed = request.args.get("page", "")
    return max(int(typed), 1) if typed.isascii() and typed.isdigit() and len(typed) <= 3 else 1
