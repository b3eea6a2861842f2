"""Inspections (督查): the checklist, who inspects whom, what was found, how it was mended, and the result notice."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Appointment
from portal.extensions import Base
from portal.flow import Case
from portal.inspections.kinds import (
    AskedOf,
    AssessmentGrade,
    CheckResult,
    Drawn,
    FindingState,
    InspectionKind,
    InspectionState,
    Merit,
    NoticeState,
    TargetKind,
)
from portal.labels import labelled
from portal.people.models import Community, Supervisor, Unit
from portal.text import Text

# What the inspected bodies have before them.
SENT = (InspectionState.ISSUED, InspectionState.ANSWERED, InspectionState.CLOSED)
# A finding that somebody still has to do something about, and one that its target has to mend.
UNSETTLED = (FindingState.OPEN, FindingState.ANSWERED, FindingState.RETURNED)
TO_MEND = (FindingState.OPEN, FindingState.RETURNED)
_IS_UNSETTLED = text("state IN ('open', 'answered', 'returned')")


class Checklist(Base):
    """A template of what an inspection looks at, which the county edits; an inspection takes a copy.  [三3]"""

    __tablename__ = "checklists"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(Text(60), unique=True)
    kind: Mapped[InspectionKind] = labelled(InspectionKind)
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)

    items: Mapped[list["ChecklistItem"]] = relationship(
        back_populates="checklist", order_by="ChecklistItem.place, ChecklistItem.id", cascade="all, delete-orphan"
    )


class ChecklistItem(Base):
    """One line of a template: the text, whom it is asked of, what the portal shows for it, and the clause."""

    __tablename__ = "checklist_items"

    id: Mapped[int] = mapped_column(primary_key=True)
    checklist_id: Mapped[int] = mapped_column(ForeignKey("checklists.id"), index=True)
    place: Mapped[int]
    asked_of: Mapped[AskedOf] = labelled(AskedOf, default=AskedOf.ALL)
    words: Mapped[str] = mapped_column(Text(120))
    drawn: Mapped[Drawn | None] = labelled(Drawn, nullable=True)
    clause: Mapped[str | None] = mapped_column(Text(12))
    version: Mapped[int] = mapped_column(default=1)

    checklist: Mapped[Checklist] = relationship(back_populates="items")


class Inspection(Case, Base):
    """One inspection by the county. `fix_by` is the day by which findings are to be mended, if they say no other.

    `planned_by_user_id` is who planned it; `issued_on` the day on which the targets got their findings.  [三3]
    """

    __tablename__ = "inspections"
    __table_args__ = (
        UniqueConstraint("year", "serial"),
        CheckConstraint("ends_on >= starts_on", "ends_after_it_begins"),
        CheckConstraint("state NOT IN ('issued', 'answered', 'closed') OR issued_on IS NOT NULL", "issued_on_a_day"),
        CheckConstraint("(state = 'closed') = (closed_on IS NOT NULL)", "closed_on_a_day"),
        Index("ix_inspections_state", "state", "ends_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[InspectionState] = labelled(InspectionState, default=InspectionState.PLANNED)
    number: Mapped[str] = mapped_column(Text(16), unique=True)
    year: Mapped[int]
    serial: Mapped[int]
    kind: Mapped[InspectionKind] = labelled(InspectionKind)
    title: Mapped[str] = mapped_column(Text(60))
    about: Mapped[str] = mapped_column(Text(500, lines=True))
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    fix_by: Mapped[dt.date | None]
    planned_by_user_id: Mapped[int | None]
    issued_on: Mapped[dt.date | None]
    closed_on: Mapped[dt.date | None]

    items: Mapped[list["InspectionItem"]] = relationship(
        back_populates="inspection", order_by="InspectionItem.place, InspectionItem.id", cascade="all, delete-orphan"
    )
    inspectors: Mapped[list["Inspector"]] = relationship(back_populates="inspection", order_by="Inspector.id")
    targets: Mapped[list["Target"]] = relationship(back_populates="inspection", order_by="Target.id")
    notice: Mapped["ResultNotice | None"] = relationship(back_populates="inspection")

    @property
    def is_sent(self) -> bool:
        """Whether the inspected bodies have it before them."""
        return self.state in SENT

    @property
    def is_assessment(self) -> bool:
        """Whether it is the year's assessment of towns and departments."""
        return self.kind is InspectionKind.YEARLY_ASSESSMENT

    def counts_until(self, today: dt.date) -> dt.date:
        """The day of which the portal's figures are: today; of an assessment never later than the year it begins in."""
        return min(today, dt.date(self.starts_on.year, 12, 31)) if self.is_assessment else today


class InspectionItem(Base):
    """One line of an inspection's own checklist, as it was when the inspection was planned."""

    __tablename__ = "inspection_items"

    id: Mapped[int] = mapped_column(primary_key=True)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspections.id"), index=True)
    place: Mapped[int]
    asked_of: Mapped[AskedOf] = labelled(AskedOf)
    words: Mapped[str] = mapped_column(Text(120))
    drawn: Mapped[Drawn | None] = labelled(Drawn, nullable=True)
    clause: Mapped[str | None] = mapped_column(Text(12))

    inspection: Mapped[Inspection] = relationship(back_populates="items")


class Inspector(Base):
    """An appointment as inspector bound to one inspection; it ends with it.  [三3]"""

    __tablename__ = "inspectors"

    id: Mapped[int] = mapped_column(primary_key=True)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspections.id"), index=True)
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointments.id"), unique=True)

    inspection: Mapped[Inspection] = relationship(back_populates="inspectors")
    appointment: Mapped[Appointment] = relationship()


class Target(Base):
    """One body that is inspected: exactly one of unit, community and supervisor.

    `words` sum up what was seen there; `merit` and `merit_words` are what the result notice says of the branch;
    `grade` and `grade_words` the result of a yearly assessment.  [三3]
    """

    __tablename__ = "inspection_targets"
    __table_args__ = (
        UniqueConstraint("inspection_id", "unit_id"),
        UniqueConstraint("inspection_id", "community_id"),
        UniqueConstraint("inspection_id", "supervisor_id"),
        CheckConstraint("(kind = 'unit') = (unit_id IS NOT NULL)", "unit_named"),
        CheckConstraint("(kind = 'community') = (community_id IS NOT NULL)", "community_named"),
        CheckConstraint("(kind IN ('town', 'department')) = (supervisor_id IS NOT NULL)", "body_named"),
        CheckConstraint("(merit IS NULL) = (merit_words IS NULL)", "merit_in_words"),
        CheckConstraint("grade IS NULL OR grade_words IS NOT NULL", "grade_in_words"),
        Index("ix_inspection_targets_unit", "unit_id"),
        Index("ix_inspection_targets_community", "community_id"),
        Index("ix_inspection_targets_supervisor", "supervisor_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspections.id"))
    kind: Mapped[TargetKind] = labelled(TargetKind)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    community_id: Mapped[int | None] = mapped_column(ForeignKey("communities.id"))
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("supervisors.id"))
    visited_on: Mapped[dt.date | None]
    words: Mapped[str | None] = mapped_column(Text(500, lines=True))
    merit: Mapped[Merit | None] = labelled(Merit, nullable=True)
    merit_words: Mapped[str | None] = mapped_column(Text(200))
    grade: Mapped[AssessmentGrade | None] = labelled(AssessmentGrade, nullable=True)
    grade_words: Mapped[str | None] = mapped_column(Text(300, lines=True))
    graded_by_user_id: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)

    inspection: Mapped[Inspection] = relationship(back_populates="targets")
    unit: Mapped[Unit | None] = relationship()
    community: Mapped[Community | None] = relationship()
    supervisor: Mapped[Supervisor | None] = relationship()
    checks: Mapped[list["Check"]] = relationship(back_populates="target", order_by="Check.id")
    findings: Mapped[list["Finding"]] = relationship(back_populates="target", order_by="Finding.id")

    @property
    def body(self) -> Unit | Community | Supervisor:
        """The body itself."""
        return self.unit or self.community or self.supervisor  # type: ignore[return-value]

    @property
    def name(self) -> str:
        """The name of the body."""
        return self.body.name


class Check(Base):
    """How one item was found at one target, with the evidence as it was then.

    A yearly assessment is prefilled: there `result` stays empty until somebody ticks.
    """

    __tablename__ = "inspection_checks"
    __table_args__ = (
        UniqueConstraint("target_id", "item_id"),
        CheckConstraint("(evidence IS NULL) = (evidence_on IS NULL)", "evidence_of_a_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("inspection_targets.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("inspection_items.id"), index=True)
    result: Mapped[CheckResult | None] = labelled(CheckResult, nullable=True)
    comment: Mapped[str | None] = mapped_column(Text(200))
    evidence: Mapped[str | None] = mapped_column(Text(200))
    evidence_on: Mapped[dt.date | None]
    by_user_id: Mapped[int | None]
    by_name: Mapped[str | None] = mapped_column(Text(120))
    version: Mapped[int] = mapped_column(default=1)

    target: Mapped[Target] = relationship(back_populates="checks")
    item: Mapped[InspectionItem] = relationship()


class Finding(Case, Base):
    """One thing found at a target, to be mended by a day, with the evidence as it stood when it was found.

    `found_by_user_id` and `answered_by_user_id` are who wrote the finding and the last answer: neither judges their
    own.  [三3]
    """

    __tablename__ = "findings"
    __table_args__ = (
        CheckConstraint("(evidence IS NULL) = (evidence_on IS NULL)", "evidence_of_a_day"),
        CheckConstraint("state NOT IN ('answered', 'accepted') OR (answer IS NOT NULL AND answered_on IS NOT NULL)",
                        "answered_in_writing"),
        Index("ix_findings_target", "target_id", "state"),
        Index("ix_findings_unsettled", "fix_by", sqlite_where=_IS_UNSETTLED, postgresql_where=_IS_UNSETTLED),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[FindingState] = labelled(FindingState, default=FindingState.OPEN)
    target_id: Mapped[int] = mapped_column(ForeignKey("inspection_targets.id"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("inspection_items.id"), index=True)
    words: Mapped[str] = mapped_column(Text(300, lines=True))
    demand: Mapped[str | None] = mapped_column(Text(300, lines=True))
    evidence: Mapped[str | None] = mapped_column(Text(200))
    evidence_on: Mapped[dt.date | None]
    fix_by: Mapped[dt.date]
    found_on: Mapped[dt.date]
    found_by: Mapped[str] = mapped_column(Text(120))
    found_by_user_id: Mapped[int | None]
    answer: Mapped[str | None] = mapped_column(Text(800, lines=True))
    answered_on: Mapped[dt.date | None]
    answered_by: Mapped[str | None] = mapped_column(Text(120))
    answered_by_user_id: Mapped[int | None]

    target: Mapped[Target] = relationship(back_populates="findings")
    item: Mapped[InspectionItem | None] = relationship()

    @property
    def inspection(self) -> Inspection:
        """The inspection in which it was found."""
        return self.target.inspection


class ResultNotice(Case, Base):
    """The result notice (督查结果通报) of an inspection; it bears the inspection's number until it is published.

    The county writes the opening and closing words; praise, criticism and figures are set in from the inspection.
    `set_in` (JSON) are these as they stood when it was published; `written_by_user_id` is who wrote last, and does
    not publish it.  [三3]
    """

    __tablename__ = "result_notices"
    __table_args__ = (
        CheckConstraint("(state = 'published') = (published_on IS NOT NULL)", "published_on_a_day"),
        CheckConstraint("(state = 'published') = (set_in IS NOT NULL)", "published_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[NoticeState] = labelled(NoticeState, default=NoticeState.DRAFT)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspections.id"), unique=True)
    number: Mapped[str] = mapped_column(Text(16), unique=True)
    title: Mapped[str] = mapped_column(Text(80))
    opening: Mapped[str] = mapped_column(Text(1500, lines=True))
    closing: Mapped[str] = mapped_column(Text(1500, lines=True))
    set_in: Mapped[str | None] = mapped_column(Text(200_000))
    written_by_user_id: Mapped[int | None]
    published_on: Mapped[dt.date | None]

    inspection: Mapped[Inspection] = relationship(back_populates="notice")
