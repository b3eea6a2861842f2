"""What becomes of logins when two rows of the roster prove to be one person."""

from sqlalchemy import select

from portal.accounts.models import Appointment, AppointmentState, User
from portal.accounts.workflow import appointments, end_member_appointments
from portal.actors import Role
from portal.extensions import db
from portal.people.merging import Merging, rows_naming, when_merged
from portal.people.models import Member


def stays(kept: Member, gone: Member) -> list[User]:
    """A second login stays with the row that goes, and is still known for the same person in its other offices."""
    return rows_naming(User.member_id, gone) if rows_naming(User.member_id, kept) else []


def settle(merging: Merging) -> None:
    """Of two logins the other one's appointment as a member ends; the only one goes along to the unit that stays."""
    if stays(merging.kept, merging.gone):
        end_member_appointments(merging.gone.id, merging.by, "重复记录已合并")
        return
    for appointment in _as_member(merging.gone):
        appointment.unit_id = merging.kept.unit_id
        appointments.opened(appointment, merging.by, "follow", "随单位变更")


def foreseen(kept: Member, gone: Member) -> list[str]:
    """What `settle` would do."""
    return [
        f"账号 {user.username} 的党员身份停止，本人用保留记录的账号登录；该账号的其他任职不变。"
        for user in stays(kept, gone)
        if _as_member(gone)
    ]


def _as_member(member: Member) -> list[Appointment]:
    held = (User.member_id == member.id, Appointment.role == Role.MEMBER, Appointment.state != AppointmentState.ENDED)
    return list(db.session.scalars(select(Appointment).join(Appointment.user).where(*held).order_by(Appointment.id)))


def register() -> None:
    """Say it to the merging of members."""
    when_merged(User.member_id, "账号", stays, settle, foreseen)
