"""What the pages of activities show to whom."""

from flask import request, url_for

from portal import clock, history, paging
from portal.activities import asking, listing, places, queries, rights, settling
from portal.activities import roll as rolls
from portal.activities.forms import ListFilter
from portal.activities.models import Activity, ActivityState, SignUp
from portal.activities.workflow import flow
from portal.actors import Actor, Role
from portal.extensions import db
from portal.registrations.queries import current_of

S = ActivityState
OF_ONE_COMMUNITY = (Role.CLERK, Role.GRID_WORKER)
OWN = 30
LINES = 40  # of a case's history; the taps of the roll stand on the names themselves
ON_NAMES = ("mark", "set_hours", "sign_up", "renew")


def crumbs() -> list[tuple[str, str]]:
    """Where an activity's pages stand."""
    return [("工作台", "/desk"), ("活动", url_for("activities.index"))]


def index(by: Actor, after: str | None) -> dict:
    """The list under the filters of the address; members see first what they may still sign up for."""
    form, chosen = narrowed(by)
    only_place = not chosen.keys() - {"community"}
    state = form.state.data or (S.PUBLISHED if by.is_in(Role.MEMBER) and only_place else None)
    rows = listing.filtered(by, form, state)
    shown = paging.page_of(rows, after, Activity.day, Activity.starts, newest_first=state is not S.PUBLISHED)
    ids = [each.id for each in shown.rows]
    return {
        "form": form, "chosen": chosen, "shown": shown, "total": queries.count(rows), "state": state,
        "counts": listing.counts(ids), "own": listing.own_states(by, ids),
        "drafts": by.is_in(Role.CLERK, Role.COUNTY), "today": clock.today(),
        "overdue": {each.id for each in shown.rows if settling.is_overdue(each, clock.today())},
        "takes": {each.id for each in shown.rows if rights.takes_sign_ups(each)},
        "helps": by.is_in(Role.MEMBER) and current_of(by.member_id) is not None,
        "urgent": [] if chosen or after else list(db.session.scalars(queries.urgent(clock.today()))),
    }  # fmt: skip


def narrowed(by: Actor) -> tuple[ListFilter, dict]:
    """The filters, and those that the address holds; members, and offices of one community, find those of their
    own first (with the county's, and what a member signed up for); all communities are one choice away.
    """
    form = ListFilter()
    form.community.offer(listing.communities())
    chosen = form.chosen
    if home := _home(by):
        if "community" not in request.args:
            form.community.data = home
        elif not form.community.data:
            chosen["community"] = ""
    return form, chosen


def _home(by: Actor) -> int | None:
    """The community whose activities this person finds first: the office's, or where the member is registered."""
    if not by.is_in(Role.MEMBER):
        return by.community_id if by.is_in(*OF_ONE_COMMUNITY) else None
    registration = current_of(by.member_id)
    return registration.community_id if registration else None


def mine(by: Actor, after: str | None) -> dict:
    """A member's own sign-ups: ahead in the order of the days, and past ones, the latest on top."""
    today = clock.today()
    ahead = queries.sign_ups_of(by.member_id).where(Activity.state == S.PUBLISHED, *queries.STANDS)
    past = queries.sign_ups_of(by.member_id).where(Activity.state != S.PUBLISHED)
    return {
        "ahead": list(db.session.scalars(ahead.order_by(None).order_by(*queries.IN_TIME))),
        "past": paging.page_of(past, after, Activity.day, newest_first=True, size=OWN), "today": today,
        "registered": current_of(by.member_id) is not None,
    }  # fmt: skip


def whole(activity: Activity, by: Actor) -> dict:
    """One activity for a person who is signed in: the public facts, and what they may see besides."""
    office, own = rights.reads_whole(activity, by), rights.own_of(activity, by)
    return {
        "activity": activity, "own": own if places.is_in(own) else None, "waits_at": _place_in_line(activity, own),
        "office": office, "names": rights.sees_names(activity, by),
        "edits": rights.organiser(activity, by) and activity.state in (S.DRAFT, S.PUBLISHED),
        "moves_open": [move for move in flow.open_moves(activity, by) if move.verb not in asking.ELSEWHERE],
        "organises": rights.organiser(activity, by),
        "enters": rights.organiser(activity, by) and rights.takes_sign_ups(activity),
        "rolls": office and rights.takes_roll(activity), "takes_sign_ups": rights.takes_sign_ups(activity),
        "due_on": settling.due_on(activity), "overdue": settling.is_overdue(activity, clock.today()),
        "lines": _lines(activity) if office else [], "left": activity.places_left,
        "registered": by.is_in(Role.MEMBER) and current_of(by.member_id) is not None,
    }  # fmt: skip


def _place_in_line(activity: Activity, own: SignUp | None) -> int | None:
    """Which one on the waiting list the member is, from 1; None of one who does not wait."""
    waiting = activity.waiting
    return waiting.index(own) + 1 if own in waiting else None


def _lines(activity: Activity) -> list[history.HistoryLine]:
    """The latest lines of the case's history, without those that stand on the names of the list."""
    return [line for line in history.of(activity) if line.verb not in ON_NAMES][-LINES:]


def roll(activity: Activity, by: Actor, words: str) -> dict:
    """The roll: who signed up by name, who waited for a place, and whom the search finds."""
    waited = [each for each in activity.sign_ups if rolls.waited(each)]
    listed = [each for each in activity.sign_ups if each.state in rolls.MARKS]
    ids = {each.member_id for each in listed}
    return {
        "activity": activity, "open": rights.takes_roll(activity), "after": rolls.after,
        "listed": sorted(listed, key=lambda each: (each.member.pinyin, each.id)),
        "count": {state.value: len(activity.in_state(state)) for state in rolls.MARKS},
        "q": words, "found": [each for each in listing.members_in_reach(activity, words) if each.id not in ids],
        "waited": waited, "closes": settling.settle.open_to(activity, by),
    }  # fmt: skip


def enter(activity: Activity, words: str) -> dict:
    """Whom a clerk may sign up: found by name, without those on the list already."""
    ids = {each.member_id for each in activity.sign_ups if places.is_in(each)}
    found = [each for each in listing.members_in_reach(activity, words) if each.id not in ids]
    return {"activity": activity, "q": words, "found": found}
