"""Which papers a person may see, and what of a case a paper needs beside it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, true, tuple_
from sqlalchemy.orm import aliased, joinedload

from portal import clock, numbers
from portal.accounts.models import Appointment, User
from portal.accounts.queries import in_force
from portal.activities import queries as activities
from portal.activities.models import Activity, ActivityState
from portal.actors import Actor, Role
from portal.evaluations import queries as evaluations
from portal.evaluations.models import Evaluation
from portal.extensions import db
from portal.households.models import Household, Support, SupportState
from portal.numbers import IssuedPaper, PaperState
from portal.papers.catalogue import Paper, Standing
from portal.people.models import Member
from portal.pledges import queries as pledges
from portal.registrations import queries as registrations
from portal.registrations.models import InfoCard, Registration
from portal.scheme import queries as scheme
from portal.wishes import queries as wishes
from portal.wishes.models import Wish


def registrations_seen_by(by: Actor) -> Select:
    """The registrations whose papers this person may see, with what stands on them."""
    lists = (InfoCard.skills, InfoCard.intentions, InfoCard.free_times)
    card = joinedload(Registration.card)
    return registrations.visible_to(by).options(
        joinedload(Registration.grid),
        joinedload(Registration.team),
        card.joinedload(InfoCard.estate),
        *(card.selectinload(many) for many in lists),
    )


def record_cards_seen_by(by: Actor, year: int) -> Select:
    """The registrations by which members served in a year: of each member the last one accepted up to its end.

    So the card of a year goes with the member to the new community, and that of the year before stays where it was.
    """
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    later = aliased(Registration)
    goes_before = tuple_(later.accepted_on, later.id) > tuple_(Registration.accepted_on, Registration.id)
    return (
        registrations.visible_to(by)
        .where(Registration.accepted_on <= last, or_(Registration.ended_on.is_(None), Registration.ended_on >= first))
        .where(~exists().where(later.member_id == Registration.member_id, later.accepted_on <= last, goes_before))
    )


def issued_of_year(kind: str, year: int, subject_ids: Sequence[int]) -> dict[int, Standing]:
    """By case, the paper of a kind and year that stands, and the one that it replaced; neither before the year is
    closed, while numbers are drawn.
    """
    found: dict[int, Standing] = defaultdict(lambda: (None, None))
    versions = numbers.versions_of_year(kind, year, subject_ids) if scheme.is_closed(year) else {}
    found.update((key, (each[-1], each[-2] if len(each) > 1 else None)) for key, each in versions.items())
    return found


def receipts_seen_by(by: Actor) -> Select:
    """The registrations that were accepted, so that there is a receipt."""
    return registrations_seen_by(by).where(Registration.receipt_number.is_not(None))


def pledges_seen_by(by: Actor) -> Select:
    """The pledges whose card this person may see."""
    return pledges.visible_to(by)


def evaluation_cards_seen_by(by: Actor) -> Select:
    """The evaluations whose card this person may see; the member only what was sent."""
    rows = evaluations.visible_to(by).options(joinedload(Evaluation.replaces))
    return rows.where(Evaluation.sent_on.is_not(None)) if by.is_in(Role.MEMBER) else rows


def evaluation_notes_seen_by(by: Actor) -> Select:
    """The notes whose card this person may see."""
    return evaluations.notes_visible_to(by)


def certificates_of(member_ids: Sequence[int]) -> dict[int, str]:
    """By member, the number that the latest certificate of each of these members bears."""
    rows = select(Registration).where(Registration.member_id.in_(member_ids)).order_by(Registration.id)
    return {row.member_id: row.certificate_number for row in db.session.scalars(rows)}


def wishes_seen_by(by: Actor) -> Select:
    """The wishes whose slip this person may print again, without the code: those of the office."""
    return wishes.cases(by)


def wish_of(number: str) -> Wish | None:
    """The wish of this number, whoever asks; what is shown of it depends on the code."""
    return db.session.scalar(select(Wish).where(Wish.number == number).options(joinedload(Wish.community)))


def main_liaison(unit_id: int) -> str | None:
    """The name of a unit's main liaison today, or None."""
    return db.session.scalar(
        select(User.name)
        .join(Appointment)
        .where(Appointment.unit_id == unit_id, Appointment.role == Role.LIAISON, in_force(clock.today()))
        .order_by(Appointment.main.desc(), Appointment.id)
        .limit(1)
    )


def in_bulk(paper: Paper, by: Actor, year: int, unit_id: int | None, community_id: int | None) -> Select:
    """The cases whose paper of this kind and year this person sees and which stands, by number.

    Of a paper that becomes final at the year's closing: all cases of that year, by their own number.
    """
    kind, seen = paper.kind, paper.rows(by, year)
    model = seen.column_descriptions[0]["entity"]
    if not paper.ledger:
        rows = seen.where(model.year == year).order_by(model.serial)
    elif paper.of_year:
        rows = seen.order_by(model.year, model.serial)
    else:
        stands = and_(IssuedPaper.kind == kind, IssuedPaper.state == PaperState.VALID)
        rows = seen.join(IssuedPaper, and_(stands, IssuedPaper.subject_id == model.id))
        rows = rows.where(IssuedPaper.year == year).order_by(IssuedPaper.serial)
    if unit_id:
        rows = rows.where(_of_unit(model, unit_id))
    return rows.where(_has(model, "community_id", community_id)) if community_id else rows


def years_of(paper: Paper, row, by: Actor) -> list[int]:
    """Of this year and the two before it, those of which this person may see the case's paper."""
    this = clock.today().year
    return [year for year in range(this, this - 3, -1) if is_among(paper.rows(by, year), row)]


def is_among(rows: Select, row) -> bool:
    """Whether a row is one of these."""
    return db.session.scalar(rows.with_only_columns(type(row).id).where(type(row).id == row.id)) is not None


def _of_unit(model, unit_id: int) -> ColumnElement[bool]:
    """The condition that a case is a unit's; a household is of the units whose members support it."""
    if model is not Household:
        return _has(model, "unit_id", unit_id)
    supporters = select(Support.household_id).join(Support.member).where(Support.state == SupportState.ACTIVE)
    return Household.id.in_(supporters.where(Member.unit_id == unit_id))


def _has(model, column: str, key: int) -> ColumnElement[bool]:
    """What a whole body hands in (a table, a summary) is no unit's and no community's."""
    return getattr(model, column) == key if hasattr(model, column) else false()


def sign_in_sheets_seen_by(by: Actor) -> Select:
    """The activities whose sheet to sign in this person may print: those whose roll this office takes, once published.

    Names of those who come stand on it.
    """
    match by.role:
        case Role.CLERK | Role.GRID_WORKER:
            own = and_(Activity.community_id.is_not(None), Activity.community_id == by.community_id)
        case Role.COUNTY:
            own = Activity.community_id.is_(None)
        case Role.SYSTEM:  # the operator's command prints for everybody
            own = true()
        case _:
            own = false()
    return activities.visible_to(by).where(own, Activity.state != ActivityState.DRAFT)


def ids_of(rows: Select) -> list[int]:
    """The ids of these cases, in their order."""
    model = rows.column_descriptions[0]["entity"]
    return list(db.session.scalars(rows.with_only_columns(model.id)))
