"""The cast of this room's tests, on a Monday in June."""

import datetime as dt

import pytest
import time_machine

from tests.wishes.conftest import county as county  # the cast with registered members

MONDAY = dt.datetime(2026, 6, 15, 2, tzinfo=dt.UTC)  # 10:00 in the county


@pytest.fixture(autouse=True)
def monday():
    """Monday, 15 June 2026; the service days are the 27th and 28th."""
    with time_machine.travel(MONDAY, tick=False):
        yield
