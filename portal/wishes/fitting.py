"""Why a wish fits a member: by skill, intention, grid and free time.  [二(二)2]"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Select, select

from portal.extensions import db
from portal.labels import Category, Labelled
from portal.registrations.models import (
    CardFreeTime,
    CardIntention,
    CardSkill,
    FreeTime,
    InfoCard,
)
from portal.scheme import queries as scheme
from portal.scheme.calendar import Calendar
from portal.wishes import crafts

FORESEEN = 30  # days ahead: by then every kind of free time has come by


class Reason(Labelled):
    """Why a wish fits a member."""

    SKILL = "skill", "特长匹配"
    INTENTION = "intention", "服务意向一致"
    GRID = "grid", "同一网格"
    TIME = "time", "空闲时间合适"
    IDLE = "idle", "手上没有在办的心愿"
    COLLEAGUE = "colleague", "牵头人的同事"


def in_words(reasons: dict[Reason, str]) -> str:
    """Reasons in one line."""
    return "、".join(
        f"{reason.label}（{rests_on}）" if rests_on else reason.label for reason, rests_on in reasons.items()
    )


@dataclass
class Abilities:
    """What members' info cards say that matters here."""

    skills: list[str] = field(default_factory=list)
    intentions: set[Category] = field(default_factory=set)
    free_times: set[FreeTime] = field(default_factory=set)


def abilities_of(member_ids: Select | Iterable[int]) -> dict[int, Abilities]:
    """What the cards of these members say, in three queries; an empty one of whoever filled none."""
    found: dict[int, Abilities] = defaultdict(Abilities)
    for member_id, skill in _lines(CardSkill, CardSkill.skill, member_ids):
        found[member_id].skills.append(skill)
    for member_id, category in _lines(CardIntention, CardIntention.category, member_ids):
        found[member_id].intentions.add(category)
    for member_id, free_time in _lines(CardFreeTime, CardFreeTime.free_time, member_ids):
        found[member_id].free_times.add(free_time)
    return found


def _lines(model, column, member_ids):
    lines = select(InfoCard.member_id, column).join(InfoCard, InfoCard.id == model.card_id)
    return db.session.execute(lines.where(InfoCard.member_id.in_(member_ids)).order_by(model.id))


def of_card(card: Abilities, category: Category | None, text: str) -> dict[Reason, str]:
    """Why a wish of this category and wording fits whoever has this card."""
    reasons = {}
    if skills := crafts.shared(card.skills, text):
        reasons[Reason.SKILL] = "、".join(skills)
    if category in card.intentions:
        reasons[Reason.INTENTION] = category.label
    return reasons


def of_time(card: Abilities, free: set[FreeTime]) -> dict[Reason, str]:
    """Why the days until a wish is wanted fit whoever has this card."""
    times = [time.label for time in FreeTime if time in card.free_times & free]
    return {Reason.TIME: "、".join(times)} if times else {}


def free_until(wanted_by: dt.date | None, today: dt.date) -> set[FreeTime]:
    """The kinds of free time that there are until the day by which a wish is wanted; none where it names no day."""
    if wanted_by is None:
        return set()
    calendar = scheme.calendar_around(today.year)
    days = [today + dt.timedelta(days=n) for n in range(min((wanted_by - today).days, FORESEEN) + 1)]
    return {time_of(calendar, day) for day in days}


def time_of(calendar: Calendar, day: dt.date) -> FreeTime:
    """The kind of free time that a day offers: of a working day the evening."""
    if calendar.is_workday(day):
        return FreeTime.EVENINGS
    return FreeTime.WEEKENDS if day.weekday() >= 5 else FreeTime.HOLIDAYS
