"""Numbers without gaps, and the ledger of official papers that carry them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from flask import current_app
from sqlalchemy import CheckConstraint, Index, Select, UniqueConstraint, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from portal import changes, clock, undo, vault
from portal.clock import Moment
from portal.extensions import Base, db
from portal.labels import Labelled, labelled
from portal.text import Text

CHECK_CODE_LETTERS = 12
SIGNS = {
    "certificate": "信", "info-card": "卡", "receipt": "回", "pledge-card": "诺", "wish": "愿", "record-card": "实",
    "service-proof": "证", "household-card": "档", "evaluation-card": "评", "evaluation-note": "馈",
    "service-table": "汇", "registration-table": "报", "result-notice": "督", "bulletin": "季", "summary": "总",
}  # fmt: skip
OF_NO_PERSON = frozenset({"service-table", "registration-table", "result-notice", "bulletin", "summary"})


class Counter(Base):
    """The last number drawn of one kind in one year; drawn inside the transaction that uses it, so no gaps."""

    __tablename__ = "counters"
    __table_args__ = (UniqueConstraint("kind", "year"), CheckConstraint("last > 0", "last_positive"))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text(32))
    year: Mapped[int]
    last: Mapped[int]


class PaperState(Labelled):
    """What a check of an official paper answers."""

    VALID = "valid", "有效"
    CANCELLED = "cancelled", "已作废"
    REPLACED = "replaced", "已被新版替代"


class IssuedPaper(Base):
    """One official paper that became final: its number, check code and whether it still stands."""

    __tablename__ = "issued_papers"
    __table_args__ = (
        UniqueConstraint("kind", "year", "serial", "version"),
        Index("ix_issued_papers_subject", "kind", "subject_id"),
        Index("ix_issued_papers_year", "year", "kind", "serial", "version"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text(32))
    year: Mapped[int]
    serial: Mapped[int]
    version: Mapped[int] = mapped_column(default=1, info=changes.A_FACT)
    check_code: Mapped[str] = mapped_column(Text(12), unique=True)
    state: Mapped[PaperState] = labelled(PaperState, default=PaperState.VALID)
    subject_id: Mapped[int]
    family_name: Mapped[str] = mapped_column(Text(8))
    office: Mapped[str] = mapped_column(Text(80))
    issued_at: Mapped[dt.datetime] = mapped_column(Moment)

    @property
    def number(self) -> str:
        """The number as an address holds it, e.g. 2026-0012."""
        return address_number(self.year, self.serial)


def draw(kind: str, year: int, count: int = 1) -> int:
    """The next number of a kind in a year, from 1, without gaps: a transaction rolled back gives it back.

    Of several drawn at once, the last one.
    """
    insert = sqlite.insert if db.session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(Counter).values(kind=kind, year=year, last=count)
    statement = statement.on_conflict_do_update(index_elements=["kind", "year"], set_={"last": Counter.last + count})
    return db.session.execute(statement.returning(Counter.last)).scalar_one()


def address_number(year: int, serial: int) -> str:
    """A number as an address holds it: 2026-0012."""
    return f"{year}-{serial:04d}"


def official_number(kind: str, number: str) -> str:
    """A number as a paper prints it: 凤进社信〔2026〕0012号; the prefix is a setting."""
    year, serial = number.split("-")
    return f"{current_app.config['NUMBER_PREFIX']}{SIGNS[kind]}〔{year}〕{serial}号"


def numbered(kind: str, *numbers: str) -> Select:
    """The ids of the cases for which papers of this kind with these numbers (2026-0012) were issued."""
    serials = [tuple(map(int, number.split("-"))) for number in numbers]
    these = tuple_(IssuedPaper.year, IssuedPaper.serial).in_(serials)
    return select(IssuedPaper.subject_id).where(IssuedPaper.kind == kind, these)


def issue(kind: str, year: int, serial: int, version: int, subject_id: int, whom: str, office: str) -> IssuedPaper:
    """Enter a paper that became final into the ledger, with a check code of its own."""
    paper = IssuedPaper(
        kind=kind,
        year=year,
        serial=serial,
        version=version,
        check_code=vault.random_code(CHECK_CODE_LETTERS),
        subject_id=subject_id,
        family_name=whom,
        office=office,
        issued_at=clock.now(),
    )
    db.session.add(paper)
    return paper


def set_aside(kind: str, subject_id: int, state: PaperState) -> None:
    """Mark the valid papers of a kind of this subject as cancelled or replaced."""
    for paper in db.session.scalars(
        select(IssuedPaper).where(
            IssuedPaper.kind == kind,
            IssuedPaper.subject_id == subject_id,
            IssuedPaper.state == PaperState.VALID,
        )
    ):
        paper.state = state


def latest(kind: str, subject_id: int) -> IssuedPaper | None:
    """The newest paper of a kind for this subject, or None when none became final."""
    return db.session.scalar(
        select(IssuedPaper)
        .where(IssuedPaper.kind == kind, IssuedPaper.subject_id == subject_id)
        .order_by(IssuedPaper.version.desc(), IssuedPaper.id.desc())
        .limit(1)
    )


def versions_of_year(kind: str, year: int, subject_ids: Iterable[int]) -> dict[int, list[IssuedPaper]]:
    """By subject, the papers of a kind and year of each of these subjects, the newest last; one query for all."""
    rows = select(IssuedPaper).where(
        IssuedPaper.kind == kind, IssuedPaper.year == year, IssuedPaper.subject_id.in_(list(subject_ids))
    )
    found: dict[int, list[IssuedPaper]] = defaultdict(list)
    for paper in db.session.scalars(rows.order_by(IssuedPaper.version, IssuedPaper.id)):
        found[paper.subject_id].append(paper)
    return found


def _cancel(paper: IssuedPaper, *_undone) -> None:
    """A paper whose act was undone is void; its number stays used."""
    paper.state = PaperState.CANCELLED


undo.instead_of_deleting(IssuedPaper, _cancel)
