"""Logins, the appointments they hold, the sessions that are signed in, and failed tries."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.actors import Role
from portal.clock import Moment
from portal.extensions import Base
from portal.flow import Case
from portal.labels import Labelled, labelled
from portal.people.models import Community, Grid, Member, Supervisor, Unit
from portal.people.names import pinyin_of
from portal.text import Text
from portal.vault import Sealable, Sealed, sealed_column


class UserState(Labelled):
    """Whether a login may sign in."""

    ACTIVE = "active", "正常"
    LOCKED = "locked", "已停用"


def _found_by(context) -> str:
    return pinyin_of(context.get_current_parameters()["name"])


class User(Case, Sealable, Base):
    """A login; `member_id` says which member this person is, in whatever role they act.

    `totp` is the secret of the second factor, `totp_step` the last step whose code was used.
    """

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(Text(40), unique=True)
    name: Mapped[str] = mapped_column(Text(40))
    pinyin: Mapped[str] = mapped_column(Text(200), index=True, default=_found_by)
    state: Mapped[UserState] = labelled(UserState, default=UserState.ACTIVE)
    password_hash: Mapped[str] = mapped_column(Text(200))
    must_change_password: Mapped[bool] = mapped_column(default=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), unique=True)
    totp_sealed: Mapped[bytes | None] = sealed_column()
    totp_step: Mapped[int | None]
    last_appointment_id: Mapped[int | None]
    signed_in_at: Mapped[dt.datetime | None] = mapped_column(Moment)

    totp = Sealed()
    member: Mapped[Member | None] = relationship()
    appointments: Mapped[list["Appointment"]] = relationship(back_populates="user", order_by="Appointment.id")


class AppointmentState(Labelled):
    """Whether an appointment is in force; county and inspector need a second person first."""

    PROPOSED = "proposed", "待第二人核准"
    ACTIVE = "active", "任职中"
    ENDED = "ended", "已结束"


class Appointment(Case, Base):
    """One role of a login (身份), with its scope and dates; to-dos belong to the office, not the person.

    A new one is powerless until `workflow.appoint` or a second person makes it active.
    """

    __tablename__ = "appointments"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", "dates_in_order"),
        CheckConstraint("role <> 'liaison' OR unit_id IS NOT NULL", "liaison_has_unit"),
        CheckConstraint("role NOT IN ('clerk', 'grid_worker') OR community_id IS NOT NULL", "clerk_has_community"),
        CheckConstraint("role <> 'grid_worker' OR grid_id IS NOT NULL", "grid_worker_has_grid"),
        CheckConstraint("role NOT IN ('town', 'department', 'committee') OR supervisor_id IS NOT NULL",
                        "supervisor_has_body"),
        CheckConstraint("approved_by_id IS NULL OR approved_by_id <> proposed_by_id", "second_person"),
        Index("ix_appointments_state_role", "state", "role"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    role: Mapped[Role] = labelled(Role)
    state: Mapped[AppointmentState] = labelled(AppointmentState, default=AppointmentState.PROPOSED)
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("supervisors.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    community_id: Mapped[int | None] = mapped_column(ForeignKey("communities.id"), index=True)
    grid_id: Mapped[int | None] = mapped_column(ForeignKey("grids.id"), index=True)
    main: Mapped[bool] = mapped_column(default=False)
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date | None]
    proposed_by_id: Mapped[int | None]
    approved_by_id: Mapped[int | None]

    user: Mapped[User] = relationship(back_populates="appointments")
    supervisor: Mapped[Supervisor | None] = relationship()
    unit: Mapped[Unit | None] = relationship()
    community: Mapped[Community | None] = relationship()
    grid: Mapped[Grid | None] = relationship()

    @property
    def office_name(self) -> str:
        """The office of this appointment, e.g. 儒林社区第一网格; '' for county and admin."""
        if self.grid and self.community:
            return f"{self.community.name}{self.grid.name}"
        office = self.community or self.unit or self.supervisor
        return office.name if office else ""


class SignedInSession(Sealable, Base):
    """A signed-in browser: the hash of its random token, and the appointment in use.

    `slips` keeps one-time passwords until the page that shows them once (JSON).
    """

    __tablename__ = "signed_in_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(Text(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointments.id"), index=True)
    started_at: Mapped[dt.datetime] = mapped_column(Moment)
    seen_at: Mapped[dt.datetime] = mapped_column(Moment, index=True)
    address: Mapped[str] = mapped_column(Text(64))
    slips_sealed: Mapped[bytes | None] = sealed_column()

    slips = Sealed()
    user: Mapped[User] = relationship()
    appointment: Mapped[Appointment | None] = relationship()


class LoginTries(Base):
    """Tries to sign in that count against a login from an address, a login, or an address (behind a keyed hash).

    `user_id` and `address` are kept so that an administrator can see who is locked out where; what was typed as
    the name of a login that does not exist is not (it may be somebody's password).
    """

    __tablename__ = "login_tries"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Text(32), unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    address: Mapped[str | None] = mapped_column(Text(64))
    count: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[dt.datetime] = mapped_column(Moment, index=True)
    known_at: Mapped[dt.datetime | None] = mapped_column(Moment)
