"""The list of an office's cases, narrowed by what stands in its address.  [二(二)2]"""

from dataclasses import dataclass

from sqlalchemy import Select, or_
from sqlalchemy.orm import selectinload

from portal import search
from portal.actors import Actor, Role
from portal.extensions import db
from portal.labels import Category
from portal.people import queries as people
from portal.people.models import Community
from portal.wishes import gap, queries
from portal.wishes.crafts import Craft
from portal.wishes.forms import CaseFilters
from portal.wishes.models import Claim, Level, Wish, WishState


@dataclass(frozen=True)
class Filters:
    """What a list of cases is narrowed to."""

    state: WishState | None = None
    words: str = ""
    overdue: bool = False
    level: Level | None = None
    category: Category | None = None
    craft: Craft | None = None
    community_id: int | None = None
    waited: bool = False


def filters_form(by: Actor) -> CaseFilters:
    """The filters of an office's list of cases; by community where it has several."""
    form = CaseFilters()
    if by.is_in(Role.TOWN, Role.COUNTY):
        form.community.offer(communities_of(by))
    else:
        del form["community"]
    return form


def communities_of(by: Actor) -> list[tuple[int, str]]:
    """The communities of an office as (id, name)."""
    rows = people.communities(by).with_only_columns(Community.id, Community.name).order_by(Community.name)
    return [(key, name) for key, name in db.session.execute(rows)]


def filters_of(form: CaseFilters) -> Filters:
    """What the form narrows the list to."""
    return Filters(
        state=form.state.data, words=(form.q.data or "")[:40].strip(), overdue=bool(form.late.data),
        level=form.level.data, category=form.category.data, craft=form.craft.data,
        community_id=form.community.data if form.community else None, waited=bool(form.waited.data),
    )  # fmt: skip


def filtered(by: Actor, filters: Filters, overdue) -> Select:
    """The cases of an office, narrowed; `overdue` is the condition that a case is late."""
    # Wishes of no community yet stand among those to review only: the whole list goes along its index.
    named = by.is_in(Role.CLERK) and filters.state is not WishState.SUBMITTED
    rows = queries.cases_where(Wish.community_id == by.community_id) if named else queries.cases(by)
    if by.is_in(Role.TOWN, Role.COUNTY):  # whether they may open a case is asked of its helpers too
        rows = rows.options(selectinload(Wish.claims).joinedload(Claim.team))
    if filters.state:
        rows = rows.where(Wish.state == filters.state)
    if filters.level:
        rows = rows.where(Wish.level == filters.level)
    if filters.words:
        rows = rows.where(or_(search.contains(Wish.title, filters.words), Wish.number == filters.words))
    if filters.community_id:
        rows = rows.where(Wish.community_id == filters.community_id)
    rows = rows.where(*(gap.is_asked_for(kind) for kind in (filters.category, filters.craft) if kind))
    if filters.waited:
        rows = rows.where(gap.has_waited())
    return rows.where(overdue) if filters.overdue else rows
