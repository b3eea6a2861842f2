"""Residents' remarks (群众意见) on a service: told to the community, never about anybody's private life."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import Moment
from portal.extensions import Base
from portal.flow import Case
from portal.labels import Labelled, labelled
from portal.people.models import Community, Member
from portal.text import Text
from portal.vault import Sealable, Sealed, sealed_column
from portal.wishes.models import Wish


class RemarkKind(Labelled):
    """Whether a resident is content."""

    PRAISE = "praise", "表扬"
    CONCERN = "concern", "意见"


class RemarkSource(Labelled):
    """How a remark came to the community."""

    WALL = "wall", "网上"
    SPOKEN = "spoken", "来电来访"


class RemarkState(Labelled):
    """The states of a remark."""

    SUBMITTED = "submitted", "待社区处理"
    PUT = "put", "待党员说明"
    ANSWERED = "answered", "党员已说明"
    SETTLED = "settled", "已答复"
    DECLINED = "declined", "不予受理"


class Finding(Labelled):
    """What the community found of a concern, once the member had been heard."""

    TRUE = "true", "情况属实"
    PARTLY = "partly", "部分属实"
    UNTRUE = "untrue", "情况不实"
    UNCLEAR = "unclear", "无法核实"


OPEN = (RemarkState.SUBMITTED, RemarkState.PUT, RemarkState.ANSWERED)
_IS_OPEN = text("state IN ('submitted', 'put', 'answered')")


class Remark(Sealable, Case, Base):
    """One remark. What the resident told, and who that is, is sealed; `words` is what the member gets to read.

    `answer_by` is the day until which the member may explain a concern before the community answers without it;
    `outcome` is the community's written answer.  [二(一)] [二(二)4]
    """

    __tablename__ = "remarks"
    __table_args__ = (
        UniqueConstraint("year", "serial"),
        CheckConstraint("state NOT IN ('put', 'answered') OR (member_id IS NOT NULL AND words IS NOT NULL)",
                        "put_to_somebody"),
        CheckConstraint("state NOT IN ('settled', 'declined') OR outcome IS NOT NULL", "answered_in_writing"),
        CheckConstraint("finding IS NULL OR (kind = 'concern' AND member_id IS NOT NULL)", "finding_of_a_concern"),
        Index("ix_remarks_community", "community_id", "id"),
        Index("ix_remarks_open", "community_id", "state", sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[RemarkState] = labelled(RemarkState, default=RemarkState.SUBMITTED)
    number: Mapped[str] = mapped_column(Text(16), unique=True)
    year: Mapped[int]
    serial: Mapped[int]
    kind: Mapped[RemarkKind] = labelled(RemarkKind)
    source: Mapped[RemarkSource] = labelled(RemarkSource)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    wish_id: Mapped[int | None] = mapped_column(ForeignKey("wishes.id"), index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    told_sealed: Mapped[bytes | None] = sealed_column()
    about_sealed: Mapped[bytes | None] = sealed_column()
    name_sealed: Mapped[bytes | None] = sealed_column()
    phone_sealed: Mapped[bytes | None] = sealed_column()
    shown_name: Mapped[str] = mapped_column(Text(12))
    words: Mapped[str | None] = mapped_column(Text(300, lines=True))
    reply: Mapped[str | None] = mapped_column(Text(500, lines=True))
    answer_by: Mapped[dt.date | None]
    finding: Mapped[Finding | None] = labelled(Finding, nullable=True)
    outcome: Mapped[str | None] = mapped_column(Text(500, lines=True))
    submitted_on: Mapped[dt.date]
    ended_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    entered_by_user_id: Mapped[int | None]

    told = Sealed()
    about = Sealed()
    name = Sealed()
    phone = Sealed()
    community: Mapped[Community] = relationship()
    wish: Mapped[Wish | None] = relationship()
    member: Mapped[Member | None] = relationship()

    @property
    def is_open(self) -> bool:
        """Whether the resident still waits for an answer."""
        return self.state in OPEN
