"""What does not fit together, by name, before anybody seals a table: so that the same person is counted once.

Certificates without receipts, members whom only one side knows, the same person twice.  [附件6] [附件7]
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, or_, select, true
from sqlalchemy.orm import aliased

from portal.extensions import db
from portal.filters import day as day_words
from portal.labels import Labelled
from portal.people.models import Community, Member, MemberStatus, Unit, UnitKind
from portal.people.queries import communities_of, units_of
from portal.registrations.models import CURRENT, IN_PROGRESS, Registration, RegistrationState
from portal.registrations.queries import is_exempt, living_in_town
from portal.reports.scopes import Scope, one_if

S = RegistrationState
_One, _Other, _UnitOfOne, _UnitOfOther = aliased(Member), aliased(Member), aliased(Unit), aliased(Unit)
_HOMELESS = (living_in_town(), Member.community_id.is_(None), ~is_exempt())


class BreachKind(Labelled):
    """What does not fit."""

    NO_RECEIPT = "no_receipt", "有证明信，没有回执"
    NOT_FILED = "not_filed", "回执没有备案"
    ELSEWHERE = "elsewhere", "名册和报到的社区不一致"
    NO_HOME = "no_home", "住在县城，名册没有居住社区"
    NOT_ON_ROSTER = "not_on_roster", "社区已接洽，名册上应不在县城或已离册"
    OTHER_UNIT = "other_unit", "名册和报到的单位不一致"
    TWICE = "twice", "可能是同一人，在两处名册上"


@dataclass(frozen=True)
class Breach:
    """One thing that does not fit: who (or whose unit), what about them, and the page on which it is put right."""

    kind: BreachKind
    name: str
    note: str
    url: str = ""

    @property
    def words(self) -> str:
        """All of it in one line."""
        return f"{self.kind.label}：{self.name}（{self.note}）"


def breaches(scope: Scope, year: int, day: dt.date) -> list[Breach]:
    """What does not fit among the members of a scope, by kind and name, in a fixed number of queries.

    It speaks of the state as it is now (the roster has no other); `day` is the day on which a certificate that is
    still under way is said to have waited since; a year gone by is settled by its snapshot, so there is nothing to say.
    """
    return [*_of_registrations(scope, day), *_without_home(scope), *_twice(scope)] if day.year == year else []


def _of_registrations(scope: Scope, day: dt.date) -> Iterator[Breach]:
    R = Registration
    rows = (
        select(R, Member, Unit.name, Community.name)
        .join(Member, Member.id == R.member_id)
        .join(Unit, Unit.id == R.unit_id)
        .join(Community, Community.id == R.community_id)
        .where(R.state.in_((*IN_PROGRESS, *CURRENT)), _in_scope(scope, R.unit_id, R.community_id))
        .where(or_(R.state != S.FILED, _differs()))
        .order_by(Member.pinyin, R.id)
    )
    found = [
        Breach(kind, member.name, f"{unit} → {community}，{note}", f"/registrations/{row.number}")
        for row, member, unit, community in db.session.execute(rows)
        for kind, note in _said(row, member, day)
    ]
    return iter(sorted(found, key=lambda each: list(BreachKind).index(each.kind)))


def _differs() -> ColumnElement[bool]:
    """A registration that says something else than the roster."""
    R = Registration
    return or_(
        ~living_in_town(), R.community_id.is_distinct_from(Member.community_id), R.unit_id != Member.unit_id
    )  # fmt: skip


def _said(row: Registration, member: Member, day: dt.date) -> Iterator[tuple[BreachKind, str]]:
    if row.state in IN_PROGRESS:
        late = "，已过有效期" if row.valid_until < day else ""
        yield BreachKind.NO_RECEIPT, f"{day_words(row.issued_on)}开具，{row.state.label}{late}"
        return
    if row.state is S.ACCEPTED:
        yield BreachKind.NOT_FILED, f"{day_words(row.accepted_on)}接洽，单位还没有备案"
    if member.status is not MemberStatus.ACTIVE or not member.lives_in_town:
        yield BreachKind.NOT_ON_ROSTER, member.status.label if member.lives_in_town else "名册写不住在县城"
    elif row.community_id != member.community_id:
        yield BreachKind.ELSEWHERE, "名册上已是另一个社区"
    if row.unit_id != member.unit_id:
        yield BreachKind.OTHER_UNIT, "名册上已在另一个单位"


def _without_home(scope: Scope) -> list[Breach]:
    """The members whom no community can expect: they are in the units' tables and in no community's.

    The town that leads the county town, which has nothing to do with their roster, is told how many each unit has.
    """
    if scope.town_id is not None:
        return _without_home_by_unit()
    rows = (
        select(Member.id, Member.name, Unit.name)
        .join(Unit, Unit.id == Member.unit_id)
        .where(*_HOMELESS, _in_scope(scope, Member.unit_id, Member.community_id))
        .order_by(Member.pinyin, Member.id)
    )
    return [
        Breach(BreachKind.NO_HOME, name, f"{unit}，请单位在名册中补上社区", f"/members/{key}")
        for key, name, unit in db.session.execute(rows)
    ]


def _without_home_by_unit() -> list[Breach]:
    rows = (
        select(Unit.name, func.count())
        .join(Member, Member.unit_id == Unit.id)
        .where(*_HOMELESS)
        .group_by(Unit.id, Unit.name, Unit.code)
        .order_by(Unit.code)
    )
    return [
        Breach(BreachKind.NO_HOME, name, f"{people} 人，请单位在名册中补上社区")
        for name, people in db.session.execute(rows)
    ]


def _twice(scope: Scope) -> list[Breach]:
    """Two rows of the rosters that are as good as certainly one person: born in one month, with one phone.

    So are two of one name, born in one month, without a phone. The county says whether they are one (疑似重复); others
    are told of the one whom they have to do with, and only that there is another.
    """
    pairs = _alike(_One.phone_index == _Other.phone_index).union(_alike(_One.identity_index == _Other.identity_index))
    found = pairs.subquery()
    rows = (
        select(
            _One.id, _One.name, _UnitOfOne.name, one_if(_holds(scope, _One)),
            _Other.id, _Other.name, _UnitOfOther.name, one_if(_holds(scope, _Other)), _One.born,
        )
        .join(found, found.c.first == _One.id)
        .join(_Other, _Other.id == found.c.second)
        .join(_UnitOfOne, _UnitOfOne.id == _One.unit_id)
        .join(_UnitOfOther, _UnitOfOther.id == _Other.unit_id)
        .where(_holds(scope, _One) | _holds(scope, _Other))
        .order_by(_One.pinyin, _One.id, _Other.id)
    )  # fmt: skip
    return [_pair(row[:4], row[4:8], row.born) for row in db.session.execute(rows)]


def _pair(one: Sequence, other: Sequence, born: str) -> Breach:
    """Two rows that may be one person, each with id, name, unit, and 1 where it lies in the scope; one of them does."""
    (key, name, unit, _), (_, its_name, its_unit, seen) = (one, other) if one[3] else (other, one)
    elsewhere = f"{its_name}，{its_unit}" if seen else "另一单位，由县委组织部核对"
    return Breach(BreachKind.TWICE, name, f"{born}出生，{unit}；另一处：{elsewhere}", f"/members/{key}")


def _alike(same: ColumnElement[bool]) -> Select:
    both = (_One.status == MemberStatus.ACTIVE, _Other.status == MemberStatus.ACTIVE, _One.born == _Other.born)
    return select(_One.id.label("first"), _Other.id.label("second")).where(same, _One.id < _Other.id, *both)


def _holds(scope: Scope, member) -> ColumnElement[bool]:
    return _in_scope(scope, member.unit_id, member.community_id)


def _in_scope(scope: Scope, unit, community) -> ColumnElement[bool]:
    if scope.supervisor_id is not None:
        return unit.in_(units_of(scope.supervisor_id))
    if scope.unit_id is not None:
        return unit == scope.unit_id
    if scope.town_id is not None:
        return community.in_(communities_of(scope.town_id))
    if scope.community_id is not None:
        return community == scope.community_id
    return unit.in_(select(Unit.id).where(Unit.kind == UnitKind.OFFICE)) if scope.offices else true()
