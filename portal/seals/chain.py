"""What is missing in members' number chains (缺件): 证明信 → 回执 → 承诺卡 → 写实卡 → 反馈卡, set-wise.

The certificate and the receipt are those of the registration by which a member serves in the year, of whatever year
they bear the number; the others are of the year itself. A receipt is asked for once there is a certificate, a pledge
card once the community has received the member, a record card once the year is closed, an evaluation card of who was
registered for six months, once the year's evaluations have begun. What was erased by law is asked for no more.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, literal_column, or_, select, tuple_, union
from sqlalchemy.orm import aliased

from portal import clock
from portal.actors import Actor, Role
from portal.archives.models import ArchivedPaper, CopyState
from portal.evaluations import opening
from portal.evaluations.half_year import LEAST_DAYS
from portal.evaluations.models import TOLD, Evaluation
from portal.extensions import db
from portal.numbers import IssuedPaper, PaperState
from portal.people.models import Member
from portal.people.queries import in_scope, named
from portal.pledges.models import Pledge
from portal.registrations.models import Registration, RegistrationState
from portal.registrations.queries import is_exempt, living_in_town
from portal.scheme import queries as scheme
from portal.seals.links import Chain, Link, Piece, Stage, Year
from portal.seals.models import SealEntry, SealState

R = Registration
STAMPED = (SealState.STAMPED, SealState.ARCHIVED)
OF_CASE = (Link.CERTIFICATE, Link.RECEIPT)  # of the registration, whatever year they bear
PAPER = {link: aliased(IssuedPaper, name=f"paper_{link.name.lower()}") for link in Link}
ENTRY = {link: aliased(SealEntry, name=f"entry_{link.name.lower()}") for link in Link}
SUBJECT = {link: {Link.PLEDGE: Pledge.id, Link.EVALUATION: Evaluation.id}.get(link, R.id) for link in Link}


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; the address holds it."""

    link: Link | None = None
    stage: Stage | None = None
    unit_id: int | None = None
    community_id: int | None = None
    words: str = ""


def year_of(year: int) -> Year:
    """What of this year can be asked for today."""
    return Year(year, scheme.is_closed(year), opening.current(clock.today()) >= year)


def members(by: Actor, year: Year, links: Iterable[Link] = ()) -> Select:
    """The members of this scope who had to report by the year's end or were registered in it, with these papers."""
    unit, community = func.coalesce(R.unit_id, Member.unit_id), func.coalesce(R.community_id, Member.community_id)
    counts = or_(R.id.is_not(None), and_(living_in_town(), Member.since <= year.last, ~is_exempt()))
    rows = _joined(select(Member), year, links).where(counts)
    return rows if by.is_in(Role.COUNTY) else rows.where(_may_be_in(by), in_scope(by, Member.id, unit, community))


def _may_be_in(by: Actor) -> ColumnElement[bool]:
    """The condition that a member is of this scope now or by some registration: what indexes find at once."""
    now = select(Member.id).where(in_scope(by, Member.id, Member.unit_id, Member.community_id)).correlate(None)
    ever = aliased(Registration)
    then = select(ever.member_id).where(in_scope(by, ever.member_id, ever.unit_id, ever.community_id))
    return Member.id.in_(union(now, then))


def filtered(by: Actor, year: Year, filters: Filters, whole: bool = False) -> Select:
    """The members of a list, narrowed; `whole`: with all their papers, as far as they are not asked for anyway."""
    links = [filters.link] if filters.link else list(Link)
    rows = members(by, year, Link if whole else links if filters.stage else ())
    if filters.unit_id:
        rows = rows.where(func.coalesce(R.unit_id, Member.unit_id) == filters.unit_id)
    if filters.community_id:
        rows = rows.where(func.coalesce(R.community_id, Member.community_id) == filters.community_id)
    if filters.stage:
        rows = rows.where(or_(*(_is_at(link, filters.stage, year) for link in links)))
    return rows.where(named(Member, filters.words)) if filters.words else rows


def counts(by: Actor, year: Year, filters: Filters) -> dict[Link, dict[Stage, int]]:
    """How many members of a list stand at each stage of each link; one query for all."""
    cells = [(link, stage) for link in Link for stage in Stage]
    sums = [func.coalesce(func.sum(case((_is_at(*cell, year), 1), else_=0)), 0) for cell in cells]
    found = db.session.execute(
        filtered(by, year, filters, whole=True).with_only_columns(*sums, maintain_column_froms=True)
    ).one()
    numbers = dict(zip(cells, found, strict=True))
    return {link: {stage: numbers[link, stage] for stage in Stage} for link in Link}


def count(rows: Select) -> int:
    """How many members a list has."""
    return db.session.scalar(rows.with_only_columns(func.count(), maintain_column_froms=True).order_by(None)) or 0


def of_members(found: Iterable[Member], year: Year) -> dict[int, Chain]:
    """The chains of these members by their id; one query for all."""
    ids = [member.id for member in found]
    columns: list[Any] = [Member.id, R.number, Pledge.number, Evaluation.number]
    for link in Link:
        columns += [PAPER[link].id, ENTRY[link].state, _is_due(link, year), _is_old(link), _is_erased(link, year)]
    rows = _joined(select(*columns).select_from(Member), year, Link).where(Member.id.in_(ids))
    return {row[0]: _chain(row) for row in db.session.execute(rows)}


def _chain(row: Sequence) -> Chain:
    pieces = {
        link: Piece(row[at], row[at + 1], *map(bool, row[at + 2 : at + 5]))
        for link, at in zip(Link, range(4, len(row), 5), strict=True)
    }
    return Chain(pieces, row[1], row[2], row[3])


def _joined(rows: Select, year: Year, links: Iterable[Link]) -> Select:
    """Members with the registration by which they serve in a year, and the papers of the chain that stand."""
    rows = rows.outerjoin(R, and_(R.member_id == Member.id, _of_year(R, year), ~_is_surpassed(year)))
    rows = rows.outerjoin(Pledge, and_(Pledge.member_id == Member.id, Pledge.year == year.year))
    same = (Evaluation.member_id == Member.id, Evaluation.year == year.year)
    here = [Evaluation.community_id == R.community_id, Evaluation.state.in_(TOLD)]
    here.append(Evaluation.state != literal_column("'withdrawn'"))  # in these words the index by member stands open
    rows = rows.outerjoin(Evaluation, and_(*same, *here))
    for link in links:
        paper, entry = PAPER[link], ENTRY[link]
        stands = [paper.kind == link.value, paper.subject_id == SUBJECT[link]]
        stands.append(paper.state == PaperState.VALID)
        if link is Link.RECORD:  # `+ 0`: found by its case, not among all of its year, whatever the planner thinks
            stands += [paper.year + 0 == year.year, literal(year.closed)]
        rows = rows.outerjoin(paper, and_(*stands)).outerjoin(entry, entry.id == paper.id)
    return rows


def _of_year(registration, year: Year) -> ColumnElement[bool]:
    """The condition that a registration ran in a year."""
    until = or_(registration.ended_on.is_(None), registration.ended_on >= year.first)
    return and_(registration.state != RegistrationState.CANCELLED, registration.issued_on <= year.last, until)


def _is_surpassed(year: Year) -> ColumnElement[bool]:
    """The condition that the member has a later one in that year: first those accepted count, the last of them."""
    other = aliased(Registration)
    later = tuple_(_accepted(other, year), other.id) > tuple_(_accepted(R, year), R.id)
    return select(other.id).where(other.member_id == R.member_id, _of_year(other, year), later).exists()


def _accepted(registration, year: Year) -> ColumnElement[dt.date]:
    """The day on which a registration was accepted, the year 1 of one that was not by the end of the year."""
    return case((registration.accepted_on <= year.last, registration.accepted_on), else_=literal(dt.date(1, 1, 1)))


def _is_due(link: Link, year: Year) -> ColumnElement[bool]:
    """The condition that this paper should be there by now."""
    received = and_(R.accepted_on.is_not(None), R.accepted_on <= year.last)
    match link:
        case Link.CERTIFICATE:
            return Member.id.is_not(None)
        case Link.RECEIPT:
            return R.id.is_not(None)
        case Link.PLEDGE:
            return received
        case Link.RECORD:
            return and_(received, literal(year.closed))
        case Link.EVALUATION:
            long_enough = R.accepted_on <= year.last - dt.timedelta(LEAST_DAYS)
            return and_(received, long_enough, literal(year.evaluated))


def _is_old(link: Link) -> ColumnElement[bool]:
    """The condition that this paper was made out before the portal (期初)."""
    return func.coalesce(R.opening, literal(False)) if link in OF_CASE else literal(False)


def _is_erased(link: Link, year: Year) -> ColumnElement[bool]:
    """The condition that this paper was erased by law."""
    gone = aliased(IssuedPaper)
    rows = select(gone.id).join(ArchivedPaper, ArchivedPaper.paper_id == gone.id)
    of_case = (gone.kind == link.value, gone.subject_id == SUBJECT[link])
    rows = rows.where(*of_case, ArchivedPaper.state == CopyState.ERASED)
    return (rows.where(gone.year + 0 == year.year) if link is Link.RECORD else rows).exists()


def _is_at(link: Link, stage: Stage, year: Year) -> ColumnElement[bool]:
    """The condition that this paper of a member is so far."""
    paper, state = PAPER[link], ENTRY[link].state
    match stage:
        case Stage.MISSING:
            return and_(paper.id.is_(None), _is_due(link, year), ~_is_old(link), ~_is_erased(link, year))
        case Stage.UNSTAMPED:
            return and_(paper.id.is_not(None), or_(state.is_(None), state.not_in(STAMPED)))
        case Stage.STAMPED:
            return state == SealState.STAMPED
        case Stage.ARCHIVED:
            return state == SealState.ARCHIVED
