"""What the desk of the scheme's keepers says of the calendar and of the year."""

import datetime as dt

import pytest

from portal.extensions import db
from portal.scheme import todo, workflow
from portal.scheme.models import SchemeYear
from portal.todo import counted


def labels(cast, day: dt.date, who: str = "county") -> list[str]:
    return [line.label for line in counted(todo.items(cast.by(who), day))]


def test_a_calendar_not_entered_waits_for_the_county(cast):
    assert labels(cast, dt.date(2026, 5, 15)) == ["2026年放假和调休还没有录入"]
    workflow.set_days(cast.by("county"), workflow.known_days(2026))
    assert labels(cast, dt.date(2026, 11, 14)) == []
    assert labels(cast, dt.date(2026, 11, 15)) == ["2027年放假和调休还没有录入"]


def test_a_year_not_opened_waits_too(cast):
    workflow.set_days(cast.by("county"), workflow.known_days(2026))
    db.session.query(SchemeYear).filter_by(year=2026).delete()
    assert labels(cast, dt.date(2026, 1, 2), "admin") == ["2026年度还没有开设"]


@pytest.mark.parametrize("who", ["clerk1", "liaison1", "chengguan", "member1"])
def test_it_waits_for_nobody_else(cast, who):
    assert labels(cast, dt.date(2026, 5, 15), who) == []
