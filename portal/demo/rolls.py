"""What became of each sign-up of the demonstration's activities: withdrawn, rolled, and written into a record."""

import datetime as dt
from typing import TYPE_CHECKING

from portal import clock
from portal.activities import roll, signing
from portal.activities.models import Activity, ActivityKind, ActivityState, SignUp, SignUpState
from portal.activities.settling import settle
from portal.activities.workflow import cancel, hold, postpone, publish
from portal.actors import Role
from portal.demo import words
from portal.demo.county import County, Person, Place
from portal.demo.telling import Telling
from portal.records.models import Evidence, RecordState, ServiceRecord, Source

if TYPE_CHECKING:
    from portal.demo.gathering import Book

S, U = ActivityState, SignUpState
MOST = 24  # places where nobody has to wait
OFF = "场地临时另有安排，改到下个月"
LATER = "天气预报有雨，改到下一个周末"


def office(county: County, place: Place | None, which: int = 0) -> tuple[int | None, str, Role]:
    """The login, shown name and role of whoever organises: a clerk of the community, or the county office."""
    if place is None:
        user_id, name = county.users["county"]
        return user_id, name, Role.COUNTY
    clerks = county.clerks[place.id]
    user_id, name = clerks[which % len(clerks)]
    return user_id, f"{place.name} {name}", Role.CLERK


def tell_steps(county: County, telling: Telling, row: dict, place: Place | None, drafted: dt.date) -> None:
    """The history of an activity up to the state in which it stands."""
    _, name, role = office(county, place)
    state, ended = row["state"], clock.start_of(row["day"]) + dt.timedelta(hours=row["ends"].hour)
    steps: list[tuple] = [("draft", "起草", None, S.DRAFT, _on(drafted, 10), name, role, None)]
    if state is not S.DRAFT:
        steps.append((publish.verb, publish.label, S.DRAFT, S.PUBLISHED, row["published_at"], name, role, None))
    if row["renew_by"]:
        at = row["published_at"] + dt.timedelta(hours=20)
        steps.append((postpone.verb, postpone.label, S.PUBLISHED, S.PUBLISHED, at, name, role, LATER))
    if state is S.CANCELLED:
        at = ended - dt.timedelta(days=2)
        steps.append((cancel.verb, cancel.label, S.PUBLISHED, S.CANCELLED, at, name, role, OFF))
    if state in (S.HELD, S.SETTLED):
        steps.append((hold.verb, hold.label, S.PUBLISHED, S.HELD, ended, "系统", Role.SYSTEM, None))
    if state is S.SETTLED:
        at = ended + dt.timedelta(hours=20)
        steps.append((settle.verb, settle.label, S.HELD, S.SETTLED, at, name, role, None))
    for verb, label, before, after, at, who, of_role, why in steps:
        telling.tell(Activity, row["id"], min(at, clock.now()), verb, label, (before, after), who, of_role, why)


def signed_up(county: County, row: dict, person: Person, at: dt.datetime, state: SignUpState, place: int) -> dict:
    """A sign-up as the member, or for one without a login the clerk, made it."""
    nothing = dict.fromkeys(
        ("ended_at", "why", "half_hours", "marked_by_user_id", "marked_by", "marked_as", "marked_at")
    )
    return nothing | {
        "id": county.ids.next(SignUp), "activity_id": row["id"], "member_id": person.id, "state": state,
        "place": place if state is U.SIGNED_UP else None, "at": at, "stand_in": person.user_id is None,
        "walk_in": False, "renew": False,
    }  # fmt: skip


def tell_sign_up(
    county: County, telling: Telling, row: dict, place: Place | None, person: Person, sign_up: dict
) -> None:
    """The line of history of a sign-up."""
    stood_in = sign_up["stand_in"]
    move = signing.sign_up_for if stood_in else signing.sign_up
    who, role = office(county, place)[1:] if stood_in else (f"{person.unit.name} {person.name}", Role.MEMBER)
    states = (S.PUBLISHED, S.PUBLISHED)
    telling.tell(Activity, row["id"], sign_up["at"], move.verb, move.label, states, who, role, stand_in=stood_in)


def go_on(county: County, book: "Book", row: dict, place: Place | None, person: Person, turn: int, own: dict) -> None:
    """What became of one sign-up until today."""
    match row["state"]:
        case S.CANCELLED:
            own |= {"state": U.CANCELLED, "place": None, "why": "活动取消", "ended_at": _on(row["day"], 9)}
        case S.PUBLISHED if row["renew_by"]:
            own["renew"] = turn % 3 != 0
        case S.PUBLISHED if turn and turn % 9 == 0 and own["place"] and row["capacity"] in (None, MOST):
            own |= {"state": U.CANCELLED, "place": None, "ended_at": min(own["at"], clock.now())}
            own["why"] = words.WHY_OFF[turn % len(words.WHY_OFF)]
        case S.HELD | S.SETTLED if own["state"] is U.WAITLISTED:
            own |= {"state": U.CANCELLED, "why": "没有空出名额", "ended_at": _on(row["day"], 17)}
        case S.HELD if turn % 3 == 2:
            pass  # the roll is not complete yet
        case S.HELD | S.SETTLED:
            _mark(county, book, row, place, turn, own)
            if row["state"] is S.SETTLED and own["state"] is U.ATTENDED:
                book.records.append(_record(county, book, row, place, person, own))


def _mark(county: County, book: "Book", row: dict, place: Place | None, turn: int, own: dict) -> None:
    user_id, name, role = office(county, place, 1)
    at = _on(row["day"], row["starts"].hour) + dt.timedelta(minutes=turn)
    came = turn % 8 != 5
    own |= {
        "state": U.ATTENDED if came else U.ABSENT, "marked_by_user_id": user_id, "marked_by": name,
        "marked_as": role, "marked_at": at,
    }  # fmt: skip
    if came and turn % 11 == 10:
        own |= {"walk_in": True, "place": None}
    if came and turn % 7 == 6 and row["kind"] is ActivityKind.SERVICE:
        own["half_hours"] = 2
    move = roll.walk_in if own["walk_in"] else roll.mark
    states = (S.PUBLISHED, S.PUBLISHED)
    book.telling.tell(Activity, row["id"], at, move.verb, move.label, states, name, role)


def _record(county: County, book: "Book", row: dict, place: Place | None, person: Person, own: dict) -> dict:
    """The record of who came. Where one clerk did it all, and for the county, somebody of the grid confirms it: of the
    last weeks not yet.
    """
    home, second = person.place, office(county, place, 0)
    alone = place is None or second[0] == own["marked_by_user_id"]
    second = (None, f"{home.name} 网格管理员", Role.GRID_WORKER) if alone else second
    at, state = own["marked_at"] + dt.timedelta(hours=21), RecordState.CONFIRMED
    if alone and row["day"] > county.days_ago(40):
        state = RecordState.PENDING
    half_hours = 0 if row["kind"] is ActivityKind.PARTY_PRACTICE else own["half_hours"] or 4
    confirmed = state is RecordState.CONFIRMED
    nothing = dict.fromkeys(("for_whom", "note", "recorded_by_member_id"))
    record = nothing | {
        "id": county.ids.next(ServiceRecord), "state": state, "member_id": person.id,
        "unit_id": person.unit.id, "supervisor_id": person.unit.supervisor_id, "community_id": home.id,
        "place_id": place.id if place else home.id, "day": row["day"], "starts": row["starts"],
        "half_hours": half_hours, "category": row["category"], "what": row["title"], "source": Source.ACTIVITY,
        "source_id": row["id"], "source_number": row["number"], "evidence": Evidence.ORGANISER, "recorded_at": at,
        "recorded_by_user_id": own["marked_by_user_id"], "recorded_by": own["marked_by"],
        "confirmed_at": at if confirmed else None, "confirmed_by_user_id": second[0] if confirmed else None,
        "confirmed_by": second[1] if confirmed else None,
    }  # fmt: skip
    _tell_record(book.telling, record, own, second)
    return record


def _tell_record(telling: Telling, record: dict, own: dict, second: tuple) -> None:
    at, pending = record["recorded_at"], RecordState.PENDING
    telling.tell(ServiceRecord, record["id"], at, "record", "登记", (None, pending), own["marked_by"], own["marked_as"])
    if record["confirmed_at"]:
        states, at = (pending, RecordState.CONFIRMED), at + dt.timedelta(seconds=1)
        telling.tell(ServiceRecord, record["id"], at, "confirm", "确认", states, second[1], second[2])


def _on(day: dt.date, hour: int) -> dt.datetime:
    return min(clock.start_of(day) + dt.timedelta(hours=hour), clock.now())
