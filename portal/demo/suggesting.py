"""Suggestions of the demonstration's members, in every state, as the moves would have written them."""

import datetime as dt
from collections import Counter as Tally
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from portal import clock
from portal.actors import Role
from portal.demo import words
from portal.demo.county import SEED, County, Person
from portal.demo.telling import Telling
from portal.demo.writing import write
from portal.numbers import Counter, address_number
from portal.scheme import queries as scheme
from portal.suggestions.models import Addressed, Suggestion, SuggestionState

S = SuggestionState
YES, NO, BODY = "采纳", "不采纳", "由部门答复"
# What becomes of the suggestions of one member after the other; some have not made any yet.
TURNS = (
    (S.ANSWERED, YES), None, (S.ACCEPTED, ""), (S.ANSWERED, NO), (S.FORWARDED, ""), None, (S.ANSWERED, YES),
    (S.SUBMITTED, ""), (S.ANSWERED, BODY), None, (S.ANSWERED, YES), (S.WITHDRAWN, ""), (S.ANSWERED, BODY), None,
)  # fmt: skip
OPEN = (S.SUBMITTED, S.ACCEPTED, S.FORWARDED)
# However large the county, most are answered by now: after the first turns an open one stands in every third only, and
# of those every eighth waits longer than it may, so that a community has a handful to catch up with.
FIRST_TURNS, STILL_OPEN, LATE = 8, 3, 8
ANSWERS = {
    YES: "建议很好，已列入社区本季度的工作，由网格管理员负责，办好以后在楼栋公告栏告诉大家。",
    NO: "谢谢您的建议。今年没有这项经费，明年编预算时再提出来研究。",
    BODY: "已到现场看过，列入下个月的计划，办好以后告诉社区。",
}


@dataclass
class _Book:
    """What is to be written, how far the numbers of each year are drawn, and a chance of its own."""

    rows: list[dict] = field(default_factory=list)
    serials: Tally = field(default_factory=Tally)
    telling: Telling = field(default_factory=Telling)
    rng: Random = field(default_factory=lambda: Random(SEED))


def settle(county: County) -> None:
    """Write this year's suggestions of the registered members, and last year's of some, numbered by their days."""
    book = _Book()
    bodies = [county.supervisors[name + "党委"] for name in words.DEPARTMENTS[:4]]
    made = sorted(_made(county, book), key=lambda each: each[0])
    for number, (day, person, turn) in enumerate(made):
        _suggest(county, book, person, turn, day, bodies[number % 4])
    write(Suggestion, book.rows)
    write(Counter, [{"kind": "suggestion", "year": year, "last": last} for year, last in book.serials.items()])
    book.telling.write()


def _made(county: County, book: _Book) -> Iterator[tuple[dt.date, Person, tuple]]:
    """Who made one on which day, and what became of it."""
    first = dt.date(county.year, 1, 1)
    for number, person in enumerate(county.registered):
        if number % 6 == 0 and person.registered_on < first:
            since = max(person.registered_on, dt.date(county.year - 1, 1, 1))
            yield _some_day(book, since, first - dt.timedelta(days=1)), person, (S.ANSWERED, YES)
        if turn := _turn(number):
            since, until = (first, county.days_ago(25)) if turn[0] not in OPEN else _waiting(county, number)
            yield _some_day(book, max(since, person.registered_on, first), until), person, turn


def _turn(number: int) -> tuple[SuggestionState, str] | None:
    turn, times = TURNS[number % len(TURNS)], number // len(TURNS)
    return (S.ANSWERED, YES) if turn and turn[0] in OPEN and times > FIRST_TURNS and times % STILL_OPEN else turn


def _waiting(county: County, number: int) -> tuple[dt.date, dt.date]:
    """The days on which one that still waits was made."""
    if number // len(TURNS) % LATE == 0:
        return county.days_ago(35), county.days_ago(20)
    return county.days_ago(9), county.today


def _some_day(book: _Book, first: dt.date, last: dt.date) -> dt.date:
    return first + dt.timedelta(days=book.rng.randint(0, max((last - first).days, 0)))


def _suggest(county: County, book: _Book, person: Person, turn, day: dt.date, body_id: int) -> None:
    state, outcome = turn
    book.serials[day.year] += 1
    serial, (title, body, category) = book.serials[day.year], book.rng.choice(words.SUGGESTIONS)
    # A clerk neither takes up nor answers what they wrote down: it goes to the town.
    writer = county.clerks[person.place.id][0] if person.user_id is None and serial % 9 == 0 else None
    to_town = writer is not None or serial % 7 == 0
    row = {
        "id": county.ids.next(Suggestion), "state": state, "number": address_number(day.year, serial),
        "year": day.year, "serial": serial, "member_id": person.id, "unit_id": person.unit.id,
        "community_id": person.place.id, "addressed_to": Addressed.TOWN if to_town else Addressed.COMMUNITY,
        "category": category, "title": title, "body": body, "stand_in": writer is not None,
        "entered_by_user_id": writer and writer[0], "submitted_on": day,
        "answer_by": scheme.due(day, scheme.year_of(day).suggestion_answer_workdays),
        "forwarded_to_id": body_id if state is S.FORWARDED or outcome == BODY else None,
        "answer": ANSWERS.get(outcome), "adopted": None if state is not S.ANSWERED else outcome != NO,
        "answered_on": min(day + dt.timedelta(days=12), county.today) if state is S.ANSWERED else None,
    }  # fmt: skip
    book.rows.append(row)
    _tell(county, book, person, row, f"{person.place.name} {writer[1]}" if writer else "")


def _tell(county: County, book: _Book, person: Person, row: dict, writer: str) -> None:
    """The history that leads to where the suggestion stands."""
    town, (_, clerk) = row["addressed_to"] is Addressed.TOWN, county.clerks[person.place.id][-1]
    office = (
        (f"城关镇党委 {county.users['chengguan'][1]}", Role.TOWN)
        if town
        else (f"{person.place.name} {clerk}", Role.CLERK)
    )
    body = (_named(county, row["forwarded_to_id"]), Role.DEPARTMENT)
    who = (writer, Role.CLERK) if writer else (f"{person.unit.name} {person.name}", Role.MEMBER)
    steps = [("submit", "提出建议", S.SUBMITTED, who, 0)]
    if row["state"] is S.WITHDRAWN:
        steps.append(("withdraw", "撤回", S.WITHDRAWN, who, 1))
    elif row["state"] is not S.SUBMITTED:
        steps.append(("accept", "受理", S.ACCEPTED, office, 2))
        if row["forwarded_to_id"]:
            steps.append(("forward", "转办", S.FORWARDED, office, 3))
        if row["state"] is S.ANSWERED:
            steps.append(("answer", "答复", S.ANSWERED, body if row["forwarded_to_id"] else office, 12))
    before = None
    for hour, (verb, label, after, (name, role), days) in enumerate(steps, 9):
        day = min(row["submitted_on"] + dt.timedelta(days=days), county.today)
        at = min(clock.start_of(day) + dt.timedelta(hours=hour), clock.now())
        stand_in = bool(writer) and role is Role.CLERK
        book.telling.tell(Suggestion, row["id"], at, verb, label, (before, after), name, role, stand_in=stand_in)
        before = after


def _named(county: County, supervisor_id: int | None) -> str:
    return next((name for name, key in county.supervisors.items() if key == supervisor_id), "")
