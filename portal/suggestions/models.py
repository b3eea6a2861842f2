"""Members' suggestions (合理建议) to their community or its town, and what came of them."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.extensions import Base
from portal.flow import Case
from portal.labels import Category, Labelled, labelled
from portal.people.models import Community, Member, Supervisor, Unit
from portal.text import Text


class SuggestionState(Labelled):
    """The states of a suggestion."""

    SUBMITTED = "submitted", "待受理"
    ACCEPTED = "accepted", "已受理"
    FORWARDED = "forwarded", "已转办"
    ANSWERED = "answered", "已答复"
    WITHDRAWN = "withdrawn", "已撤回"


class Addressed(Labelled):
    """Whom a suggestion is made to."""

    COMMUNITY = "community", "社区党组织"
    TOWN = "town", "镇党委"


OPEN = (SuggestionState.SUBMITTED, SuggestionState.ACCEPTED, SuggestionState.FORWARDED)
_IS_OPEN = text("state IN ('submitted', 'accepted', 'forwarded')")


class Suggestion(Case, Base):
    """One suggestion. It keeps the unit and the community of its date, wherever the member goes on to.

    `forwarded_to_id` is who answers in the addressee's place, and keeps reading what it answered. `answer_by` is the
    day by which the member is to have an answer; `entered_by_user_id` is the clerk who wrote it down for a member
    without a login.  [二(一)2]
    """

    __tablename__ = "suggestions"
    __table_args__ = (
        UniqueConstraint("year", "serial"),
        CheckConstraint("state <> 'forwarded' OR forwarded_to_id IS NOT NULL", "forwarded_to_somebody"),
        CheckConstraint("(state = 'answered') = (answered_on IS NOT NULL)", "answered_on_a_day"),
        CheckConstraint("state <> 'answered' OR (answer IS NOT NULL AND adopted IS NOT NULL)", "answered_in_writing"),
        CheckConstraint("stand_in = (entered_by_user_id IS NOT NULL)", "stand_in_is_known"),
        Index("ix_suggestions_member", "member_id", "submitted_on"),
        Index("ix_suggestions_community", "community_id", "addressed_to", "state"),
        Index("ix_suggestions_unit", "unit_id", "state"),
        Index("ix_suggestions_open", "answer_by", sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[SuggestionState] = labelled(SuggestionState, default=SuggestionState.SUBMITTED)
    number: Mapped[str] = mapped_column(Text(16), unique=True)
    year: Mapped[int]
    serial: Mapped[int]
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    addressed_to: Mapped[Addressed] = labelled(Addressed)
    category: Mapped[Category | None] = labelled(Category, nullable=True)
    title: Mapped[str] = mapped_column(Text(40))
    body: Mapped[str] = mapped_column(Text(800, lines=True))
    stand_in: Mapped[bool] = mapped_column(default=False)
    entered_by_user_id: Mapped[int | None]
    submitted_on: Mapped[dt.date]
    answer_by: Mapped[dt.date]
    forwarded_to_id: Mapped[int | None] = mapped_column(ForeignKey("supervisors.id"), index=True)
    answer: Mapped[str | None] = mapped_column(Text(800, lines=True))
    adopted: Mapped[bool | None]
    answered_on: Mapped[dt.date | None]

    member: Mapped[Member] = relationship()
    unit: Mapped[Unit] = relationship()
    community: Mapped[Community] = relationship()
    forwarded_to: Mapped[Supervisor | None] = relationship()

    @property
    def is_open(self) -> bool:
        """Whether the member still waits for an answer."""
        return self.state in OPEN

    @property
    def addressee(self) -> str:
        """The name of whom it is made to: the community, or its town."""
        return self.community.name if self.addressed_to is Addressed.COMMUNITY else self.community.town.name
