"""The seal ledger (用印台账): how far each official paper has come on its way into a box of the archive."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import Moment
from portal.extensions import Base
from portal.flow import Case
from portal.labels import Labelled, labelled
from portal.numbers import IssuedPaper
from portal.text import Text

BOX_LETTERS, MOST_SCANS = 20, 4


class SealState(Labelled):
    """How far a paper has come, from the number to the box, in this order."""

    GENERATED = "generated", "已生成"
    PRINTED = "printed", "已打印"
    SIGNED = "signed", "已签字"
    STAMPED = "stamped", "已盖章"
    ARCHIVED = "archived", "已归档"


class SealEntry(Case, Base):
    """One issued paper's line of the ledger: who took which step when, and in which box the sheet lies.

    Its id is the paper's. A paper has none before the first step, and counts as 已生成 since it was issued.
    """

    __tablename__ = "seal_entries"
    __table_args__ = (
        CheckConstraint("(state = 'archived') = (box IS NOT NULL)", "archived_in_a_box"),
        Index("ix_seal_entries_box", "box"),
    )

    id: Mapped[int] = mapped_column(ForeignKey("issued_papers.id"), primary_key=True, autoincrement=False)
    state: Mapped[SealState] = labelled(SealState, default=SealState.GENERATED)
    printed_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    printed_by: Mapped[str | None] = mapped_column(Text(120))
    signed_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    signed_by: Mapped[str | None] = mapped_column(Text(120))
    stamped_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    stamped_by: Mapped[str | None] = mapped_column(Text(120))
    archived_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    archived_by: Mapped[str | None] = mapped_column(Text(120))
    box: Mapped[str | None] = mapped_column(Text(BOX_LETTERS))

    paper: Mapped[IssuedPaper] = relationship(lazy="joined")
