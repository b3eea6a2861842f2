"""Print jobs (papers in bulk, drawn by the worker in parts), and what communities attest of services."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import Moment
from portal.extensions import Base
from portal.flow import Case
from portal.labels import Category, Labelled, labelled
from portal.people.models import Community, Member, Unit
from portal.text import Text

_NOT_DRAWN = text("NOT drawn")


class JobState(Labelled):
    """The states of a print job."""

    WAITING = "waiting", "排队中"
    RUNNING = "running", "生成中"
    DONE = "done", "已完成"
    FAILED = "failed", "未完成"
    CANCELLED = "cancelled", "已取消"


class PrintJob(Base):
    """Papers of one kind, year and office as one PDF, or each as a file of its own (`one_each`), drawn in parts.

    `file` is what the result is called, `key` its name among the kept files; neither is there before it is done nor
    after it was cleared away. `lease_until`: as long a worker is putting the parts together.
    """

    __tablename__ = "print_jobs"
    __table_args__ = (
        CheckConstraint("drawn BETWEEN 0 AND total", "drawn_of_total"),
        Index("ix_print_jobs_asked_by", "asked_by_appointment_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text(32))
    year: Mapped[int]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    community_id: Mapped[int | None] = mapped_column(ForeignKey("communities.id"))
    duplex: Mapped[bool] = mapped_column(default=False)
    one_each: Mapped[bool] = mapped_column(default=False)
    title: Mapped[str] = mapped_column(Text(120))
    state: Mapped[JobState] = labelled(JobState, default=JobState.WAITING, index=True)
    total: Mapped[int] = mapped_column(default=0)
    drawn: Mapped[int] = mapped_column(default=0)
    key: Mapped[str | None] = mapped_column(Text(64))
    file: Mapped[str | None] = mapped_column(Text(160))
    asked_at: Mapped[dt.datetime] = mapped_column(Moment)
    asked_by_user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    asked_by_appointment_id: Mapped[int] = mapped_column(ForeignKey("appointments.id"))
    begun_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    ended_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    lease_until: Mapped[dt.datetime | None] = mapped_column(Moment)

    parts: Mapped[list["PrintPart"]] = relationship(back_populates="job", order_by="PrintPart.place")
    in_hand: Mapped[list["PrintPart"]] = relationship(
        primaryjoin="and_(PrintPart.job_id == PrintJob.id, ~PrintPart.drawn, PrintPart.percent > 0)", viewonly=True
    )
    failures: Mapped[list["PrintFailure"]] = relationship(order_by="PrintFailure.id", viewonly=True)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)

    @property
    def done(self) -> float:
        """How many of its papers are drawn; a part that a worker has in hand counts by its share."""
        return self.drawn + sum(part.percent * len(part.ids) for part in self.in_hand) / 100

    @property
    def percent(self) -> int:
        """How much of it is drawn, in whole hundredths, rounded down."""
        return int(self.done * 100 / self.total) if self.total else 0

    def seconds_left(self, now: dt.datetime) -> float | None:
        """How long it will still take, from the pace so far; None before anything was drawn."""
        if not self.begun_at or not self.done:
            return None
        return (now - self.begun_at).total_seconds() / self.done * (self.total - self.done)


class PrintPart(Base):
    """Up to fifty papers of a print job, drawn by one worker at a time and counted once, whole.

    `cases` are the ids of the cases, as they were when the job was asked for. While `lease_until` lies ahead a worker
    is drawing it, who tells how far it is (`percent`); then another takes it over, but not for ever (`tries`). `key`
    names its file among the kept ones: none before it is drawn, nor where no paper came out.
    """

    __tablename__ = "print_parts"
    __table_args__ = (
        UniqueConstraint("job_id", "place"),
        Index("ix_print_parts_open", "job_id", "place", sqlite_where=_NOT_DRAWN, postgresql_where=_NOT_DRAWN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("print_jobs.id", ondelete="CASCADE"))
    place: Mapped[int]
    cases: Mapped[str] = mapped_column(Text(600))
    drawn: Mapped[bool] = mapped_column(default=False)
    percent: Mapped[int] = mapped_column(default=0)
    key: Mapped[str | None] = mapped_column(Text(64))
    lease_until: Mapped[dt.datetime | None] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(default=0)

    job: Mapped[PrintJob] = relationship(back_populates="parts")

    @property
    def ids(self) -> list[int]:
        """The ids of its cases, in their order."""
        return [int(each) for each in self.cases.split(" ")]


class PrintFailure(Base):
    """One paper of a print job that did not come out: by which number it goes, and why; no name of a person."""

    __tablename__ = "print_failures"
    __table_args__ = (UniqueConstraint("job_id", "case_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("print_jobs.id", ondelete="CASCADE"))
    part_id: Mapped[int | None] = mapped_column(ForeignKey("print_parts.id", ondelete="SET NULL"), index=True)
    case_id: Mapped[int]
    called: Mapped[str] = mapped_column(Text(120))
    reason: Mapped[str] = mapped_column(Text(200))


class ServiceProofState(Labelled):
    """The states of a 志愿服务记录证明."""

    ISSUED = "issued", "已开具"
    CANCELLED = "cancelled", "已作废"


class ServiceProof(Case, Base):
    """A community's word to others on what a member did in a period (志愿服务记录证明), as it was counted on that day.

    What stands on it is kept here, since the sheet never changes: a record voided later makes it wrong, and it is
    cancelled and issued anew. `volunteer_number` is that of the member's certificate.  [二(二)4]
    """

    __tablename__ = "service_proofs"
    __table_args__ = (
        UniqueConstraint("year", "serial"),
        CheckConstraint("first <= last", "days_in_order"),
        CheckConstraint("times > 0 AND half_hours > 0", "of_some_service"),
        Index("ix_service_proofs_community", "community_id", "id"),
        Index("ix_service_proofs_unit", "unit_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[ServiceProofState] = labelled(ServiceProofState, default=ServiceProofState.ISSUED)
    number: Mapped[str] = mapped_column(Text(16), unique=True)
    year: Mapped[int]
    serial: Mapped[int]
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    volunteer_number: Mapped[str] = mapped_column(Text(60))
    first: Mapped[dt.date]
    last: Mapped[dt.date]
    times: Mapped[int]
    half_hours: Mapped[int]
    head: Mapped[str | None] = mapped_column(Text(40))
    contact: Mapped[str | None] = mapped_column(Text(20))
    issued_on: Mapped[dt.date]
    issued_by: Mapped[str] = mapped_column(Text(120))

    member: Mapped[Member] = relationship()
    unit: Mapped[Unit] = relationship()
    community: Mapped[Community] = relationship()
    lines: Mapped[list["ServiceProofLine"]] = relationship(
        order_by="ServiceProofLine.id", cascade="all, delete-orphan", lazy="selectin"
    )


class ServiceProofLine(Base):
    """How many services of one category a proof attests, and their half hours."""

    __tablename__ = "service_proof_lines"
    __table_args__ = (UniqueConstraint("proof_id", "category"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proof_id: Mapped[int] = mapped_column(ForeignKey("service_proofs.id", ondelete="CASCADE"))
    category: Mapped[Category] = labelled(Category)
    times: Mapped[int]
    half_hours: Mapped[int]
