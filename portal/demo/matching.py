"""Who supports the households of the demonstration: now, before, and who was asked and has not answered yet."""

import datetime as dt

from portal.actors import Role
from portal.demo.county import Person
from portal.demo.household_book import Book, Kept
from portal.households.models import HouseholdState, Support, SupportState

S = SupportState
ASKED = 4  # the turn of the household whose supporter was asked, and has not answered
PLACES = 3  # at most so many in the demonstration


def settle(book: Book, kept: Kept, turn: int, row: dict, clerk: str) -> None:
    """Two supporters for every third household, one for the others; every fifth has had another one before."""
    states = [S.PROPOSED] if turn == ASKED else [S.ACTIVE] * (1 if turn % 3 else 2)
    if turn and turn % 5 == 0:
        states.append(S.ENDED)
    people = book.free[kept.place.id]
    for place, state in enumerate(states, 1):
        person = people[(turn * PLACES + place - 1) % len(people)]
        ended = row["state"] is HouseholdState.CLOSED
        _support(book, kept, person, place, S.ENDED if ended else state, row, clerk)


def _support(book: Book, kept: Kept, person: Person, place: int, state: SupportState, row: dict, clerk: str) -> None:
    asked = max(row["opened_on"] + dt.timedelta(days=place), person.registered_on or row["opened_on"])
    asked = min(asked, book.county.days_ago(1))
    since = None if state is S.PROPOSED else min(asked + dt.timedelta(days=3), book.county.today)
    until = row["closed_on"] or max(since, book.county.days_ago(90)) if since and state is S.ENDED else None
    if until and until < since:
        since = asked = until
    why = (row["close_kind"] and f"已结束帮扶：{row['close_kind'].label}") or "工作调动，时间顾不上"
    steps = 1 + (since is not None) + (until is not None)
    key = book.add(
        Support, state=state, household_id=kept.id, member_id=person.id, place=place,
        leads=place == 1 and state is S.ACTIVE, willing=person.id % 2 == 0, stand_in=person.user_id is None,
        why="服务意向一致（扶贫帮困）" if person.id % 2 == 0 else "同一网格", proposed_on=asked, proposed_by=clerk,
        proposed_by_user_id=None, since=since, until=until, ended_why=why if until else None, version=steps,
    )  # fmt: skip
    _tell_support(book, key, person, (asked, since, until), why, clerk)
    if since:
        kept.supporters.append((person, since, until))


def _tell_support(book: Book, key: int, person: Person, days, why: str, clerk: str) -> None:
    tell, at, (asked, since, until) = book.telling.tell, book.county.moment, days
    tell(Support, key, at(asked, 9), "propose", "请党员结对", (None, S.PROPOSED), clerk, Role.CLERK)
    if since:
        alone = person.user_id is None
        by = (clerk, Role.CLERK) if alone else (f"{person.unit.name} {person.name}", Role.MEMBER)
        tell(Support, key, at(since, 19), "accept", "同意结对", (S.PROPOSED, S.ACTIVE), *by, stand_in=alone)
    if until:
        tell(Support, key, at(until, 21), "end", "结束结对", (S.ACTIVE, S.ENDED), clerk, Role.CLERK, why)
