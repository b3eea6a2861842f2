"""Report-in rates (报到率): accepted or filed ÷ members who live in the county town, with the names behind each number.

A member counts as reported when registered in the community where they live now; so the sums by unit, by
supervisor and by community are over the same people. Who is exempt and has not reported stands beside; who has
暂缓 this month is counted as everybody, since only duties are out (1.2), and is named besides.  [二(三)2]
"""

from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, select
from sqlalchemy.orm import aliased, joinedload

from portal.actors import Actor, Role
from portal.extensions import db
from portal.filters import percent
from portal.labels import Labelled
from portal.people.models import Community, Member, Supervisor, Unit
from portal.people.queries import communities_of, in_unit_scope
from portal.registrations.deferments import is_deferred
from portal.registrations.models import CURRENT, IN_PROGRESS, Exemption, ExemptionState, Registration, RegistrationState
from portal.registrations.queries import at_home, is_exempt, living_in_town, visible_to

_OnWay = aliased(Registration)


class Grouping(Labelled):
    """What the rates are shown by."""

    UNIT = "unit", "按单位"
    SUPERVISOR = "supervisor", "按主管部门"
    COMMUNITY = "community", "按社区"


class Standing(Labelled):
    """How far a member has come: each number of the table opens the list of one of these."""

    SHOULD = "should", "应报到"
    REPORTED = "reported", "已报到"
    FILED = "filed", "回执已备案"
    MISSING = "missing", "未报到"
    WAITING = "waiting", "待接洽"
    CERTIFIED = "certified", "持信未报到"
    UNCERTIFIED = "uncertified", "未开证明信"
    EXEMPT = "exempt", "免报"
    DEFERRED = "deferred", "暂缓"


# Nobody of these is urged.
ARRIVED = (Standing.SHOULD, Standing.REPORTED, Standing.FILED, Standing.EXEMPT, Standing.DEFERRED)
GROUPINGS = {
    Role.CLERK: (Grouping.UNIT,),
    Role.LIAISON: (Grouping.UNIT,),
    Role.DEPARTMENT: (Grouping.UNIT,),
    Role.COMMITTEE: (Grouping.UNIT, Grouping.SUPERVISOR),
    Role.COUNTY: (Grouping.SUPERVISOR, Grouping.UNIT, Grouping.COMMUNITY),
}


@dataclass
class Rate:
    """The numbers of one line: how many should report, and how many stand where; `key` is None where none is known."""

    key: int | None
    name: str
    counts: dict[Standing, int] = field(default_factory=lambda: dict.fromkeys(Standing, 0))

    def __getitem__(self, standing: Standing) -> int:
        """How many members of this line stand there."""
        return self.counts[standing]

    @property
    def complete(self) -> bool:
        """Whether the target of 100 % is reached."""
        return self[Standing.MISSING] == 0

    @property
    def percent(self) -> str:
        """The report-in rate as people read it: 97.5%; — of nobody."""
        return percent(self[Standing.REPORTED], self[Standing.SHOULD])

    def add(self, other: "Rate") -> None:
        """Count another line's people in; no person stands in two lines."""
        for standing, number in other.counts.items():
            self.counts[standing] += number


@dataclass(frozen=True)
class Table:
    """The rates of a scope: its lines by name, all together, and the leading members among them."""

    lines: list[Rate]
    total: Rate
    leading: Rate


def groupings(by: Actor) -> tuple[Grouping, ...]:
    """What this person may see the rates by; none for roles that see no rates."""
    if by.is_in(Role.TOWN):
        return (Grouping.COMMUNITY, Grouping.UNIT) if by.leads_county_town else (Grouping.UNIT,)
    return GROUPINGS.get(by.role, ())


def table(by: Actor, grouping: Grouping) -> Table:
    """The report-in rates of this person's scope, in one query."""
    key, name = _GROUPS[grouping]
    numbers = [func.sum(case((condition, 1), else_=0)) for condition in _STANDINGS.values()]
    found = db.session.execute(
        _people(by, grouping, key, name, Member.leading, *numbers).group_by(key, name, Member.leading).order_by(name)
    )
    lines: dict[int | None, Rate] = {}
    total, leading = Rate(None, "合计"), Rate(None, "其中：领导干部")
    for group, title, leads, *counts in found:
        part = Rate(group, title or "未填居住社区", dict(zip(_STANDINGS, counts, strict=True)))
        lines.setdefault(group, Rate(group, part.name)).add(part)
        total.add(part)
        if leads:
            leading.add(part)
    return Table(list(lines.values()), total, leading)


def missing(by: Actor, grouping: Grouping) -> Select:
    """The members of this person's scope who have not reported, without what the table shows besides."""
    reported = exists().where(Registration.member_id == Member.id, at_home())
    return select(Member).where(living_in_town(), _scope(by, grouping), ~reported, ~is_exempt())


def people(by: Actor, grouping: Grouping, standing: Standing, key: int | None = None, leading=False) -> Select:
    """The members behind one number: `key` narrows to one line (0: those without a community), `leading` to leaders."""
    rows = _people(by, grouping, Member).where(_STANDINGS[standing])
    if key is not None:
        column = _GROUPS[grouping][0]
        rows = rows.where(column == key if key else column.is_(None))
    if leading:
        rows = rows.where(Member.leading.is_(True))
    return rows.options(joinedload(Member.unit), joinedload(Member.community))


def registrations_of(by: Actor, member_ids: list[int]) -> dict[int, Registration]:
    """The registration of each of these members that says where they stand, as far as this person may see it."""
    open_ones = Registration.member_id.in_(member_ids) & Registration.state.in_((*IN_PROGRESS, *CURRENT))
    # In the order of their numbers, so that a certificate on its way hides the registration at the old home.
    found = db.session.scalars(visible_to(by).where(open_ones).order_by(Registration.id))
    return {row.member_id: row for row in found}


def line_name(grouping: Grouping, key: int | None) -> str:
    """The name of one line of the table; empty for all lines together."""
    return db.session.scalar(select(_GROUPS[grouping][1]).where(_GROUPS[grouping][0] == key)) or "" if key else ""


def _people(by: Actor, grouping: Grouping, *columns) -> Select:
    """The members who must report in this person's scope, joined with where each stands."""
    return (
        select(*columns)
        .join(Unit, Unit.id == Member.unit_id)
        .join(Supervisor, Supervisor.id == Unit.supervisor_id)
        .outerjoin(Community, Community.id == Member.community_id)
        .outerjoin(Registration, and_(Registration.member_id == Member.id, Registration.state.in_(CURRENT)))
        .outerjoin(Exemption, and_(Exemption.member_id == Member.id, Exemption.state == ExemptionState.AGREED))
        .outerjoin(_OnWay, and_(_OnWay.member_id == Member.id, _OnWay.state.in_(IN_PROGRESS)))
        .where(living_in_town(), _scope(by, grouping))
    )


def _scope(by: Actor, grouping: Grouping) -> ColumnElement[bool]:
    if by.is_in(Role.CLERK):
        return Member.community_id == by.community_id
    if by.is_in(Role.TOWN) and grouping is Grouping.COMMUNITY:
        return Member.community_id.in_(communities_of(by.supervisor_id))
    return in_unit_scope(by, Member.unit_id)


_GROUPS = {
    Grouping.UNIT: (Unit.id, Unit.name),
    Grouping.SUPERVISOR: (Supervisor.id, Supervisor.name),
    Grouping.COMMUNITY: (Community.id, Community.name),
}
# Compared here and not where the tables are joined: the planner would look registrations up by community, of which
# there are few, and read thousands for each member.
_REPORTED = Registration.id.is_not(None) & Registration.community_id.is_not_distinct_from(Member.community_id)
_NOT_REPORTED = ~_REPORTED & Exemption.id.is_(None)
_STANDINGS: dict[Standing, ColumnElement[bool]] = {
    Standing.SHOULD: _REPORTED | Exemption.id.is_(None),
    Standing.REPORTED: _REPORTED,
    Standing.FILED: _REPORTED & (Registration.state == RegistrationState.FILED),
    Standing.MISSING: _NOT_REPORTED,
    Standing.WAITING: _NOT_REPORTED & (_OnWay.state == RegistrationState.PRESENTED),
    Standing.CERTIFIED: _NOT_REPORTED & _OnWay.state.in_((RegistrationState.ISSUED, RegistrationState.RETURNED)),
    Standing.UNCERTIFIED: _NOT_REPORTED & _OnWay.id.is_(None),
    Standing.EXEMPT: ~_REPORTED & Exemption.id.is_not(None),
    Standing.DEFERRED: is_deferred(),
}
