"""Model volunteers of the demonstration: last year's, and this year's nominations in every state."""

import datetime as dt
from collections import Counter as Tally
from collections.abc import Iterator

from sqlalchemy import select

from portal import clock
from portal.actors import Role
from portal.demo.county import County, Person, Place
from portal.demo.telling import Telling
from portal.demo.writing import write
from portal.duties import progress
from portal.duties.five_ones import Status
from portal.exemplars.models import Exemplar, ExemplarLead, ExemplarState, Lead
from portal.numbers import Counter, address_number
from portal.people.models import Member
from portal.pledges.models import FiveOne

S = ExemplarState
TURNS = (S.NOMINATED, S.CONFIRMED, S.RETURNED, S.CONFIRMED, S.REVOKED, S.NOMINATED, S.WITHDRAWN)
A_PLACE, LAST_YEAR = 3, 2  # nominations of each community, this year and last
LOOKED_AT = 40  # members of each community among whom they are chosen first
# In what each leads, and the deeds that say so.
DEEDS: tuple[tuple[tuple[Lead, ...], str], ...] = (
    ((Lead.MORALS, Lead.NEEDY), "坚持每周六上午在楼下义务修理小家电，帮独居老人换灯管、修水龙头，邻居有事都愿意找他。"),
    ((Lead.DISPUTES,), "两年来调解楼上楼下漏水、停车等纠纷，每次都上门听两家说，最后握手言和。"),
    ((Lead.NEEDY,), "结对帮扶的学生每月走访，辅导功课，帮着联系了助学金；逢年过节都去看望。"),
    ((Lead.PATROL,), "参加夜间治安巡逻从不缺勤，雨雪天也到岗，提醒住户关好门窗、管好电动车充电。"),
    ((Lead.MORALS, Lead.HYGIENE), "带头清理楼道杂物，劝说邻居把自行车停到车棚，这一栋楼成了小区的样板。"),
    ((Lead.POLICY,), "把医保、养老政策讲成大家听得懂的话，社区讲堂场场坐满，会后还留下来答疑。"),
)
STEPS = {
    S.NOMINATED: (),
    S.CONFIRMED: (("confirm", "确认", S.CONFIRMED, Role.COUNTY, None),),
    S.RETURNED: (("send_back", "退回", S.RETURNED, Role.COUNTY, "事迹写得太笼统，请补充具体的事"),),
    S.REVOKED: (
        ("confirm", "确认", S.CONFIRMED, Role.COUNTY, None),
        ("revoke", "撤销称号", S.REVOKED, Role.COUNTY, "单位来函，本年度受到党纪处分"),
    ),
    S.WITHDRAWN: (("withdraw", "撤回推荐", S.WITHDRAWN, Role.CLERK, "与另一名同名党员弄混"),),
}  # fmt: skip


def settle(county: County) -> None:
    """Write them, two communities after the other, with their history and the numbers that were drawn."""
    telling, serials, rows, leads = Telling(), Tally(), [], []
    chosen = list(_chosen(county))
    for number, (place, person, year, state) in enumerate(chosen):
        serials[year] += 1
        day = county.days_ago(28 - 20 * number // len(chosen)) if year == county.year else dt.date(year, 12, 5)
        row = _nomination(county, DEEDS[number % len(DEEDS)][1], (place, person), (year, serials[year], day), state)
        rows.append(row)
        leads += _leads(county, row["id"], number)
        _tell(county, telling, row, place)
    write(Exemplar, rows)
    write(ExemplarLead, leads)
    write(Counter, [{"kind": "exemplar", "year": year, "last": last} for year, last in serials.items()])
    telling.write()


def _chosen(county: County) -> Iterator[tuple[Place, Person, int, ExemplarState]]:
    """Who is nominated for which year, and how it stands."""
    turn, striving = 0, _striving(county)
    for place in county.places:
        people = sorted(county.registered_in[place.id], key=lambda person: person.id not in striving)
        longer = [person for person in people if person.registered_on.year < county.year]
        for person in longer[:LAST_YEAR]:
            yield place, person, county.year - 1, S.CONFIRMED
        for person in people[1 : 1 + A_PLACE]:
            yield place, person, county.year, TURNS[turn % len(TURNS)]
            turn += 1


def _striving(county: County) -> set[int]:
    """Of some of each community those who strive as the five ones ask it: whom one would nominate."""
    some = [person.id for place in county.places for person in county.registered_in[place.id][:LOOKED_AT]]
    found = progress.of(select(Member.id).where(Member.id.in_(some)), county.today)
    return {key for key, ones in found.items() if ones[FiveOne.EXEMPLAR].status is Status.DONE}


def _nomination(
    county: County, deeds: str, whom: tuple[Place, Person], drawn: tuple[int, int, dt.date], state: ExemplarState
) -> dict:
    (place, person), (year, serial, first) = whom, drawn
    user_id, name = county.clerks[place.id][0]
    confirmed = state in (S.CONFIRMED, S.REVOKED)
    return {
        "id": county.ids.next(Exemplar), "state": state, "number": address_number(year, serial), "year": year,
        "serial": serial, "member_id": person.id, "unit_id": person.unit.id,
        "supervisor_id": person.unit.supervisor_id, "community_id": place.id, "deeds": deeds,
        "nominated_on": first, "nominated_by": f"{place.name} {name}", "nominated_by_user_id": user_id,
        "confirmed_on": first + dt.timedelta(days=5) if confirmed else None,
    }  # fmt: skip


def _leads(county: County, exemplar_id: int, number: int) -> list[dict]:
    chosen, _ = DEEDS[number % len(DEEDS)]
    return [{"id": county.ids.next(ExemplarLead), "exemplar_id": exemplar_id, "lead": lead} for lead in chosen]


def _tell(county: County, telling: Telling, row: dict, place: Place) -> None:
    at = clock.start_of(row["nominated_on"]) + dt.timedelta(hours=10)
    clerk, before = row["nominated_by"], S.NOMINATED
    telling.tell(Exemplar, row["id"], at, "nominate", "推荐", (None, before), clerk, Role.CLERK)
    for step, (verb, label, after, role, reason) in enumerate(STEPS[row["state"]], 1):
        by = clerk if role is Role.CLERK else f"县委组织部 {county.users['county'][1]}"
        then = min(at + dt.timedelta(days=5 * step), clock.now())
        telling.tell(Exemplar, row["id"], then, verb, label, (before, after), by, role, reason)
        before = after
