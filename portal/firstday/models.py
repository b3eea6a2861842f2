"""Imports of what was there before the portal (期初): what was uploaded, and what each of its rows is."""

import datetime as dt
import json

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from portal import clock
from portal.clock import Moment
from portal.extensions import Base
from portal.flow import Case
from portal.labels import Labelled, labelled
from portal.rosters.models import RowResult
from portal.text import Text
from portal.vault import Sealable, Sealed, sealed_column


class FirstdayState(Labelled):
    """How far an import of the running scheme has come; one that is being read in is seen by nobody."""

    STAGING = "staging", "读取中"
    PREVIEWED = "previewed", "待提交"
    SUBMITTED = "submitted", "待第二人核对"
    WRITTEN = "written", "已写入"
    UNDONE = "undone", "已撤销"
    DROPPED = "dropped", "已放弃"


class Part(Labelled):
    """The sheets of the workbook, each only referring to those before it."""

    SUPERVISORS = "supervisors", "上级党组织"
    UNITS = "units", "单位"
    COMMUNITIES = "communities", "社区"
    GRIDS = "grids", "网格"
    ESTATES = "estates", "小区"
    MEMBERS = "members", "党员"
    REGISTRATIONS = "registrations", "报到"
    RECORDS = "service_records", "本年服务"


# How long after the upload an import keeps what it holds of people (all of it sealed), as a roster does.
KEPT_FOR = {
    FirstdayState.STAGING: dt.timedelta(hours=1),
    FirstdayState.PREVIEWED: dt.timedelta(days=14),
    FirstdayState.SUBMITTED: dt.timedelta(days=14),
    FirstdayState.WRITTEN: dt.timedelta(days=30),
}
RESULTS = (RowResult.BAD, RowResult.NEW, RowResult.CHANGED, RowResult.SAME, RowResult.TWICE)


class FirstdayImport(Case, Base):
    """One upload of the running scheme's data: previewed, submitted, written by a second person, undone as a whole.

    `heads` tells, in JSON, the line of the head of each sheet that was read, `counts` how many rows of each sheet
    had which result; both are kept when the rows are forgotten.  [二(一)] [三1]
    """

    __tablename__ = "firstday_imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[FirstdayState] = labelled(FirstdayState, default=FirstdayState.STAGING)
    file_name: Mapped[str] = mapped_column(Text(120))
    at: Mapped[dt.datetime] = mapped_column(Moment)
    by_name: Mapped[str] = mapped_column(Text(120))
    by_user_id: Mapped[int | None]
    by_appointment_id: Mapped[int | None]
    by_role: Mapped[str] = mapped_column(Text(32))
    heads: Mapped[str] = mapped_column(Text(1000))
    counts: Mapped[str] = mapped_column(Text(2000))
    notes: Mapped[str] = mapped_column(Text(1000, lines=True))
    file_sealed: Mapped[bytes | None] = deferred(mapped_column(LargeBinary, nullable=True))

    @property
    def kept_until(self) -> dt.datetime:
        """When its rows are forgotten, or were: an import that came to another end forgot them there and then."""
        return self.at + KEPT_FOR.get(self.state, dt.timedelta())

    @property
    def kept(self) -> bool:
        """Whether its rows can still be looked at, written or undone."""
        return clock.now() < self.kept_until

    @property
    def table(self) -> dict[Part, dict[RowResult, int]]:
        """How many rows of each sheet had which result; sheets without rows left out."""
        kept = json.loads(self.counts)
        return {
            part: {result: kept[part.value].get(result.value, 0) for result in RESULTS}
            for part in Part
            if part.value in kept
        }

    def count(self, *results: RowResult) -> int:
        """How many rows had one of these results."""
        return sum(row[result] for row in self.table.values() for result in results)


class FirstdayRow(Sealable, Base):
    """One row of an upload, and what it became.

    `words` (JSON, sealed) says who or what it is and why it is bad, or what it changes; `facts` (JSON, sealed) holds
    the columns to be written, and for a change those before it. A reference below 0 names a row of this import by
    its position. `row_id` is the row that it is or became.
    """

    __tablename__ = "firstday_rows"
    __table_args__ = (
        UniqueConstraint("firstday_id", "position"),
        Index("ix_firstday_rows_result", "firstday_id", "part", "result", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    firstday_id: Mapped[int] = mapped_column(ForeignKey("firstday_imports.id"))
    position: Mapped[int]
    part: Mapped[Part] = labelled(Part)
    sheet: Mapped[str] = mapped_column(Text(60))
    line: Mapped[int]
    result: Mapped[RowResult] = labelled(RowResult)
    row_id: Mapped[int | None]
    words_sealed: Mapped[bytes | None] = sealed_column()
    facts_sealed: Mapped[bytes | None] = sealed_column()

    words = Sealed()
    facts = Sealed()
    firstday: Mapped[FirstdayImport] = relationship()
