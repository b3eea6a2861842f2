"""Service records (写实记录): one line each of the 写实登记卡, and objections to them."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import Moment
from portal.extensions import Base
from portal.flow import Case
from portal.labels import Category, Labelled, labelled
from portal.people.models import Community, Member, Supervisor, Unit
from portal.text import Text


class RecordState(Labelled):
    """The states of a service record."""

    PENDING = "pending", "待确认"
    CONFIRMED = "confirmed", "已确认"
    REJECTED = "rejected", "未通过"
    VOIDED = "voided", "已作废"


class Evidence(Labelled):
    """What stands behind the hours: the evidence grades."""

    SERVED = "served", "对象确认"
    ORGANISER = "organiser", "组织者确认"
    LATE = "late", "补录"


class Source(Labelled):
    """What a record was made from; held as kind and number, since records stands before its sources."""

    WISH = "wish", "微心愿"
    ACTIVITY = "activity", "志愿服务活动"
    POST = "post", "服务岗位"
    VISIT = "visit", "走访"
    HAND = "hand", "手工登记"


# A case gives a member one standing record; on a post a member serves again and again.
ONCE = text("source_id IS NOT NULL AND source <> 'post' AND state IN ('pending', 'confirmed')")
_OF_POSTS = text("source = 'post'")


class ServiceRecord(Case, Base):
    """One service of one member on one day, in half-hour steps, travel excluded.  [二(二)4]

    Keeps the unit, supervisor and home community of its date; `place_id` is the community where it was done.
    Never edited: voided and written anew, the new one naming the old in `rewrites_id`. `opening` marks what was
    done before the portal (期初).
    """

    __tablename__ = "service_records"
    __table_args__ = (
        CheckConstraint("half_hours BETWEEN 0 AND 48", "half_hours_of_a_day"),
        CheckConstraint("recorded_by_user_id IS NULL OR confirmed_by_user_id IS NULL "
                        "OR recorded_by_user_id <> confirmed_by_user_id", "two_people"),
        # Wide, since the sums of a year are read from it alone: of one member or of a whole county.
        Index("ix_service_records_member_day", "member_id", "day", "state", "half_hours", "category", "source",
              "source_id"),
        # The yearly tables sum a county's year from these two alone.
        Index("ix_service_records_year", "state", "day", "half_hours", "unit_id", "supervisor_id", "community_id",
              "place_id"),
        Index("ix_service_records_source_day", "source", "state", "day", "source_id", "unit_id", "supervisor_id",
              "community_id"),
        Index("ix_service_records_day", "day", "id"),  # the order of the lists
        Index("ix_service_records_community", "community_id", "state", "day"),
        Index("ix_service_records_unit", "unit_id", "state", "day"),
        Index("ix_service_records_place", "place_id", "state", "day"),
        Index("uq_service_records_source", "source", "source_id", "member_id", unique=True,
              sqlite_where=ONCE, postgresql_where=ONCE),
        Index("ix_service_records_post", "source_id", "day", sqlite_where=_OF_POSTS, postgresql_where=_OF_POSTS),
        # Undoing an import deletes records: the trail must never find another one under an old id.
        {"sqlite_autoincrement": True},
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[RecordState] = labelled(RecordState)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    supervisor_id: Mapped[int] = mapped_column(ForeignKey("supervisors.id"), index=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    place_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    day: Mapped[dt.date]
    starts: Mapped[dt.time | None]
    half_hours: Mapped[int]
    category: Mapped[Category] = labelled(Category)
    what: Mapped[str] = mapped_column(Text(200))
    for_whom: Mapped[str | None] = mapped_column(Text(60))
    source: Mapped[Source] = labelled(Source)
    source_id: Mapped[int | None]
    source_number: Mapped[str | None] = mapped_column(Text(16))
    evidence: Mapped[Evidence] = labelled(Evidence)
    note: Mapped[str | None] = mapped_column(Text(200))
    stand_in: Mapped[bool] = mapped_column(default=False)
    recorded_at: Mapped[dt.datetime] = mapped_column(Moment)
    recorded_by_user_id: Mapped[int | None]
    recorded_by_member_id: Mapped[int | None]
    recorded_by: Mapped[str] = mapped_column(Text(120))
    confirmed_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    confirmed_by_user_id: Mapped[int | None]
    confirmed_by: Mapped[str | None] = mapped_column(Text(120))
    overlaps_id: Mapped[int | None] = mapped_column(ForeignKey("service_records.id"))
    rewrites_id: Mapped[int | None] = mapped_column(ForeignKey("service_records.id"))
    opening: Mapped[bool] = mapped_column(default=False)

    member: Mapped[Member] = relationship()
    unit: Mapped[Unit] = relationship()
    supervisor: Mapped[Supervisor] = relationship()
    community: Mapped[Community] = relationship(foreign_keys=[community_id])
    place: Mapped[Community] = relationship(foreign_keys=[place_id])
    overlaps: Mapped["ServiceRecord | None"] = relationship(remote_side=[id], foreign_keys=[overlaps_id])
    rewrites: Mapped["ServiceRecord | None"] = relationship(remote_side=[id], foreign_keys=[rewrites_id])
    objections: Mapped[list["Objection"]] = relationship(back_populates="record", order_by="Objection.id")


class ObjectionState(Labelled):
    """The states of a member's objection to a record."""

    OPEN = "open", "待处理"
    UPHELD = "upheld", "异议成立"
    DISMISSED = "dismissed", "异议不成立"


class Objection(Case, Base):
    """A member's objection to one of their records, answered by the community.  [二(二)4]"""

    __tablename__ = "objections"
    __table_args__ = (
        Index("uq_objections_one_open", "record_id", unique=True,
              sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[ObjectionState] = labelled(ObjectionState, default=ObjectionState.OPEN)
    record_id: Mapped[int] = mapped_column(ForeignKey("service_records.id"), index=True)
    words: Mapped[str] = mapped_column(Text(500, lines=True))
    answer: Mapped[str | None] = mapped_column(Text(500, lines=True))
    at: Mapped[dt.datetime] = mapped_column(Moment)

    record: Mapped[ServiceRecord] = relationship(back_populates="objections")
