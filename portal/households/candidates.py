"""Whom a clerk may ask to support a household: those whom it fits first.  [二(一)4]

Never in an order of hours or visits: what counts is what speaks for the member and this household.
"""

from dataclasses import dataclass, field

from sqlalchemy import Select, select

from portal.accounts.queries import members_with_login
from portal.actors import Actor
from portal.extensions import db
from portal.households import queries
from portal.households.models import Household, Support
from portal.labels import Category
from portal.people.models import Member, Unit
from portal.people.queries import named
from portal.registrations.models import CURRENT, Registration
from portal.wishes.candidates import is_available
from portal.wishes.fitting import Abilities, Reason, abilities_of, in_words, of_card

SHOWN = 30
FREE = "还没有结对"
FITS = (Reason.INTENTION, Reason.SKILL, Reason.GRID)


@dataclass
class Candidate:
    """A member who may be asked, and why the household fits them."""

    id: int
    name: str
    unit: str
    has_login: bool
    reasons: dict[Reason, str] = field(default_factory=dict)
    supports: bool = False

    @property
    def willing(self) -> bool:
        """Whether the member's card offers to help the poor."""
        return Reason.INTENTION in self.reasons

    @property
    def why(self) -> str:
        """The reasons in words."""
        return "、".join(filter(None, (in_words(self.reasons), "" if self.supports else FREE)))


def who_may_be_asked(household: Household, by: Actor, words: str = "") -> list[Candidate]:
    """Who may be asked, narrowed to a name; those whom more speaks for stand first, then by name."""
    rows = _may_be_asked(household, by)
    if words:
        rows = rows.where(named(Member, words))
    columns = (Member.id, Member.name, Unit.name.label("unit"), Member.grid_id,
               queries.supports_any(Member.id).label("supports"))  # fmt: skip
    people = db.session.execute(rows.with_only_columns(*columns)).all()
    ids = rows.with_only_columns(Member.id).order_by(None)
    cards = abilities_of(ids)
    able = members_with_login([row.id for row in people])
    found = [
        Candidate(row.id, row.name, row.unit, row.id in able, _reasons(household, cards[row.id], row.grid_id),
                  row.supports)
        for row in people
    ]  # fmt: skip
    return sorted(found, key=_fit, reverse=True)  # stable: equals stay in the order of their names


def _may_be_asked(household: Household, by: Actor) -> Select:
    """The members registered in the community who have nothing put off, and are not asked or supporting already."""
    live = select(Support.member_id).where(Support.household_id == household.id, Support.state.in_(queries.LIVE))
    return (
        select(Member)
        .join(Registration, (Registration.member_id == Member.id) & Registration.state.in_(CURRENT))
        .join(Unit, Unit.id == Member.unit_id)
        .where(Registration.community_id == household.community_id, is_available())
        .where(Member.id.not_in(live), Member.id != (by.self_member_id or 0))
        .order_by(Member.pinyin, Member.id)
    )


def _reasons(household: Household, card: Abilities, grid_id: int | None) -> dict[Reason, str]:
    reasons = of_card(card, Category.POVERTY, " ".join(need.label for need in household.needs))
    if household.grid_id is not None and household.grid_id == grid_id:
        reasons[Reason.GRID] = ""
    return reasons


def _fit(candidate: Candidate) -> tuple[int, ...]:
    """Whoever offered it and supports nobody yet stands first."""
    fits = sum(reason in candidate.reasons for reason in FITS)
    return fits + (not candidate.supports), *(reason in candidate.reasons for reason in FITS)
