"""Print jobs: papers in bulk, drawn by the worker in parts."""

import datetime as dt

from sqlalchemy.orm import Mapped, mapped_column

from portal.clock import Moment
from portal.extensions import Base
from portal.labels import Labelled, labelled
from portal.text import Text


class JobState(Labelled):
    """The states of a print job."""

    WAITING = "waiting", "排队中"
    RUNNING = "running", "生成中"
    DONE = "done", "已完成"
    FAILED = "failed", "未完成"


class PrintJob(Base):
    """Papers of one kind, year and office as one PDF; `lease_until` lets another worker take it over."""

    __tablename__ = "print_jobs"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text(32))
    year: Mapped[int]
    unit_id: Mapped[int | None]
    community_id: Mapped[int | None]
    state: Mapped[JobState] = labelled(JobState, default=JobState.WAITING, index=True)
    total: Mapped[int] = mapped_column(default=0)
    drawn: Mapped[int] = mapped_column(default=0)
    failed: Mapped[str] = mapped_column(Text(2000, lines=True), default="")
    file: Mapped[str | None] = mapped_column(Text(60))
    asked_at: Mapped[dt.datetime] = mapped_column(Moment)
    asked_by_user_id: Mapped[int | None]
    asked_by_appointment_id: Mapped[int | None]
    lease_until: Mapped[dt.datetime | None] = mapped_column(Moment)
