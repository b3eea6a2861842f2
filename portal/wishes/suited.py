"""The wishes that fit a member, and why: the member's own page shows them, those that have waited long first.

[二(二)2]
"""

import datetime as dt
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Select, exists, false, literal, or_, select, true, union_all

from portal import clock
from portal.actors import Actor
from portal.extensions import db
from portal.people.models import Community, Member
from portal.registrations.models import CURRENT, CardFreeTime, CardIntention, CardSkill, InfoCard, Registration
from portal.scheme import queries as scheme
from portal.scheme.models import SchemeYear
from portal.wishes import crafts, ladder, wall
from portal.wishes.fitting import Abilities, Reason, free_until, in_words, of_card, of_time
from portal.wishes.models import Proposal, ProposalState, Wish, WishState

_wish, _proposal = Wish.__table__.c, Proposal.__table__.c


@dataclass(frozen=True)
class Profile:
    """A registered member as wishes see them: where registered, the grid of the home, what the card says.

    `patience` are the days after which a wish that nobody claimed stands first.
    """

    member_id: int
    community_id: int
    community: str
    grid_id: int | None
    patience: int
    card: Abilities = field(default_factory=Abilities)


@dataclass(frozen=True)
class Suited:
    """A wish of the wall, and why it stands on the member's page ('' for no reason but that it waits)."""

    card: wall.Card
    why: str


def profile_of(by: Actor) -> Profile | None:
    """What wishes are compared with, in one query; None of whoever is not registered."""
    year = clock.today().year
    days = select(SchemeYear.wish_fitting_days).where(SchemeYear.year == year).scalar_subquery().label("days")
    rows = db.session.execute(
        select(
            Community.id,
            Community.name,
            Member.grid_id,
            CardSkill.skill,
            CardIntention.category,
            CardFreeTime.free_time,
            days,
        )
        .select_from(Registration)
        .join(Member, Member.id == Registration.member_id)
        .join(Community, Community.id == Registration.community_id)
        .outerjoin(InfoCard, InfoCard.member_id == Member.id)
        .outerjoin(CardSkill, CardSkill.card_id == InfoCard.id)
        .outerjoin(CardIntention, CardIntention.card_id == InfoCard.id)
        .outerjoin(CardFreeTime, CardFreeTime.card_id == InfoCard.id)
        .where(Registration.member_id == by.member_id, Registration.state.in_(CURRENT))
    ).all()
    if by.member_id is None or not rows:
        return None
    skills = sorted({row.skill for row in rows if row.skill})
    free_times = {row.free_time for row in rows if row.free_time}
    card = Abilities(skills, {row.category for row in rows if row.category}, free_times)
    patience = rows[0].days or scheme.default_year(year).wish_fitting_days
    return Profile(by.member_id, rows[0].id, rows[0].name, rows[0].grid_id, patience, card)


def wishes_for(profile: Profile, most: int, *narrowed: ColumnElement[bool]) -> list[Suited]:
    """So many wishes of the wall that fit the member and still take helpers, with the reasons; under these conditions.

    Those that nobody claimed for the days of the scheme year stand first, the oldest on top, then the new ones; of
    both those of the member's own community come before all others.
    """
    today = clock.today()
    since = ladder.lain_since(today, profile.patience)
    at_home = _wish.community_id == profile.community_id
    parts = [
        _part(rank, profile, narrowed).where(place, _wish.published_at < since if old else _wish.published_at >= since)
        .order_by(turn).add_columns(turn.label("turn")).limit(most).subquery()
        for rank, (place, old, turn) in enumerate((
            (at_home, True, _wish.id), (at_home, False, -_wish.id), (~at_home, True, _wish.id),
            (~at_home, False, -_wish.id),
        ))
    ]  # fmt: skip
    both = union_all(*map(select, parts)).subquery()
    rows = db.session.connection().execute(select(both).order_by(both.c.rank, both.c.turn).limit(most))
    return [_suited(profile, row, since, today) for row in rows]


def _part(rank: int, profile: Profile, narrowed: tuple) -> Select:
    answered = (ProposalState.OPEN, ProposalState.DECLINED)
    asked = exists().where(
        _proposal.wish_id == _wish.id, _proposal.member_id == profile.member_id, _proposal.state.in_(answered)
    )
    waits = (_wish.on_wall == true(), _wish.state == WishState.PUBLISHED, _wish.full == false())
    columns = (_wish.detail, _wish.grid_id, literal(rank).label("rank"))
    return wall.CARDS.add_columns(*columns).where(*waits, *narrowed, _fits(profile), ~asked)


def _fits(profile: Profile):
    """The condition that something speaks for this member; any wish fits whose card says nothing."""
    card = profile.card
    if not card.skills and not card.intentions:
        return true()
    known = set().union(*map(crafts.named_in, card.skills))
    ways = [crafts.names(craft, _wish.title, _wish.detail) for craft in known]
    at_home = _wish.grid_id == profile.grid_id if profile.grid_id else false()
    return or_(_wish.category.in_(card.intentions), at_home, *ways)


def _suited(profile: Profile, row, since: dt.datetime, today: dt.date) -> Suited:
    *shown, detail, grid_id, _rank, _turn = row
    card = wall.Card(*shown)
    reasons = of_card(profile.card, card.category, f"{card.title} {detail or ''}")
    if grid_id is not None and grid_id == profile.grid_id:
        reasons[Reason.GRID] = ""
    reasons |= of_time(profile.card, free_until(card.wanted_by, today))
    waited = (today - clock.local(card.published_at).date()).days
    told = [f"等了 {waited} 天"] if card.published_at < since else []
    return Suited(card, "，".join([*told, *([in_words(reasons)] if reasons else [])]))
