"""The scheme year of a day, and the calendar of working days as the database has it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, event, func, or_, select

from portal.extensions import db
from portal.scheme import service_days
from portal.scheme.calendar import Calendar
from portal.scheme.models import CalendarDay, SchemeYear, ServiceDayOverride
from portal.scheme.service_days import Overrides, ServiceDays

# What a year does not take over from the one before it.
_OF_ONE_YEAR = {"id", "year", "locked_at", "closed_at", "version"}


def default_year(year: int) -> SchemeYear:
    """A scheme year with the notice's dates and the default limits, not yet stored.  [三1]"""
    limits = {
        column.name: column.default.arg  # type: ignore[attr-defined]
        for column in SchemeYear.__table__.columns
        if column.default is not None and column.default.is_scalar
    }
    return SchemeYear(
        year=year,
        report_in_by=dt.date(year, 5, 15),
        roster_by=dt.date(year, 4, 1),
        inspection_on=dt.date(year, 5, 19),
        yearly_report_by=dt.date(year, 11, 30),
        evaluations_from=dt.date(year, 11, 1),
        **limits,
    )


def following_year(year: int) -> SchemeYear:
    """A scheme year with the settings of the latest one stored before it, its dates moved on; not yet stored."""
    last = db.session.scalar(select(SchemeYear).where(SchemeYear.year < year).order_by(SchemeYear.year.desc()).limit(1))
    opened = default_year(year)
    for column in SchemeYear.__table__.columns if last else ():
        value = getattr(last, column.name)
        if column.name not in _OF_ONE_YEAR:
            setattr(opened, column.name, _moved(value, year) if isinstance(value, dt.date) else value)
    return opened


def _moved(day: dt.date, year: int) -> dt.date:
    """The same day of another year; 28 February for the 29th where there is none."""
    leap = (day.month, day.day) == (2, 29)
    return dt.date(year, 2, 28) if leap else day.replace(year=year)


def year_of(day: dt.date) -> SchemeYear:
    """The scheme year that a day belongs to; the defaults where the county has not opened it yet."""
    return _stored(day.year) or default_year(day.year)


def is_open(year: int) -> bool:
    """Whether the county has opened this year."""
    return _stored(year) is not None


def why_closed(year: int, hold: bool = False) -> str:
    """Why nothing of this year may be changed, "" where it may: the one place that says so (see portal/years.py).

    With `hold`, whoever closes the year waits until this transaction has ended.
    """
    row = _held(year) if hold else _stored(year)
    if row is None or not (row.closed_at or row.locked_at):
        return ""
    if row.closed_at:
        return f"{year}年度已结账，只能查阅；确有差错的，请县委组织部办理更正。"
    return f"{year}年度正在结账，不能再改动。"


def is_closed(year: int) -> bool:
    """Whether the county has closed this year for good."""
    row = _stored(year)
    return row is not None and row.closed_at is not None


def is_of_open_year(column) -> ColumnElement[bool]:
    """The condition that the year of this column is open: what can't change any more waits for nobody."""
    over = or_(SchemeYear.locked_at.is_not(None), SchemeYear.closed_at.is_not(None))
    return column.not_in(select(SchemeYear.year).where(over))


def calendar(first: int, last: int) -> Calendar:
    """The working days of the years from first to last, both included."""
    days = db.session.execute(
        select(CalendarDay.day, CalendarDay.kind, CalendarDay.note).where(
            CalendarDay.day.between(dt.date(first, 1, 1), dt.date(last, 12, 31))
        )
    ).all()
    return Calendar({row.day: row.kind for row in days}, {row.day: row.note for row in days})


def calendar_around(year: int) -> Calendar:
    """The working days of a year, of the one before and the one after."""
    return _once(("calendar", year), lambda: calendar(year - 1, year + 1))


def due(start: dt.date, workdays: int) -> dt.date:
    """The day by which something is due: so many working days after the start."""
    return calendar_around(start.year).add_workdays(start, workdays)


def before(day: dt.date, workdays: int) -> dt.date:
    """The first day on which something may have begun and not yet lain for more than so many working days."""
    return calendar_around(day.year).before(day, workdays)


def days_of(year: int) -> list[CalendarDay]:
    """The days of a year that are not what their weekdays say, in order."""
    of_year = CalendarDay.day.between(dt.date(year, 1, 1), dt.date(year, 12, 31))
    return list(db.session.scalars(select(CalendarDay).where(of_year).order_by(CalendarDay.day)))


def service_days_of(year: int) -> list[ServiceDays]:
    """The four service days of a year, as the calendar and the county's own settings have them."""
    return service_days.of_year(year, calendar(year, year), overrides(year, year))


def next_service_days(today: dt.date) -> ServiceDays:
    """The service days that today is one of, or the next ones.  [二(二)3]"""
    this = today.year
    return service_days.following(today, calendar(this, this + 1), overrides(this, this + 1))


def overrides(first: int, last: int) -> Overrides:
    """The days that the county set itself in the years from first to last, by year and quarter."""
    rows = select(ServiceDayOverride).where(ServiceDayOverride.year.between(first, last))
    return {(row.year, row.quarter): row for row in db.session.scalars(rows)}


def override_of(year: int, quarter: int) -> ServiceDayOverride | None:
    """The days that the county set for this quarter, or None."""
    return overrides(year, year).get((year, quarter))


def years_with_days() -> tuple[int, int]:
    """The first and the last year of which the calendar has days off; of an empty calendar (9999, 0)."""
    first, last = db.session.execute(select(func.min(CalendarDay.day), func.max(CalendarDay.day))).one()
    return (first.year, last.year) if first else (9999, 0)


def _stored(year: int) -> SchemeYear | None:
    return _once(("year", year), lambda: db.session.scalar(select(SchemeYear).where(SchemeYear.year == year)))


def _held(year: int) -> SchemeYear | None:
    return db.session.scalar(
        select(SchemeYear)
        .where(SchemeYear.year == year)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    )


def _once(key: tuple[str, int], read: Callable[[], Any]):
    """What `read` finds, asked once in a transaction: one desk needs the year and the calendar several times."""
    kept = db.session().info.setdefault("scheme", {})
    if key not in kept:
        kept[key] = read()
    return kept[key]


def _forget(session, *_) -> None:
    session.info.pop("scheme", None)


def _forget_what_changed(session, *_) -> None:
    # Not after each flush: a roll settled writes a hundred records, and each asks for the year and its working days.
    touched = (*session.new, *session.dirty, *session.deleted)
    if any(isinstance(row, SchemeYear | CalendarDay) for row in touched):
        _forget(session)


event.listen(db.session, "after_flush", _forget_what_changed)
for moment in ("after_commit", "after_soft_rollback"):
    event.listen(db.session, moment, _forget)
event.listen(db.session, "after_bulk_delete", lambda deleted: _forget(deleted.session))
