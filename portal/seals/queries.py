"""Which papers of the ledger one may see, how the list is narrowed, and what stands beside each of its lines."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, literal, null, or_, select, tuple_, union_all
from sqlalchemy.orm import aliased

from portal import finding
from portal.actors import Actor, Role
from portal.extensions import db
from portal.numbers import IssuedPaper, PaperState
from portal.papers.catalogue import PAPERS
from portal.people.models import Community, Member, Unit
from portal.people.queries import named
from portal.scheme import queries as scheme
from portal.seals.models import SealEntry, SealState
from portal.seals.offices import KEPT, moved_by, of_cases, stamped_by

reached: ColumnElement[SealState] = func.coalesce(SealEntry.state, literal(SealState.GENERATED, SealEntry.state.type))
ORDER = (IssuedPaper.kind, IssuedPaper.serial, IssuedPaper.version)


@dataclass(frozen=True)
class Filters:
    """What the ledger is narrowed to; the address holds it."""

    year: int
    kind: str | None = None
    state: SealState | None = None
    unit_id: int | None = None
    community_id: int | None = None
    first: int | None = None
    last: int | None = None
    box: str = ""
    words: str = ""
    void: bool = False


@dataclass(frozen=True)
class Whose:
    """Of whom a paper is: member, unit and community, as far as it has them."""

    member: str | None = None
    unit: str | None = None
    community: str | None = None


def visible_to(by: Actor, year: int) -> Select:
    """The papers of a year that this person may see in the ledger: those whose paper one may print; all (county).

    The cards of a year are seen once it is closed, not while their numbers are drawn.
    """
    rows = select(IssuedPaper).outerjoin(SealEntry, SealEntry.id == IssuedPaper.id)
    return rows.where(IssuedPaper.year == year, IssuedPaper.kind.in_(_kinds(year)), _seen_by(by, year))


def _kinds(year: int) -> list[str]:
    closed = scheme.is_closed(year)
    return [kind for kind in KEPT if closed or not PAPERS[kind].of_year]


def _seen_by(by: Actor, year: int) -> ColumnElement[bool]:
    if by.is_in(Role.COUNTY):
        return moved_by(by)
    found = []
    for kind, keeping in KEPT.items():
        ids = PAPERS[kind].rows(by, year).with_only_columns(keeping.model.id, maintain_column_froms=True)
        found.append(and_(IssuedPaper.kind == kind, IssuedPaper.subject_id.in_(ids.order_by(None))))
    return or_(false(), *found)


def filtered(by: Actor, filters: Filters) -> Select:
    """The papers of a list, narrowed."""
    rows = visible_to(by, filters.year)
    wanted: list[tuple[Any, ColumnElement[bool]]] = [
        (filters.kind, IssuedPaper.kind == filters.kind), (filters.state, reached == filters.state),
        (filters.first, IssuedPaper.serial >= (filters.first or 0)),
        (filters.last, IssuedPaper.serial <= (filters.last or 0)),
        (filters.box, SealEntry.box == filters.box), (not filters.void, IssuedPaper.state == PaperState.VALID),
    ]  # fmt: skip
    rows = rows.where(*(condition for value, condition in wanted if value))
    places = {"unit_id": filters.unit_id, "community_id": filters.community_id}
    if chosen := {name: value for name, value in places.items() if value}:
        rows = rows.where(of_cases(**chosen))
    return rows.where(_found_by(filters.words, filters.year)) if filters.words else rows


def _found_by(words: str, year: int) -> ColumnElement[bool]:
    """The condition that a paper is on somebody of this name, or bears this number as the one box reads it: whole, as
    printed, or of this year without it (2026-0012, 凤进社信〔2026〕0012号, 12).
    """
    members = select(Member.id).where(named(Member, words))
    found: list[ColumnElement[bool]] = []
    for kind, keeping in KEPT.items():
        if hasattr(keeping.model, "member_id"):
            cases = select(keeping.model.id).where(keeping.model.member_id.in_(members))
            found.append(and_(IssuedPaper.kind == kind, IssuedPaper.subject_id.in_(cases)))
    sought = finding.read(words, year)
    numbers = [tuple(map(int, number.split("-"))) for number in sought.numbers]
    borne = tuple_(IssuedPaper.year, IssuedPaper.serial).in_(numbers)
    return or_(*found, and_(borne, IssuedPaper.kind == sought.paper) if sought.paper else borne)


def counts_by_state(by: Actor, filters: Filters) -> dict[SealState, int]:
    """How many valid papers of each state this list has."""
    rows = filtered(by, filters).where(IssuedPaper.state == PaperState.VALID)
    counted = rows.with_only_columns(reached, func.count(), maintain_column_froms=True).group_by(reached)
    return dict(iter(db.session.execute(counted)))


def count(rows: Select) -> int:
    """How many rows a list has."""
    ids = rows.with_only_columns(IssuedPaper.id, maintain_column_froms=True).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(ids)) or 0


def paper_seen_by(by: Actor, paper_id: int) -> IssuedPaper | None:
    """The paper of this id if this person may see it in the ledger."""
    paper = db.session.get(IssuedPaper, paper_id)
    if paper is None or paper.kind not in _kinds(paper.year):
        return None
    return db.session.scalar(visible_to(by, paper.year).where(IssuedPaper.id == paper_id))


def entries_of(papers: Iterable[IssuedPaper]) -> dict[int, SealEntry]:
    """The lines of these papers by their id; of one that took no step yet, a line that is written nowhere."""
    papers = list(papers)
    rows = select(SealEntry).where(SealEntry.id.in_([paper.id for paper in papers]))
    found = {entry.id: entry for entry in db.session.scalars(rows)}
    fresh = {paper.id: SealEntry(id=paper.id, state=SealState.GENERATED, version=1, paper=paper)
             for paper in papers if paper.id not in found}  # fmt: skip
    return found | fresh


def is_moved_by(paper: IssuedPaper, by: Actor) -> bool:
    """Whether this person moves a paper on."""
    return bool(moved_among([paper.id], by, (paper.kind,)))


def moved_among(paper_ids: Sequence[int], by: Actor, kinds: Sequence[str] = tuple(KEPT)) -> set[int]:
    """Those of these papers that this person moves on."""
    rows = select(IssuedPaper.id).where(IssuedPaper.id.in_(paper_ids), moved_by(by, kinds))
    return set(db.session.scalars(rows))


def may_read_scans(paper: IssuedPaper, by: Actor) -> bool:
    """Whether somebody who sees a paper may read what was scanned of it: where it shows a telephone, an address or a
    household, the office alone whose seal it bears.
    """
    if not PAPERS[paper.kind].private:
        return True
    own = select(IssuedPaper.id).where(IssuedPaper.id == paper.id, stamped_by(by, (paper.kind,)))
    return db.session.scalar(own) is not None


def whose(papers: Iterable[IssuedPaper]) -> dict[int, Whose]:
    """By the paper's id, of whom each of these papers is; one query for all. Of a household nobody is named."""
    cases: dict[Any, set[int]] = defaultdict(set)
    papers = list(papers)
    for paper in papers:
        cases[KEPT[paper.kind].model].add(paper.subject_id)
    if not cases:
        return {}
    parts = [_names(model, ids) for model, ids in cases.items()]
    found = {(table, key): Whose(*names) for table, key, *names in db.session.execute(union_all(*parts))}
    return {paper.id: found.get((KEPT[paper.kind].model.__tablename__, paper.subject_id), Whose()) for paper in papers}


def _names(model: Any, ids: set[int]) -> Select:
    """Table, id, member, unit and community of these cases."""
    rows = select(literal(model.__tablename__), model.id).where(model.id.in_(ids))
    for column, place in (("member_id", aliased(Member)), ("unit_id", aliased(Unit)),
                          ("community_id", aliased(Community))):  # fmt: skip
        if hasattr(model, column):
            rows = rows.add_columns(place.name).outerjoin(place, place.id == getattr(model, column))
        else:
            rows = rows.add_columns(null())
    return rows
