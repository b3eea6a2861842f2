"""Pledges of the demonstration in every state, with their cards in the ledger; last year's too."""

import datetime as dt
from collections import Counter as Tally
from dataclasses import dataclass, field

from sqlalchemy import select

from portal import vault
from portal.actors import Role
from portal.demo import words
from portal.demo.county import County, Person
from portal.demo.telling import Telling
from portal.demo.writing import write
from portal.extensions import db
from portal.labels import Category
from portal.numbers import Counter, IssuedPaper, PaperState, address_number
from portal.people.names import pinyin_of, shown_name, surname_of
from portal.pledges.models import Pledge, PledgeItem, PledgeState
from portal.pledges.workflow import CARD
from portal.records.models import RecordState, ServiceRecord
from portal.registrations.models import Registration, RegistrationState
from portal.scheme import queries as scheme

S = PledgeState
# Of each ten registered members: how this year's pledge stands; None has none yet. The first one's is shown.
STATES = (S.SHOWN, S.RETURNED, S.DRAFT, S.SHOWN, S.APPROVED, S.SHOWN, None, S.SHOWN, S.SUBMITTED, S.SHOWN)
# After being written: what followed, by whom, with which words.
SUBMITTED = ("submit", "提交审定", S.SUBMITTED, Role.MEMBER, None)
APPROVED = ("approve", "审定", S.APPROVED, Role.LIAISON, None)
SHOWN = ("show", "公示", S.SHOWN, Role.SYSTEM, None)
FOLLOWED = {
    S.DRAFT: (),
    S.SUBMITTED: (SUBMITTED,),
    S.APPROVED: (SUBMITTED, APPROVED),
    S.SHOWN: (SUBMITTED, APPROVED, SHOWN),
    S.RETURNED: (SUBMITTED, ("send_back", "退回修改", S.RETURNED, Role.LIAISON, "请写清服务对象和次数")),
    S.ENDED: (SUBMITTED, APPROVED, SHOWN, ("end", "终止", S.ENDED, Role.SYSTEM, "报到已结束：退休")),
}


@dataclass
class _Book:
    """What was written so far."""

    serials: Tally = field(default_factory=Tally)
    pledges: list[dict] = field(default_factory=list)
    items: list[dict] = field(default_factory=list)
    papers: list[dict] = field(default_factory=list)
    telling: Telling = field(default_factory=Telling)

    def draw(self, kind: str, year: int) -> int:
        self.serials[kind, year] += 1
        return self.serials[kind, year]


def settle(county: County) -> None:
    """Write the pledges of the registered members, of those who left, and some of last year's."""
    book, done = _Book(), _done(county)
    for number, person in enumerate(county.registered):
        if number % 3 == 0 and person.registered_on.year < county.year:
            _pledge(county, book, person, S.SHOWN, dt.date(county.year - 1, 6, 10), done.get(person.id, []))
        state = STATES[number % len(STATES)]
        if state is not None:
            lately = county.days_ago(30 if state is S.SHOWN else 3)
            day = max(lately, person.registered_on, dt.date(county.year, 1, 1))
            _pledge(county, book, person, state, day, done.get(person.id, []))
    left = set(db.session.scalars(select(Registration.member_id).where(Registration.state == RegistrationState.ENDED)))
    for person in [person for person in county.persons if person.id in left][::2]:
        _pledge(county, book, person, S.ENDED, dt.date(county.year, 1, 1), [])
    write(Pledge, book.pledges)
    write(PledgeItem, book.items)
    write(IssuedPaper, book.papers)
    write(Counter, [{"kind": k, "year": y, "last": last} for (k, y), last in book.serials.items()])
    book.telling.write()


def _done(county: County) -> dict[int, list[Category]]:
    """The categories of the confirmed services of each member this year, so that some promises are kept."""
    since = dt.date(county.year, 1, 1)
    found: dict[int, list[Category]] = {}
    rows = select(ServiceRecord.member_id, ServiceRecord.category).where(
        ServiceRecord.state == RecordState.CONFIRMED, ServiceRecord.day >= since
    )
    for member_id, category in db.session.execute(rows.distinct().order_by(ServiceRecord.member_id)):
        found.setdefault(member_id, []).append(category)
    return found


def _pledge(
    county: County, book: _Book, person: Person, state: PledgeState, day: dt.date, done: list[Category]
) -> None:
    year, own = day.year, person.user_id is not None
    serial = book.draw("pledge", year)
    writer = (person.user_id, person.name) if own else county.users[f"unit{person.unit.id}"]
    row = dict.fromkeys(("submitted_on", "submitted_by_user_id", "approved_on", "approved_by", "show_on")) | {
        "id": county.ids.next(Pledge), "state": state, "number": address_number(year, serial), "year": year,
        "serial": serial, "member_id": person.id, "unit_id": person.unit.id, "community_id": person.place.id,
        "shown_name": shown_name(person.name), "pinyin": pinyin_of(person.name),
        "stand_in": not own, "written_at": county.moment(day, 9),
        "written_by": f"{person.unit.name} {writer[1]}", "written_by_user_id": writer[0],
    }  # fmt: skip
    book.pledges.append(row)
    book.items += _items(county, row["id"], year, done)
    _carry(county, book, person, row, day)


def _items(county: County, pledge_id: int, year: int, done: list[Category]) -> list[dict]:
    """One to three promises, the first of a category in which the member has served."""
    wanted = [promise for promise in words.PROMISES if promise[0] in done[:1]]
    others = county.rng.sample(words.PROMISES, 3)
    chosen = list(dict.fromkeys(wanted[:1] + others))[: county.rng.randint(1, 3)]
    return [
        {"id": county.ids.next(PledgeItem), "pledge_id": pledge_id, "place": place, "category": category, "what": what,
         "for_whom": for_whom, "times": times, "half_hours": half_hours, "due_on": dt.date(year, *due)}
        for place, (category, what, for_whom, times, half_hours, due) in enumerate(chosen, 1)
    ]  # fmt: skip


def _carry(county: County, book: _Book, person: Person, row: dict, day: dt.date) -> None:
    """Lead a pledge to its state, with its history and its card in the ledger."""
    tell, before, liaison = book.telling.tell, S.DRAFT, f"{person.unit.name} 高翔"
    tell(Pledge, row["id"], row["written_at"], "write", "填写承诺", (None, before), row["written_by"], Role.MEMBER)
    for hour, (verb, label, after, role, reason) in enumerate(FOLLOWED[row["state"]], start=10):
        who = {Role.MEMBER: row["written_by"], Role.LIAISON: liaison}.get(role, "系统")
        if verb == "submit":
            row |= {"submitted_on": day, "submitted_by_user_id": row["written_by_user_id"]}
        elif verb == "approve":
            day = county.today if row["state"] is S.APPROVED else min(day + dt.timedelta(days=2), county.today)
            show_on = scheme.due(day, scheme.year_of(day).pledge_shown_workdays)
            row |= {"approved_on": day, "approved_by": "高翔", "show_on": show_on}
            book.papers.append(_paper(county, book, person, row, day))
        elif verb == "show":
            day = row["show_on"] = min(row["show_on"], county.today)
        tell(Pledge, row["id"], county.moment(day, hour), verb, label, (before, after), who, role, reason)
        before = after


def _paper(county: County, book: _Book, person: Person, row: dict, day: dt.date) -> dict:
    return {
        "kind": CARD, "year": row["year"], "serial": book.draw(CARD, row["year"]), "version": 1,
        "subject_id": row["id"], "check_code": vault.random_code(12), "family_name": surname_of(person.name),
        "office": person.unit.name, "state": PaperState.VALID, "issued_at": county.moment(day, 10),
    }  # fmt: skip
