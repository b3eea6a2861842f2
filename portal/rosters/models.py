"""Imports of rosters: what was uploaded, what each row is, and the members as they would and did stand."""

import datetime as dt

from sqlalchemy import Boolean, Column, ForeignKey, Index, LargeBinary, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from portal import clock
from portal.clock import Moment
from portal.extensions import Base
from portal.flow import Case
from portal.labels import Labelled, labelled
from portal.people.models import Member, Unit
from portal.text import Text
from portal.vault import Sealable, Sealed, sealed_column


class ImportState(Labelled):
    """How far an import of a roster has come; one that is being read in is seen by nobody."""

    STAGING = "staging", "读取中"
    PREVIEWED = "previewed", "待确认"
    WRITTEN = "written", "已写入"
    UNDONE = "undone", "已撤销"
    DROPPED = "dropped", "已放弃"


# How long after the upload an import keeps what it holds of people (all of it sealed): one that is being read in
# for longer was stopped in the middle; a preview may outlast a long holiday, then the file is uploaded again; a
# written one can be undone for as long as the county's merging of two persons can, and holds the values for that.
KEPT_FOR = {
    ImportState.STAGING: dt.timedelta(hours=1),
    ImportState.PREVIEWED: dt.timedelta(days=14),
    ImportState.WRITTEN: dt.timedelta(days=30),
}


class RowResult(Labelled):
    """What an import makes of one row."""

    BAD = "bad", "有错误"
    NEW = "new", "新增"
    CHANGED = "changed", "更新"
    SAME = "same", "无变化"
    ELSEWHERE = "elsewhere", "在其他单位名册"
    TWICE = "twice", "表内重复"


class RosterImport(Case, Base):
    """One upload of a unit's roster: previewed, then written or dropped; undone as a whole.  [二(三)2]

    `heads` tells, in JSON, the line of the head of each sheet that was read; the sealed file is kept while there
    is anything to mark in it.
    """

    __tablename__ = "roster_imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    state: Mapped[ImportState] = labelled(ImportState, default=ImportState.STAGING)
    file_name: Mapped[str] = mapped_column(Text(120))
    at: Mapped[dt.datetime] = mapped_column(Moment)
    by_name: Mapped[str] = mapped_column(Text(120))
    heads: Mapped[str] = mapped_column(Text(2000))
    notes: Mapped[str] = mapped_column(Text(1000, lines=True))
    bad: Mapped[int] = mapped_column(default=0)
    new: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    same: Mapped[int] = mapped_column(default=0)
    elsewhere: Mapped[int] = mapped_column(default=0)
    twice: Mapped[int] = mapped_column(default=0)
    file_sealed: Mapped[bytes | None] = deferred(mapped_column(LargeBinary, nullable=True))

    unit: Mapped[Unit] = relationship()

    @property
    def kept_until(self) -> dt.datetime:
        """When its rows are forgotten, or were: an import that came to another end forgot them there and then."""
        return self.at + KEPT_FOR.get(self.state, dt.timedelta())

    @property
    def kept(self) -> bool:
        """Whether its rows can still be looked at, written or undone."""
        return clock.now() < self.kept_until

    def count(self, result: RowResult) -> int:
        """How many rows had this result."""
        return getattr(self, result.value)


class ImportRow(Sealable, Base):
    """One row of an upload. `words` (JSON, sealed) says who it is and why it is bad, or what it changes."""

    __tablename__ = "import_rows"
    __table_args__ = (
        UniqueConstraint("roster_id", "position"),
        Index("ix_import_rows_roster_result", "roster_id", "result", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    roster_id: Mapped[int] = mapped_column(ForeignKey("roster_imports.id"))
    position: Mapped[int]
    sheet: Mapped[str] = mapped_column(Text(60))
    line: Mapped[int]
    result: Mapped[RowResult] = labelled(RowResult)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    words_sealed: Mapped[bytes | None] = sealed_column()

    words = Sealed()
    roster: Mapped[RosterImport] = relationship()
    member: Mapped[Member | None] = relationship()


# The columns of a member that a roster decides; the grid, the date of entry and the unit are others' business.
KEPT = (
    "seal_id", "name", "pinyin", "sex", "ethnicity", "born", "joined", "probationary", "leading", "education", "branch",
    "post", "title", "lives_in_town", "community_id", "status", "phone_sealed", "phone_index", "phone_tail_index",
    "address_sealed", "identity_index",
)  # fmt: skip

# Members as they stood before an import (`before`) and as they stand after it, shaped like `members`, so that
# writing and undoing are each a few statements in one short transaction.
staged_members = Table(
    "staged_members",
    Base.metadata,
    Column("id", Member.__table__.c.id.type, primary_key=True),
    Column("roster_id", ForeignKey("roster_imports.id"), nullable=False),
    Column("position", Member.__table__.c.id.type, nullable=False),
    Column("before", Boolean, nullable=False),
    *(Column(name, Member.__table__.c[name].type, nullable=True) for name in KEPT),
    UniqueConstraint("roster_id", "before", "position"),
)
