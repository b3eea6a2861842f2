"""What the pages of the wall and of one wish show, and to whom."""

from dataclasses import replace
from urllib.parse import urlencode

from flask import get_template_attribute, request, url_for
from flask_login import current_user

from portal import clock
from portal.actors import Actor, Role
from portal.labels import Category
from portal.scheme import queries as scheme
from portal.teams import queries as teams
from portal.wishes import (
    asking,
    following,
    groups,
    ladder,
    places,
    proposing,
    queries,
    rights,
    suited,
    teaming,
    wall,
    wall_cache,
    workflow,
)
from portal.wishes.forms import WallFilters
from portal.wishes.models import PUBLIC, Proposal, Wish, WishState
from portal.wishes.queries import Helper

FITTING = 6
FOR_GROUPS = (workflow.claim_for_unit, teaming.claim_for_team)
KNOWN = ("q", "community", "grid", "category", "status", "after")


def page_key() -> tuple:
    """What the wall of a visitor depends on."""
    return ("page", request.cookies.get("elder"), *_asked())


def wall_page(by: Actor) -> dict:
    """The two parts of the wall under the filters of the address; to members as they were a moment ago."""
    helper = queries.helper_of(by)
    if not by.is_in(Role.MEMBER):
        return _parts(by, helper)
    return wall_cache.recent(("parts", helper, *_asked()), lambda: _parts(by, helper))


def _asked() -> tuple[str, ...]:
    return tuple(request.args.get(name, "") for name in KNOWN)


def _parts(by: Actor, helper: Helper) -> dict:
    form = WallFilters()
    form.community.offer(wall_cache.recent("communities", wall.communities))
    if current_user.is_authenticated:
        form.grid.offer(queries.grids_of(helper.home or by.community_id))
    filters = _filters(form)
    found = wall.shelf(filters, request.args.get("after", ""), helper.home)
    kept = form.chosen
    further = _address(**kept, after=found.next) if found.next else ""
    kinds, tabs = _categories(filters, kept), _tabs(filters, kept)
    return {
        "finder": get_template_attribute("wishes/_wall.html", "finder")(form, filters),
        "shelf": get_template_attribute("wishes/_wall.html", "shelf")(
            found.cards, further, kinds, tabs, helper.registered, helper.held, ladder.patience(clock.today())
        ),
        "helps": helper.registered,
    }


def case(wish: Wish, by: Actor) -> dict:
    """The whole case, with the review form for those who review it, and the wish that it says again or that does."""
    reviewed = asking.review_of(wish, by) if wish.state is WishState.SUBMITTED else None
    told: dict = {"before": following.told_before(wish), "again": following.told_again(wish)}
    told |= {"proposals": proposing.told_of(wish, by), "reads_words": rights.clerk(wish, by)}
    return {"card": wall.card_of(wish), "review": reviewed, "list": _list_of(by), **told, **_helping(by)}


def _list_of(by: Actor) -> tuple[str, str]:
    """The list on which a wish stands for this person: label and address."""
    match by.role:
        case Role.MEMBER:
            return "我的心愿", url_for("wishes.mine")
        case Role.LIAISON:
            return "本单位认领", url_for("wishes.unit")
        case _:
            return "心愿办理", url_for("wishes.cases")


def shown(wish: Wish, by: Actor) -> dict:
    """The public face of a wish for a person who is signed in; members and offices of a community read the wording."""
    return {
        "card": wall.card_of(wish),
        "wording": rights.reads_wording(wish, by) and wish.detail,
        "for_group": next((move for move in FOR_GROUPS if move.open_to(wish, by)), None),
        "invitation": _invitation(wish, by),
        "finish_workdays": scheme.year_of(clock.today()).wish_finish_workdays,
        **_helping(by),
    }


def _invitation(wish: Wish, by: Actor) -> Proposal | None:
    return places.invitation_of(wish, by.member_id) if proposing.may_answer(wish, by) else None


def shown_to_all(number: str) -> dict | None:
    """The public face of a wish of the wall; None when there is none of this number."""
    card = wall.one(number)
    nothing = {"wording": None, "for_group": None, "invitation": None, "helps": False, "claimed": set()}
    return {"card": card} | nothing if card else None


def mine(by: Actor) -> dict:
    """A member's own: what is in hand, what fits, what came of the rest."""
    helper, profile = queries.helper_of(by), suited.profile_of(by)
    return {
        "invitations": [(one, wall.card_of(one.wish)) for one in proposing.for_member(by)],
        "in_hand": queries.in_hand(by),
        "helped": queries.helped(by),
        "fitting": suited.wishes_for(profile, FITTING) if profile else [],
        "ratings": queries.ratings(by),
        "helps": helper.registered,
        "claimed": helper.held,
    }


def of_group(by: Actor) -> dict:
    """What the liaison's unit, or the teams that a member leads, have in hand; what has waited long where their members
    live; what came of the rest.
    """
    patience = ladder.patience(clock.today())
    return {
        "in_hand": groups.in_hand(by),
        "waiting": groups.long_waiting(by, patience),
        "helped": groups.helped(by),
        "patience": patience,
        "led": teams.teams_led_by(by.member_id) if by.is_in(Role.MEMBER) else [],
    }


def _helping(by: Actor) -> dict:
    """Whether this person may claim, and the ids of the wishes that they hold."""
    helper = queries.helper_of(by)
    return {"helps": helper.registered, "claimed": helper.held}


def _filters(form: WallFilters) -> wall.Filters:
    return wall.Filters(
        category=form.category.data,
        community=form.community.data,
        grid=form.grid.data if current_user.is_authenticated else None,
        state=form.status.data if form.status.data in PUBLIC else None,
        words=(form.q.data or "")[:40].strip(),
    )


def _address(**query: str) -> str:
    """The wall under a query; written by hand, since a page holds twenty of them."""
    return f"/wishes?{urlencode(query)}" if query else "/wishes"


def _tabs(filters: wall.Filters, kept: dict) -> list[tuple[str, int, str, bool]]:
    """(label, how many, address, whether it is the one open) of each state."""
    counts = wall_cache.recent(("counts", replace(filters, state=None)), lambda: wall.counts(filters))
    rest = {name: value for name, value in kept.items() if name != "status"}
    tabs = [("全部", sum(counts.values()), _address(**rest), filters.state is None)]
    for state in PUBLIC:
        address = _address(**rest, status=state.value)
        tabs.append((state.label, counts[state], address, filters.state is state))
    return tabs


def _categories(filters: wall.Filters, kept: dict) -> list[tuple[str, str, str, bool]]:
    """(icon's name, label, address, whether it is the one open) of each category."""
    rest = {name: value for name, value in kept.items() if name != "category"}
    found = [("all", "全部", _address(**rest), filters.category is None)]
    for category in Category:
        address = _address(**rest, category=category.value)
        found.append((category.value, category.label, address, filters.category is category))
    return found
