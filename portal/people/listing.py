"""What the list of members shows: filters in the address, within one's scope."""

from sqlalchemy import Select, or_, select

from portal.actors import Actor, Role
from portal.extensions import db
from portal.people import queries
from portal.people.forms import MembersFilter
from portal.people.models import Community, Member, MemberStatus, Unit

# Who finds a member by the last four digits of their phone: those who may see them.
KNOW_TAILS = (Role.LIAISON, Role.COUNTY)


def members_filter(by: Actor) -> MembersFilter:
    """The filters that this person is offered: one's own unit or community is none."""
    form = MembersFilter()
    if by.role is Role.LIAISON:
        del form["unit"]
    else:
        units = queries.units(by).with_only_columns(Unit.id, Unit.name).order_by(Unit.name)
        form["unit"].offer((row.id, row.name) for row in db.session.execute(_all_units(by) if _mixed(by) else units))
    if by.role is Role.CLERK:
        del form["community"]
    else:
        rows = db.session.execute(select(Community.id, Community.name).order_by(Community.name))
        form["community"].offer((row.id, row.name) for row in rows)
    if by.role not in KNOW_TAILS:
        form["q"].label.text = "姓名或拼音"
    return form


def members(by: Actor, form: MembersFilter) -> Select:
    """The members of this person's scope that the filters leave."""
    rows = queries.visible_to(by)
    if typed := form.q.data:
        found = queries.named(Member, typed)
        tail = by.role in KNOW_TAILS and len(typed) == 4 and typed.isascii() and typed.isdigit()
        rows = rows.where(or_(found, queries.with_phone_tail(typed)) if tail else found)
    if form.unit and form.unit.data:
        rows = rows.where(Member.unit_id == form.unit.data)
    if form.community and form.community.data:
        rows = rows.where(Member.community_id == form.community.data)
    # Who was merged stands in the list under the row that stays; the other one is found only when asked for.
    shown = Member.status == form.status.data if form.status.data else Member.status != MemberStatus.MERGED
    return rows.where(shown)


def _mixed(by: Actor) -> bool:
    """Whether this person's members may work in any unit of the county."""
    return by.is_in(Role.CLERK, Role.TOWN)


def _all_units(by: Actor) -> Select:
    seen = queries.visible_to(by).with_only_columns(Member.unit_id)
    return select(Unit.id, Unit.name).where(Unit.id.in_(seen)).order_by(Unit.name)
