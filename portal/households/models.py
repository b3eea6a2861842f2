"""Households in difficulty (联系对象), who supports them (结对帮扶), and each visit (走访)."""

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import Moment
from portal.extensions import Base
from portal.flow import Case
from portal.households.kinds import CloseKind, ConsentBy, Difficulty, Help, HouseholdKind, Need, Policy, Way
from portal.labels import Labelled, labelled
from portal.people.models import Community, Grid, Member, Sex
from portal.text import Text
from portal.vault import Sealable, Sealed, sealed_column

MOST_SUPPORTERS = 5


class HouseholdState(Labelled):
    """The states of a household's file."""

    DRAFT = "draft", "待建档"
    ACTIVE = "active", "帮扶中"
    CLOSED = "closed", "已结束帮扶"


class SupportState(Labelled):
    """The states of one member's support of one household."""

    PROPOSED = "proposed", "待答复"
    ACTIVE = "active", "结对中"
    ENDED = "ended", "结对已结束"


class VisitState(Labelled):
    """The states of a visit."""

    RECORDED = "recorded", "待确认"
    CONFIRMED = "confirmed", "已确认"
    REJECTED = "rejected", "未通过"
    WITHDRAWN = "withdrawn", "已撤回"


class SealedChoices(Sealed):
    """Ticks of a fixed list that are nobody's business: members of an enum, sealed as one text."""

    def __init__(self, kind: type[Labelled]):
        """The enum whose members are ticked."""
        self.kind = kind

    def __get__(self, row, owner=None):
        """The members ticked, in the order of the list; what the list no longer holds is left out."""
        if row is None:
            return self
        ticked = (super().__get__(row, owner) or "").split()
        return [member for member in self.kind if member.value in ticked]

    def __set__(self, row, value: Iterable[Labelled] | None):  # type: ignore[override]
        """Seal the members ticked."""
        super().__set__(row, " ".join(member.value for member in value or ()))


class Household(Sealable, Case, Base):
    """One household's file: who they are and what they need is sealed, `shown_name` is 姓某某.

    `born` is year and month (1980-05). Without consent (`consent_on`, by the person, or the guardian of a child under
    14) nobody is asked to support it. `opened_on` is the day on which the file was first opened to supporters; months
    without a visit are derived from visits, supports and deferments.  [二(一)4]
    """

    __tablename__ = "households"
    __table_args__ = (
        UniqueConstraint("year", "serial"),
        CheckConstraint("state <> 'active' OR (consent_on IS NOT NULL AND consent_by IS NOT NULL "
                        "AND opened_on IS NOT NULL)", "active_with_consent"),
        CheckConstraint("(state = 'closed') = (close_kind IS NOT NULL)", "closed_with_kind"),
        CheckConstraint("(state = 'closed') = (closed_on IS NOT NULL)", "closed_on_a_day"),
        Index("ix_households_community_state", "community_id", "state", "id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[HouseholdState] = labelled(HouseholdState, default=HouseholdState.DRAFT)
    number: Mapped[str] = mapped_column(Text(16), unique=True)
    year: Mapped[int]
    serial: Mapped[int]
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    grid_id: Mapped[int | None] = mapped_column(ForeignKey("grids.id"), index=True)
    kind: Mapped[HouseholdKind] = labelled(HouseholdKind)
    shown_name: Mapped[str] = mapped_column(Text(12))
    sex: Mapped[Sex] = labelled(Sex)
    name_sealed: Mapped[bytes | None] = sealed_column()
    born_sealed: Mapped[bytes | None] = sealed_column()
    phone_sealed: Mapped[bytes | None] = sealed_column()
    address_sealed: Mapped[bytes | None] = sealed_column()
    difficulties_sealed: Mapped[bytes | None] = sealed_column()
    policies_sealed: Mapped[bytes | None] = sealed_column()
    policy_words_sealed: Mapped[bytes | None] = sealed_column()
    need_words_sealed: Mapped[bytes | None] = sealed_column()
    ways_sealed: Mapped[bytes | None] = sealed_column()
    aim_sealed: Mapped[bytes | None] = sealed_column()
    note_sealed: Mapped[bytes | None] = sealed_column()
    guardian_sealed: Mapped[bytes | None] = sealed_column()
    consent_by: Mapped[ConsentBy | None] = labelled(ConsentBy, nullable=True)
    consent_on: Mapped[dt.date | None]
    consent_taken_by: Mapped[str | None] = mapped_column(Text(40))
    entered_on: Mapped[dt.date]
    entered_by: Mapped[str] = mapped_column(Text(120))
    entered_by_user_id: Mapped[int | None]
    opened_on: Mapped[dt.date | None]
    close_kind: Mapped[CloseKind | None] = labelled(CloseKind, nullable=True)
    closed_on: Mapped[dt.date | None]

    name = Sealed()
    born = Sealed()
    phone = Sealed()
    address = Sealed()
    difficulties = SealedChoices(Difficulty)
    policies = SealedChoices(Policy)
    policy_words = Sealed()
    need_words = Sealed()
    ways = SealedChoices(Way)
    aim = Sealed()
    note = Sealed()
    guardian = Sealed()
    community: Mapped[Community] = relationship()
    grid: Mapped[Grid | None] = relationship()
    people: Mapped[list["HouseholdPerson"]] = relationship(
        back_populates="household", order_by="HouseholdPerson.id", cascade="all, delete-orphan"
    )
    need_rows: Mapped[list["HouseholdNeed"]] = relationship(order_by="HouseholdNeed.id", cascade="all, delete-orphan")
    supports: Mapped[list["Support"]] = relationship(back_populates="household", order_by="Support.id")

    @property
    def help(self) -> Help:
        """The one of the five helps that this household is given."""
        return self.kind.help

    @property
    def needs(self) -> list[Need]:
        """What the household needs, in the order of the list."""
        ticked = {each.need for each in self.need_rows}
        return [need for need in Need if need in ticked]

    @property
    def size(self) -> int:
        """How many people belong to the household."""
        return 1 + len(self.people)

    @property
    def active_supports(self) -> list["Support"]:
        """The supports that last, who leads on top."""
        lasting = [each for each in self.supports if each.state is SupportState.ACTIVE]
        return sorted(lasting, key=lambda each: (not each.leads, each.id))

    @property
    def live_supports(self) -> list["Support"]:
        """The supports that last, and those that wait for an answer; each holds one of the places."""
        return [each for each in self.supports if each.state is not SupportState.ENDED]

    @property
    def leading(self) -> "Support | None":
        """The support that leads; None while nobody supports the household."""
        return next((each for each in self.active_supports if each.leads), None)

    def support_of(self, member_id: int | None) -> "Support | None":
        """This member's support that lasts; None of one who does not support it, and of nobody."""
        return next((each for each in self.active_supports if each.member_id == member_id), None)


class HouseholdPerson(Sealable, Base):
    """One more person of a household: relation, year of birth, work or school; no name."""

    __tablename__ = "household_people"

    id: Mapped[int] = mapped_column(primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("households.id", ondelete="CASCADE"), index=True)
    relation_sealed: Mapped[bytes | None] = sealed_column()
    born_sealed: Mapped[bytes | None] = sealed_column()
    does_sealed: Mapped[bytes | None] = sealed_column()

    relation = Sealed()
    born = Sealed()
    does = Sealed()
    household: Mapped[Household] = relationship(back_populates="people")


class HouseholdNeed(Base):
    """One need of a household from the list; told in clear, so that a list can be narrowed to it."""

    __tablename__ = "household_needs"
    __table_args__ = (UniqueConstraint("household_id", "need"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("households.id", ondelete="CASCADE"))
    need: Mapped[Need] = labelled(Need, index=True)


_LIVE = text("state IN ('proposed', 'active')")
_LEADS = text("state = 'active' AND leads")


class Support(Case, Base):
    """One member's support of one household, from the day of agreement to the day it ended; one of them leads.

    One that was declined or taken back has no `since`.

    `place` is one of five: the unique index lets no sixth in, however many people press at once. `why` says why the
    member fits; `willing` that the member offered to support somebody.  [二(一)4]
    """

    __tablename__ = "supports"
    __table_args__ = (
        CheckConstraint(f"place BETWEEN 1 AND {MOST_SUPPORTERS}", "place_sane"),
        CheckConstraint("state <> 'active' OR since IS NOT NULL", "active_since_a_day"),
        CheckConstraint("(state = 'ended') = (until IS NOT NULL)", "ended_on_a_day"),
        CheckConstraint("NOT leads OR state <> 'proposed'", "who_supports_leads"),
        Index("uq_supports_place", "household_id", "place", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("uq_supports_member", "household_id", "member_id", unique=True,
              sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("uq_supports_leader", "household_id", unique=True, sqlite_where=_LEADS, postgresql_where=_LEADS),
        Index("ix_supports_household", "household_id", "id"),
        Index("ix_supports_member_state", "member_id", "state"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[SupportState] = labelled(SupportState, default=SupportState.PROPOSED)
    household_id: Mapped[int] = mapped_column(ForeignKey("households.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    place: Mapped[int]
    leads: Mapped[bool] = mapped_column(default=False)
    willing: Mapped[bool] = mapped_column(default=False)
    stand_in: Mapped[bool] = mapped_column(default=False)
    why: Mapped[str | None] = mapped_column(Text(200))
    proposed_on: Mapped[dt.date]
    proposed_by: Mapped[str] = mapped_column(Text(120))
    proposed_by_user_id: Mapped[int | None]
    since: Mapped[dt.date | None]
    until: Mapped[dt.date | None]
    ended_why: Mapped[str | None] = mapped_column(Text(200))

    household: Mapped[Household] = relationship(back_populates="supports")
    member: Mapped[Member] = relationship()


class Visit(Sealable, Case, Base):
    """One visit to a household: the day, how long, what was done and what that solved, and who came.

    Confirmed by somebody who neither recorded it nor came; then each visitor has a service record.  [二(二)4]
    """

    __tablename__ = "visits"
    __table_args__ = (
        CheckConstraint("half_hours BETWEEN 1 AND 16", "half_hours_of_a_visit"),
        CheckConstraint("state <> 'confirmed' OR recorded_by_user_id IS NULL OR answered_by_user_id IS NULL "
                        "OR recorded_by_user_id <> answered_by_user_id", "two_people"),
        CheckConstraint("state <> 'confirmed' OR answered_by IS NOT NULL", "confirmed_by_somebody"),
        Index("ix_visits_household_day", "household_id", "day", "id"),
        Index("ix_visits_waiting", "state", "household_id", sqlite_where=text("state = 'recorded'"),
              postgresql_where=text("state = 'recorded'")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[VisitState] = labelled(VisitState, default=VisitState.RECORDED)
    household_id: Mapped[int] = mapped_column(ForeignKey("households.id"))
    day: Mapped[dt.date]
    starts: Mapped[dt.time | None]
    half_hours: Mapped[int]
    done_sealed: Mapped[bytes | None] = sealed_column()
    solved_sealed: Mapped[bytes | None] = sealed_column()
    stand_in: Mapped[bool] = mapped_column(default=False)
    recorded_at: Mapped[dt.datetime] = mapped_column(Moment)
    recorded_by: Mapped[str] = mapped_column(Text(120))
    recorded_by_user_id: Mapped[int | None]
    recorded_by_member_id: Mapped[int | None]
    answered_on: Mapped[dt.date | None]
    answered_by: Mapped[str | None] = mapped_column(Text(120))
    answered_by_user_id: Mapped[int | None]

    done = Sealed()
    solved = Sealed()
    household: Mapped[Household] = relationship()
    people: Mapped[list["VisitPerson"]] = relationship(
        back_populates="visit", order_by="VisitPerson.id", cascade="all, delete-orphan"
    )

    def has(self, member_id: int | None) -> bool:
        """Whether this member came; never nobody."""
        return member_id is not None and any(each.member_id == member_id for each in self.people)


class VisitPerson(Base):
    """One supporter who came on a visit."""

    __tablename__ = "visit_people"
    __table_args__ = (UniqueConstraint("visit_id", "member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)

    visit: Mapped[Visit] = relationship(back_populates="people")
    member: Mapped[Member] = relationship()
