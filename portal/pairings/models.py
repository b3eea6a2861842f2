"""What a unit and a community do together (结对共建) and a leader's contact points (领导联系点)."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.extensions import Base
from portal.flow import Case
from portal.labels import Labelled, labelled
from portal.people.models import Community, Member, Unit
from portal.text import Text

MOST_TOOK_PART = 5000


class Side(Labelled):
    """The two sides: the unit's branch, and the community's."""

    UNIT = "unit", "单位"
    COMMUNITY = "community", "社区"

    @property
    def other(self) -> "Side":
        """The side across the table."""
        return Side.COMMUNITY if self is Side.UNIT else Side.UNIT


class PairingState(Labelled):
    """The states of a pairing."""

    PROPOSED = "proposed", "待对方同意"
    ACTIVE = "active", "共建中"
    DECLINED = "declined", "对方未同意"
    ENDED = "ended", "已结束"


class ProjectState(Labelled):
    """The states of what both sides have agreed to do."""

    PLANNED = "planned", "已商定"
    UNDERWAY = "underway", "进行中"
    DONE = "done", "已完成"
    DROPPED = "dropped", "不再进行"


class ActionState(Labelled):
    """The states of what was done together on a day."""

    RECORDED = "recorded", "待对方确认"
    CONFIRMED = "confirmed", "双方已确认"
    REJECTED = "rejected", "对方不认可"
    WITHDRAWN = "withdrawn", "已撤回"


class ContactPointState(Labelled):
    """The states of a contact point."""

    PROPOSED = "proposed", "待社区同意"
    ACTIVE = "active", "联系中"
    DECLINED = "declined", "社区未同意"
    ENDED = "ended", "已结束"


class ItemKind(Labelled):
    """The two lists from which projects are made."""

    NEED = "need", "需求"
    RESOURCE = "resource", "资源"


LIVE = (PairingState.PROPOSED, PairingState.ACTIVE)
OPEN_PROJECTS = (ProjectState.PLANNED, ProjectState.UNDERWAY)
LIVE_POINTS = (ContactPointState.PROPOSED, ContactPointState.ACTIVE)
_LIVE = text("state IN ('proposed', 'active')")


class Pairing(Case, Base):
    """A unit and a community that build together; at most one live pairing for the two.  [二(三)2] [三2]

    `side` proposed it; `aim` is what that side would like to do, in its own words.
    """

    __tablename__ = "pairings"
    __table_args__ = (
        CheckConstraint("state <> 'active' OR agreed_on IS NOT NULL", "active_was_agreed"),
        Index("uq_pairings_one_live", "unit_id", "community_id", unique=True,
              sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("ix_pairings_unit_state", "unit_id", "state"),
        Index("ix_pairings_community_state", "community_id", "state"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[PairingState] = labelled(PairingState, default=PairingState.PROPOSED)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    side: Mapped[Side] = labelled(Side)
    aim: Mapped[str | None] = mapped_column(Text(200, lines=True))
    proposed_on: Mapped[dt.date]
    proposed_by: Mapped[str] = mapped_column(Text(120))
    proposed_by_user_id: Mapped[int | None]
    agreed_on: Mapped[dt.date | None]
    agreed_by: Mapped[str | None] = mapped_column(Text(120))
    ended_on: Mapped[dt.date | None]

    unit: Mapped[Unit] = relationship()
    community: Mapped[Community] = relationship()
    items: Mapped[list["PairingItem"]] = relationship(back_populates="pairing", order_by="PairingItem.id")
    projects: Mapped[list["PairingProject"]] = relationship(back_populates="pairing", order_by="PairingProject.id")
    actions: Mapped[list["JointAction"]] = relationship(
        back_populates="pairing", order_by="(JointAction.held_on.desc(), JointAction.id.desc())"
    )

    def listed(self, kind: ItemKind) -> list["PairingItem"]:
        """What stands on one of the two lists now."""
        return [item for item in self.items if item.kind is kind and item.struck_on is None]

    @property
    def needs(self) -> list["PairingItem"]:
        """What the community asks for (需求清单)."""
        return self.listed(ItemKind.NEED)

    @property
    def resources(self) -> list["PairingItem"]:
        """What the unit offers (资源清单)."""
        return self.listed(ItemKind.RESOURCE)

    @property
    def open_projects(self) -> list["PairingProject"]:
        """What both have agreed to do and have not finished."""
        return [project for project in self.projects if project.is_open]

    @property
    def confirmed_actions(self) -> list["JointAction"]:
        """What was done together, as both sides say."""
        return [action for action in self.actions if action.state is ActionState.CONFIRMED]


class PairingItem(Base):
    """A line of the community's list of needs or of the unit's list of resources; struck out, never deleted."""

    __tablename__ = "pairing_items"

    id: Mapped[int] = mapped_column(primary_key=True)
    pairing_id: Mapped[int] = mapped_column(ForeignKey("pairings.id"), index=True)
    kind: Mapped[ItemKind] = labelled(ItemKind)
    what: Mapped[str] = mapped_column(Text(60))
    note: Mapped[str | None] = mapped_column(Text(200, lines=True))
    listed_on: Mapped[dt.date]
    listed_by: Mapped[str] = mapped_column(Text(120))
    struck_on: Mapped[dt.date | None]

    pairing: Mapped[Pairing] = relationship(back_populates="items")


class PairingProject(Case, Base):
    """What both sides do: from a need or a resource or both, who answers for it, by when.  [三2]"""

    __tablename__ = "pairing_projects"
    __table_args__ = (
        CheckConstraint("need_id IS NOT NULL OR resource_id IS NOT NULL", "from_need_or_resource"),
        CheckConstraint("state <> 'done' OR (done_on IS NOT NULL AND result IS NOT NULL)", "done_says_what_came_of_it"),
        Index("ix_pairing_projects_state_due", "state", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[ProjectState] = labelled(ProjectState, default=ProjectState.PLANNED)
    pairing_id: Mapped[int] = mapped_column(ForeignKey("pairings.id"), index=True)
    need_id: Mapped[int | None] = mapped_column(ForeignKey("pairing_items.id"))
    resource_id: Mapped[int | None] = mapped_column(ForeignKey("pairing_items.id"))
    what: Mapped[str] = mapped_column(Text(60))
    responsible: Mapped[str] = mapped_column(Text(60))
    due_on: Mapped[dt.date]
    planned_on: Mapped[dt.date]
    done_on: Mapped[dt.date | None]
    result: Mapped[str | None] = mapped_column(Text(200, lines=True))

    pairing: Mapped[Pairing] = relationship(back_populates="projects")
    need: Mapped[PairingItem | None] = relationship(foreign_keys=[need_id])
    resource: Mapped[PairingItem | None] = relationship(foreign_keys=[resource_id])

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.state in OPEN_PROJECTS

    def is_overdue(self, today: dt.date) -> bool:
        """Whether the day by which it was to be done has passed."""
        return self.is_open and self.due_on < today


class JointAction(Case, Base):
    """What both did on a day: recorded by one side, confirmed by the other.  [三2]

    No hours come from it: members' hours come from activities, each with two people of their own behind it.
    """

    __tablename__ = "joint_actions"
    __table_args__ = (
        CheckConstraint(f"took_part BETWEEN 1 AND {MOST_TOOK_PART}", "took_part_sane"),
        CheckConstraint("state <> 'confirmed' OR confirmed_on IS NOT NULL", "confirmed_has_its_day"),
        CheckConstraint("confirmed_by_user_id IS NULL OR confirmed_by_user_id <> recorded_by_user_id",
                        "second_person"),
        Index("ix_joint_actions_state", "state", "held_on"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[ActionState] = labelled(ActionState, default=ActionState.RECORDED)
    pairing_id: Mapped[int] = mapped_column(ForeignKey("pairings.id"), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("pairing_projects.id"))
    held_on: Mapped[dt.date]
    what: Mapped[str] = mapped_column(Text(60))
    took_part: Mapped[int]
    words: Mapped[str | None] = mapped_column(Text(500, lines=True))
    side: Mapped[Side] = labelled(Side)
    recorded_on: Mapped[dt.date]
    recorded_by: Mapped[str] = mapped_column(Text(120))
    recorded_by_user_id: Mapped[int | None]
    confirmed_on: Mapped[dt.date | None]
    confirmed_by: Mapped[str | None] = mapped_column(Text(120))
    confirmed_by_user_id: Mapped[int | None]

    pairing: Mapped[Pairing] = relationship(back_populates="actions")
    project: Mapped[PairingProject | None] = relationship()


class ContactPoint(Case, Base):
    """A leading member who adopts a community (领导联系点); of which unit stands with the member.  [二(三)2]"""

    __tablename__ = "contact_points"
    __table_args__ = (
        CheckConstraint("state <> 'active' OR agreed_on IS NOT NULL", "active_was_agreed"),
        Index("uq_contact_points_one_live", "member_id", "community_id", unique=True,
              sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("ix_contact_points_community_state", "community_id", "state"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[ContactPointState] = labelled(ContactPointState, default=ContactPointState.PROPOSED)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    proposed_on: Mapped[dt.date]
    proposed_by: Mapped[str] = mapped_column(Text(120))
    proposed_by_user_id: Mapped[int | None]
    agreed_on: Mapped[dt.date | None]
    agreed_by: Mapped[str | None] = mapped_column(Text(120))
    ended_on: Mapped[dt.date | None]

    member: Mapped[Member] = relationship()
    community: Mapped[Community] = relationship()
