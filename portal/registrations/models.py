"""Registrations (报到): certificate, info card and receipt as one case; urging, exemption, 暂缓, change of unit."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import Moment
from portal.extensions import Base
from portal.flow import Case
from portal.labels import Category, Labelled, labelled
from portal.numbers import official_number
from portal.people.models import Community, Estate, Grid, Member, Unit
from portal.teams.models import Team
from portal.text import Text


class RegistrationState(Labelled):
    """The states of a registration."""

    ISSUED = "issued", "已开证明信"
    PRESENTED = "presented", "待接洽"
    ACCEPTED = "accepted", "已接洽"
    FILED = "filed", "回执已备案"
    RETURNED = "returned", "退回"
    CANCELLED = "cancelled", "作废"
    ENDED = "ended", "已结束"


class ReportMode(Labelled):
    """How a member came to report (报到方式).  [二(三)2]"""

    ALONE = "alone", "个人报到"
    GROUP = "group", "集体报到"
    CONTACT_POINT = "contact_point", "领导联系点"
    PAIRING = "pairing", "结对共建"


class EndKind(Labelled):
    """Why a registration ended."""

    MOVED = "moved", "迁居"
    TRANSFERRED = "transferred", "调离"
    RETIRED = "retired", "退休"
    LEFT = "left", "离开本县"
    DIED = "died", "去世"
    DUPLICATE = "duplicate", "重复登记"


class ExemptionState(Labelled):
    """The states of an exemption from reporting."""

    REQUESTED = "requested", "待审核"
    AGREED = "agreed", "已同意"
    DECLINED = "declined", "未同意"
    ENDED = "ended", "已取消"


class DefermentState(Labelled):
    """The states of months in which a member is asked for nothing."""

    REQUESTED = "requested", "待审核"
    AGREED = "agreed", "已同意"
    DECLINED = "declined", "未同意"
    ENDED = "ended", "已提前结束"


class DefermentKind(Labelled):
    """Why months are out (1.2)."""

    SECONDED = "seconded", "借调"
    VILLAGE = "village", "驻村"
    MATERNITY = "maternity", "产假"
    ILLNESS = "illness", "病假"


class TransferState(Labelled):
    """The states of a request to take over a member from another unit's roster."""

    REQUESTED = "requested", "待原单位放行"
    RELEASED = "released", "已转入"
    DECLINED = "declined", "原单位未同意"
    WITHDRAWN = "withdrawn", "已撤回"


class FreeTime(Labelled):
    """When a member is free for service."""

    EVENINGS = "evenings", "平日晚"
    WEEKENDS = "weekends", "周末"
    HOLIDAYS = "holidays", "节假日"


NO_NUMBER = "—"  # an old paper without one
IN_PROGRESS = (RegistrationState.ISSUED, RegistrationState.PRESENTED, RegistrationState.RETURNED)
CURRENT = (RegistrationState.ACCEPTED, RegistrationState.FILED)
_IN_PROGRESS = text("state IN ('issued', 'presented', 'returned')")
_CURRENT = text("state IN ('accepted', 'filed')")


class Registration(Case, Base):
    """One member's reporting in at one community: certificate, presenting, receipt.  [二(一)] [三1]

    `number` is the certificate's, drawn at issue and kept when it is issued anew (`paper_version` counts);
    `receipt_number` is drawn on accepting. `unit_id` and `community_id` are those of the certificate; when a
    registered member changes unit, `unit_id` follows and `issuer_id` keeps the unit that issued the papers. `grid_id`
    and `team_id` are those assigned at the acceptance, as the receipt shows them.
    One from before the portal (`opening`, 期初) has its papers' own numbers as they are in `old_number` and
    `old_receipt_number`; its `number` serves the address only and is of no counter (see opening.py).
    """

    __tablename__ = "registrations"
    __table_args__ = (
        UniqueConstraint("year", "serial"),
        UniqueConstraint("receipt_year", "receipt_serial"),
        CheckConstraint("valid_days BETWEEN 1 AND 366", "valid_days_sane"),
        CheckConstraint("state NOT IN ('accepted', 'filed', 'ended') OR receipt_number IS NOT NULL",
                        "accepted_has_receipt"),
        CheckConstraint("state <> 'returned' OR right_community_id IS NOT NULL", "returned_names_the_right_one"),
        CheckConstraint("right_community_id <> community_id", "right_community_is_another"),
        CheckConstraint("state <> 'ended' OR (end_kind IS NOT NULL AND ended_on IS NOT NULL)", "ended_says_why"),
        Index("uq_registrations_in_progress", "member_id", unique=True,
              sqlite_where=_IN_PROGRESS, postgresql_where=_IN_PROGRESS),
        Index("uq_registrations_current", "member_id", unique=True,
              sqlite_where=_CURRENT, postgresql_where=_CURRENT),
        Index("ix_registrations_community_state", "community_id", "state"),
        Index("ix_registrations_unit_state", "unit_id", "state"),
        Index("ix_registrations_old_number", "old_number", sqlite_where=text("old_number IS NOT NULL"),
              postgresql_where=text("old_number IS NOT NULL")),
        # Undoing an import deletes registrations: the trail must never find another case under an old id.
        {"sqlite_autoincrement": True},
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[RegistrationState] = labelled(RegistrationState, default=RegistrationState.ISSUED)
    number: Mapped[str] = mapped_column(Text(16), unique=True)
    year: Mapped[int]
    serial: Mapped[int]
    paper_version: Mapped[int] = mapped_column(default=1)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    issuer_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    issued_on: Mapped[dt.date]
    valid_days: Mapped[int]
    issued_by: Mapped[str] = mapped_column(Text(120))
    taken_by: Mapped[str | None] = mapped_column(Text(40))
    mode: Mapped[ReportMode | None] = labelled(ReportMode, nullable=True)
    presented_on: Mapped[dt.date | None]
    accepted_on: Mapped[dt.date | None]
    was_expired: Mapped[bool] = mapped_column(default=False)
    received_by: Mapped[str | None] = mapped_column(Text(120))
    grid_id: Mapped[int | None] = mapped_column(ForeignKey("grids.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    receipt_number: Mapped[str | None] = mapped_column(Text(16), unique=True)
    receipt_year: Mapped[int | None]
    receipt_serial: Mapped[int | None]
    filed_on: Mapped[dt.date | None]
    filed_by: Mapped[str | None] = mapped_column(Text(120))
    right_community_id: Mapped[int | None] = mapped_column(ForeignKey("communities.id"))
    end_kind: Mapped[EndKind | None] = labelled(EndKind, nullable=True)
    ended_on: Mapped[dt.date | None]
    opening: Mapped[bool] = mapped_column(default=False)
    old_number: Mapped[str | None] = mapped_column(Text(40))
    old_receipt_number: Mapped[str | None] = mapped_column(Text(40))

    member: Mapped[Member] = relationship()
    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    former_unit: Mapped[Unit | None] = relationship(foreign_keys=[issuer_id])
    community: Mapped[Community] = relationship(foreign_keys=[community_id])
    right_community: Mapped[Community | None] = relationship(foreign_keys=[right_community_id])
    grid: Mapped[Grid | None] = relationship()
    team: Mapped[Team | None] = relationship()
    card: Mapped["InfoCard | None"] = relationship(
        primaryjoin="foreign(Registration.member_id) == InfoCard.member_id", viewonly=True
    )

    @property
    def valid_until(self) -> dt.date:
        """The last day on which the certificate is valid; afterwards it is still acceptable, flagged."""
        return self.issued_on + dt.timedelta(days=self.valid_days)

    @property
    def certificate_number(self) -> str:
        """The number as the certificate bears it: the old paper's as it is, else the portal's."""
        return self._printed("certificate", self.old_number, self.number)

    @property
    def receipt_printed_number(self) -> str | None:
        """The number as the receipt bears it, None before there is one."""
        return self._printed("receipt", self.old_receipt_number, self.receipt_number) if self.receipt_number else None

    def _printed(self, kind: str, old: str | None, number: str) -> str:
        return (old or NO_NUMBER) if self.opening else official_number(kind, number)

    @property
    def issuer(self) -> Unit:
        """The unit that stands on certificate and receipt."""
        return self.former_unit or self.unit

    @property
    def latest_on(self) -> dt.date:
        """The day of its latest step."""
        return self.ended_on or self.filed_on or self.accepted_on or self.presented_on or self.issued_on

    @property
    def is_in_progress(self) -> bool:
        """Whether it is on its way, from certificate to acceptance."""
        return self.state in IN_PROGRESS

    @property
    def is_current(self) -> bool:
        """Whether the member is registered by it now."""
        return self.state in CURRENT


class InfoCard(Base):
    """A member's 基本情况信息卡: what the roster does not know (skills, intentions, free times).  [二(一)]

    Facts of the roster (name, unit, post, phone, address …) stay with the member; the card shows them.
    `checked_year` is the last year in which it was filled, or found to be still right (`checked_by`).
    """

    __tablename__ = "info_cards"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), unique=True)
    estate_id: Mapped[int | None] = mapped_column(ForeignKey("estates.id"))
    filled_at: Mapped[dt.datetime] = mapped_column(Moment)
    filled_by: Mapped[str] = mapped_column(Text(120))
    stand_in: Mapped[bool] = mapped_column(default=False)
    checked_year: Mapped[int]
    checked_by: Mapped[str | None] = mapped_column(Text(120))
    version: Mapped[int] = mapped_column(default=1)

    member: Mapped[Member] = relationship()
    estate: Mapped[Estate | None] = relationship()
    skills: Mapped[list["CardSkill"]] = relationship(cascade="all, delete-orphan", order_by="CardSkill.id")
    intentions: Mapped[list["CardIntention"]] = relationship(cascade="all, delete-orphan", order_by="CardIntention.id")
    free_times: Mapped[list["CardFreeTime"]] = relationship(cascade="all, delete-orphan", order_by="CardFreeTime.id")


class CardSkill(Base):
    """One skill (特长) on a card, in the member's own words."""

    __tablename__ = "card_skills"
    __table_args__ = (UniqueConstraint("card_id", "skill"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    card_id: Mapped[int] = mapped_column(ForeignKey("info_cards.id", ondelete="CASCADE"))
    skill: Mapped[str] = mapped_column(Text(20), index=True)


class CardIntention(Base):
    """One service intention (服务意向) on a card: a category."""

    __tablename__ = "card_intentions"
    __table_args__ = (UniqueConstraint("card_id", "category"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    card_id: Mapped[int] = mapped_column(ForeignKey("info_cards.id", ondelete="CASCADE"))
    category: Mapped[Category] = labelled(Category, index=True)


class CardFreeTime(Base):
    """One free time on a card."""

    __tablename__ = "card_free_times"
    __table_args__ = (UniqueConstraint("card_id", "free_time"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    card_id: Mapped[int] = mapped_column(ForeignKey("info_cards.id", ondelete="CASCADE"))
    free_time: Mapped[FreeTime] = labelled(FreeTime)


class Urge(Base):
    """One urging (催办), on one day, of a member who has not reported, or of a unit with such members."""

    __tablename__ = "urges"
    __table_args__ = (
        Index("uq_urges_member_day", "member_id", "day", unique=True,
              sqlite_where=text("member_id IS NOT NULL"), postgresql_where=text("member_id IS NOT NULL")),
        Index("uq_urges_unit_day", "unit_id", "day", unique=True,
              sqlite_where=text("member_id IS NULL"), postgresql_where=text("member_id IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    day: Mapped[dt.date]
    at: Mapped[dt.datetime] = mapped_column(Moment)
    by_appointment_id: Mapped[int | None]
    by_name: Mapped[str] = mapped_column(Text(120))

    unit: Mapped[Unit] = relationship()
    member: Mapped[Member | None] = relationship()


class Exemption(Case, Base):
    """A member who need not report (免报): the unit asks with a reason, the supervisor agrees.  [二(三)2]

    Whoever is exempt is not counted in the rate and stands beside it.
    """

    __tablename__ = "exemptions"
    __table_args__ = (
        Index("uq_exemptions_one_open", "member_id", unique=True,
              sqlite_where=text("state IN ('requested', 'agreed')"),
              postgresql_where=text("state IN ('requested', 'agreed')")),
        Index("ix_exemptions_unit_state", "unit_id", "state"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[ExemptionState] = labelled(ExemptionState, default=ExemptionState.REQUESTED)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    reason: Mapped[str] = mapped_column(Text(200, lines=True))
    asked_on: Mapped[dt.date]
    asked_by: Mapped[str] = mapped_column(Text(120))
    decided_on: Mapped[dt.date | None]
    decided_by: Mapped[str | None] = mapped_column(Text(120))

    member: Mapped[Member] = relationship()
    unit: Mapped[Unit] = relationship()


class Deferment(Case, Base):
    """Months in which a member is asked for no service (暂缓): the unit asks, the supervisor agrees.  [二(三)3]

    `first` and `last` are months (2026-03), both included; the member is registered and counted as everybody.
    One that is ended early (`ended_on`) covers the months before that day's.
    """

    __tablename__ = "deferments"
    __table_args__ = (
        CheckConstraint("first <= last", "months_in_order"),
        Index("ix_deferments_unit_state", "unit_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[DefermentState] = labelled(DefermentState, default=DefermentState.REQUESTED)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    kind: Mapped[DefermentKind] = labelled(DefermentKind)
    first: Mapped[str] = mapped_column(Text(7))
    last: Mapped[str] = mapped_column(Text(7))
    asked_on: Mapped[dt.date]
    asked_by: Mapped[str] = mapped_column(Text(120))
    decided_on: Mapped[dt.date | None]
    decided_by: Mapped[str | None] = mapped_column(Text(120))
    ended_on: Mapped[dt.date | None]

    member: Mapped[Member] = relationship()
    unit: Mapped[Unit] = relationship()

    def covers(self, month: str) -> bool:
        """Whether nothing is asked of the member in this month (2026-03)."""
        agreed = self.decided_on is not None and self.state in (DefermentState.AGREED, DefermentState.ENDED)
        early = self.ended_on is not None and month >= f"{self.ended_on:%Y-%m}"
        return agreed and self.first <= month <= self.last and not early


class TransferRequest(Case, Base):
    """A unit asks another to let a member go to its roster: the same member row moves, never a second one.  [二(三)3]

    `roster_id` is the import that named the person, where it was one.
    """

    __tablename__ = "transfer_requests"
    __table_args__ = (
        CheckConstraint("from_unit_id <> to_unit_id", "between_two_units"),
        Index("uq_transfer_requests_one_open", "member_id", unique=True,
              sqlite_where=text("state = 'requested'"), postgresql_where=text("state = 'requested'")),
        Index("ix_transfer_requests_from_state", "from_unit_id", "state"),
        Index("ix_transfer_requests_to_state", "to_unit_id", "state"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[TransferState] = labelled(TransferState, default=TransferState.REQUESTED)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    from_unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    to_unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    roster_id: Mapped[int | None] = mapped_column(ForeignKey("roster_imports.id"), index=True)
    asked_on: Mapped[dt.date]
    asked_by: Mapped[str] = mapped_column(Text(120))
    decided_on: Mapped[dt.date | None]
    decided_by: Mapped[str | None] = mapped_column(Text(120))

    member: Mapped[Member] = relationship()
    from_unit: Mapped[Unit] = relationship(foreign_keys=[from_unit_id])
    to_unit: Mapped[Unit] = relationship(foreign_keys=[to_unit_id])
