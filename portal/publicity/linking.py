"""What inside the portal a story is about: a wish, an activity, a member of the own office; not for the public."""

from sqlalchemy import Select, select

from portal.activities import queries as activities
from portal.activities.models import Activity
from portal.actors import Actor, Role
from portal.errors import RuleBroken
from portal.extensions import db
from portal.people.models import Member, MemberStatus, Unit
from portal.registrations.queries import is_received
from portal.wishes import following
from portal.wishes import queries as wishes
from portal.wishes.models import Wish


def wish_id(by: Actor, typed: str) -> int | None:
    """The wish of this number that the office sees, None of nothing typed; RuleBroken where there is none."""
    return _found(wishes.visible_to(by), Wish, typed, "没有这个受理号的心愿，或者它不归本机构看。")


def activity_id(by: Actor, typed: str) -> int | None:
    """The activity of this number that the office sees, None of nothing typed; RuleBroken where there is none."""
    return _found(activities.visible_to(by), Activity, typed, "没有这个编号的活动。")


def _found(rows: Select, model, typed: str, refusal: str) -> int | None:
    if not typed:
        return None
    number = following.normal_number(typed) or typed
    found = db.session.scalar(rows.where(model.number == number))
    if found is None:
        raise RuleBroken(refusal)
    return found.id


def people(by: Actor) -> list[tuple[int, str]]:
    """Whom a unit or a community may write about by name, as (id, name with unit): its members, by name."""
    rows = select(Member.id, Member.name, Unit.name).join(Unit, Unit.id == Member.unit_id)
    if by.is_in(Role.LIAISON):
        rows = rows.where(Member.unit_id == by.unit_id, Member.status == MemberStatus.ACTIVE)
    elif by.is_in(Role.CLERK):
        rows = rows.where(is_received(Member.id, by.community_id))
    else:
        return []  # whose scope holds thousands names the wish or the activity instead
    found = db.session.execute(rows.order_by(Member.pinyin, Member.id))
    return [(key, f"{name}（{unit}）") for key, name, unit in found if not by.is_self(key)]
