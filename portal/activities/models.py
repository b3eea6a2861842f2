"""Volunteer activities (志愿服务活动): a dated event, who signed up for it, and who came."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.actors import Role
from portal.clock import Moment
from portal.extensions import Base
from portal.flow import Case
from portal.labels import Category, Labelled, labelled
from portal.people.models import Community, Grid, Member
from portal.teams.models import Team
from portal.text import Text
from portal.wishes.models import Claim, ClaimState


class ActivityState(Labelled):
    """The states of an activity."""

    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "报名中"
    HELD = "held", "已举行待结算"
    SETTLED = "settled", "已结算"
    CANCELLED = "cancelled", "已取消"


class Benefit(Labelled):
    """What good an activity does to the public; any but none is the third of the five ones.  [二(一)3]"""

    NONE = "none", "无"
    PUBLIC = "public", "公益"
    CULTURE = "culture", "文化"
    ENVIRONMENT = "environment", "环境整治"
    ORDER = "order", "治安管理"


class ActivityKind(Labelled):
    """Whether hours are counted: a service, or practice in the Party spirit, which is recorded without hours."""

    SERVICE = "service", "志愿服务"
    PARTY_PRACTICE = "party_practice", "党性实践"


HALF_HOUR = dt.timedelta(minutes=30)
NOT_PUBLIC = text("published_at IS NULL")


class Activity(Case, Base):
    """One dated event of a community, or of the whole county (`community_id` empty), organised by the county office.

    `capacity` empty means that everybody may come. `sign_up_by` is the last day for signing up, if there is one
    before the activity itself. `renew_by` is the last day on which those who signed up for the old day may say that
    they come on the new one, after it was postponed. `held_back` is how many places are kept for invited teams now:
    nobody else gets them. What the public sees is in plain columns.  [二(二)3]
    """

    __tablename__ = "activities"
    __table_args__ = (
        UniqueConstraint("year", "serial"),
        CheckConstraint("capacity IS NULL OR capacity BETWEEN 1 AND 999", "capacity_sane"),
        CheckConstraint("held_back BETWEEN 0 AND 999", "held_back_sane"),
        CheckConstraint("ends > starts", "ends_after_it_starts"),
        CheckConstraint("sign_up_by IS NULL OR sign_up_by <= day", "signed_up_before"),
        CheckConstraint("grid_id IS NULL OR community_id IS NOT NULL", "grid_of_a_community"),
        CheckConstraint("state IN ('draft', 'cancelled') OR published_at IS NOT NULL", "published_has_its_moment"),
        Index("ix_activities_state_day", "state", "day"),
        Index("ix_activities_community_day", "community_id", "day"),
        Index("ix_activities_unpublished", "community_id", sqlite_where=NOT_PUBLIC, postgresql_where=NOT_PUBLIC),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[ActivityState] = labelled(ActivityState, default=ActivityState.DRAFT)
    number: Mapped[str] = mapped_column(Text(16), unique=True)
    year: Mapped[int]
    serial: Mapped[int]
    community_id: Mapped[int | None] = mapped_column(ForeignKey("communities.id"))
    grid_id: Mapped[int | None] = mapped_column(ForeignKey("grids.id"), index=True)
    kind: Mapped[ActivityKind] = labelled(ActivityKind, default=ActivityKind.SERVICE)
    category: Mapped[Category] = labelled(Category)
    benefit: Mapped[Benefit] = labelled(Benefit, default=Benefit.NONE)
    title: Mapped[str] = mapped_column(Text(40))
    detail: Mapped[str] = mapped_column(Text(500, lines=True))
    place: Mapped[str] = mapped_column(Text(80))
    day: Mapped[dt.date]
    starts: Mapped[dt.time]
    ends: Mapped[dt.time]
    capacity: Mapped[int | None]
    held_back: Mapped[int] = mapped_column(default=0)
    sign_up_by: Mapped[dt.date | None]
    renew_by: Mapped[dt.date | None]
    service_day: Mapped[bool] = mapped_column(default=False)
    urgent: Mapped[bool] = mapped_column(default=False)
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("activities.id"))
    published_at: Mapped[dt.datetime | None] = mapped_column(Moment)

    community: Mapped[Community | None] = relationship()
    grid: Mapped[Grid | None] = relationship()
    copied_from: Mapped["Activity | None"] = relationship(remote_side=[id])
    sign_ups: Mapped[list["SignUp"]] = relationship(back_populates="activity", order_by=lambda: (SignUp.at, SignUp.id))
    invitations: Mapped[list["Invitation"]] = relationship(back_populates="activity", order_by="Invitation.id")
    wishes: Mapped[list["ActivityWish"]] = relationship(back_populates="activity", order_by="ActivityWish.id")

    @property
    def organiser(self) -> str:
        """Who invites, in words for everybody."""
        return self.community.name if self.community else "全县"

    @property
    def starts_at(self) -> dt.datetime:
        """The moment at which it starts."""
        return clock.start_of(self.day) + (dt.datetime.combine(self.day, self.starts) - _midnight(self.day))

    @property
    def ends_at(self) -> dt.datetime:
        """The moment at which it ends."""
        return clock.start_of(self.day) + (dt.datetime.combine(self.day, self.ends) - _midnight(self.day))

    @property
    def half_hours(self) -> int:
        """How many whole half hours it lasts, one at least; practice in the Party spirit gives none."""
        if self.kind is ActivityKind.PARTY_PRACTICE:
            return 0
        lasts = dt.datetime.combine(self.day, self.ends) - dt.datetime.combine(self.day, self.starts)
        return max(lasts // HALF_HOUR, 1)

    def in_state(self, *states: "SignUpState") -> list["SignUp"]:
        """The sign-ups in one of these states, who signed first on top."""
        found = [each for each in self.sign_ups if each.state in states]
        return sorted(found, key=lambda each: (each.at, each.id or 0))

    @property
    def coming(self) -> list["SignUp"]:
        """Those who hold a place, or held one until the roll was taken."""
        return self.in_state(*HOLDS_A_PLACE)

    @property
    def waiting(self) -> list["SignUp"]:
        """Those on the waiting list, the next one on top."""
        return self.in_state(SignUpState.WAITLISTED)

    @property
    def places_left(self) -> int | None:
        """How many places are free for everybody, those held back for teams aside; None where everybody may come."""
        if self.capacity is None:
            return None
        return max(self.capacity - self.held_back - sum(each.place is not None for each in self.sign_ups), 0)

    def sign_up_of(self, member_id: int | None) -> "SignUp | None":
        """How this member stands to it; None of one who never signed up, and of nobody."""
        return next((each for each in self.sign_ups if each.member_id == member_id), None)


class SignUpState(Labelled):
    """What became of a sign-up."""

    SIGNED_UP = "signed_up", "已报名"
    WAITLISTED = "waitlisted", "候补"
    CANCELLED = "cancelled", "已退出"
    ATTENDED = "attended", "到场"
    ABSENT = "absent", "未到"


HOLDS_A_PLACE = (SignUpState.SIGNED_UP, SignUpState.ATTENDED, SignUpState.ABSENT)
LATE = dt.timedelta(hours=24)
# Why a sign-up ended that nobody took back.
CALLED_OFF, NO_PLACE, LEFT = "活动取消", "没有空出名额", "报到已结束"
NOT_RENEWED, CORRECTED = "改期后没有续报", "点名更正"
NOT_THEIR_DOING = frozenset({CALLED_OFF, NO_PLACE, NOT_RENEWED, CORRECTED, LEFT})
_PLACED = text("place IS NOT NULL")


class SignUp(Base):
    """One member's sign-up for one activity: one row a member, taken up again by who signs up again.

    `place` is the number of the place held, the lowest free one, so that no two people ever hold the same; those on
    the waiting list, those who withdrew and walk-ins have none. `at` orders the waiting list. `renew` marks those who
    are asked again, since the activity was postponed. `why` is the reason of a withdrawal. Who took the roll of this
    one stays on it, since that person records the hours.  [二(二)3] [二(二)4]
    """

    __tablename__ = "sign_ups"
    __table_args__ = (
        UniqueConstraint("activity_id", "member_id"),
        CheckConstraint("place IS NULL OR place BETWEEN 1 AND 999", "place_sane"),
        CheckConstraint("place IS NULL OR state IN ('signed_up', 'attended', 'absent')", "place_of_who_comes"),
        CheckConstraint("state <> 'signed_up' OR place IS NOT NULL", "signed_up_has_a_place"),
        CheckConstraint("half_hours IS NULL OR half_hours BETWEEN 1 AND 48", "half_hours_of_a_day"),
        CheckConstraint("state NOT IN ('attended', 'absent') OR marked_by IS NOT NULL", "marked_by_somebody"),
        Index("uq_sign_ups_place", "activity_id", "place", unique=True,
              sqlite_where=_PLACED, postgresql_where=_PLACED),
        Index("ix_sign_ups_member_state", "member_id", "state"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    state: Mapped[SignUpState] = labelled(SignUpState, default=SignUpState.SIGNED_UP)
    place: Mapped[int | None]
    at: Mapped[dt.datetime] = mapped_column(Moment)
    stand_in: Mapped[bool] = mapped_column(default=False)
    walk_in: Mapped[bool] = mapped_column(default=False)
    renew: Mapped[bool] = mapped_column(default=False)
    ended_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    why: Mapped[str | None] = mapped_column(Text(200))
    half_hours: Mapped[int | None]
    marked_by_user_id: Mapped[int | None]
    marked_by: Mapped[str | None] = mapped_column(Text(120))
    marked_as: Mapped[Role | None] = labelled(Role, nullable=True)
    marked_at: Mapped[dt.datetime | None] = mapped_column(Moment)

    activity: Mapped[Activity] = relationship(back_populates="sign_ups")
    member: Mapped[Member] = relationship()

    @property
    def withdrew_late(self) -> bool:
        """Whether the member withdrew in the 24 hours before the start; for the office, no mark is given for it."""
        if self.state is not SignUpState.CANCELLED or self.ended_at is None or self.why in NOT_THEIR_DOING:
            return False
        starts = self.activity.starts_at
        return starts - LATE < self.ended_at < starts


class Invitation(Base):
    """A team, or one member to stand in for who withdrew, asked to come; signing up is still each one's own click.

    `held` places are kept for a team until the end of the day `until`.  [二(二)3]
    """

    __tablename__ = "activity_invitations"
    __table_args__ = (
        UniqueConstraint("activity_id", "team_id"),
        UniqueConstraint("activity_id", "member_id"),
        CheckConstraint("(team_id IS NULL) <> (member_id IS NULL)", "a_team_or_a_member"),
        CheckConstraint("held BETWEEN 0 AND 999", "held_sane"),
        CheckConstraint("held = 0 OR (until IS NOT NULL AND team_id IS NOT NULL)", "held_until_a_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"), index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    held: Mapped[int] = mapped_column(default=0)
    until: Mapped[dt.date | None]
    at: Mapped[dt.datetime] = mapped_column(Moment)
    by_name: Mapped[str] = mapped_column(Text(120))

    activity: Mapped[Activity] = relationship(back_populates="invitations")
    team: Mapped[Team | None] = relationship()
    member: Mapped[Member | None] = relationship()


class ActivityWish(Base):
    """A wish that an activity takes up: the claim stands in the activity's name, the hours are the activity's alone.

    What became of it is told by the claim.  [二(二)2]
    """

    __tablename__ = "activity_wishes"

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), index=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claims.id"), unique=True)

    activity: Mapped[Activity] = relationship(back_populates="wishes")
    claim: Mapped[Claim] = relationship()

    @property
    def stands(self) -> bool:
        """Whether the activity still has the wish in hand."""
        return self.claim.state is ClaimState.OPEN

    @property
    def helped(self) -> bool:
        """Whether the activity has it in hand, or carried it through."""
        return self.claim.state in (ClaimState.OPEN, ClaimState.FINISHED)


class ActivityTemplate(Base):
    """What an activity is that is held again and again: a community's own, or the county's, offered to all."""

    __tablename__ = "activity_templates"
    __table_args__ = (
        CheckConstraint("capacity IS NULL OR capacity BETWEEN 1 AND 999", "capacity_sane"),
        CheckConstraint("ends > starts", "ends_after_it_starts"),
        Index("ix_activity_templates_community_title", "community_id", "title"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int | None] = mapped_column(ForeignKey("communities.id"))
    kind: Mapped[ActivityKind] = labelled(ActivityKind, default=ActivityKind.SERVICE)
    category: Mapped[Category] = labelled(Category)
    benefit: Mapped[Benefit] = labelled(Benefit, default=Benefit.NONE)
    title: Mapped[str] = mapped_column(Text(40))
    detail: Mapped[str] = mapped_column(Text(500, lines=True))
    place: Mapped[str] = mapped_column(Text(80))
    starts: Mapped[dt.time]
    ends: Mapped[dt.time]
    capacity: Mapped[int | None]
    service_day: Mapped[bool] = mapped_column(default=False)
    saved_on: Mapped[dt.date]
    saved_by: Mapped[str] = mapped_column(Text(120))
    version: Mapped[int] = mapped_column(default=1)

    community: Mapped[Community | None] = relationship()


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time())
