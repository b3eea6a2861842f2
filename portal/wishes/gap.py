"""What residents ask for and who could do it, side by side: by category and by craft, for an office's communities.

[二(二)2]
"""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.actors import Actor, Role
from portal.extensions import db
from portal.labels import Category
from portal.people.models import Member
from portal.people.queries import communities_of
from portal.registrations.models import CURRENT, CardIntention, CardSkill, InfoCard, Registration
from portal.scheme import queries as scheme
from portal.wishes import crafts, ladder, queries
from portal.wishes.candidates import is_available
from portal.wishes.crafts import Craft
from portal.wishes.models import Claim, ClaimState, Wish, WishState

Kind = Category | Craft


@dataclass(frozen=True)
class Line:
    """One kind of help: wishes that wait, those of them that have waited long, members who could, who have time."""

    kind: Kind
    waiting: int
    long: int
    could: int
    idle: int

    @property
    def lacks(self) -> bool:
        """Whether wishes wait and nobody who could take one has time."""
        return self.waiting > 0 and self.idle == 0


def lines(by: Actor, community_id: int | None) -> dict[str, list[Line]]:
    """The lines by category and by craft, for one community or all of the office's, in four queries.

    A member counts once in a line, however many skills of a kind the card names.
    """
    asked, could = _asked(by, community_id), _could(by, community_id)
    idle = set(db.session.scalars(_members(by, community_id).where(has_time()).with_only_columns(Member.id)))
    found = {}
    for name, kinds in (("category", Category), ("craft", Craft)):
        found[name] = [
            Line(kind, *asked[kind], len(could[kind]), len(could[kind] & idle))
            for kind in kinds  # type: ignore
        ]
    return found


def _asked(by: Actor, community_id: int | None) -> dict[Kind, tuple[int, int]]:
    kinds: list[Kind] = [*Category, *Craft]
    numbers = []
    for kind in kinds:
        which = is_asked_for(kind)
        numbers += [func.sum(case((which, 1), else_=0)), func.sum(case((and_(which, has_waited()), 1), else_=0))]
    rows = select(*numbers).where(queries.is_office_case(by), Wish.state == WishState.PUBLISHED)
    if community_id:
        rows = rows.where(Wish.community_id == community_id)
    sums = [number or 0 for number in db.session.execute(rows).one()]
    return {kind: (sums[2 * at], sums[2 * at + 1]) for at, kind in enumerate(kinds)}


def _could(by: Actor, community_id: int | None) -> dict[Kind, set[int]]:
    """The members who could, by kind; skills are sorted here, since a member may have several of one craft."""
    found: dict[Kind, set[int]] = defaultdict(set)
    members = _members(by, community_id).join(InfoCard, InfoCard.member_id == Member.id)
    intentions = members.join(CardIntention, CardIntention.card_id == InfoCard.id)
    for member_id, category in db.session.execute(intentions.with_only_columns(Member.id, CardIntention.category)):
        found[category].add(member_id)
    skills = members.join(CardSkill, CardSkill.card_id == InfoCard.id)
    known: dict[str, set[Craft]] = {}
    for member_id, skill in db.session.execute(skills.with_only_columns(Member.id, CardSkill.skill)):
        for craft in known.setdefault(skill, crafts.named_in(skill)):
            found[craft].add(member_id)
    return found


def members(by: Actor, kind: Kind, community_id: int | None, idle: bool) -> Select:
    """The registrations of those whom a line counts; only of those who have time, if asked for."""
    rows = _members(by, community_id).where(_can(kind))
    if idle:
        rows = rows.where(has_time())
    shown = (joinedload(Registration.member), joinedload(Registration.unit), joinedload(Registration.community))
    return rows.with_only_columns(Registration).options(*shown)


def _members(by: Actor, community_id: int | None) -> Select:
    """The members registered in the office's communities of whom something may be asked now."""
    match by.role:
        case Role.CLERK:
            where = Registration.community_id == by.community_id
        case Role.TOWN:
            where = Registration.community_id.in_(communities_of(by.supervisor_id))
        case _:
            where = Registration.id.is_not(None)
    rows = select(Member).join(Registration, Registration.member_id == Member.id)
    rows = rows.where(Registration.state.in_(CURRENT), where, is_available())
    return rows.where(Registration.community_id == community_id) if community_id else rows


def _can(kind: Kind) -> ColumnElement[bool]:
    """The condition that the card of a member names this kind of help."""
    line, says = (
        (CardSkill, crafts.names(kind, CardSkill.skill))
        if isinstance(kind, Craft)
        else (CardIntention, CardIntention.category == kind)
    )
    return Member.id.in_(select(InfoCard.member_id).join(line, line.card_id == InfoCard.id).where(says))


def is_asked_for(kind: Kind) -> ColumnElement[bool]:
    """The condition that a wish asks for this kind of help."""
    return crafts.names(kind, Wish.title, Wish.detail) if isinstance(kind, Craft) else Wish.category == kind


def has_waited() -> ColumnElement[bool]:
    """The condition that a wish has waited long: for the days after which it is put before those whom it fits."""
    today = clock.today()
    return Wish.published_at < ladder.lain_since(today, scheme.year_of(today).wish_fitting_days)


def has_time() -> ColumnElement[bool]:
    """The condition that a member may take one more wish on."""
    held = select(func.count()).select_from(Claim).where(Claim.member_id == Member.id, Claim.state == ClaimState.OPEN)
    return held.correlate(Member).scalar_subquery() < scheme.year_of(clock.today()).most_open_claims
