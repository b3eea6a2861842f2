"""The sender's words in a yearly summary, and the summary as it was handed in."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.extensions import Base
from portal.labels import Labelled
from portal.reports.models import Report, Snapshot
from portal.text import Text

SECTION_LETTERS = 3000


class Section(Labelled):
    """The parts of a summary, in their order.  [四]"""

    BASICS = "basics", "基本情况"
    PRACTICES = "practices", "主要做法"
    RESULTS = "results", "取得成效"
    PROBLEMS = "problems", "存在问题"
    PLANS = "plans", "下一步打算"


class Summary(Base):
    """What the sender of a report has written, by section; None: what the portal drafted still stands.

    Figures are named in the words, 〔已报到〕, and set in from the report's tables whenever it is read.  [四]
    """

    __tablename__ = "summaries"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id"), unique=True)
    basics: Mapped[str | None] = mapped_column(Text(SECTION_LETTERS, lines=True))
    practices: Mapped[str | None] = mapped_column(Text(SECTION_LETTERS, lines=True))
    results: Mapped[str | None] = mapped_column(Text(SECTION_LETTERS, lines=True))
    problems: Mapped[str | None] = mapped_column(Text(SECTION_LETTERS, lines=True))
    plans: Mapped[str | None] = mapped_column(Text(SECTION_LETTERS, lines=True))
    version: Mapped[int] = mapped_column(default=1)

    report: Mapped[Report] = relationship()


class SummaryText(Base):
    """A summary as it was handed in with a report: its words with the figures in them, and their sources (JSON)."""

    __tablename__ = "summary_texts"

    id: Mapped[int] = mapped_column(primary_key=True)
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshots.id", ondelete="CASCADE"), unique=True)
    said: Mapped[str] = mapped_column(Text(60000, lines=True))

    snapshot: Mapped[Snapshot] = relationship()
