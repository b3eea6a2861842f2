"""Who there is: supervisors, units, communities with estates and grids, members."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.extensions import Base
from portal.labels import Labelled, labelled
from portal.text import Text
from portal.vault import Sealable, Sealed, sealed_column


class SupervisorKind(Labelled):
    """The kinds of bodies above units."""

    TOWN = "town", "镇党委"
    DEPARTMENT = "department", "县级部门党组（党委）、人民团体"
    PARK = "park", "园区党工委"
    WORK_COMMITTEE = "work_committee", "县直机关工委"


class UnitKind(Labelled):
    """The kind of employer."""

    OFFICE = "office", "机关"
    INSTITUTION = "institution", "事业"
    ENTERPRISE = "enterprise", "企业"
    OTHER = "other", "其他"


class UnitLevel(Labelled):
    """The level that a unit belongs to."""

    CITY = "city", "市"
    COUNTY = "county", "县"
    TOWN = "town", "镇"
    ENTERPRISE = "enterprise", "企业"


class Sex(Labelled):
    """A member's sex."""

    MALE = "male", "男"
    FEMALE = "female", "女"


class Education(Labelled):
    """A member's highest education."""

    SECONDARY = "secondary", "中专及以下"
    SENIOR = "senior", "高中"
    COLLEGE = "college", "大专"
    BACHELOR = "bachelor", "本科"
    MASTER = "master", "硕士研究生"
    DOCTOR = "doctor", "博士研究生"


class MemberStatus(Labelled):
    """Whether a member still belongs to a unit of the county; merged: the same person as another row, which stays."""

    ACTIVE = "active", "在册"
    LEFT = "left", "已离册"
    MERGED = "merged", "已合并"


class Supervisor(Base):
    """A body above units (镇党委、部门党组、园区党工委、县直机关工委).  [二(三)]"""

    __tablename__ = "supervisors"
    __table_args__ = (
        Index("uq_supervisors_one_lead", "leads_county_town", unique=True, sqlite_where=text("leads_county_town"),
              postgresql_where=text("leads_county_town")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Text(20), unique=True)
    name: Mapped[str] = mapped_column(Text(60), unique=True)
    kind: Mapped[SupervisorKind] = labelled(SupervisorKind)
    leads_county_town: Mapped[bool] = mapped_column(default=False)
    head: Mapped[str | None] = mapped_column(Text(40))
    deputy: Mapped[str | None] = mapped_column(Text(40))
    phone: Mapped[str | None] = mapped_column(Text(20))
    version: Mapped[int] = mapped_column(default=1)

    units: Mapped[list["Unit"]] = relationship(back_populates="supervisor")


class Unit(Base):
    """Where members work (单位党组织); belongs to one supervisor.  [二(三)3]"""

    __tablename__ = "units"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Text(20), unique=True)
    name: Mapped[str] = mapped_column(Text(60), unique=True)
    kind: Mapped[UnitKind] = labelled(UnitKind)
    level: Mapped[UnitLevel] = labelled(UnitLevel)
    supervisor_id: Mapped[int] = mapped_column(ForeignKey("supervisors.id"), index=True)
    head: Mapped[str | None] = mapped_column(Text(40))
    deputy: Mapped[str | None] = mapped_column(Text(40))
    phone: Mapped[str | None] = mapped_column(Text(20))
    version: Mapped[int] = mapped_column(default=1)

    supervisor: Mapped[Supervisor] = relationship(back_populates="units")


class Community(Base):
    """Where members live and serve (社区党组织); belongs to a town.  [二(二)]"""

    __tablename__ = "communities"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Text(20), unique=True)
    name: Mapped[str] = mapped_column(Text(60), unique=True)
    town_id: Mapped[int] = mapped_column(ForeignKey("supervisors.id"), index=True)
    head: Mapped[str | None] = mapped_column(Text(40))
    receptionist: Mapped[str | None] = mapped_column(Text(40))
    phone: Mapped[str | None] = mapped_column(Text(20))
    address: Mapped[str | None] = mapped_column(Text(80))
    version: Mapped[int] = mapped_column(default=1)

    town: Mapped[Supervisor] = relationship()
    estates: Mapped[list["Estate"]] = relationship(back_populates="community", order_by="Estate.name")
    grids: Mapped[list["Grid"]] = relationship(back_populates="community", order_by="Grid.code")


class Estate(Base):
    """A residential estate (小区): its name leads people to their community."""

    __tablename__ = "estates"
    __table_args__ = (UniqueConstraint("community_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"), index=True)
    name: Mapped[str] = mapped_column(Text(40), index=True)

    community: Mapped[Community] = relationship(back_populates="estates")


class Grid(Base):
    """A part of a community (网格), with a grid worker.  [二(二)2]"""

    __tablename__ = "grids"
    __table_args__ = (UniqueConstraint("community_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"), index=True)
    code: Mapped[str] = mapped_column(Text(20))
    name: Mapped[str] = mapped_column(Text(40))
    worker: Mapped[str | None] = mapped_column(Text(40))
    phone: Mapped[str | None] = mapped_column(Text(20))
    version: Mapped[int] = mapped_column(default=1)

    community: Mapped[Community] = relationship(back_populates="grids")


class Member(Sealable, Base):
    """An in-service Party member (在职党员): one unit, one home community.  [一]

    `born` is year and month (1980-05): the day is nowhere needed. `identity_index` finds the same person on
    two rosters (name, birth month, phone). `since` is the day on which the unit's roster first named them.
    `merged_into_id` is the row that stays for the same person: never one that was merged itself.
    """

    __tablename__ = "members"
    __table_args__ = (
        Index("ix_members_unit_status", "unit_id", "status"),
        Index("ix_members_community_status", "community_id", "status"),
        Index("ix_members_name_born", "name", "born"),
        CheckConstraint("lives_in_town OR community_id IS NULL", "home_in_town"),
        CheckConstraint("(status = 'merged') = (merged_into_id IS NOT NULL)", "merged_into_one"),
        CheckConstraint("merged_into_id <> id", "merged_into_another"),
        # Undoing an import deletes members: the trail must never find another person under an old number.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    community_id: Mapped[int | None] = mapped_column(ForeignKey("communities.id"))
    grid_id: Mapped[int | None] = mapped_column(ForeignKey("grids.id"), index=True)
    name: Mapped[str] = mapped_column(Text(40))
    pinyin: Mapped[str] = mapped_column(Text(200), index=True)
    sex: Mapped[Sex] = labelled(Sex)
    ethnicity: Mapped[str] = mapped_column(Text(20), default="汉族")
    born: Mapped[str] = mapped_column(Text(7))
    joined: Mapped[str | None] = mapped_column(Text(7))
    probationary: Mapped[bool] = mapped_column(default=False)
    leading: Mapped[bool] = mapped_column(default=False)
    education: Mapped[Education | None] = labelled(Education, nullable=True)
    branch: Mapped[str | None] = mapped_column(Text(60))
    post: Mapped[str | None] = mapped_column(Text(40))
    title: Mapped[str | None] = mapped_column(Text(40))
    lives_in_town: Mapped[bool] = mapped_column(default=True)
    status: Mapped[MemberStatus] = labelled(MemberStatus, default=MemberStatus.ACTIVE)
    since: Mapped[dt.date]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    phone_sealed: Mapped[bytes | None] = sealed_column()
    phone_index: Mapped[str | None] = mapped_column(Text(32), index=True)
    phone_tail_index: Mapped[str | None] = mapped_column(Text(32), index=True)
    address_sealed: Mapped[bytes | None] = sealed_column()
    identity_index: Mapped[str] = mapped_column(Text(32), index=True)
    version: Mapped[int] = mapped_column(default=1)

    phone = Sealed()
    address = Sealed()
    unit: Mapped[Unit] = relationship()
    community: Mapped[Community | None] = relationship()
    grid: Mapped[Grid | None] = relationship()
    merged_into: Mapped["Member | None"] = relationship(remote_side=[id])
