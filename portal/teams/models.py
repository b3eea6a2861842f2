"""Volunteer teams (志愿者服务队): members of one community, by recommendation and free choice, and who leads them."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.extensions import Base
from portal.flow import Case
from portal.labels import Category, Labelled, labelled
from portal.people.models import Community, Grid, Member
from portal.text import Text


class TeamState(Labelled):
    """The states of a team."""

    ACTIVE = "active", "服务中"
    ENDED = "ended", "已解散"


class JoinedBy(Labelled):
    """How a member came into a team.  [二(二)3]"""

    RECOMMENDED = "recommended", "社区推荐"
    CHOSEN = "chosen", "自愿参加"


_ACTIVE = text("state = 'active'")
_CURRENT = text("until IS NULL")
_LEADS = text("leads")


class Team(Case, Base):
    """A team of one community: what it is good at (a category, or words), and the grid near which its members live.

    Who belongs to it, how many they are and who leads it stand in its memberships.  [二(二)3]
    """

    __tablename__ = "teams"
    __table_args__ = (
        CheckConstraint("state <> 'ended' OR ended_on IS NOT NULL", "ended_has_its_day"),
        Index("uq_teams_name", "community_id", "name", unique=True, sqlite_where=_ACTIVE, postgresql_where=_ACTIVE),
        Index("ix_teams_community_state", "community_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[TeamState] = labelled(TeamState, default=TeamState.ACTIVE)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    grid_id: Mapped[int | None] = mapped_column(ForeignKey("grids.id"))
    name: Mapped[str] = mapped_column(Text(30))
    category: Mapped[Category | None] = labelled(Category, nullable=True)
    skills: Mapped[str | None] = mapped_column(Text(60))
    founded_on: Mapped[dt.date]
    ended_on: Mapped[dt.date | None]

    community: Mapped[Community] = relationship()
    grid: Mapped[Grid | None] = relationship()
    memberships: Mapped[list["TeamMember"]] = relationship(back_populates="team", order_by="TeamMember.id")

    @property
    def current(self) -> list["TeamMember"]:
        """Who belongs to it now, who came first on top."""
        return [each for each in self.memberships if each.until is None]

    @property
    def leading(self) -> "TeamMember | None":
        """The membership that leads it; None when the lead stands vacant."""
        return next((each for each in self.current if each.leads), None)

    def is_led_by(self, member_id: int | None) -> bool:
        """Whether this member leads it now; never nobody."""
        return member_id is not None and self.leading is not None and self.leading.member_id == member_id

    @property
    def good_at(self) -> str:
        """What the team is good at, in words; '' when nothing was said."""
        return "，".join(filter(None, (self.category.label if self.category else "", self.skills)))

    def membership_of(self, member_id: int | None) -> "TeamMember | None":
        """How this member belongs to it now; None of one who does not, and of nobody."""
        return next((each for each in self.current if each.member_id == member_id), None)


class TeamMember(Base):
    """One member's time in a team, from the day of joining to that of leaving; one of those in it now may lead."""

    __tablename__ = "team_members"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until >= since", "days_in_order"),
        CheckConstraint("NOT leads OR until IS NULL", "only_who_belongs_leads"),
        Index("uq_team_members_current", "team_id", "member_id", unique=True,
              sqlite_where=_CURRENT, postgresql_where=_CURRENT),
        Index("uq_team_members_leader", "team_id", unique=True, sqlite_where=_LEADS, postgresql_where=_LEADS),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    how: Mapped[JoinedBy] = labelled(JoinedBy)
    since: Mapped[dt.date]
    until: Mapped[dt.date | None]
    leads: Mapped[bool] = mapped_column(default=False)

    team: Mapped[Team] = relationship(back_populates="memberships")
    member: Mapped[Member] = relationship()
