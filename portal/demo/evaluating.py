"""Evaluations and notes of the demonstration: last years' acknowledged, this year's, from its day on, in all states."""

import datetime as dt
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Row, select

from portal.demo.county import County
from portal.demo.evaluation_book import (
    ANSWER,
    ANSWERED,
    GRADED,
    HAPPENED,
    LAST_YEAR,
    PERFORMANCE,
    REPLIED,
    REPLY,
    SELF,
    SPREAD,
    THIS_YEAR,
    Book,
    clerk_of,
)
from portal.demo.writing import sealed, write
from portal.evaluations import evidence, grades, noting, opening
from portal.evaluations.facts import Facts
from portal.evaluations.models import Evaluation, EvaluationState, EvaluationUse, Handling, Note, NoteState, Use
from portal.evaluations.workflow import CARD
from portal.extensions import db
from portal.numbers import Counter, IssuedPaper, PaperState, address_number
from portal.people.models import Community, Member, Unit
from portal.registrations.models import CURRENT, Registration

S = EvaluationState
SENT_AFTER = 5  # days after the opening, on which the first are sent
PART = 500  # members whose year is gathered at once


def settle(county: County) -> None:
    """Write the evaluations of the last two years, of this one if its day has come, and some notes."""
    book, known = Book(grades.ensure_usual()), _registered()
    for year in range(county.year - 2, county.year + 1):
        if year < county.year or year in opening.years(county.today):
            _evaluate(county, book, [each for each in known if each.accepted_on <= dt.date(year, 6, 30)], year)
    lately = [each for each in known if each.accepted_on <= county.days_ago(30)]
    told_of = lately[:: max(1, len(lately) // 40)]
    for number, person in enumerate(told_of):
        sent_on = county.days_ago(1 + 20 * (len(told_of) - 1 - number) // len(told_of))
        _note(county, book, person, HAPPENED[number % len(HAPPENED)], sent_on)
    write(Evaluation, book.rows)
    write(EvaluationUse, book.uses)
    write(Note, book.notes)
    write(IssuedPaper, book.papers)
    write(Counter, [{"kind": kind, "year": year, "last": last} for (kind, year), last in book.serials.items()])
    book.telling.write()


def _registered() -> list[Row]:
    R = Registration
    columns = (R.id, R.member_id, R.accepted_on, R.ended_on, R.unit_id, R.community_id, Unit.supervisor_id, Member.name)
    rows = select(*columns, Unit.name.label("unit"), Community.name.label("place")).where(R.state.in_(CURRENT))
    rows = rows.join(Member, Member.id == R.member_id).join(Unit, Unit.id == R.unit_id)
    return list(db.session.execute(rows.join(Community, Community.id == R.community_id).order_by(R.id)))


def _evaluate(county: County, book: Book, people: list[Row], year: int) -> None:
    last = min(county.today, _opened_on(county, year) + dt.timedelta(days=SENT_AFTER))
    found = dict(_facts(people, year, last))
    turns = THIS_YEAR if year == county.year else LAST_YEAR if year == county.year - 1 else ((S.ACKNOWLEDGED, ""),)
    for number, person in enumerate(people):
        facts, turn = found[person.member_id], turns[number % len(turns)]
        row = _evaluation(county, book, person, facts, year, turn, number)
        if turn[0] is S.WITHDRAWN:
            anew = (S.DRAFT, GRADED) if year == county.year else (S.ACKNOWLEDGED, "")
            _evaluation(county, book, person, facts, year, anew, number, row["id"])


def _facts(people: list[Row], year: int, last: dt.date) -> Iterator[tuple[int, Facts]]:
    """The year's evidence of each of them up to a day, by the rule that freezes it at sending."""
    for start in range(0, len(people), PART):
        part: Any = [_as_evaluated(each, year) for each in people[start : start + PART]]
        yield from evidence.gather(part, year, last).items()


def _as_evaluated(person: Row, year: int) -> SimpleNamespace:
    """What the rule reads of an evaluation, before there is one."""
    whom = {"id": person.member_id, "member_id": person.member_id, "community_id": person.community_id}
    return SimpleNamespace(year=year, registration=person, **whom)


def _evaluation(
    county: County, book: Book, person: Row, facts: Facts, year: int, turn, number: int, replaces: int | None = None
) -> dict:
    state, more = turn
    serial, graded = book.draw("evaluation", year), state is not S.DRAFT or more == GRADED
    place = SPREAD[number % len(SPREAD)] if number % 90 != 45 else 3
    opened_on = _opened_on(county, year)
    sent_on = (
        min(opened_on + dt.timedelta(days=SENT_AFTER + number % 5), county.today) if state is not S.DRAFT else None
    )
    row = dict.fromkeys(("handling", "told", "acknowledged_on", "acknowledged_by")) | {
        "id": county.ids.next(Evaluation), "state": state, "number": address_number(year, serial), "year": year,
        "serial": serial, "member_id": person.member_id, "registration_id": person.id, "unit_id": person.unit_id,
        "supervisor_id": person.supervisor_id, "community_id": person.community_id, "replaces_id": replaces,
        "opened_on": opened_on, "grade_id": book.grades[place].id if graded else None, "sent_on": sent_on,
        "sent_by": clerk_of(county, person) if sent_on else None,
        "reply_by": sent_on + dt.timedelta(days=15) if sent_on else None,
        "replied_on": sent_on if more in (REPLIED, ANSWERED) else None,
        "answered_on": sent_on if more == ANSWERED else None, "version": 1,
    } | sealed(
        Evaluation, performance=PERFORMANCE.get(place) if graded else None, advice=None,
        self_assessment=SELF if number % 3 == 1 else None, facts=facts.written() if sent_on else None,
        reply=REPLY if more in (REPLIED, ANSWERED) else None, answer=ANSWER if more == ANSWERED else None,
    )  # fmt: skip
    if state is S.ACKNOWLEDGED:
        _acknowledge(county, book, row, person, place)
    book.rows.append(row)
    if sent_on:
        book.issue(CARD, row, person, PaperState.CANCELLED if state is S.WITHDRAWN else PaperState.VALID)
    book.tell(county, row, person)
    return row


def _opened_on(county: County, year: int) -> dt.date:
    return dt.date(year, 11, 2) if year < county.year else max(dt.date(year, 11, 1), county.days_ago(12))


def _acknowledge(county: County, book: Book, row: dict, person: Row, place: int) -> None:
    day = min(row["sent_on"] + dt.timedelta(days=6), county.today)
    row |= {"handling": (Handling.PRAISE, Handling.NONE, Handling.NONE, Handling.TALK)[place], "told": place != 2,
            "acknowledged_on": day, "acknowledged_by": f"{person.unit} 高翔"}  # fmt: skip
    for use in ((Use.REVIEW, Use.HONOURS), (Use.REVIEW,), (Use.NONE,), (Use.REVIEW,))[place]:
        book.uses.append({"id": county.ids.next(EvaluationUse), "evaluation_id": row["id"], "use": use})


def _note(county: County, book: Book, person: Row, happened: tuple, sent_on: dt.date) -> None:
    kind, state, handling, said = happened
    row = {
        "id": county.ids.next(Note), "state": state, "kind": kind, "member_id": person.member_id,
        "registration_id": person.id, "unit_id": person.unit_id, "supervisor_id": person.supervisor_id,
        "community_id": person.community_id, "day": sent_on, "sent_on": sent_on, "sent_by": clerk_of(county, person),
        "reply_by": sent_on + dt.timedelta(days=15), "replied_on": None, "handling": handling,
        "told": handling is not None or None, "acknowledged_on": county.today if handling else None,
        "acknowledged_by": f"{person.unit} 高翔" if handling else None, "version": 1, "year": sent_on.year,
    } | sealed(Note, words=said, reply=None)  # fmt: skip
    book.issue(noting.CARD, row, person, PaperState.CANCELLED if state is NoteState.WITHDRAWN else PaperState.VALID)
    serial = book.papers[-1]["serial"]
    row |= {"number": address_number(sent_on.year, serial), "serial": serial}
    book.notes.append(row)
    book.tell_note(county, row, person)
