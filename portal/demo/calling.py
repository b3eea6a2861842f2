"""Visits of the demonstration over the months, in every state, and the service records of those confirmed."""

import datetime as dt
from collections.abc import Iterator
from random import Random

from portal.actors import Role
from portal.demo.county import SEED, County, Person
from portal.demo.household_book import Kept
from portal.demo.telling import Telling
from portal.demo.writing import sealed, write
from portal.households import months
from portal.households.models import Visit, VisitPerson, VisitState
from portal.labels import Category
from portal.records.models import Evidence, RecordState, ServiceRecord, Source

V = VisitState
WORDS = (
    ("陪老人说话，量了血压，代买米面", "一周的口粮"),
    ("帮着打扫屋子，检查了燃气和电线", "换了老化的插座"),
    ("辅导作业，讲了两道数学题", "期中前的功课补上了"),
    ("问了补贴发放情况，帮着在手机上查询", "补贴已经到账"),
    ("送去米面油，聊了聊近况", None),
    ("陪着到街道办事大厅办手续", "手续办好了"),
)
# What became of one visit after the other; the latest ones wait.
TURNS = (*[V.CONFIRMED] * 17, V.REJECTED, *[V.CONFIRMED] * 11, V.WITHDRAWN, *[V.CONFIRMED] * 9)
FOLLOWED = {
    V.CONFIRMED: ("confirm", "确认走访", None), V.REJECTED: ("reject", "退回走访", "日期写错了，请核对后重新登记"),
    V.WITHDRAWN: ("withdraw", "撤回走访", None),
}  # fmt: skip
WAITS = 12  # visits of the last days wait for a second person


def settle(county: County, kept: list[Kept]) -> None:
    """Write visits in most months in which somebody supported each household, and the hours of those confirmed."""
    rng, telling = Random(SEED + 2), Telling()
    rows: dict[type, list[dict]] = {model: [] for model in (Visit, VisitPerson, ServiceRecord)}
    turn = 0
    for household in kept:
        for day in _days(county, household, rng):
            came = [person for person, since, until in household.supporters if since <= day <= (until or day)]
            if came:
                _visit(county, rows, telling, household, day, came if turn % 4 == 0 else came[:1], turn, rng)
                turn += 1
    for model, written in rows.items():
        write(model, written)
    telling.write()


def _days(county: County, household: Kept, rng: Random) -> Iterator[dt.date]:
    """A Saturday or Sunday of most months, from the first support to this month."""
    first = min(since for _, since, _ in household.supporters)
    month = first.replace(day=1)
    while month <= county.today:
        chance, day = rng.random(), month + dt.timedelta(days=rng.randrange(27))
        day += dt.timedelta(days=(5 - day.weekday()) % 7)
        if chance < 0.88 and first <= day <= min(county.today, months.last_of(month)):
            yield day
        month = (month + dt.timedelta(days=31)).replace(day=1)


def _visit(county: County, rows, telling: Telling, household: Kept, day: dt.date, came: list[Person], turn: int,
           rng: Random) -> None:  # fmt: skip
    """One visit, who came, and what became of it."""
    state = V.RECORDED if day > county.days_ago(WAITS) else TURNS[turn % len(TURNS)]
    clerks, first = county.clerks[household.place.id], came[0]
    alone = first.user_id is None
    recorder = clerks[0] if alone else (first.user_id, first.name)
    by = f"{household.place.name if alone else first.unit.name} {recorder[1]}"
    at, key = county.moment(day, 20), county.ids.next(Visit)
    by_another = state in (V.CONFIRMED, V.REJECTED)
    answered = (day + dt.timedelta(days=2), f"{household.place.name} 网格管理员") if by_another else (None, None)
    done, solved = WORDS[turn % len(WORDS)]
    facts = {"starts": dt.time(rng.choice((9, 10, 15, 16))), "half_hours": rng.randint(1, 4), "day": day,
             "recorded_at": at, "recorded_by": by, "recorded_by_user_id": recorder[0],
             "recorded_by_member_id": None if alone else first.id, "stand_in": alone}  # fmt: skip
    rows[Visit].append(facts | sealed(Visit, done=done, solved=solved) | {
        "id": key, "state": state, "household_id": household.id, "answered_on": answered[0],
        "answered_by": answered[1], "answered_by_user_id": None, "version": 1 if state is V.RECORDED else 2,
    })  # fmt: skip
    for person in came:
        rows[VisitPerson].append({"id": county.ids.next(VisitPerson), "visit_id": key, "member_id": person.id})
        if state is V.CONFIRMED:
            rows[ServiceRecord].append(_record(county, household, person, facts, key, answered))
    _tell(county, telling, key, state, (at, by, alone), answered)


def _record(county: County, household: Kept, person: Person, facts: dict, key: int, answered) -> dict:
    return facts | {
        "id": county.ids.next(ServiceRecord), "state": RecordState.CONFIRMED, "member_id": person.id,
        "unit_id": person.unit.id, "supervisor_id": person.unit.supervisor_id, "community_id": person.place.id,
        "place_id": household.place.id, "category": Category.POVERTY, "for_whom": household.shown_name,
        "what": "走访联系对象", "source": Source.VISIT, "source_id": key,
        "source_number": household.number, "evidence": Evidence.ORGANISER, "note": None,
        "confirmed_at": county.moment(answered[0], 9, after=facts["recorded_at"]), "confirmed_by": answered[1],
        "confirmed_by_user_id": None,
    }  # fmt: skip


def _tell(county: County, telling: Telling, key: int, state: VisitState, recorded, answered) -> None:
    at, by, alone = recorded
    telling.tell(Visit, key, at, "record", "登记走访", (None, V.RECORDED), by, Role.CLERK if alone else Role.MEMBER,
                 stand_in=alone)  # fmt: skip
    if state in FOLLOWED:
        verb, label, why = FOLLOWED[state]
        then = county.moment(answered[0], 9, after=at) if answered[0] else at + dt.timedelta(minutes=5)
        who = (answered[1], Role.GRID_WORKER) if answered[0] else (by, Role.CLERK if alone else Role.MEMBER)
        telling.tell(Visit, key, then, verb, label, (V.RECORDED, state), *who, why)
