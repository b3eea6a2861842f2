"""Evaluations (现实表现评议): what a community feeds back on a member once a year, and at once where it matters."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.extensions import Base
from portal.flow import Case
from portal.labels import Labelled, labelled
from portal.people.models import Community, Member, Supervisor, Unit
from portal.registrations.models import Registration
from portal.text import Text
from portal.vault import Sealable, Sealed, sealed_column


class EvaluationState(Labelled):
    """The states of a yearly evaluation."""

    DRAFT = "draft", "待评议"
    SENT = "sent", "已反馈"
    ACKNOWLEDGED = "acknowledged", "单位已回执"
    WITHDRAWN = "withdrawn", "已作废"


class Lacking(Labelled):
    """What an evaluation may still lack."""

    GRADE = "grade", "等次"
    WORDS = "words", "必写的评语"
    SELF = "self", "自我评价"
    SLIP = "slip", "单位回执"
    ANSWER = "answer", "对说明的答复"


class NoteState(Labelled):
    """The states of a note."""

    SENT = "sent", "已反馈"
    ACKNOWLEDGED = "acknowledged", "单位已回执"
    WITHDRAWN = "withdrawn", "已作废"


class NoteKind(Labelled):
    """What sort of thing a community tells of at once."""

    COMMENDABLE = "commendable", "值得表扬"
    CONCERNING = "concerning", "需要关注"


class Use(Labelled):
    """What a unit makes of an evaluation.  [二(三)3] [三3]"""

    REVIEW = "review", "民主评议"
    HONOURS = "honours", "评先树优"
    PROMOTION = "promotion", "晋级晋职"
    EXCELLENT = "excellent", "推荐优秀党员"
    DELEGATE = "delegate", "推选党代表"
    OFFICE = "office", "提拔调整"
    NONE = "none", "无"


class Handling(Labelled):
    """How a unit handles what it was told of a member.  [二(三)3]"""

    PRAISE = "praise", "表扬"
    COMMENDATION = "commendation", "表彰"
    TALK = "talk", "谈话提醒"
    CRITICISM = "criticism", "批评教育"
    NONE = "none", "无"


class Grade(Base):
    """A grade that the county lets communities give; `in_bulk` ones may be given to many drafts at once.

    `needs_text` ones say why in words. None is ever suggested.
    """

    __tablename__ = "evaluation_grades"

    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(Text(12), unique=True)
    sort: Mapped[int]
    needs_text: Mapped[bool] = mapped_column(default=False)
    in_bulk: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)


# Sent, and not taken back since.
TOLD = (EvaluationState.SENT, EvaluationState.ACKNOWLEDGED)
_LIVE = text("state <> 'withdrawn'")
_ASKED = text("reply_sealed IS NOT NULL AND answer_sealed IS NULL")


class Evaluation(Sealable, Case, Base):
    """What a community says of one member's year there; one a member, year and community.  [二(二)4] [附件5]

    `number` is that of the case; the card's own number is drawn at sending. Until then the numbers are counted anew
    each time they are looked at; `facts` (JSON, sealed) holds them as they were sent. Unit and supervisor are those
    to which it was sent. Never edited once sent: withdrawn and written anew, the new one naming the old in
    `replaces_id`. The member may reply until `reply_by`, and the community answers.
    """

    __tablename__ = "evaluations"
    __table_args__ = (
        UniqueConstraint("year", "serial"),
        CheckConstraint("state NOT IN ('sent', 'acknowledged') OR (grade_id IS NOT NULL AND facts_sealed IS NOT NULL "
                        "AND sent_on IS NOT NULL AND reply_by IS NOT NULL)", "sent_whole"),
        CheckConstraint("state <> 'acknowledged' OR (acknowledged_on IS NOT NULL AND handling IS NOT NULL "
                        "AND told IS NOT NULL)", "acknowledged_with_a_slip"),
        CheckConstraint("answer_sealed IS NULL OR reply_sealed IS NOT NULL", "answers_a_reply"),
        Index("uq_evaluations_member", "member_id", "year", "community_id", unique=True,
              sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("ix_evaluations_community", "community_id", "year", "state"),
        Index("ix_evaluations_unit", "unit_id", "year", "state"),
        Index("ix_evaluations_supervisor", "supervisor_id", "year", "state"),
        Index("ix_evaluations_asked", "community_id", sqlite_where=_ASKED, postgresql_where=_ASKED),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[EvaluationState] = labelled(EvaluationState, default=EvaluationState.DRAFT)
    number: Mapped[str] = mapped_column(Text(16), unique=True)
    year: Mapped[int]
    serial: Mapped[int]
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    registration_id: Mapped[int] = mapped_column(ForeignKey("registrations.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    supervisor_id: Mapped[int] = mapped_column(ForeignKey("supervisors.id"))
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("evaluations.id"), unique=True)
    opened_on: Mapped[dt.date]
    grade_id: Mapped[int | None] = mapped_column(ForeignKey("evaluation_grades.id"))
    performance_sealed: Mapped[bytes | None] = sealed_column()
    advice_sealed: Mapped[bytes | None] = sealed_column()
    self_assessment_sealed: Mapped[bytes | None] = sealed_column()
    facts_sealed: Mapped[bytes | None] = sealed_column()
    sent_on: Mapped[dt.date | None]
    sent_by: Mapped[str | None] = mapped_column(Text(120))
    reply_by: Mapped[dt.date | None]
    handling: Mapped[Handling | None] = labelled(Handling, nullable=True)
    told: Mapped[bool | None]
    acknowledged_on: Mapped[dt.date | None]
    acknowledged_by: Mapped[str | None] = mapped_column(Text(120))
    reply_sealed: Mapped[bytes | None] = sealed_column()
    replied_on: Mapped[dt.date | None]
    answer_sealed: Mapped[bytes | None] = sealed_column()
    answered_on: Mapped[dt.date | None]

    performance = Sealed()
    advice = Sealed()
    self_assessment = Sealed()
    facts = Sealed()
    reply = Sealed()
    answer = Sealed()
    member: Mapped[Member] = relationship()
    registration: Mapped[Registration] = relationship()
    unit: Mapped[Unit] = relationship()
    supervisor: Mapped[Supervisor] = relationship()
    community: Mapped[Community] = relationship()
    grade: Mapped[Grade | None] = relationship()
    replaces: Mapped["Evaluation | None"] = relationship(remote_side=[id], foreign_keys=[replaces_id])
    uses: Mapped[list["EvaluationUse"]] = relationship(cascade="all, delete-orphan", order_by="EvaluationUse.id")

    @property
    def is_told(self) -> bool:
        """Whether it was sent and stands."""
        return self.state in TOLD

    @property
    def lacks_words(self) -> bool:
        """Whether its grade asks for words that nobody has written yet."""
        return self.grade is not None and self.grade.needs_text and self.performance_sealed is None


class EvaluationUse(Base):
    """One thing that the unit made of an evaluation."""

    __tablename__ = "evaluation_uses"
    __table_args__ = (UniqueConstraint("evaluation_id", "use"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluations.id", ondelete="CASCADE"))
    use: Mapped[Use] = labelled(Use)


class Note(Sealable, Case, Base):
    """Something of weight that a community tells at once of one member (重要情况随时反馈).  [二(二)4]

    It reaches unit, supervisor and member at the same time; what the member replies stands beside it.
    """

    __tablename__ = "evaluation_notes"
    __table_args__ = (
        UniqueConstraint("year", "serial"),
        CheckConstraint("words_sealed IS NOT NULL", "says_something"),
        CheckConstraint("state <> 'acknowledged' OR (acknowledged_on IS NOT NULL AND handling IS NOT NULL "
                        "AND told IS NOT NULL)", "acknowledged_with_a_slip"),
        Index("ix_evaluation_notes_member", "member_id", "id"),
        Index("ix_evaluation_notes_community", "community_id", "state"),
        Index("ix_evaluation_notes_unit", "unit_id", "state"),
        Index("ix_evaluation_notes_supervisor", "supervisor_id", "state"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[NoteState] = labelled(NoteState, default=NoteState.SENT)
    number: Mapped[str] = mapped_column(Text(16), unique=True)
    year: Mapped[int]
    serial: Mapped[int]
    kind: Mapped[NoteKind] = labelled(NoteKind)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    registration_id: Mapped[int] = mapped_column(ForeignKey("registrations.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    supervisor_id: Mapped[int] = mapped_column(ForeignKey("supervisors.id"))
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    day: Mapped[dt.date]
    words_sealed: Mapped[bytes | None] = sealed_column()
    sent_on: Mapped[dt.date]
    sent_by: Mapped[str] = mapped_column(Text(120))
    reply_by: Mapped[dt.date]
    reply_sealed: Mapped[bytes | None] = sealed_column()
    replied_on: Mapped[dt.date | None]
    handling: Mapped[Handling | None] = labelled(Handling, nullable=True)
    told: Mapped[bool | None]
    acknowledged_on: Mapped[dt.date | None]
    acknowledged_by: Mapped[str | None] = mapped_column(Text(120))

    words = Sealed()
    reply = Sealed()
    member: Mapped[Member] = relationship()
    registration: Mapped[Registration] = relationship()
    unit: Mapped[Unit] = relationship()
    supervisor: Mapped[Supervisor] = relationship()
    community: Mapped[Community] = relationship()
