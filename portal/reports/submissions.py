"""A report on its way between unsent and handed in: who asked for it, how far the worker has come, why it stopped."""

import datetime as dt
from collections.abc import Collection

from sqlalchemy import ForeignKey, Index, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import Moment
from portal.extensions import Base, db
from portal.labels import Labelled, labelled
from portal.reports.models import Report
from portal.text import Text


class SubmissionState(Labelled):
    """How far a handing in has come."""

    RUNNING = "running", "正在冻结"
    DONE = "done", "已上报"
    STOPPED = "stopped", "没有完成"


FREEZING = "这份上报正在冻结数据，请等它完成。"
_IS_RUNNING = text("state = 'running'")


class Submission(Base):
    """One asking to hand a report in, carried out by the worker in the name of who asked, in that office.

    `seen` is the fingerprint of what the sender was shown not to match; `done` of `total` parts are laid down (0: they
    are being counted). `lease_until` lets another worker take it over; `why` says what stopped it.  [四]
    """

    __tablename__ = "submissions"
    __table_args__ = (
        Index("uq_submissions_one_running", "report_id", unique=True, sqlite_where=_IS_RUNNING,
              postgresql_where=_IS_RUNNING),
        Index("ix_submissions_report", "report_id", "id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id"))
    state: Mapped[SubmissionState] = labelled(SubmissionState, default=SubmissionState.RUNNING)
    asked_at: Mapped[dt.datetime] = mapped_column(Moment)
    by_user_id: Mapped[int | None]
    by_appointment_id: Mapped[int | None]
    seen: Mapped[str] = mapped_column(Text(64))
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[dt.datetime | None] = mapped_column(Moment)
    why: Mapped[str | None] = mapped_column(Text(500))

    report: Mapped[Report] = relationship()


def latest(report_id: int) -> Submission | None:
    """The last asking to hand a report in, or None."""
    rows = select(Submission).where(Submission.report_id == report_id).order_by(Submission.id.desc()).limit(1)
    return db.session.scalar(rows)


def running(report_ids: Collection[int]) -> set[int]:
    """Those of these reports that are being frozen now."""
    here = (Submission.report_id.in_(report_ids), Submission.state == SubmissionState.RUNNING)
    return set(db.session.scalars(select(Submission.report_id).where(*here)))
