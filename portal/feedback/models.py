"""Feedback: the quarterly bulletins of a community to a unit, their contacts, and members' difficulties."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import Moment
from portal.extensions import Base
from portal.flow import Case
from portal.labels import Labelled, labelled
from portal.people.models import Community, Member, Supervisor, Unit
from portal.records.models import ServiceRecord
from portal.text import Text
from portal.vault import Sealable, Sealed, sealed_column


class BulletinState(Labelled):
    """The states of a quarterly bulletin."""

    COMPILED = "compiled", "待反馈"
    SENT = "sent", "已反馈"
    ACKNOWLEDGED = "acknowledged", "单位已签收"


class Part(Labelled):
    """As what a service stands in a bulletin."""

    OF_QUARTER = "of_quarter", "本季"
    LATE = "late", "补计"
    TAKEN_BACK = "taken_back", "更正"


class ContactState(Labelled):
    """The states of an entry of the contact log."""

    RECORDED = "recorded", "已登记"
    CORRECTED = "corrected", "已更正"


class ContactHow(Labelled):
    """How a unit and a community were in contact."""

    VISIT = "visit", "走访"
    PHONE = "phone", "电话"
    CALL = "call", "来访"
    MEETING = "meeting", "会议"


class Side(Labelled):
    """The two who are there for a member: where the member works, and where the member lives."""

    UNIT = "unit", "所在单位"
    COMMUNITY = "community", "报到社区"


class DifficultyState(Labelled):
    """The states of a difficulty in which a member asks for help."""

    ASKED = "asked", "待答复"
    ANSWERED = "answered", "已答复"
    UNSOLVED = "unsolved", "还没有解决"
    WITHDRAWN = "withdrawn", "已撤回"


OPEN = (DifficultyState.ASKED, DifficultyState.UNSOLVED)
_IS_OPEN = text("state IN ('asked', 'unsolved')")
_TOLD = text("part <> 'taken_back'")
_TAKEN_BACK = text("part = 'taken_back'")


class Quarter(Base):
    """A quarter whose bulletins are compiled, or being compiled: a part at each tick, until `finished_at`."""

    __tablename__ = "bulletin_quarters"
    __table_args__ = (
        UniqueConstraint("year", "quarter"),
        CheckConstraint("quarter BETWEEN 1 AND 4", "quarter_of_a_year"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    quarter: Mapped[int]
    started_at: Mapped[dt.datetime] = mapped_column(Moment)
    finished_at: Mapped[dt.datetime | None] = mapped_column(Moment)


class Bulletin(Case, Base):
    """What a community tells a unit of its members' quarter; one a unit, community and quarter.  [三2] [附件3]

    `number` is that of the case; the paper's own number is drawn at sending. The lines stand as they were compiled,
    without what was voided before the sending; what is confirmed or voided later stands in a later one. `registered`
    counts the unit's members who were registered in the community in that quarter; `remark` is the one text that the
    community itself writes.
    """

    __tablename__ = "bulletins"
    __table_args__ = (
        UniqueConstraint("year", "serial"),
        UniqueConstraint("community_id", "year", "quarter", "unit_id"),
        CheckConstraint("quarter BETWEEN 1 AND 4", "quarter_of_a_year"),
        CheckConstraint("(state = 'compiled') = (sent_on IS NULL)", "sent_on_a_day"),
        CheckConstraint("(state = 'acknowledged') = (acknowledged_on IS NOT NULL)", "acknowledged_on_a_day"),
        Index("ix_bulletins_community", "community_id", "state"),
        Index("ix_bulletins_unit", "unit_id", "state"),
        Index("ix_bulletins_supervisor", "supervisor_id", "year", "quarter"),
        Index("ix_bulletins_quarter", "year", "quarter", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[BulletinState] = labelled(BulletinState, default=BulletinState.COMPILED)
    number: Mapped[str] = mapped_column(Text(16), unique=True)
    year: Mapped[int]
    serial: Mapped[int]
    quarter: Mapped[int]
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    supervisor_id: Mapped[int] = mapped_column(ForeignKey("supervisors.id"))
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    registered: Mapped[int]
    compiled_on: Mapped[dt.date]
    remark: Mapped[str | None] = mapped_column(Text(500, lines=True))
    sent_on: Mapped[dt.date | None]
    sent_by: Mapped[str | None] = mapped_column(Text(120))
    acknowledged_on: Mapped[dt.date | None]
    acknowledged_by: Mapped[str | None] = mapped_column(Text(120))

    unit: Mapped[Unit] = relationship()
    supervisor: Mapped[Supervisor] = relationship()
    community: Mapped[Community] = relationship()

    @property
    def period(self) -> str:
        """The quarter in words: 2026年第1季度."""
        return f"{self.year}年第{self.quarter}季度"


class BulletinLine(Sealable, Base):
    """One member in a bulletin, in numbers as they were compiled; hours in half hours.

    `words` are residents' remarks as they were put or passed on to the member, with the member's answer.
    """

    __tablename__ = "bulletin_lines"
    __table_args__ = (UniqueConstraint("bulletin_id", "member_id"), Index("ix_bulletin_lines_member", "member_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    bulletin_id: Mapped[int] = mapped_column(ForeignKey("bulletins.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    times: Mapped[int] = mapped_column(default=0)
    half_hours: Mapped[int] = mapped_column(default=0)
    activities: Mapped[int] = mapped_column(default=0)
    wishes: Mapped[int] = mapped_column(default=0)
    visits: Mapped[int] = mapped_column(default=0)
    suggestions: Mapped[int] = mapped_column(default=0)
    late_times: Mapped[int] = mapped_column(default=0)
    late_half_hours: Mapped[int] = mapped_column(default=0)
    back_times: Mapped[int] = mapped_column(default=0)
    back_half_hours: Mapped[int] = mapped_column(default=0)
    words_sealed: Mapped[bytes | None] = sealed_column()

    words = Sealed()
    bulletin: Mapped[Bulletin] = relationship()
    member: Mapped[Member] = relationship()


class BulletinRecord(Base):
    """Which service record was told in which bulletin, and as what: told once, and taken back once at most."""

    __tablename__ = "bulletin_records"
    __table_args__ = (
        Index("uq_bulletin_records_told", "record_id", unique=True, sqlite_where=_TOLD, postgresql_where=_TOLD),
        Index("uq_bulletin_records_taken_back", "record_id", unique=True,
              sqlite_where=_TAKEN_BACK, postgresql_where=_TAKEN_BACK),
        Index("ix_bulletin_records_bulletin", "bulletin_id", "part"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    bulletin_id: Mapped[int] = mapped_column(ForeignKey("bulletins.id", ondelete="CASCADE"))
    record_id: Mapped[int] = mapped_column(ForeignKey("service_records.id"))
    part: Mapped[Part] = labelled(Part)

    bulletin: Mapped[Bulletin] = relationship()
    record: Mapped[ServiceRecord] = relationship()


class Contact(Case, Base):
    """One contact of a unit and a community (单位—社区联系记录), written down by either, read by both.  [三2]

    After a day it is edited no more: a correcting entry names it in `corrects_id`.
    """

    __tablename__ = "contacts"
    __table_args__ = (
        Index("ix_contacts_unit", "unit_id", "day"),
        Index("ix_contacts_community", "community_id", "day"),
        Index("ix_contacts_day", "day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[ContactState] = labelled(ContactState, default=ContactState.RECORDED)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    side: Mapped[Side] = labelled(Side)
    day: Mapped[dt.date]
    how: Mapped[ContactHow] = labelled(ContactHow)
    people: Mapped[str] = mapped_column(Text(60))
    about: Mapped[str] = mapped_column(Text(300, lines=True))
    outcome: Mapped[str | None] = mapped_column(Text(300, lines=True))
    recorded_at: Mapped[dt.datetime] = mapped_column(Moment)
    recorded_by: Mapped[str] = mapped_column(Text(120))
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"), unique=True)

    unit: Mapped[Unit] = relationship()
    community: Mapped[Community] = relationship()
    corrects: Mapped["Contact | None"] = relationship(remote_side=[id], back_populates="corrected_by")
    corrected_by: Mapped["Contact | None"] = relationship(back_populates="corrects", uselist=False)


class Difficulty(Sealable, Case, Base):
    """A difficulty in which a member asks the unit or the community for help (求助).  [三2]

    `held_by` is whose desk it lies on; it goes over to the other one once at most. All that is written is sealed, and
    read by the member and by the office that holds it alone.
    """

    __tablename__ = "difficulties"
    __table_args__ = (
        UniqueConstraint("year", "serial"),
        CheckConstraint("held_by <> 'community' OR community_id IS NOT NULL", "held_by_a_community"),
        CheckConstraint("state NOT IN ('answered', 'unsolved') OR answer_sealed IS NOT NULL", "answered_in_writing"),
        CheckConstraint("state <> 'unsolved' OR unsolved_on IS NOT NULL", "unsolved_since_a_day"),
        Index("ix_difficulties_member", "member_id", "id"),
        Index("ix_difficulties_unit", "unit_id", "held_by", "state"),
        Index("ix_difficulties_community", "community_id", "held_by", "state"),
        Index("ix_difficulties_open", "answer_by", sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[DifficultyState] = labelled(DifficultyState, default=DifficultyState.ASKED)
    number: Mapped[str] = mapped_column(Text(16), unique=True)
    year: Mapped[int]
    serial: Mapped[int]
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    community_id: Mapped[int | None] = mapped_column(ForeignKey("communities.id"))
    held_by: Mapped[Side] = labelled(Side)
    asked_on: Mapped[dt.date]
    answer_by: Mapped[dt.date]
    handed_on: Mapped[dt.date | None]
    answered_on: Mapped[dt.date | None]
    unsolved_on: Mapped[dt.date | None]
    told_sealed: Mapped[bytes | None] = sealed_column()
    handed_words_sealed: Mapped[bytes | None] = sealed_column()
    answer_sealed: Mapped[bytes | None] = sealed_column()
    unsolved_words_sealed: Mapped[bytes | None] = sealed_column()
    last_answer_sealed: Mapped[bytes | None] = sealed_column()

    told = Sealed()
    handed_words = Sealed()
    answer = Sealed()
    unsolved_words = Sealed()
    last_answer = Sealed()
    member: Mapped[Member] = relationship()
    unit: Mapped[Unit] = relationship()
    community: Mapped[Community | None] = relationship()

    @property
    def is_open(self) -> bool:
        """Whether the member still waits for an answer."""
        return self.state in OPEN

    @property
    def holder(self) -> str:
        """The name of the office that has to answer."""
        at_home = self.held_by is Side.COMMUNITY and self.community is not None
        return self.community.name if at_home else self.unit.name  # type: ignore[union-attr]
