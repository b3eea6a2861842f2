"""The life cycle of a model volunteer: the community nominates, the county confirms or returns, and may revoke later.

The actor is never the subject, and whoever nominated, or amended what was nominated, never confirms. The evidence is
nobody's to write: it stands in the records (evidence.py); the nominator chooses the leads and tells the deeds.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from portal import clock, numbers, wording, years
from portal.actors import Actor, Role
from portal.errors import NotYours, RuleBroken
from portal.exemplars import queries
from portal.exemplars.models import Exemplar, ExemplarLead, ExemplarState, Lead
from portal.extensions import db
from portal.flow import Flow, who
from portal.people.models import Member
from portal.registrations import queries as registrations
from portal.telling import Addressee, Tells, Topic, to_member, to_office

S = ExemplarState
flow = Flow(
    Exemplar, "这次服务标兵推荐", room="exemplars", noun="exemplar", visible_to=queries.visible_to,
    named=lambda row: f"{row.year}年服务标兵推荐（{row.number}）", of_year=lambda row: _year(row),
)  # fmt: skip


@dataclass(frozen=True)
class Deeds:
    """In what a member leads, and what they did."""

    leads: Collection[Lead]
    deeds: str


def _year(row: Exemplar) -> int | None:
    """A title may be revoked later, also once its year is closed; nothing else of that year changes."""
    return None if row.state in (S.CONFIRMED, S.REVOKED) else row.year


def _of_closed_year(row: Exemplar, _by: Actor) -> str:
    """What keeps a confirmation: the year in which it counts is closed."""
    return years.why_closed(row.year)


def _unit(row: Exemplar) -> Addressee:
    return to_office(Role.LIAISON, unit_id=row.unit_id)


def _place(row: Exemplar) -> Addressee:
    return to_office(Role.CLERK, community_id=row.community_id)


tells_unit = Tells(Topic.EXEMPLAR, lambda row: [_unit(row)])
tells_all = Tells(Topic.EXEMPLAR, lambda row: [to_member(row.member_id), _unit(row), _place(row)])


@who("推荐的社区专干（本人被推荐的除外）")
def clerk_of(row: Exemplar, by: Actor) -> bool:
    """A clerk of the community that nominates, never on themselves."""
    return by.is_in(Role.CLERK) and by.community_id == row.community_id and not by.is_self(row.member_id)


@who("县委组织部（本人被推荐的、自己推荐的除外）")
def county_of(row: Exemplar, by: Actor) -> bool:
    """The county office: not who is nominated, not who nominated or amended it."""
    return by.is_in(Role.COUNTY) and not by.is_self(row.member_id) and not queries.has_written(row, by)


def nominate(member: Member, year: int, by: Actor, deeds: Deeds) -> Exemplar:
    """A clerk nominates a member registered in the community as a model volunteer of a year.

    Raises NotYours, RuleBroken.  [二(一)5]
    """
    registration = registrations.current_of(member.id)
    here = registration is not None and registration.community_id == by.community_id
    if not (by.is_in(Role.CLERK) and here) or by.is_self(member.id):
        raise NotYours("服务标兵由党员报到的社区推荐；本人不能推荐本人。")
    _check(member.id, year, deeds)
    serial = numbers.draw("exemplar", year)
    row = Exemplar(
        state=S.NOMINATED, number=numbers.address_number(year, serial), year=year, serial=serial, member=member,
        unit=member.unit, supervisor=member.unit.supervisor, community=registration.community,
    )  # fmt: skip
    row.nominated_on, row.nominated_by, row.nominated_by_user_id = clock.today(), by.shown, by.user_id
    _write(row, deeds)
    db.session.add(row)
    _flush_alone(member.id, year)
    flow.opened(row, by, "nominate", "推荐", tells=tells_unit)
    return row


@flow.move("修改推荐材料", start=(S.NOMINATED, S.RETURNED), end=S.NOMINATED, who=clerk_of,
           done="已报县委组织部。")  # fmt: skip
def amend(row: Exemplar, by, leads: Collection[Lead], deeds: str):
    """A clerk mends a nomination, also a returned one, and it goes again; who nominated stays.  [二(一)5]"""
    told = Deeds(leads, deeds)
    _check(row.member_id, row.year, told, row)
    row.state = S.NOMINATED  # a nomination that stands elsewhere is found out here, not at the end
    _write(row, told)
    _flush_alone(row.member_id, row.year)


@flow.move("撤回推荐", start=(S.NOMINATED, S.RETURNED), end=S.WITHDRAWN, who=clerk_of, reason=True, danger=True,
           tells=tells_unit, undo=True)  # fmt: skip
def withdraw(row: Exemplar, by):
    """A clerk takes a nomination back that the county has not confirmed.  [二(一)5]"""


@flow.move("确认", start=S.NOMINATED, end=S.CONFIRMED, who=county_of, tells=tells_all,
           done="已确认，党员、单位和社区收到消息。", undo=_of_closed_year)  # fmt: skip
def confirm(row: Exemplar, by):
    """The county confirms a model volunteer.  [二(一)5] [三3]"""
    row.confirmed_on = clock.today()


@flow.move("退回", start=S.NOMINATED, end=S.RETURNED, who=county_of, reason=True, danger=True,
           done="已退回，社区可以修改后再报。", undo=True)  # fmt: skip
def send_back(row: Exemplar, by):
    """The county returns a nomination, saying what is missing.  [二(一)5]"""


@flow.move("撤销称号", start=S.CONFIRMED, end=S.REVOKED, who=county_of, reason=True, danger=True, tells=tells_all,
           undo=True)  # fmt: skip
def revoke(row: Exemplar, by):
    """The county revokes the title later, saying why.  [二(一)5] [三3]"""


def years_open(today) -> list[int]:
    """The years for which somebody may be nominated: this one, and the last one until it is closed."""
    return [year for year in (today.year, today.year - 1) if not queries.is_closed(year)]


def _check(member_id: int, year: int, deeds: Deeds, own: Exemplar | None = None) -> None:
    if year not in years_open(clock.today()):
        raise RuleBroken("只能推荐今年的服务标兵；上一年度没有结账的，也可以补报。")
    if not deeds.leads:
        raise RuleBroken("请至少选择一个带头。")
    other = queries.standing(member_id, year)
    if other is not None and other is not own:
        raise RuleBroken(_twice(other))
    if found := wording.problems(deeds.deeds, says_where=True):
        raise RuleBroken("".join(found))


def _flush_alone(member_id: int, year: int) -> None:
    """Write now; of two who nominate one member at once the second is told who was first."""
    try:
        with db.session.begin_nested():
            db.session.flush()
    except IntegrityError:
        raise RuleBroken(f"这名党员{year}年已经有一份推荐，每人每年只推荐一次。") from None


def _twice(other: Exemplar) -> str:
    return (
        f"{other.member.name}{other.year}年已由{other.community.name}推荐（{other.number}，"
        f"{other.state.label}），每人每年只推荐一次。"
    )


def _write(row: Exemplar, deeds: Deeds) -> None:
    kept = {line.lead: line for line in row.lines}
    row.lines = [kept.get(lead) or ExemplarLead(lead=lead) for lead in Lead if lead in set(deeds.leads)]
    row.deeds = deeds.deeds
