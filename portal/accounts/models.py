"""Logins, the appointments they hold, and the sessions that are signed in."""

import datetime as dt

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.actors import Role
from portal.clock import Moment
from portal.extensions import Base
from portal.labels import Labelled, labelled
from portal.people.models import Community, Grid, Member, Supervisor, Unit
from portal.text import Text


class User(Base):
    """A login; `member_id` says which member this person is, in whatever role they act."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(Text(40), unique=True)
    name: Mapped[str] = mapped_column(Text(40))
    password_hash: Mapped[str] = mapped_column(Text(200))
    must_change_password: Mapped[bool] = mapped_column(default=True)
    locked_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), unique=True)
    totp_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    last_appointment_id: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)

    member: Mapped[Member | None] = relationship()
    appointments: Mapped[list["Appointment"]] = relationship(back_populates="user", order_by="Appointment.id")


class AppointmentState(Labelled):
    """Whether an appointment is in force; county and inspector need a second person first."""

    PROPOSED = "proposed", "待第二人核准"
    ACTIVE = "active", "任职中"
    ENDED = "ended", "已结束"


class Appointment(Base):
    """One role of a login (身份), with its scope and dates; to-dos belong to the office, not the person."""

    __tablename__ = "appointments"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    role: Mapped[Role] = labelled(Role)
    state: Mapped[AppointmentState] = labelled(AppointmentState, default=AppointmentState.ACTIVE)
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("supervisors.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    community_id: Mapped[int | None] = mapped_column(ForeignKey("communities.id"), index=True)
    grid_id: Mapped[int | None] = mapped_column(ForeignKey("grids.id"), index=True)
    main: Mapped[bool] = mapped_column(default=False)
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date | None]
    proposed_by_id: Mapped[int | None]
    approved_by_id: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)

    user: Mapped[User] = relationship(back_populates="appointments")
    supervisor: Mapped[Supervisor | None] = relationship()
    unit: Mapped[Unit | None] = relationship()
    community: Mapped[Community | None] = relationship()
    grid: Mapped[Grid | None] = relationship()


class SignedInSession(Base):
    """A signed-in browser: the hash of its random token, and the appointment in use."""

    __tablename__ = "signed_in_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(Text(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointments.id"))
    started_at: Mapped[dt.datetime] = mapped_column(Moment)
    seen_at: Mapped[dt.datetime] = mapped_column(Moment, index=True)
    address: Mapped[str] = mapped_column(Text(64))

    user: Mapped[User] = relationship()
    appointment: Mapped[Appointment | None] = relationship()
