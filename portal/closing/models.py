"""Closing a year: who proposed and who confirmed it, the recount stored with it, and what was put right afterwards."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from portal.clock import Moment
from portal.extensions import Base
from portal.flow import Case
from portal.labels import Labelled, labelled
from portal.people.models import Community, Member
from portal.records.models import ServiceRecord
from portal.reports.scopes import By
from portal.text import Text


class ClosingState(Labelled):
    """The states of a year's closing."""

    PROPOSED = "proposed", "待第二人确认"
    RUNNING = "running", "正在结账"
    STOPPED = "stopped", "已中断"
    CLOSED = "closed", "已结账"
    WITHDRAWN = "withdrawn", "未结账"


class CorrectionState(Labelled):
    """The states of a correction in a closed year."""

    OPEN = "open", "正在更正"
    DONE = "done", "已更正"
    WITHDRAWN = "withdrawn", "未更正"


_STANDS = text("state <> 'withdrawn'")
_IS_OPEN = text("state = 'open'")


class Closing(Case, Base):
    """The closing of one year: proposed by one person of the county, confirmed by another, done by the worker.

    `foreseen` (JSON) are the counts of the preview when it was proposed; `done` of `total` parts are ready.
    `lease_until` lets another worker take it over. `sha256` is the fingerprint of all recounts together.  [四]
    """

    __tablename__ = "closings"
    __table_args__ = (
        Index("uq_closings_year", "year", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS),
        CheckConstraint("confirmed_by_user_id IS NULL OR proposed_by_user_id <> confirmed_by_user_id", "two_people"),
        CheckConstraint("state NOT IN ('running', 'stopped', 'closed') OR confirmed_at IS NOT NULL", "confirmed"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", "closed_at_a_moment"),
        CheckConstraint("state <> 'closed' OR sha256 IS NOT NULL", "closed_with_a_recount"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[ClosingState] = labelled(ClosingState, default=ClosingState.PROPOSED)
    year: Mapped[int]
    proposed_at: Mapped[dt.datetime] = mapped_column(Moment)
    proposed_by: Mapped[str] = mapped_column(Text(120))
    proposed_by_user_id: Mapped[int | None]
    confirmed_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    confirmed_by: Mapped[str | None] = mapped_column(Text(120))
    confirmed_by_user_id: Mapped[int | None]
    foreseen: Mapped[str] = mapped_column(Text(2000))
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[dt.datetime | None] = mapped_column(Moment)
    sha256: Mapped[str | None] = mapped_column(Text(64))
    closed_at: Mapped[dt.datetime | None] = mapped_column(Moment)

    @property
    def number(self) -> int:
        """The year, by which its address calls it."""
        return self.year

    recounts: Mapped[list["Recount"]] = relationship(back_populates="closing", order_by="Recount.id")
    corrections: Mapped[list["Correction"]] = relationship(back_populates="closing", order_by="Correction.id")


class Recount(Base):
    """A table of the whole county, counted once more when its year was closed; never altered afterwards.

    `plain` is the table with all its cells (JSON, packed), `sha256` the fingerprint of that JSON.
    """

    __tablename__ = "recounts"
    __table_args__ = (UniqueConstraint("closing_id", "number", "by"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    closing_id: Mapped[int] = mapped_column(ForeignKey("closings.id"))
    number: Mapped[int]
    by: Mapped[By] = labelled(By)
    counted_at: Mapped[dt.datetime] = mapped_column(Moment)
    sha256: Mapped[str] = mapped_column(Text(64))
    plain: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False))

    closing: Mapped[Closing] = relationship(back_populates="recounts")


class Correction(Case, Base):
    """One record of a closed year, opened again by the county with a reason (更正); the recount stays as it was.

    `adds`: a service of this member in this community was never recorded; `record` is None until the community enters
    it. `half_hours_before` are those that counted when it was opened, `half_hours_after` those that count now: of the
    record itself, or of `anew`, the one that was written in its place.  [二(二)4]
    """

    __tablename__ = "corrections"
    __table_args__ = (
        Index("uq_corrections_one_open", "record_id", unique=True, sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
        Index("ix_corrections_closing", "closing_id", "id"),
        CheckConstraint("(state = 'done') = (half_hours_after IS NOT NULL)", "done_with_its_hours"),
        CheckConstraint("record_id IS NOT NULL OR (adds AND state <> 'done')", "of_a_record"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[CorrectionState] = labelled(CorrectionState, default=CorrectionState.OPEN)
    closing_id: Mapped[int] = mapped_column(ForeignKey("closings.id"))
    adds: Mapped[bool] = mapped_column(default=False)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("communities.id"), index=True)
    record_id: Mapped[int | None] = mapped_column(ForeignKey("service_records.id"), index=True)
    anew_id: Mapped[int | None] = mapped_column(ForeignKey("service_records.id"), index=True)
    reason: Mapped[str] = mapped_column(Text(500, lines=True))
    opened_at: Mapped[dt.datetime] = mapped_column(Moment)
    opened_by: Mapped[str] = mapped_column(Text(120))
    opened_by_user_id: Mapped[int | None]
    ended_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    ended_by: Mapped[str | None] = mapped_column(Text(120))
    half_hours_before: Mapped[int]
    half_hours_after: Mapped[int | None]

    closing: Mapped[Closing] = relationship(back_populates="corrections")
    member: Mapped[Member] = relationship()
    place: Mapped[Community] = relationship()
    record: Mapped[ServiceRecord | None] = relationship(foreign_keys=[record_id])
    anew: Mapped[ServiceRecord | None] = relationship(foreign_keys=[anew_id])

    @property
    def what(self) -> str:
        """Of which service it is: its day, or the year while that is not entered."""
        return f"{self.record.day:%Y年%-m月%-d日}" if self.record else f"{self.closing.year}年"
