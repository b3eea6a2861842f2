"""The archive of final papers: each kept once as it stood when it became final, and packages of them."""

import datetime as dt
import json
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from portal.clock import Moment
from portal.extensions import Base
from portal.labels import Labelled, labelled
from portal.numbers import IssuedPaper
from portal.papers.models import JobState
from portal.people.models import Community, Unit
from portal.text import Text
from portal.vault import Sealable, Sealed, sealed_column


class CopyState(Labelled):
    """What has become of the copy of a final paper."""

    WAITING = "waiting", "待归档"
    STORED = "stored", "已归档"
    FAILED = "failed", "未能归档"
    ERASED = "erased", "已依法删除"


class Damage(Labelled):
    """What a check of a stored copy found wrong."""

    MISSING = "missing", "文件丢失"
    ALTERED = "altered", "内容不符"


class ErasureReason(Labelled):
    """Why a stored paper was erased; told to whoever verifies it."""

    REQUEST = "request", "本人依法申请删除"
    RETENTION = "retention", "保存期限届满"
    ORDER = "order", "有权机关依法要求删除"


class ArchivedPaper(Sealable, Base):
    """The copy of one final paper: its words sealed here from the moment it became final, its PDF sealed on disk.

    `cells` are those words (JSON by cell), none of a paper of a year until the year is closed. `file` is the random
    name of the PDF, `sha256` and `size` those of the PDF in clear, which never change; they outlast an erasure.
    `damage` is what the last look at it (`checked_at`) found. `unit_id` and `community_id` are those of its case on
    that day.
    """

    __tablename__ = "archived_papers"
    __table_args__ = (
        CheckConstraint("state <> 'stored' OR (file IS NOT NULL AND sha256 IS NOT NULL)", "stored_is_known"),
        CheckConstraint("state <> 'erased' OR (file IS NULL AND cells_sealed IS NULL)", "erased_is_gone"),
        Index("ix_archived_papers_waiting", "state", "retry_at", "id"),
        Index("ix_archived_papers_checked", "state", "checked_at", "id"),
        Index("ix_archived_papers_year", "year", "kind", "id"),
        Index("ix_archived_papers_unit", "unit_id", "year"),
        Index("ix_archived_papers_community", "community_id", "year"),
        Index("ix_archived_papers_damage", "damage"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("issued_papers.id"), unique=True)
    kind: Mapped[str] = mapped_column(Text(32))
    year: Mapped[int]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    community_id: Mapped[int | None] = mapped_column(ForeignKey("communities.id"))
    state: Mapped[CopyState] = labelled(CopyState, default=CopyState.WAITING)
    cells_sealed: Mapped[bytes | None] = deferred(sealed_column())
    file: Mapped[str | None] = mapped_column(Text(32), unique=True)
    sha256: Mapped[str | None] = mapped_column(Text(64))
    size: Mapped[int] = mapped_column(default=0)
    pages: Mapped[int] = mapped_column(default=0)
    token: Mapped[str] = mapped_column(Text(400), default="")
    lacking: Mapped[str] = mapped_column(Text(120), default="")
    tries: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[dt.datetime] = mapped_column(Moment)
    stored_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    checked_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    damage: Mapped[Damage | None] = labelled(Damage)
    erased_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    erased_by: Mapped[str] = mapped_column(Text(120), default="")
    erased_for: Mapped[ErasureReason | None] = labelled(ErasureReason)

    cells = Sealed()
    paper: Mapped[IssuedPaper] = relationship(lazy="joined", innerjoin=True)
    unit: Mapped[Unit | None] = relationship()
    community: Mapped[Community | None] = relationship()

    @property
    def words(self) -> dict:
        """What stands in each cell; empty where nothing is kept."""
        return json.loads(self.cells) if self.cells else {}

    @property
    def number(self) -> str:
        """The paper's number as an address holds it."""
        return self.paper.number


def _new_folder() -> str:
    return uuid.uuid4().hex


class ArchivePackage(Base):
    """A package of a year's papers that somebody asked for, made by the worker; `file` is none before and after.

    `folder` is random, as that of a print job. `kinds` are those of which it holds papers, as far as the asker may have
    them, parted by commas.
    """

    __tablename__ = "archive_packages"
    __table_args__ = (
        CheckConstraint("done BETWEEN 0 AND total", "done_of_total"),
        Index("ix_archive_packages_asked_by", "asked_by_appointment_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    community_id: Mapped[int | None] = mapped_column(ForeignKey("communities.id"))
    kinds: Mapped[str] = mapped_column(Text(400))
    title: Mapped[str] = mapped_column(Text(120))
    state: Mapped[JobState] = labelled(JobState, default=JobState.WAITING, index=True)
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    folder: Mapped[str] = mapped_column(Text(32), default=_new_folder)
    file: Mapped[str | None] = mapped_column(Text(160))
    asked_at: Mapped[dt.datetime] = mapped_column(Moment)
    asked_by_user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    asked_by_appointment_id: Mapped[int] = mapped_column(ForeignKey("appointments.id"))
    begun_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    ended_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    lease_until: Mapped[dt.datetime | None] = mapped_column(Moment)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)
