"""Signing in and out, passwords, and the life cycles of logins and appointments.

Nobody acts on a login or an appointment of their own; county and inspector appointments need a second person.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, select

from portal import audit, changes, clock, faces
from portal.accounts import lockout, rights
from portal.accounts.acting import actor_of
from portal.accounts.models import Appointment, AppointmentState, SignedInSession, User, UserState
from portal.accounts.queries import appointments_of, appointments_visible_to, user_named, visible_to
from portal.accounts.tokens import hash_token, new_token
from portal.actors import Actor, Role, at_address
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.flow import Flow, who
from portal.people.models import Member, MemberStatus
from portal.people.names import pinyin_of, tidy_name
from portal.people.queries import with_phone_tail
from portal.telling import Tells, Topic, to_login

users = Flow(
    User, "这个账号", room="accounts", noun="user", visible_to=visible_to,
    named=lambda user: f"账号 {user.username}",
)  # fmt: skip
appointments = Flow(
    Appointment, "这个身份", room="appointments", noun="appointment", visible_to=appointments_visible_to,
    named=lambda held: f"身份“{held.office_name}{held.role.label}”",
)  # fmt: skip
tells_user = Tells(Topic.ACCOUNT, lambda user: [to_login(user.id)])
tells_of_reset = Tells(
    Topic.ACCOUNT, lambda user: [to_login(user.id)], lambda user: "不是您请求重置的，请立即告诉为您开通账号的同志。"
)
# Whoever gets a login is handed it with its office; a message is for a login in use.
tells_holder = Tells(Topic.ACCOUNT, lambda held: [to_login(held.user_id)] if held.user.signed_in_at else [])
# Which appointment somebody used last is no fact of an act that ends one.
changes.leave_alone(User, "last_appointment_id")


@dataclass(frozen=True)
class Slip:
    """What is printed once for the person who gets a login: never stored but sealed, until it is shown."""

    name: str
    office: str
    username: str
    password: str


# Signing in and out


def sign_in(user: User, address: str, old_token: str | None = None) -> str:
    """Open a new session for this login and close the browser's old one; returns its token, stored only as a hash."""
    now, held = clock.now(), _held_here(user)
    chosen = next((a for a in held if a.id == user.last_appointment_id), held[0])
    if old_token:
        db.session.execute(delete(SignedInSession).where(SignedInSession.token_hash == hash_token(old_token)))
    token = new_token()
    db.session.add(
        SignedInSession(
            token_hash=hash_token(token),
            user_id=user.id,
            appointment_id=chosen.id,
            started_at=now,
            seen_at=now,
            address=address,
        )
    )
    user.signed_in_at = now
    audit.write(at_address(actor_of(user, chosen), address), "accounts.sign_in", user)
    return token


def _held_here(user: User) -> list[Appointment]:
    """The appointments in which this login may act on this face, at least one. Raises NotYours."""
    held = appointments_of(user.id, clock.today())
    if not held:
        raise NotYours("这个账号目前没有任职身份，请联系为您开通账号的同志。")
    admitted = [appointment for appointment in held if faces.here().admits(appointment.role)]
    if not admitted:
        raise NotYours("这里只供在职党员登录，您的账号没有党员身份。单位、社区等各级办公请用办公网的网址登录。")
    return admitted


def sign_out(by: Actor, session_id: int) -> None:
    """Close a session."""
    db.session.execute(delete(SignedInSession).where(SignedInSession.id == session_id))
    audit.write(by, "accounts.sign_out")


def end_sessions(*of) -> None:
    """Close all sessions for which these conditions hold."""
    db.session.execute(delete(SignedInSession).where(*of))


def switch(by: Actor, session_id: int, appointment_id: int) -> Appointment:
    """Use another of one's own appointments from now on."""
    held = {appointment.id: appointment for appointment in appointments_of(by.user_id, clock.today())}
    if appointment_id not in held:
        raise NotYours("您没有这个身份，或该身份已结束。")
    session = db.session.scalars(select(SignedInSession).where(SignedInSession.id == session_id)).one()
    session.appointment_id = appointment_id
    session.user.last_appointment_id = appointment_id
    audit.write(by, "accounts.switch", held[appointment_id])
    return held[appointment_id]


def change_password(by: Actor, user: User, password_hash: str) -> None:
    """Set one's own new password; every session of the login ends, this one too."""
    user.password_hash, user.must_change_password = password_hash, False
    end_sessions(SignedInSession.user_id == user.id)
    audit.write(by, "accounts.change_password", user, fields=("password",))


def set_second_factor(by: Actor, user: User, secret: str | None, step: int | None) -> None:
    """Bind a phone app to one's own login, or (without a secret) let it go; `step` is of the code just used."""
    user.totp, user.totp_step = secret, step
    audit.write(by, "accounts.set_second_factor" if secret else "accounts.remove_second_factor", user)


# Logins


def open_login(by: Actor, username: str, name: str, password_hash: str, member: Member | None = None) -> User:
    """A new login that must change its one-time password; RuleBroken when the user name or the member has one."""
    if user_named(username):
        raise RuleBroken(f"用户名 {username} 已有人使用，请换一个。")
    if member is not None and db.session.scalar(select(User.id).where(User.member_id == member.id)):
        raise RuleBroken(f"{member.name}已有账号。")
    user = User(username=username, name=name, password_hash=password_hash, member=member)
    db.session.add(user)
    users.opened(user, by, "open", "开通账号")
    return user


def reset_password(by: Actor, user: User, password_hash: str) -> None:
    """The office above gives a login a new one-time password; its sessions, second factor and failures end."""
    if not rights.may_reset(user, by):
        raise NotYours("这个账号的密码由它的上一级重置；本人兼有其他身份的，请联系县委组织部。")
    set_one_time_password(by, user, password_hash)


def set_one_time_password(by: Actor, user: User, password_hash: str) -> None:
    """Give a login a one-time password (also from the command line, where nobody's rights are asked)."""
    user.password_hash, user.must_change_password = password_hash, True
    user.totp, user.totp_step = None, None
    end_sessions(SignedInSession.user_id == user.id)
    lockout.forgive_login(user.id)
    users.opened(user, by, "reset_password", "重置密码", tells=tells_of_reset)


def join_member(by: Actor, user: User, tail: str) -> Member:
    """Say which member this person is: the one of the same name whose phone ends so; they may act as a member then."""
    if not rights.may_appoint(user, by):
        raise NotYours("本人的账号由另一位同志办理。")
    if user.member_id:
        raise RuleBroken(f"这个账号已关联党员{user.name}。")
    same = (Member.name == tidy_name(user.name), Member.status == MemberStatus.ACTIVE, with_phone_tail(tail))
    found = db.session.scalars(select(Member).where(*same).limit(2)).all()
    if len(found) != 1:
        raise RuleBroken("名册上没有找到唯一一位同名、手机号后四位相同的在册党员，请核对姓名和号码。")
    if db.session.scalar(select(User.id).where(User.member_id == found[0].id)):
        raise RuleBroken(f"{user.name}已有党员账号，请在那个账号上增加身份。")
    user.member = found[0]
    audit.write(by, "accounts.join_member", user, fields=("member_id",))
    appoint(by, user, role=Role.MEMBER, starts_on=clock.today())
    return found[0]


def rename(by: Actor, user: User, name: str) -> None:
    """Correct the name that a login goes by."""
    if not rights.may_administer(user, by):
        raise NotYours("这个账号由它的上一级或管理员修改。")
    user.name, user.pinyin = name, pinyin_of(name)
    audit.write(by, "accounts.rename", user, fields=("name",))


def forgive(by: Actor, user: User) -> None:
    """Let a login try again that typed a wrong password five times."""
    if not rights.may_administer(user, by):
        raise NotYours("这个账号由它的上一级或管理员解除锁定。")
    lockout.forgive_login(user.id)
    audit.write(by, "accounts.forgive", user)


def suggested_username(name: str, taken: Iterable[str] = ()) -> str:
    """A free user name from a person's name, e.g. wangxiulan or wangxiulan2."""
    base = "".join(c for c in pinyin_of(name).split(" ")[0] if c.isascii() and c.isalnum())[:30] or "user"
    like = select(User.username).where(User.username.startswith(base, autoescape=True))
    used = {*db.session.scalars(like), *taken}
    number = 1
    while (username := base if number == 1 and len(base) >= 3 else f"{base}{number}") in used or len(username) < 3:
        number += 1
    return username


@who("上一级或管理员")
def administrator(user: User, by: Actor) -> bool:
    """Whoever administers this login; never its owner."""
    return rights.may_administer(user, by)


@users.move("停用", start=UserState.ACTIVE, end=UserState.LOCKED, who=administrator, reason=True, danger=True)
def lock(user: User, by: Actor) -> None:
    """The office above or the administrator stops a login; its sessions end at once.  [§1.4]"""
    end_sessions(SignedInSession.user_id == user.id)


@users.move("恢复使用", start=UserState.LOCKED, end=UserState.ACTIVE, who=administrator, tells=tells_user)
def unlock(user: User, by: Actor) -> None:
    """The office above or the administrator lets a login be used again.  [§1.4]"""
    lockout.forgive_login(user.id)


# Appointments


def appoint(by: Actor, user: User, **given) -> Appointment:
    """Give a login an appointment (role, scope, dates); a county or inspector one is only proposed."""
    appointment = Appointment(user=user, proposed_by_id=by.user_id, **given)
    if appointment.ends_on and appointment.ends_on < appointment.starts_on:
        raise RuleBroken("任职结束的日期不能早于开始的日期。")
    db.session.add(appointment)
    db.session.flush()
    if by.role is Role.SYSTEM or appointment.role not in rights.NEED_SECOND:
        appointment.state = AppointmentState.ACTIVE
    if by.role is not Role.SYSTEM and not (rights.may_appoint(user, by) and rights.reaches(by, appointment)):
        raise NotYours("您不能任命这个身份。")
    if appointment.role is Role.INSPECTOR and appointment.ends_on is None:
        raise RuleBroken("督查员随一次督查任职，请填写任职结束的日期。")
    if _held_already(appointment):
        raise RuleBroken("这个账号已有同样的身份。")
    in_force = appointment.state is AppointmentState.ACTIVE
    appointments.opened(appointment, by, "appoint", "任命", tells=tells_holder if in_force else None)
    return appointment


def _held_already(new: Appointment) -> bool:
    held = (a for a in new.user.appointments if a is not new and a.state is not AppointmentState.ENDED)
    scope = ("supervisor_id", "unit_id", "community_id", "grid_id") if new.role is not Role.MEMBER else ()
    return any(all(getattr(a, name) == getattr(new, name) for name in ("role", *scope)) for a in held)


@who("提名人以外的县委组织部或系统管理员")
def second_person(appointment: Appointment, by: Actor) -> bool:
    """Another county or admin user: neither who proposed it nor whom it is for."""
    own = rights.same(by.user_id, appointment.user_id) or rights.same(by.user_id, appointment.proposed_by_id)
    return by.is_in(*rights.OFFICES) and not own


@who("上一级或管理员")
def appointing_office(appointment: Appointment, by: Actor) -> bool:
    """Whoever could give this appointment; never its holder."""
    return not rights.same(by.user_id, appointment.user_id) and rights.reaches(by, appointment)


_OPEN = (AppointmentState.PROPOSED, AppointmentState.ACTIVE)


@appointments.move("核准", start=AppointmentState.PROPOSED, end=AppointmentState.ACTIVE, who=second_person,
                   tells=tells_holder)  # fmt: skip
def approve(appointment: Appointment, by: Actor) -> None:
    """A second person approves a county or inspector appointment.  [§1.4]"""
    appointment.approved_by_id = by.user_id


def _given_anew(appointment: Appointment, _by: Actor) -> str:
    """What keeps an appointment ended: the same one was given again."""
    return "同样的身份已重新任命，不必撤销。" if _held_already(appointment) else ""


@appointments.move("结束", start=_OPEN, end=AppointmentState.ENDED, who=appointing_office, reason=True, danger=True,
                   tells=tells_holder, undo=_given_anew)  # fmt: skip
def end(appointment: Appointment, by: Actor) -> None:
    """The appointing office ends an appointment; its sessions end at once.  [§1.4]"""
    close(appointment)


def close(appointment: Appointment) -> None:
    """What the end of an appointment takes with it: its last day, and every session that uses it."""
    appointment.ends_on = max(clock.today(), appointment.starts_on)
    end_sessions(SignedInSession.appointment_id == appointment.id)
    if appointment.user.last_appointment_id == appointment.id:
        appointment.user.last_appointment_id = None


def end_member_appointments(member_id: int, by: Actor, reason: str) -> None:
    """End a member's appointments as a member (when they leave the county's rosters or die)."""
    of_member = (User.member_id == member_id, Appointment.role == Role.MEMBER, Appointment.state.in_(_OPEN))
    for appointment in db.session.scalars(select(Appointment).join(Appointment.user).where(*of_member)).all():
        close(appointment)
        appointment.state = AppointmentState.ENDED
        appointments.opened(appointment, by, "end", f"结束：{reason}"[:32])


def follow_to_unit(member_id: int, old_unit_id: int, new_unit_id: int, by: Actor) -> None:
    """After a change of unit: the member's appointment names the new one, an office of liaison at the old one ends."""
    of_person = (User.member_id == member_id, Appointment.state.in_(_OPEN), Appointment.unit_id == old_unit_id)
    for appointment in db.session.scalars(select(Appointment).join(Appointment.user).where(*of_person)).all():
        if appointment.role is Role.MEMBER:
            appointment.unit_id = new_unit_id
            appointments.opened(appointment, by, "follow", "随单位变更")
        else:
            close(appointment)
            appointment.state = AppointmentState.ENDED
            appointments.opened(appointment, by, "end", "结束：调往其他单位")


# Slips with one-time passwords


def keep_slips(session_id: int, slips: list[Slip]) -> None:
    """Keep one-time passwords, sealed, with the session of whoever made them until they are shown."""
    session = db.session.scalars(select(SignedInSession).where(SignedInSession.id == session_id)).one()
    session.slips = json.dumps([vars(slip) for slip in slips], ensure_ascii=False)


def slips_of(session_id: int) -> list[Slip]:
    """The one-time passwords that wait to be shown to this session."""
    kept = db.session.scalars(select(SignedInSession).where(SignedInSession.id == session_id)).one().slips
    return [Slip(**values) for values in json.loads(kept)] if kept else []
