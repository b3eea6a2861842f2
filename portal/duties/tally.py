"""How many members have each of the five ones done: counted by unit, supervisor or community, and who lacks what.

The members are those who are registered now. A scope is counted anew only after something was done: every act leaves a
row in the audit trail, so what was counted when the trail ended where it ends now is still true.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from portal import audit
from portal.actors import Actor, Role
from portal.duties import progress
from portal.duties.five_ones import Status
from portal.extensions import db
from portal.people.models import Community, Member, Supervisor, Unit
from portal.people.queries import communities_of, in_unit_scope
from portal.pledges.models import FiveOne
from portal.registrations.models import CURRENT, Registration
from portal.registrations.rates import Grouping

MOST = 32  # scopes kept at a time
_MODELS: dict[Grouping, Any] = {
    Grouping.UNIT: Unit, Grouping.SUPERVISOR: Supervisor, Grouping.COMMUNITY: Community,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """One registered member: where they stand on each of the five, and to whose lines they belong."""

    id: int
    unit_id: int
    supervisor_id: int
    community_id: int
    leading: bool
    statuses: tuple[Status, ...]

    def stands(self, one: FiveOne) -> Status:
        """How one of the five stands."""
        return self.statuses[_PLACES[one]]

    @property
    def whole(self) -> bool:
        """Whether all five are done."""
        return all(status is Status.DONE for status in self.statuses)

    def key(self, grouping: Grouping) -> int:
        """The line to which this member belongs."""
        return {Grouping.UNIT: self.unit_id, Grouping.SUPERVISOR: self.supervisor_id}.get(grouping, self.community_id)


_PLACES = {one: place for place, one in enumerate(FiveOne)}


@dataclass
class Line:
    """The numbers of one line: how many members, how many of them stand how, how many have all five done."""

    key: int | None
    name: str
    people: int = 0
    whole: int = 0
    counts: dict[tuple[FiveOne, Status], int] = field(default_factory=dict)

    def add(self, person: Person) -> None:
        """Count a member in."""
        self.people += 1
        self.whole += person.whole
        for one, status in zip(FiveOne, person.statuses, strict=True):
            self.counts[one, status] = self.counts.get((one, status), 0) + 1

    def number(self, one: FiveOne, status: Status) -> int:
        """How many stand so."""
        return self.counts.get((one, status), 0)


@dataclass(frozen=True)
class Table:
    """The numbers of a scope: its lines by name, all together, and the leading members among them."""

    lines: list[Line]
    total: Line
    leading: Line


_kept: dict[tuple, tuple[str, list[Person]]] = {}


def forget() -> None:
    """Forget what was counted."""
    _kept.clear()


def people(by: Actor, grouping: Grouping, today: dt.date) -> list[Person]:
    """The registered members of this person's scope, by name: as counted before, or anew if anything was done since."""
    scope = (by.role, by.supervisor_id, by.unit_id, by.community_id, grouping is Grouping.COMMUNITY)
    key, end = (*scope, today), audit.end()
    kept = _kept.get(key)
    if kept and kept[0] == end:
        return kept[1]
    if len(_kept) >= MOST:
        forget()
    found = _count(by, grouping, today)
    _kept[key] = (end, found)
    return found


def _count(by: Actor, grouping: Grouping, today: dt.date) -> list[Person]:
    ones = progress.of(ids(by, grouping), today)
    columns = (Member.id, Member.unit_id, Unit.supervisor_id, Registration.community_id, Member.leading)
    rows = _registered(by, grouping, *columns).join(Unit, Unit.id == Member.unit_id)
    return [
        Person(key, unit, body, home, leads, tuple(ones[key][one].status for one in FiveOne))
        for key, unit, body, home, leads in db.session.execute(rows.order_by(Member.pinyin, Member.id))
        if key in ones  # who was received, or left, between the two statements is on the next count
    ]


def ids(by: Actor, grouping: Grouping) -> Select:
    """The ids of the registered members of this person's scope."""
    return _registered(by, grouping, Member.id)


def _registered(by: Actor, grouping: Grouping, *columns) -> Select:
    rows = select(*columns).join(Registration, Registration.member_id == Member.id)
    return rows.where(Registration.state.in_(CURRENT), _scope(by, grouping))


def _scope(by: Actor, grouping: Grouping) -> ColumnElement[bool]:
    """A clerk sees who is registered there, a town too where it asks by community; the others those of their units."""
    if by.is_in(Role.CLERK):
        return Registration.community_id == by.community_id
    if by.is_in(Role.TOWN) and grouping is Grouping.COMMUNITY:
        return Registration.community_id.in_(communities_of(by.supervisor_id))
    return in_unit_scope(by, Member.unit_id)


def table(by: Actor, grouping: Grouping, today: dt.date) -> Table:
    """The numbers of this person's scope, line by line."""
    total, leading = Line(None, "合计"), Line(None, "其中：领导干部")
    lines: dict[int, Line] = {}
    for person in people(by, grouping, today):
        key = person.key(grouping)
        for line in (lines.setdefault(key, Line(key, "")), total, *([leading] if person.leading else ())):
            line.add(person)
    return Table(_named(lines, grouping), total, leading)


def _named(lines: dict[int, Line], grouping: Grouping) -> list[Line]:
    model, found = _MODELS[grouping], []
    for key, name in db.session.execute(select(model.id, model.name).order_by(model.name, model.id)):
        if line := lines.get(key):
            line.name = name
            found.append(line)
    return found


@dataclass(frozen=True)
class Wanted:
    """What a list of members is narrowed to; the address holds it."""

    one: FiveOne | None = None
    status: Status | None = None
    whole: bool = False
    leading: bool = False
    line: int | None = None
    grouping: Grouping = Grouping.UNIT

    def __call__(self, person: Person) -> bool:
        """Whether this member belongs on the list; without one of the five, if any of them stands so."""
        stands = [person.stands(self.one)] if self.one else person.statuses
        return (
            (self.status is None or self.status in stands)
            and (not self.whole or person.whole)
            and (not self.leading or person.leading)
            and (self.line is None or person.key(self.grouping) == self.line)
        )
