"""The only module that asks for the time; a rule that depends on the day takes it as an argument."""

import datetime as dt
from zoneinfo import ZoneInfo

from sqlalchemy import DateTime
from sqlalchemy.types import TypeDecorator

_zone = ZoneInfo("Asia/Shanghai")


def set_zone(name: str) -> None:
    """Use this time zone for what people read and for the day a thing belongs to."""
    global _zone
    _zone = ZoneInfo(name)


def now() -> dt.datetime:
    """The present moment, aware, in UTC."""
    return dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """The present day in the county's time zone."""
    return local(now()).date()


def local(moment: dt.datetime) -> dt.datetime:
    """A moment as the county's clocks show it."""
    return moment.astimezone(_zone)


def start_of(day: dt.date) -> dt.datetime:
    """The first moment of a day in the county's time zone, in UTC."""
    return dt.datetime.combine(day, dt.time(), _zone).astimezone(dt.UTC)


def moment_of(iso: str) -> dt.datetime:
    """The moment written as ISO 8601, in the county's time zone when it names none; ValueError when it is none."""
    written = dt.datetime.fromisoformat(iso)
    return (written if written.tzinfo else written.replace(tzinfo=_zone)).astimezone(dt.UTC)


class Moment(TypeDecorator):
    """A point in time: stored in UTC, always aware when read, on SQLite and PostgreSQL alike."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value, dialect):
        """UTC for the database; a naive time is a programming error."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value, dialect):
        """An aware UTC time."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)
