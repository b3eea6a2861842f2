"""A year of services closed by the moves and the worker themselves, for the room's tests. The year is 2025."""

import datetime as dt

import pytest

from portal.closing import queries, workflow, working
from portal.closing.models import Closing
from portal.extensions import db
from portal.labels import Category
from portal.records import workflow as records
from portal.records.models import Evidence, ServiceRecord
from tests.registrations.conftest import walk

YEAR = 2025
DAY = dt.date(2025, 9, 13)  # a Saturday


def service(cast, day: dt.date = DAY, **more) -> records.Service:
    facts = {
        "member": cast.member1_row, "place": cast.community1, "day": day, "starts": dt.time(9, 0), "half_hours": 4,
        "category": Category.ENVIRONMENT, "what": "清理楼道杂物",
    }  # fmt: skip
    return records.Service(**(facts | more))


def a_record(cast, confirmed: bool = True, **more) -> ServiceRecord:
    """A service that clerk1 recorded for member1, confirmed by clerk1b."""
    record = records.record_service(service(cast, **more), cast.by("clerk1"), Evidence.LATE)
    if confirmed:
        records.confirm(record, cast.by("clerk1b"))
    db.session.commit()
    return record


def registered(cast, day: dt.date = dt.date(2025, 3, 1)):
    """member1 registered since a day of the year that is closed."""
    row = walk(cast, "filed")
    row.issued_on = row.accepted_on = day
    db.session.commit()
    return row


def run() -> None:
    """The worker does all that waits, as it does it: a commit after each part."""
    while working.close_next(db.session.commit):
        db.session.commit()
    db.session.commit()


def close(cast, year: int = YEAR) -> Closing:
    """The year closed: proposed by one, confirmed by the other, carried out by the worker."""
    row = workflow.propose(year, cast.by("county"))
    db.session.commit()
    workflow.confirm(row, cast.by("county_b"))
    db.session.commit()
    run()
    closed = queries.of_year(year)
    assert closed.state.value == "closed"
    return closed


@pytest.fixture
def closed(cast):
    """`closed()` is the closing of 2025."""
    return lambda: close(cast)
