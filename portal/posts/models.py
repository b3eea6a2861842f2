"""Service posts (服务岗位): a standing duty of a community, and the members who hold it (认岗)."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import Moment
from portal.extensions import Base
from portal.flow import Case
from portal.labels import Category, Labelled, labelled
from portal.people.models import Community, Grid, Member
from portal.registrations.models import FreeTime
from portal.teams.models import Team
from portal.text import Text

MOST_PLACES = 99


class PostState(Labelled):
    """The states of a post."""

    OPEN = "open", "开设中"
    CLOSED = "closed", "已停设"


class PostClaimState(Labelled):
    """What became of a member's claim to a post."""

    ACTIVE = "active", "在岗"
    ENDED = "ended", "已离岗"


_ACTIVE = text("state = 'active'")


class Post(Case, Base):
    """A post of one community: what is done, where and when (in words, and in which free times), for how many.

    Who holds it stands in its claims; what was done on it, in the service records that name a claim.
    `grid_id` and `team_id` say to which part of the community, or to which team, it belongs. `closed_on` is the day on
    which it was last closed, and stays when it is opened again: who held it until then did not give it up.
    [二(一)1] [二(二)2]
    """

    __tablename__ = "posts"
    __table_args__ = (
        UniqueConstraint("year", "serial"),
        CheckConstraint("capacity BETWEEN 1 AND 99", "capacity_sane"),
        CheckConstraint("state <> 'closed' OR closed_on IS NOT NULL", "closed_has_its_day"),
        Index("ix_posts_community_state", "community_id", "state", "title"),
        Index("ix_posts_state_category", "state", "category"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[PostState] = labelled(PostState, default=PostState.OPEN)
    number: Mapped[str] = mapped_column(Text(16), unique=True)
    year: Mapped[int]
    serial: Mapped[int]
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    grid_id: Mapped[int | None] = mapped_column(ForeignKey("grids.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    category: Mapped[Category] = labelled(Category)
    title: Mapped[str] = mapped_column(Text(30))
    duty: Mapped[str] = mapped_column(Text(500, lines=True))
    place: Mapped[str] = mapped_column(Text(60))
    times: Mapped[str] = mapped_column(Text(60))
    capacity: Mapped[int]
    opened_on: Mapped[dt.date]
    closed_on: Mapped[dt.date | None]

    community: Mapped[Community] = relationship()
    grid: Mapped[Grid | None] = relationship()
    team: Mapped[Team | None] = relationship()
    slots: Mapped[list["PostFreeTime"]] = relationship(cascade="all, delete-orphan", order_by="PostFreeTime.id")
    claims: Mapped[list["PostClaim"]] = relationship(back_populates="post", order_by="PostClaim.id")

    @property
    def free_times(self) -> list[FreeTime]:
        """The free times in which the duty lies; none when nothing was said."""
        return [slot.free_time for slot in self.slots]

    @property
    def active_claims(self) -> list["PostClaim"]:
        """The claims of those who hold it now, who came first on top."""
        return [claim for claim in self.claims if claim.state is PostClaimState.ACTIVE]

    @property
    def places_left(self) -> int:
        """How many more may claim it; 0 of a closed one, and of one that was made smaller than its holders are."""
        return max(self.capacity - len(self.active_claims), 0) if self.state is PostState.OPEN else 0

    def claim_of(self, member_id: int | None) -> "PostClaim | None":
        """The claim by which this member holds it now; None of one who does not, and of nobody."""
        return next((claim for claim in self.active_claims if claim.member_id == member_id), None)


class PostFreeTime(Base):
    """A free time in which the duty lies, so that it can be compared with members' cards."""

    __tablename__ = "post_free_times"
    __table_args__ = (UniqueConstraint("post_id", "free_time"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    free_time: Mapped[FreeTime] = labelled(FreeTime)


class PostClaim(Base):
    """One member's time on a post, from the day of claiming to that of leaving it.

    `place` is the number of the place held: the unique index lets one of two who claim the last one through.
    `confirmed_for` is the last year for which it was claimed, or kept by that year's pledge; until the pledge of a
    new year is approved, a claim of the year before is still held. `with_post`: it ended since the post was closed,
    which its holder did not give up, however often the post is opened and closed again.  [二(一)1] [三2]
    """

    __tablename__ = "post_claims"
    __table_args__ = (
        CheckConstraint("place BETWEEN 1 AND 99", "place_sane"),
        CheckConstraint("(state = 'ended') = (until IS NOT NULL)", "ended_has_its_day"),
        CheckConstraint("until IS NULL OR until >= since", "days_in_order"),
        Index("uq_post_claims_place", "post_id", "place", unique=True,
              sqlite_where=_ACTIVE, postgresql_where=_ACTIVE),
        Index("uq_post_claims_member", "post_id", "member_id", unique=True,
              sqlite_where=_ACTIVE, postgresql_where=_ACTIVE),
        Index("ix_post_claims_member_state", "member_id", "state"),
        Index("ix_post_claims_post_state", "post_id", "state"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    state: Mapped[PostClaimState] = labelled(PostClaimState, default=PostClaimState.ACTIVE)
    place: Mapped[int]
    at: Mapped[dt.datetime] = mapped_column(Moment)
    since: Mapped[dt.date]
    until: Mapped[dt.date | None]
    stand_in: Mapped[bool] = mapped_column(default=False)
    confirmed_for: Mapped[int]
    ended_why: Mapped[str | None] = mapped_column(Text(500, lines=True))
    with_post: Mapped[bool] = mapped_column(default=False)

    post: Mapped[Post] = relationship(back_populates="claims")
    member: Mapped[Member] = relationship()
