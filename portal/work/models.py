"""What a unit or the body above it did itself to carry the scheme (本单位工作): plan, meeting, discussion, visit …"""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.extensions import Base
from portal.flow import Case
from portal.labels import Labelled, labelled
from portal.people.models import Community, Supervisor, Unit
from portal.text import Text

MOST_TOOK_PART = 5000


class WorkKind(Labelled):
    """What was done.  [二(三)1] [二(三)3]"""

    PLAN = "plan", "工作方案"
    MEETING = "meeting", "部署动员会"
    DISCUSSION = "discussion", "大讨论"
    VISIT = "visit", "走访社区"
    PUBLICITY = "publicity", "宣传报道"
    PRAISE = "praise", "表彰先进"
    TALK = "talk", "谈话提醒"
    OTHER = "other", "其他工作"


class WorkState(Labelled):
    """The states of an entry."""

    RECORDED = "recorded", "已登记"
    CANCELLED = "cancelled", "已作废"


class OwnWork(Case, Base):
    """One entry of a unit's or a body's own work, with files beside it (see portal.uploads).  [二(三)1] [二(三)3]

    Whose it is: of the unit, or of the supervisor. `community_id` is the community visited, or none.
    """

    __tablename__ = "own_work"
    __table_args__ = (
        CheckConstraint("(unit_id IS NULL) <> (supervisor_id IS NULL)", "of_one_body"),
        CheckConstraint(f"took_part IS NULL OR took_part BETWEEN 1 AND {MOST_TOOK_PART}", "took_part_sane"),
        Index("ix_own_work_unit", "unit_id", "day"),
        Index("ix_own_work_supervisor", "supervisor_id", "day"),
        Index("ix_own_work_kind", "kind", "day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[WorkState] = labelled(WorkState, default=WorkState.RECORDED)
    kind: Mapped[WorkKind] = labelled(WorkKind)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("supervisors.id"))
    community_id: Mapped[int | None] = mapped_column(ForeignKey("communities.id"))
    day: Mapped[dt.date]
    title: Mapped[str] = mapped_column(Text(60))
    words: Mapped[str] = mapped_column(Text(2000, lines=True))
    took_part: Mapped[int | None]
    recorded_on: Mapped[dt.date]
    recorded_by: Mapped[str] = mapped_column(Text(120))

    unit: Mapped[Unit | None] = relationship()
    supervisor: Mapped[Supervisor | None] = relationship()
    community: Mapped[Community | None] = relationship()

    @property
    def body(self) -> str:
        """The name of whose work it is."""
        return self.unit.name if self.unit else self.supervisor.name

    @property
    def year(self) -> int:
        """The year to which it counts."""
        return self.day.year
