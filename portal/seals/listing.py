"""The two lists as their pages and spreadsheets ask for them: the filters in the address, and what they narrow to."""

from flask import url_for
from sqlalchemy import select
from wtforms.fields.choices import SelectChoice

from portal import clock
from portal.actors import Actor, Role
from portal.extensions import db
from portal.numbers import Counter
from portal.papers.catalogue import PAPERS
from portal.people.models import Member
from portal.registrations import offers
from portal.seals import chain
from portal.seals.forms import ChainFilter, LedgerFilter
from portal.seals.links import Chain, Link, Year
from portal.seals.offices import KEPT
from portal.seals.queries import Filters


def ledger_wanted(by: Actor) -> tuple[LedgerFilter, Filters]:
    """The filters of the ledger as the address has them, and what they narrow it to."""
    form = LedgerFilter()
    form.kind.choices = [SelectChoice("", "全部"), *(SelectChoice(kind, PAPERS[kind].title) for kind in KEPT)]
    _offer(form, by)
    filters = Filters(
        form.year.data or clock.today().year, form.kind.data if form.kind.data in KEPT else None, form.state.data,
        form.unit.data, form.community.data, _number(form.first), _number(form.last), form.box.data or "",
        form.q.data or "", form.void.data,
    )  # fmt: skip
    return form, filters


def chain_wanted(by: Actor) -> tuple[ChainFilter, Year, chain.Filters]:
    """The filters of the members' chains as the address has them: their year, and what they narrow it to."""
    form = ChainFilter()
    _offer(form, by)
    asked = (form.link.data, form.stage.data, form.unit.data, form.community.data, form.q.data or "")
    return form, chain.year_of(form.year.data or clock.today().year), chain.Filters(*asked)


def _number(field) -> int | None:
    return field.data if isinstance(field.data, int) and 0 < field.data <= 9_999_999 else None


def _offer(form: LedgerFilter | ChainFilter, by: Actor) -> None:
    drawn = years()
    form.year.offer((year, f"{year}年") for year in drawn)
    form.unit.offer(offers.listed_units(by))
    form.community.offer(offers.listed_communities(by))
    if form.year.data not in drawn:
        form.year.data = None


def years() -> list[int]:
    """The years of which papers bear numbers, and this one; the latest first."""
    drawn = set(db.session.scalars(select(Counter.year).where(Counter.kind.in_(KEPT)).distinct()))
    return sorted(drawn | {clock.today().year}, reverse=True)


MAKES = {
    Link.CERTIFICATE: Role.LIAISON, Link.RECEIPT: Role.CLERK, Link.PLEDGE: Role.LIAISON, Link.EVALUATION: Role.CLERK,
}  # fmt: skip


def makes(by: Actor, link: Link) -> bool:
    """Whether making this paper is the office's of this person, or the case is only to be looked at."""
    return MAKES.get(link) is by.role


def where_made(by: Actor, member: Member, found: Chain, link: Link) -> str:
    """Where this person makes a member's missing paper, or sees the case that waits for another office; '' nowhere."""
    match link:
        case Link.CERTIFICATE if by.is_in(Role.LIAISON):
            return url_for("registrations.uncertified")
        case Link.CERTIFICATE:
            return url_for("people.page", member=member.id)
        case Link.RECEIPT:
            return url_for("registrations.page", registration=found.registration)
        case Link.PLEDGE if by.is_in(Role.LIAISON) and found.pledge:  # a draft is the unit's and the member's own
            return url_for("pledges.page", pledge=found.pledge)
        case Link.PLEDGE if by.is_in(Role.LIAISON):
            return url_for("pledges.write", member=member.id)
        case Link.EVALUATION:
            return url_for("evaluations.index")
    return ""
