"""Which stored papers belong together: those of a year, of a unit or a community, of the kinds one may have."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select

from portal.actors import Actor, Role
from portal.archives import entering
from portal.archives.models import ArchivedPaper, CopyState
from portal.extensions import db
from portal.numbers import IssuedPaper
from portal.papers import queries
from portal.papers.catalogue import PAPERS

OF_BODIES = ("service-table", "registration-table", "summary", "result-notice")  # of no unit and no community
OF_COMMUNITY = ("household-card",)  # the whole card: a unit has its own copy, which is no other paper
# The chain of a member's papers first (证明信 → 回执 → 承诺卡 → 写实卡 → 反馈卡), those of bodies last.
CHAIN = (
    "certificate", "info-card", "receipt", "pledge-card", "record-card", "evaluation-card", "evaluation-note",
    "bulletin", "household-card", "service-proof", "service-table", "registration-table", "summary", "result-notice",
)  # fmt: skip
PART = 200


@dataclass(frozen=True)
class Scope:
    """The papers of a year, all or those of a unit or a community, of some kinds."""

    year: int
    kinds: tuple[str, ...]
    unit_id: int | None = None
    community_id: int | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it is neither a unit's nor a community's."""
        return self.unit_id is None and self.community_id is None

    def condition(self) -> ColumnElement[bool]:
        """Which copies belong to it."""
        found = (ArchivedPaper.year == self.year) & ArchivedPaper.kind.in_(self.kinds)
        if self.unit_id:
            found &= ArchivedPaper.unit_id == self.unit_id
        return found & (ArchivedPaper.community_id == self.community_id) if self.community_id else found

    def copies(self) -> Select:
        """Its copies, in the order of the ledger."""
        return select(ArchivedPaper).where(self.condition())

    def count(self, *states: CopyState) -> int:
        """How many copies in one of these states it has."""
        mine = (self.condition(), ArchivedPaper.state.in_(states))
        return db.session.scalar(select(func.count()).select_from(ArchivedPaper).where(*mine)) or 0


def final_kinds() -> tuple[str, ...]:
    """The kinds of papers that become final, in the order in which a package has them."""
    return tuple(sorted((kind for kind, paper in PAPERS.items() if paper.ledger == kind), key=CHAIN.index))


def kinds_for(by: Actor, scoped: bool) -> tuple[str, ...]:
    """The kinds of which this person may have the stored papers, which are whole: nothing on them is masked.

    The community has all of its own, a unit all but the households' cards; towns and departments, to whom telephones
    and addresses are masked, those on which none stands; the county all. `scoped`: not the county's own.
    """
    kinds = [kind for kind in final_kinds() if not (scoped and kind in OF_BODIES)]
    match by.role:
        case Role.CLERK | Role.COUNTY | Role.SYSTEM:
            return tuple(kinds)
        case Role.LIAISON:
            return tuple(kind for kind in kinds if kind not in OF_COMMUNITY)
        case Role.TOWN | Role.DEPARTMENT:
            return tuple(kind for kind in kinds if not PAPERS[kind].private)
        case _:
            return ()


def enter_missing(scope: Scope):
    """Mark what was issued before there was an archive, part by part; yields how many were marked."""
    for kind in scope.kinds:
        if not scope.is_whole and (kind in OF_BODIES or (scope.unit_id and kind in OF_COMMUNITY)):
            continue
        rows = entering.missing(scope.year, kind)
        if scope.is_whole:
            while found := _enter(rows):
                yield found
            continue
        by = entering.operator(PAPERS[kind])
        cases = queries.in_bulk(PAPERS[kind], by, scope.year, scope.unit_id, scope.community_id)
        ids = queries.ids_of(cases)
        for start in range(0, len(ids), PART):
            if found := _enter(rows.where(IssuedPaper.subject_id.in_(ids[start : start + PART]))):
                yield found


def _enter(rows: Select) -> int:
    found = db.session.scalars(rows.limit(PART)).all()
    entering.enter(found)
    db.session.flush()
    return len(found)
