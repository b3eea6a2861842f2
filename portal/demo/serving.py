"""Service records of the demonstration: of wishes that came true, and written by hand, in every state."""

import datetime as dt
from collections.abc import Iterator

from portal.actors import Role
from portal.demo import words
from portal.demo.county import County, Person
from portal.demo.helping import Fulfilled
from portal.demo.telling import Telling
from portal.demo.writing import in_bulk, write
from portal.records.models import Evidence, Objection, ObjectionState, RecordState, ServiceRecord, Source

S = RecordState
# Of each 20 records written by hand.
HAND_STATES = (S.CONFIRMED,) * 15 + (S.PENDING, S.PENDING, S.PENDING, S.REJECTED, S.VOIDED)
PENDING_UP_TO = 13_000  # of more hand-written records none waits: clerks keep up, however long the past
TOLD_AT_MOST = 5000  # histories of more hand-written records would only make the file large


def settle(county: County, fulfilled: list[Fulfilled]) -> None:
    """Write the records and some objections."""
    of_wishes = [record for wish in fulfilled for record in _of_wish(county, wish)]
    write(ServiceRecord, of_wishes)
    telling = Telling()
    with in_bulk(ServiceRecord):
        write(ServiceRecord, _by_hand(county, telling, county.scale.records - len(of_wishes)))
    telling.write()
    _object(county, of_wishes)


def _of_wish(county: County, wish: Fulfilled) -> Iterator[dict]:
    for person, half_hours in wish.helpers:
        second = "居民" if wish.by_resident else f"{wish.place.name} {county.clerks[wish.place.id][0][1]}"
        yield record_of(county, person, wish.day) | {
            "state": S.CONFIRMED, "place_id": wish.place.id, "starts": dt.time(19, 0), "half_hours": half_hours,
            "category": wish.category, "what": wish.title, "for_whom": wish.shown_name, "source": Source.WISH,
            "source_id": wish.wish_id, "source_number": wish.number,
            "evidence": Evidence.SERVED if wish.by_resident else Evidence.ORGANISER,
            "recorded_by": f"{person.unit.name} {person.name}", "recorded_by_user_id": person.user_id,
            "recorded_by_member_id": person.id, "confirmed_at": wish.confirmed_at, "confirmed_by": second,
        }  # fmt: skip


def record_of(county: County, person: Person, day: dt.date) -> dict:
    """A member's service of a day, of which nobody has said yet what it was."""
    nothing = dict.fromkeys(
        ("confirmed_at", "confirmed_by", "confirmed_by_user_id", "recorded_by_user_id", "recorded_by_member_id",
         "note", "source_id", "source_number", "starts", "for_whom")
    )  # fmt: skip
    return nothing | {
        "id": county.ids.next(ServiceRecord), "member_id": person.id, "unit_id": person.unit.id,
        "supervisor_id": person.unit.supervisor_id, "community_id": person.place.id, "place_id": person.place.id,
        "day": day, "recorded_at": county.moment(day, 21),
    }  # fmt: skip


def _by_hand(county: County, telling: Telling, count: int) -> Iterator[dict]:
    registered = county.registered
    for number in range(count):
        state = HAND_STATES[number % len(HAND_STATES)]
        if state is S.PENDING and number > PENDING_UP_TO:
            state = S.CONFIRMED
        ago = county.rng.randint(1, 20) if state is S.PENDING else county.rng.randint(3, 640)
        row = _hand_row(county, county.rng.choice(registered), _free_day(county.days_ago(ago)), state)
        if number < TOLD_AT_MOST:
            _tell(telling, row, state)
        yield row


def _free_day(day: dt.date) -> dt.date:
    """The Saturday before: members serve outside working hours."""
    return day - dt.timedelta(days=(day.weekday() - 5) % 7)


def _hand_row(county: County, person: Person, day: dt.date, state: RecordState) -> dict:
    category, what = county.rng.choice(words.SERVICES)
    clerks = county.clerks[person.place.id]
    recorder, *others = county.rng.sample(clerks, len(clerks))
    row = record_of(county, person, day) | {
        "state": state, "category": category, "what": what, "for_whom": "社区居民", "source": Source.HAND,
        "starts": dt.time(county.rng.choice((8, 9, 14, 19)), 0), "half_hours": county.rng.randint(2, 6),
        "evidence": county.rng.choice((Evidence.SERVED, Evidence.LATE, Evidence.ORGANISER)),
        "recorded_by_user_id": recorder[0], "recorded_by": f"{person.place.name} {recorder[1]}",
    }  # fmt: skip
    if state in (S.CONFIRMED, S.VOIDED):
        second = others[0] if others else (None, "网格管理员")
        row |= {
            "confirmed_at": row["recorded_at"] + dt.timedelta(hours=2), "confirmed_by_user_id": second[0],
            "confirmed_by": f"{person.place.name} {second[1]}",
        }  # fmt: skip
    return row


def _tell(telling: Telling, row: dict, state: RecordState) -> None:
    telling.tell(ServiceRecord, row["id"], row["recorded_at"], "record", "登记", (None, S.PENDING),
                 row["recorded_by"], Role.CLERK)  # fmt: skip
    if row["confirmed_at"]:
        telling.tell(ServiceRecord, row["id"], row["confirmed_at"], "confirm", "确认", (S.PENDING, S.CONFIRMED),
                     row["confirmed_by"], Role.CLERK)  # fmt: skip
    last = {S.REJECTED: ("reject", "不予确认", S.PENDING), S.VOIDED: ("void", "作废", S.CONFIRMED)}.get(state)
    if last:
        at = row["recorded_at"] + dt.timedelta(hours=3)
        telling.tell(ServiceRecord, row["id"], at, last[0], last[1], (last[2], state), row["recorded_by"], Role.CLERK,
                     "登记有误，已核实")  # fmt: skip


def _object(county: County, records: list[dict]) -> None:
    """Members object to the latest services: one of the year before last would keep that year from being closed."""
    latest = sorted(records, key=lambda record: record["day"], reverse=True)
    answers = {
        ObjectionState.OPEN: None,
        ObjectionState.UPHELD: "经核实登记有误。",
        ObjectionState.DISMISSED: "与签到一致。",
    }
    rows = [
        {"id": county.ids.next(Objection), "state": state, "record_id": record["id"], "at": record["confirmed_at"],
         "words": "那天一共服务了三个小时，请核对。", "answer": answer}
        for (state, answer), record in zip(answers.items(), latest, strict=False)
    ]  # fmt: skip
    write(Objection, rows)
