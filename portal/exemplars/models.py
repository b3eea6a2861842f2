"""Model volunteers of a year (服务标兵): nominated by the community where they serve, confirmed by the county."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.extensions import Base
from portal.flow import Case
from portal.labels import Labelled, labelled
from portal.people.models import Community, Member, Supervisor, Unit
from portal.text import Text


class ExemplarState(Labelled):
    """The states of a nomination."""

    NOMINATED = "nominated", "待县委组织部确认"
    CONFIRMED = "confirmed", "已确认"
    RETURNED = "returned", "已退回"
    REVOKED = "revoked", "已撤销称号"
    WITHDRAWN = "withdrawn", "已撤回推荐"


class Lead(Labelled):
    """In what an exemplar leads (六个带头).  [二(一)5]"""

    POLICY = "policy", "宣讲政策法律"
    MORALS = "morals", "倡导社会公德"
    NEEDY = "needy", "帮扶困难群体"
    HYGIENE = "hygiene", "监督环境卫生"
    DISPUTES = "disputes", "调解邻里纠纷"
    PATROL = "patrol", "参加治安巡逻"


STANDING = (ExemplarState.NOMINATED, ExemplarState.CONFIRMED)
_STANDING = text("state IN ('nominated', 'confirmed')")


class Exemplar(Case, Base):
    """One nomination of a member for a year; it keeps the unit, body and community of its date.  [二(一)5]

    At most one a member and year stands (nominated or confirmed). The evidence is no column: it is read from the
    records beside the case.
    """

    __tablename__ = "exemplars"
    __table_args__ = (
        UniqueConstraint("year", "serial"),
        CheckConstraint("state NOT IN ('confirmed', 'revoked') OR confirmed_on IS NOT NULL", "confirmed_on_a_day"),
        Index("uq_exemplars_one_a_year", "member_id", "year", unique=True,
              sqlite_where=_STANDING, postgresql_where=_STANDING),
        Index("ix_exemplars_member", "member_id"),
        Index("ix_exemplars_year_state", "year", "state"),
        Index("ix_exemplars_community", "community_id", "year"),
        Index("ix_exemplars_unit", "unit_id", "year"),
        Index("ix_exemplars_supervisor", "supervisor_id", "year"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[ExemplarState] = labelled(ExemplarState, default=ExemplarState.NOMINATED)
    number: Mapped[str] = mapped_column(Text(16), unique=True)
    year: Mapped[int]
    serial: Mapped[int]
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    supervisor_id: Mapped[int] = mapped_column(ForeignKey("supervisors.id"))
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    deeds: Mapped[str] = mapped_column(Text(1000, lines=True))
    nominated_on: Mapped[dt.date]
    nominated_by: Mapped[str] = mapped_column(Text(120))
    nominated_by_user_id: Mapped[int | None]
    confirmed_on: Mapped[dt.date | None]

    member: Mapped[Member] = relationship()
    unit: Mapped[Unit] = relationship()
    supervisor: Mapped[Supervisor] = relationship()
    community: Mapped[Community] = relationship()
    lines: Mapped[list["ExemplarLead"]] = relationship(order_by="ExemplarLead.id", cascade="all, delete-orphan")

    @property
    def leads(self) -> list[Lead]:
        """In what the member leads, in the notice's order."""
        chosen = {line.lead for line in self.lines}
        return [lead for lead in Lead if lead in chosen]


class ExemplarLead(Base):
    """One of the six leads of a nomination."""

    __tablename__ = "exemplar_leads"
    __table_args__ = (UniqueConstraint("exemplar_id", "lead"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    exemplar_id: Mapped[int] = mapped_column(ForeignKey("exemplars.id"))
    lead: Mapped[Lead] = labelled(Lead)
