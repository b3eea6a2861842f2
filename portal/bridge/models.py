"""Templates of exports for other platforms (对接导出): which list, which columns, under which headings."""

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.extensions import Base
from portal.labels import Labelled, labelled
from portal.text import Text

MOST_COLUMNS = 40


class BridgeKind(Labelled):
    """Of what a template makes a list."""

    MEMBERS = "members", "党员和服务时长"
    SERVICES = "services", "服务记录"
    ACTIVITIES = "activities", "志愿服务活动"


class BridgeTemplate(Base):
    """One template; the county keeps it."""

    __tablename__ = "bridge_templates"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text(30), unique=True)
    kind: Mapped[BridgeKind] = labelled(BridgeKind)
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)

    columns: Mapped[list["BridgeColumn"]] = relationship(cascade="all, delete-orphan", order_by="BridgeColumn.place")


class BridgeColumn(Base):
    """One column: a field of the catalogue (catalogue.py) under the heading that the other platform asks for."""

    __tablename__ = "bridge_columns"
    __table_args__ = (
        UniqueConstraint("template_id", "field"),
        CheckConstraint(f"place BETWEEN 1 AND {MOST_COLUMNS}", "place_sane"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    template_id: Mapped[int] = mapped_column(ForeignKey("bridge_templates.id", ondelete="CASCADE"))
    place: Mapped[int]
    field: Mapped[str] = mapped_column(Text(30))
    heading: Mapped[str] = mapped_column(Text(40))
