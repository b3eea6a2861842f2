"""The scheme year with its dates, limits and minimum duties, and the calendar of days off."""

import datetime as dt

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.clock import Moment
from portal.extensions import Base
from portal.labels import Labelled, labelled
from portal.text import Text


class SchemeYear(Base):
    """One year of the scheme (年度): dates, time limits in days, minimum duties.  [三1] [四]

    From `locked_at` on, when its closing begins, nothing of it changes; from `closed_at` on it is closed for good.
    Limits ending in `_workdays` count working days of the calendar; the others count days.
    """

    __tablename__ = "scheme_years"
    __table_args__ = (CheckConstraint("year BETWEEN 2014 AND 2099", "year_sane"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(unique=True)
    report_in_by: Mapped[dt.date]
    roster_by: Mapped[dt.date]
    later_report_in_days: Mapped[int] = mapped_column(default=30)
    certificate_valid_days: Mapped[int] = mapped_column(default=30)
    transfer_release_days: Mapped[int] = mapped_column(default=10)
    inspection_on: Mapped[dt.date]
    yearly_report_by: Mapped[dt.date]
    least_services: Mapped[int] = mapped_column(default=2)
    least_half_hours: Mapped[int] = mapped_column(default=16)
    wish_review_workdays: Mapped[int] = mapped_column(default=3)
    wish_finish_workdays: Mapped[int] = mapped_column(default=15)
    wish_extension_workdays: Mapped[int] = mapped_column(default=15)
    wish_fitting_days: Mapped[int] = mapped_column(default=7)
    wish_teams_days: Mapped[int] = mapped_column(default=15)
    wish_town_days: Mapped[int] = mapped_column(default=30)
    wish_county_days: Mapped[int] = mapped_column(default=15)
    wish_confirm_days: Mapped[int] = mapped_column(default=7)
    wish_reopen_days: Mapped[int] = mapped_column(default=15)
    wish_archive_days: Mapped[int] = mapped_column(default=30)
    wish_proposal_hours: Mapped[int] = mapped_column(default=48)
    most_open_claims: Mapped[int] = mapped_column(default=2)
    late_record_days: Mapped[int] = mapped_column(default=7)
    pledge_shown_workdays: Mapped[int] = mapped_column(default=3)
    remark_answer_workdays: Mapped[int] = mapped_column(default=7)
    suggestion_answer_workdays: Mapped[int] = mapped_column(default=15)
    difficulty_answer_workdays: Mapped[int] = mapped_column(default=10)
    evaluations_from: Mapped[dt.date]
    evaluation_reply_days: Mapped[int] = mapped_column(default=15)
    locked_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    closed_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)

    @property
    def least_hours(self) -> float:
        """The minimum duty in hours; kept in half hours."""
        return self.least_half_hours / 2

    @least_hours.setter
    def least_hours(self, hours: float) -> None:
        self.least_half_hours = round(hours * 2)


class DayKind(Labelled):
    """What the calendar table says of a day that is not what its weekday says."""

    HOLIDAY = "holiday", "放假"
    WORKDAY = "workday", "调休上班"


class CalendarDay(Base):
    """A day whose being a working day differs from its weekday, as the State Council's notice says."""

    __tablename__ = "calendar_days"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[dt.date] = mapped_column(unique=True)
    kind: Mapped[DayKind] = labelled(DayKind)
    note: Mapped[str] = mapped_column(Text(40))


class ServiceDayOverride(Base):
    """The days that the county set for a quarter's service instead of the rule's, and why.  [二(二)3]"""

    __tablename__ = "service_day_overrides"
    __table_args__ = (
        UniqueConstraint("year", "quarter"),
        CheckConstraint("quarter BETWEEN 1 AND 4", "quarter_of_a_year"),
        CheckConstraint("ends_on >= starts_on", "ends_after_it_begins"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    quarter: Mapped[int]
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    note: Mapped[str] = mapped_column(Text(100))
    version: Mapped[int] = mapped_column(default=1)
