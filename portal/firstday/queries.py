"""Which imports one may see, what stands in them, and what a workbook is compared with."""

import datetime as dt
import json

from sqlalchemy import Select, false, select, true

from portal import clock
from portal.actors import Actor, Role
from portal.extensions import db
from portal.firstday.cases import Scheme, Standing
from portal.firstday.models import FirstdayImport, FirstdayRow, FirstdayState, Part
from portal.firstday.persons import People, Person
from portal.firstday.places import ORGANISATIONS, Places
from portal.firstday.plans import MODELS
from portal.people.models import Member, MemberStatus
from portal.records.models import ServiceRecord
from portal.records.queries import LIVE
from portal.registrations.models import CURRENT, IN_PROGRESS, Registration
from portal.rosters.homes import Homes
from portal.rosters.models import RowResult
from portal.scheme import queries as scheme

PAGE = 100


def visible_to(by: Actor) -> Select:
    """The imports that this person may see: the county's own, none half read in."""
    scope = true() if by.is_in(Role.COUNTY) else false()
    return select(FirstdayImport).where(scope, FirstdayImport.state != FirstdayState.STAGING)


def to_check(by: Actor) -> Select:
    """The submitted imports that wait for this person as the second one."""
    others = FirstdayImport.by_user_id.is_distinct_from(by.user_id)
    return visible_to(by).where(FirstdayImport.state == FirstdayState.SUBMITTED, others)


def rows_of(firstday: FirstdayImport, result: RowResult, part: Part | None, after: int = 0, limit: int = PAGE):
    """A page of one kind of rows, of one sheet or of all: where they stand, who it is, and the words about them."""
    of_import = (FirstdayRow.firstday_id == firstday.id, FirstdayRow.result == result, FirstdayRow.position > after)
    rows = select(FirstdayRow).where(*of_import).order_by(FirstdayRow.position).limit(limit)
    if part:
        rows = rows.where(FirstdayRow.part == part)
    return [
        json.loads(row.words or "{}") | {"position": row.position, "part": row.part, "sheet": row.sheet,
                                         "line": row.line, "row_id": row.row_id}
        for row in db.session.scalars(rows)
    ]  # fmt: skip


def file_of(firstday: FirstdayImport) -> bytes | None:
    """The sealed file of an import, if it is still kept."""
    return db.session.scalar(select(FirstdayImport.file_sealed).where(FirstdayImport.id == firstday.id))


def known_places() -> Places:
    """The organisations of the county."""
    places = Places()
    for part in ORGANISATIONS:
        for row in db.session.execute(select(MODELS[part].__table__)).mappings():
            places.know(part, row["id"], dict(row))
    return places


def homes_of(places: Places) -> Homes:
    """The communities as a roster may name them, those to come included."""
    homes, estates = Homes(), {}
    for _, estate in places.all(Part.ESTATES):
        estates.setdefault(estate["community_id"], []).append(estate["name"])
    for ref, community in places.all(Part.COMMUNITIES):
        town = places.name(Part.SUPERVISORS, community["town_id"])
        homes.add(ref, community["name"], town, estates.get(ref, []))
    return homes


def known_people() -> People:
    """The members of the county, those who left included."""
    people = People()
    columns = (Member.id, Member.name, Member.unit_id, Member.community_id, Member.phone_index, Member.grid_id)
    rows = db.session.execute(select(*columns, Member.status).where(Member.status != MemberStatus.MERGED))
    for ref, name, unit, community, phone, grid, status in rows:
        people.know(Person(ref, name, unit, community, phone, grid, status is MemberStatus.ACTIVE))
    return people


def known_scheme(places: Places, people: People, with_services: bool) -> Scheme:
    """The registrations that there are, and this year's services where some are to be compared with them."""
    today = clock.today()
    year = scheme.year_of(today)
    services = _services(today.year) if with_services else {}
    return Scheme(places, people, _standing(), services, today.year, bool(year.closed_at),
                  year.certificate_valid_days)  # fmt: skip


def _standing() -> dict[int, Standing]:
    """By member, the registration that is current, else the one on its way."""
    columns = (
        Registration.member_id, Registration.id, Registration.number, Registration.old_number, Registration.state,
        Registration.community_id, Registration.issued_on, Registration.accepted_on, Registration.opening,
    )  # fmt: skip
    found: dict[int, Standing] = {}
    for states in (IN_PROGRESS, CURRENT):
        rows = db.session.execute(select(*columns).where(Registration.state.in_(states)))
        for member, row_id, number, old, state, community, issued_on, accepted_on, opening in rows:
            found[member] = Standing(row_id, number, old, state.label, community, issued_on, accepted_on, opening)
    return found


def _services(year: int) -> dict[tuple, int]:
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    live = (ServiceRecord.day.between(first, last), ServiceRecord.state.in_(LIVE))
    columns = (ServiceRecord.member_id, ServiceRecord.day, ServiceRecord.half_hours, ServiceRecord.what)
    rows = db.session.execute(select(ServiceRecord.id, *columns).where(*live))
    return {tuple(key): row_id for row_id, *key in rows}
