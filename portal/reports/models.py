"""What towns, departments and 城关镇 hand in for a year, each community's part of it, and what was frozen with it."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import changes
from portal.clock import Moment
from portal.extensions import Base
from portal.flow import Case
from portal.labels import Labelled, labelled
from portal.people.models import Community, Supervisor
from portal.text import Text
from portal.vault import Sealable


class ReportKind(Labelled):
    """What is handed in: the own system by its units, or the county town by its communities (城关镇).  [四]"""

    OWN = "own", "本镇本部门（系统）"
    LEAD = "lead", "县城社区（牵头）"


class ReportState(Labelled):
    """The states of a report."""

    OPEN = "open", "待上报"
    SUBMITTED = "submitted", "已上报"
    ACCEPTED = "accepted", "已接收"
    RETURNED = "returned", "已退回"


class PartState(Labelled):
    """Whether a community has said that the numbers of its part are right."""

    WAITING = "waiting", "待核对"
    CONFIRMED = "confirmed", "已核对"


class SnapshotState(Labelled):
    """Whether what was frozen still stands; staged: being laid down, not yet handed in."""

    STAGED = "staged", "生成中"
    STANDING = "standing", "现行"
    REPLACED = "replaced", "已被新版替代"
    WITHDRAWN = "withdrawn", "已撤回"


UNSENT = (ReportState.OPEN, ReportState.RETURNED)
HANDED_IN = (ReportState.SUBMITTED, ReportState.ACCEPTED)
_IS_LEAD = text("kind = 'lead'")
_IS_UNSENT = text("state IN ('open', 'returned')")
_STANDS = text("state = 'standing'")


class Report(Case, Base):
    """What one body hands in for one year (年度总结及汇总表).  [四]

    `edition` counts how often it was handed in, those taken back included; `urged_on` is the day on which the county
    last urged it.
    """

    __tablename__ = "reports"
    __table_args__ = (
        UniqueConstraint("year", "serial"),
        UniqueConstraint("year", "supervisor_id", "kind"),
        CheckConstraint("state IN ('open', 'returned') OR edition > 0", "handed_in_once"),
        Index("uq_reports_one_lead", "year", unique=True, sqlite_where=_IS_LEAD, postgresql_where=_IS_LEAD),
        Index("ix_reports_unsent", "due_on", sqlite_where=_IS_UNSENT, postgresql_where=_IS_UNSENT),
        Index("ix_reports_supervisor", "supervisor_id", "year"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[ReportState] = labelled(ReportState, default=ReportState.OPEN)
    number: Mapped[str] = mapped_column(Text(16), unique=True)
    year: Mapped[int]
    serial: Mapped[int]
    kind: Mapped[ReportKind] = labelled(ReportKind)
    supervisor_id: Mapped[int] = mapped_column(ForeignKey("supervisors.id"))
    due_on: Mapped[dt.date]
    edition: Mapped[int] = mapped_column(default=0)
    urged_on: Mapped[dt.date | None]

    supervisor: Mapped[Supervisor] = relationship()
    parts: Mapped[list["ReportPart"]] = relationship(back_populates="report", order_by="ReportPart.id")
    standing: Mapped["Snapshot | None"] = relationship(
        primaryjoin="and_(Snapshot.report_id == Report.id, Snapshot.state == 'standing')", viewonly=True
    )

    @property
    def is_unsent(self) -> bool:
        """Whether it still lies with the body that hands it in."""
        return self.state in UNSENT

    @property
    def title(self) -> str:
        """What is handed in, e.g. 2026年度县城社区汇总."""
        return f"{self.year}年度" + ("县城社区汇总" if self.kind is ReportKind.LEAD else "本系统汇总")


changes.leave_alone(Report, "edition", "urged_on")


class ReportPart(Case, Base):
    """One community's part of 城关镇's report: whether it said 本社区数据已核对, and the numbers as they stood then.

    `figures` are the cells of the community's rows at that moment (JSON, counts only).  [四]
    """

    __tablename__ = "report_parts"
    __table_args__ = (
        UniqueConstraint("report_id", "community_id"),
        CheckConstraint("(state = 'confirmed') = (figures IS NOT NULL)", "confirmed_with_figures"),
        CheckConstraint("(state = 'confirmed') = (confirmed_at IS NOT NULL)", "confirmed_at_a_moment"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[PartState] = labelled(PartState, default=PartState.WAITING)
    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id"))
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"), index=True)
    figures: Mapped[str | None] = mapped_column(Text(8000))
    confirmed_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    confirmed_by: Mapped[str | None] = mapped_column(Text(120))
    urged_on: Mapped[dt.date | None]

    report: Mapped[Report] = relationship(back_populates="parts")
    community: Mapped[Community] = relationship()


changes.leave_alone(ReportPart, "urged_on")


class RowWords(Base):
    """The sender's words on one row of a table (备注)."""

    __tablename__ = "report_words"
    __table_args__ = (UniqueConstraint("report_id", "table", "row_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id"))
    table: Mapped[int]
    row_key: Mapped[str] = mapped_column(Text(40))
    words: Mapped[str] = mapped_column(Text(200))


class Snapshot(Sealable, Base):
    """The tables of a report as they were handed in, with the lists behind their numbers.

    `tables_sealed` holds the tables with all cells, the foot and the sender's words; `sha256` is the fingerprint of
    them and of every list, in clear. It is laid down part by part while it is staged, and nobody sees it before.
    """

    __tablename__ = "snapshots"
    __table_args__ = (
        Index("uq_snapshots_one_standing", "report_id", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS),
        Index("ix_snapshots_report", "report_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id"))
    state: Mapped[SnapshotState] = labelled(SnapshotState, default=SnapshotState.STAGED)
    edition: Mapped[int] = mapped_column(default=0)
    taken_at: Mapped[dt.datetime] = mapped_column(Moment)
    until: Mapped[dt.date]
    by_name: Mapped[str] = mapped_column(Text(120))
    by_user_id: Mapped[int | None]
    sha256: Mapped[str] = mapped_column(Text(64))
    lines: Mapped[int] = mapped_column(default=0)
    tables_sealed: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)

    report: Mapped[Report] = relationship()


class SnapshotRow(Base):
    """The list behind the numbers of one row that count the same things, packed and sealed.

    `list_key` is the first of these columns; the total's lists are those of its rows together.
    """

    __tablename__ = "snapshot_rows"
    __table_args__ = (UniqueConstraint("snapshot_id", "table", "list_key", "row_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshots.id", ondelete="CASCADE"))
    table: Mapped[int]
    list_key: Mapped[str] = mapped_column(Text(40))
    row_key: Mapped[str] = mapped_column(Text(40))
    lines: Mapped[int]
    behind_sealed: Mapped[bytes] = mapped_column(LargeBinary)
