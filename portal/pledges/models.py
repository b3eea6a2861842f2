"""Service pledges (服务承诺): what a member promises the community this year, item by item."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import Moment
from portal.extensions import Base
from portal.flow import Case
from portal.labels import Category, Labelled, labelled
from portal.people.models import Community, Member, Unit
from portal.posts.models import PostClaim
from portal.text import Text

MOST_ITEMS = 5
MOST_TIMES = 99
MOST_HALF_HOURS = 400


class PledgeState(Labelled):
    """The states of a pledge."""

    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "待审定"
    APPROVED = "approved", "已审定"
    SHOWN = "shown", "已公示"
    RETURNED = "returned", "退回修改"
    ENDED = "ended", "已终止"


class FiveOne(Labelled):
    """The five ones (五个一), which the notice asks of each member, so that every pledge card holds them.  [二(一)]"""

    POST = "post", "认领一个服务岗位"
    SUGGESTION = "suggestion", "提出一条合理建议"
    ACTIVITY = "activity", "参加一次公益活动"
    HOUSEHOLD = "household", "联系一户困难家庭"
    EXEMPLAR = "exemplar", "争当一名服务标兵"


# The unit has approved it and the community has not asked for a change.
APPROVED = (PledgeState.APPROVED, PledgeState.SHOWN)
# Its words may be changed.
OPEN = (PledgeState.DRAFT, PledgeState.RETURNED)


class Pledge(Case, Base):
    """One member's pledge of one year (服务承诺卡), with up to five items.  [三2] [附件4]

    `number` is that of the case; the card's own number is drawn at approval. Unit and community are those of the
    registration by which the member serves; `shown_name` is 姓某某, all that the public face reads of the name, and
    `pinyin` orders the lists, which go along indexes however many pledges there are.
    `show_on` is the day from which an approved pledge is shown.
    """

    __tablename__ = "pledges"
    __table_args__ = (
        UniqueConstraint("member_id", "year"),
        UniqueConstraint("year", "serial"),
        CheckConstraint("state NOT IN ('approved', 'shown') OR (approved_on IS NOT NULL AND show_on IS NOT NULL)",
                        "approved_has_its_days"),
        CheckConstraint("state NOT IN ('submitted', 'approved', 'shown') OR submitted_on IS NOT NULL",
                        "submitted_has_its_day"),
        Index("ix_pledges_unit_state", "unit_id", "state"),
        Index("ix_pledges_community_state", "community_id", "state"),
        Index("ix_pledges_year_state", "year", "state", "unit_id", "pinyin", "id"),
        Index("ix_pledges_year_name", "year", "pinyin", "id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[PledgeState] = labelled(PledgeState, default=PledgeState.DRAFT)
    number: Mapped[str] = mapped_column(Text(16), unique=True)
    year: Mapped[int]
    serial: Mapped[int]
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    shown_name: Mapped[str] = mapped_column(Text(20))
    pinyin: Mapped[str] = mapped_column(Text(200))
    stand_in: Mapped[bool] = mapped_column(default=False)
    written_at: Mapped[dt.datetime] = mapped_column(Moment)
    written_by: Mapped[str] = mapped_column(Text(120))
    written_by_user_id: Mapped[int | None]
    submitted_on: Mapped[dt.date | None]
    submitted_by_user_id: Mapped[int | None]
    approved_on: Mapped[dt.date | None]
    approved_by: Mapped[str | None] = mapped_column(Text(120))
    show_on: Mapped[dt.date | None]

    member: Mapped[Member] = relationship()
    unit: Mapped[Unit] = relationship()
    community: Mapped[Community] = relationship()
    items: Mapped[list["PledgeItem"]] = relationship(cascade="all, delete-orphan", order_by="PledgeItem.place")
    dropped_posts: Mapped[list["PledgeDroppedPost"]] = relationship(
        cascade="all, delete-orphan", order_by="PledgeDroppedPost.id"
    )

    @property
    def is_approved(self) -> bool:
        """Whether the unit has approved it as it stands."""
        return self.state in APPROVED

    @property
    def is_open(self) -> bool:
        """Whether its words may be changed."""
        return self.state in OPEN

    @property
    def latest_on(self) -> dt.date | None:
        """The day of its latest step; None while it was never submitted."""
        return self.approved_on or self.submitted_on


class PledgeDroppedPost(Base):
    """A post of an earlier year that the pledge does not keep; its claim ends when the unit approves the pledge."""

    __tablename__ = "pledge_dropped_posts"
    __table_args__ = (UniqueConstraint("pledge_id", "claim_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pledge_id: Mapped[int] = mapped_column(ForeignKey("pledges.id", ondelete="CASCADE"))
    claim_id: Mapped[int] = mapped_column(ForeignKey("post_claims.id", ondelete="CASCADE"), index=True)

    claim: Mapped[PostClaim] = relationship()


class PledgeItem(Base):
    """One promise: what, for whom, how often or how long (half-hour steps), by when."""

    __tablename__ = "pledge_items"
    __table_args__ = (
        UniqueConstraint("pledge_id", "place"),
        CheckConstraint("place BETWEEN 1 AND 5", "one_of_five"),
        CheckConstraint("times BETWEEN 1 AND 99", "times_sane"),
        CheckConstraint("half_hours BETWEEN 1 AND 400", "half_hours_sane"),
        CheckConstraint("times IS NULL OR half_hours IS NULL", "times_or_hours"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pledge_id: Mapped[int] = mapped_column(ForeignKey("pledges.id", ondelete="CASCADE"))
    place: Mapped[int]
    category: Mapped[Category] = labelled(Category)
    what: Mapped[str] = mapped_column(Text(60))
    for_whom: Mapped[str | None] = mapped_column(Text(40))
    times: Mapped[int | None]
    half_hours: Mapped[int | None]
    due_on: Mapped[dt.date]

    @property
    def planned(self) -> str:
        """How much is promised, in words: 4 次, 2.5 小时, or '' when no number is."""
        if self.times:
            return f"{self.times} 次"
        return f"{self.half_hours / 2:g} 小时" if self.half_hours else ""
