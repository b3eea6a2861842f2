"""One person on two rosters, in each state of the county's looking into it."""

from sqlalchemy import select

from portal.accounts.models import User
from portal.actors import Actor
from portal.demo.county import County
from portal.demo.moving import login
from portal.doubles import joining, workflow
from portal.doubles.models import Double
from portal.extensions import db
from portal.people.members import set_member_facts
from portal.people.models import Member, MemberStatus
from portal.registrations.models import CURRENT, Exemption, Registration, TransferRequest

CALLED = "已与两个单位的联络员电话核对，调动后原单位没有办理转出。"


def settle(county: County) -> None:
    """Let a few members who hang on nothing yet be the second row of people who have reported elsewhere."""
    office = login(county, "county")
    unopened, suspected, dismissed, merged, reversed_ = _pairs(5)
    _likely(*unopened)
    for pair in (suspected, dismissed, merged, reversed_):
        _same(*pair)
    workflow.look_into(*suspected, office)
    workflow.dismiss(workflow.look_into(*dismissed, office), office, reason="双胞胎兄弟共用一部手机，姓名登记有误。")
    _merge(merged, office)
    workflow.reverse(_merge(reversed_, office), office, reason="原单位来电：确是同名的两个人，号码登记错了。")


def _pairs(number: int) -> list[tuple[Member, Member]]:
    """Registered members, each with one of another unit on whom nothing was built."""
    current = select(Registration.member_id).where(Registration.state.in_(CURRENT))
    spare = list(
        db.session.scalars(_free(Registration.member_id, Exemption.member_id).order_by(Member.id.desc()).limit(number))
    )
    known = db.session.scalars(
        _free(Exemption.member_id).where(Member.id.in_(current)).order_by(Member.id.desc())
    ).all()
    return [(next(_elsewhere(known, second, at)), second) for at, second in enumerate(spare)]


def _elsewhere(known, second: Member, at: int):
    """Of these, each pair another one: those of other units, from a place of its own on."""
    return (member for member in known[5 * at :] if member.unit_id != second.unit_id)


def _free(*without):
    columns = (User.member_id, TransferRequest.member_id, *without)
    free = [Member.id.not_in(select(column).where(column.is_not(None))) for column in columns]
    return select(Member).where(Member.status == MemberStatus.ACTIVE, *free)


def _same(first: Member, second: Member) -> None:
    set_member_facts(second, name=first.name, sex=first.sex, born=first.born, phone=first.phone)
    db.session.flush()


def _likely(first: Member, second: Member) -> None:
    set_member_facts(second, name=first.name, sex=first.sex, born=first.born)
    db.session.flush()


def _merge(pair: tuple[Member, Member], office: Actor) -> Double:
    row, (kept, gone) = workflow.look_into(*pair, office), pair
    seen = workflow.mark_of(joining.foreseen(kept, gone))
    return workflow.merge(row, office, reason=CALLED, kept_id=kept.id, seen=seen)
