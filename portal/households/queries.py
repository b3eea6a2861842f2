"""Which households, supports and visits one may see, and what is counted from them.  [二(一)4]"""

import datetime as dt

from sqlalchemy import ColumnElement, Select, and_, exists, extract, false, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from portal.actors import Actor, Role
from portal.extensions import db
from portal.households.counting import stands
from portal.households.models import Household, HouseholdState, Support, SupportState, Visit, VisitPerson
from portal.people.models import Member

LIVE = (SupportState.PROPOSED, SupportState.ACTIVE)
OFFICES = (Role.CLERK, Role.GRID_WORKER)
ANSWERED_WITHIN = 7  # days after which somebody else should be asked


def visible_to(by: Actor) -> Select:
    """The households of one's community or grid; those one supports or is asked to; those that members of one's unit
    support; all (county, whose look at a file needs a reason). Who may not see one gets the answer of none.
    """
    supporters = selectinload(Household.supports).joinedload(Support.member).joinedload(Member.unit)
    shown = (joinedload(Household.community), joinedload(Household.grid), supporters, selectinload(Household.need_rows))
    return select(Household).where(_scope(by)).options(*shown)


def _scope(by: Actor) -> ColumnElement[bool]:
    match by.role:
        case Role.MEMBER:
            return Household.id.in_(_supported(Support.member_id == by.member_id, *LIVE))
        case Role.CLERK:
            return Household.community_id == (by.community_id or 0)
        case Role.GRID_WORKER:
            return Household.grid_id == (by.grid_id or 0)
        case Role.LIAISON:
            return Household.id.in_(_supported(Support.member_id.in_(_members_of(by)), SupportState.ACTIVE))
        case Role.COUNTY:
            return true()
        case _:
            return false()


def _supported(who: ColumnElement[bool], *states: SupportState) -> Select:
    return select(Support.household_id).where(who, Support.state.in_(states))


def _members_of(by: Actor) -> Select:
    return select(Member.id).where(Member.unit_id == by.unit_id)


def supports(by: Actor) -> Select:
    """The supports that a person may open: of the households seen, of members their own while they last."""
    seen = Support.household_id.in_(visible_to(by).with_only_columns(Household.id).order_by(None))
    shown = (joinedload(Support.member).joinedload(Member.unit), joinedload(Support.household))
    return select(Support).where(seen).options(*shown)


def visits(by: Actor) -> Select:
    """The visits that a person may read: to the households of one's office; to those one supports; one's own."""
    people = selectinload(Visit.people).joinedload(VisitPerson.member)
    shown = (joinedload(Visit.household).joinedload(Household.community), people)
    seen: ColumnElement[bool] = Visit.household_id.in_(select(Household.id).where(_scope(by)))
    if by.is_in(Role.MEMBER):
        came = select(VisitPerson.visit_id).where(VisitPerson.member_id == by.member_id)
        supported = Visit.household_id.in_(_supported(Support.member_id == by.member_id, SupportState.ACTIVE))
        seen = or_(supported, Visit.id.in_(came))
    elif not by.is_in(*OFFICES):
        seen = false()
    return select(Visit).where(seen).options(*shown)


def is_without_supporter(today: dt.date) -> ColumnElement[bool]:
    """The condition that nobody supports a household, and nobody was asked lately who may still answer."""
    lately = Support.proposed_on > today - dt.timedelta(days=ANSWERED_WITHIN)
    asked = or_(Support.state == SupportState.ACTIVE, and_(Support.state == SupportState.PROPOSED, lately))
    return and_(Household.state == HouseholdState.ACTIVE, ~exists().where(Support.household_id == Household.id, asked))


def count(rows: Select) -> int:
    """How many rows a list has."""
    model = rows.column_descriptions[0]["entity"]
    ids = rows.with_only_columns(model.id).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(ids)) or 0


def supports_of(member_id: int | None) -> list[Support]:
    """All supports of a member with their households, the present ones first, the latest on top."""
    household = joinedload(Support.household)
    shown = (household.joinedload(Household.community), household.selectinload(Household.need_rows),
             household.selectinload(Household.supports).joinedload(Support.member).joinedload(Member.unit))  # fmt: skip
    rows = select(Support).where(Support.member_id == member_id).options(*shown).order_by(Support.id.desc())
    return sorted(db.session.scalars(rows), key=lambda each: each.state is SupportState.ENDED)


def supports_any(member_id) -> ColumnElement[bool]:
    """The condition that the member of this column supports a household now."""
    return exists().where(Support.member_id == member_id, Support.state == SupportState.ACTIVE)


def of_unit(by: Actor) -> Select:
    """The supports by members of a liaison's unit that last; to be sorted by the members' names."""
    household = joinedload(Support.household)
    shown = (joinedload(Support.member), household.joinedload(Household.community))
    mine = Support.member_id.in_(_members_of(by))
    return select(Support).join(Support.member).where(mine, Support.state == SupportState.ACTIVE).options(*shown)


def visits_of(household_id: int, year: int) -> list[Visit]:
    """The visits to a household in a year that stand or wait, the earliest first, with who came."""
    rows = select(Visit).where(Visit.household_id == household_id, extract("year", Visit.day) == year, stands())
    people = selectinload(Visit.people).joinedload(VisitPerson.member)
    return list(db.session.scalars(rows.options(people).order_by(Visit.day, Visit.starts, Visit.id)))
