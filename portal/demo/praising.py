"""What residents said in past quarters, praise and concerns heard out: for the bulletins and evaluations to tell."""

import datetime as dt
from collections import Counter as Tally

from portal import clock
from portal.actors import Role
from portal.demo.county import County, Person, Place
from portal.demo.feeding_back import quarters_told
from portal.demo.telling import Telling
from portal.demo.writing import sealed, write
from portal.feedback.quarters import QuarterOf
from portal.numbers import Counter, address_number
from portal.people.names import shown_name
from portal.remarks.models import Finding, Remark, RemarkKind, RemarkSource, RemarkState

S = RemarkState
# What was said; of a concern, how the member explained it, what was found and what the resident was told.
SAID: tuple[tuple[str, tuple[str, Finding, str] | None], ...] = (
    ("楼道的灯坏了半年，修好以后还回来看过一次。", None),
    ("帮老人量血压、讲用药，讲得慢，听得懂。", None),
    ("约好上门，晚到了一个多小时。",
     ("单位临时开会，打了电话没有打通，当天晚上登门说明。", Finding.PARTLY, "已说明原因，以后改期提前一天告知。")),
    ("周末清理花园的同志干得细，连墙角都扫到了。", None),
    ("辅导作业很有耐心，孩子愿意跟着学。", None),
    ("搬走的旧柜子放在单元门口，两天没有运走。",
     ("联系的车那两天没有空，第三天已经运走。", Finding.TRUE, "柜子已运走，以后当天清理完再离开。")),
    ("下雪天主动铲雪撒盐，老人出门踏实多了。", None),
)  # fmt: skip
RESIDENTS = ("李秀英", "马建国", "陈桂英", "赵淑兰", "王德福")
A_PLACE = 2  # of each community in each quarter


def settle(county: County) -> None:
    """Write them quarter after quarter, so that the numbers run in the order of time."""
    telling, serials, rows = Telling(), Tally(), []
    for of in quarters_told(county):
        for turn, (place, person) in enumerate(_spoken_of(county, of)):
            serials[of.year] += 1
            rows.append(_remark(county, telling, (of, serials[of.year]), (place, person), turn))
    write(Remark, rows)
    write(Counter, [{"kind": "remark", "year": year, "last": last} for year, last in sorted(serials.items())])
    telling.write()


def _spoken_of(county: County, of: QuarterOf) -> list[tuple[Place, Person]]:
    """Of each community some who were registered before the quarter began, others each time."""
    found = []
    for place in county.places:
        known = [each for each in county.registered_in[place.id] if each.registered_on < of.first]
        first = of.year * 8 + of.quarter * A_PLACE
        found += [(place, known[(first + n) % len(known)]) for n in range(A_PLACE) if known]
    return found


def _remark(county: County, telling: Telling, drawn: tuple[QuarterOf, int], whom: tuple[Place, Person], turn: int):
    (of, serial), (place, person) = drawn, whom
    said, heard = SAID[(of.quarter * 3 + of.year + turn) % len(SAID)]
    resident = RESIDENTS[(turn + of.quarter) % len(RESIDENTS)]
    day = of.first + dt.timedelta(days=12 + 9 * (turn % 6))
    explained, finding, outcome = heard or (None, None, "已转达给党员本人，谢谢您的肯定。")
    row = {
        "id": county.ids.next(Remark), "state": S.SETTLED, "number": address_number(of.year, serial), "year": of.year,
        "serial": serial, "kind": RemarkKind.CONCERN if heard else RemarkKind.PRAISE, "source": RemarkSource.SPOKEN,
        "community_id": place.id, "member_id": person.id, "shown_name": shown_name(resident), "words": said,
        "reply": explained, "answer_by": day + dt.timedelta(days=5) if heard else None, "finding": finding,
        "outcome": outcome, "submitted_on": day, "ended_at": _at(day, 3, 16), "version": 1,
    } | sealed(Remark, told=said, about="来服务的党员", name=resident, phone=None)  # fmt: skip
    _tell(county, telling, row, place, person)
    return row


def _tell(county: County, telling: Telling, row: dict, place: Place, person: Person) -> None:
    """The line of each step, as the moves write them."""
    key, day, clerk = row["id"], row["submitted_on"], f"{place.name} {county.clerks[place.id][0][1]}"
    telling.tell(Remark, key, _at(day, 0, 9), "submit", "提出", (None, S.SUBMITTED), clerk, Role.CLERK)
    if not row["reply"]:
        telling.tell(Remark, key, row["ended_at"], "thank", "转达表扬", (S.SUBMITTED, S.SETTLED), clerk, Role.CLERK)
        return
    member = f"{person.unit.name} {person.name}"
    telling.tell(Remark, key, _at(day, 0, 15), "put", "请党员说明", (S.SUBMITTED, S.PUT), clerk, Role.CLERK)
    telling.tell(Remark, key, _at(day, 2, 20), "answer", "说明情况", (S.PUT, S.ANSWERED), member, Role.MEMBER)
    telling.tell(Remark, key, row["ended_at"], "settle", "答复居民", (S.ANSWERED, S.SETTLED), clerk, Role.CLERK)


def _at(day: dt.date, later: int, hour: int) -> dt.datetime:
    return clock.start_of(day + dt.timedelta(days=later)) + dt.timedelta(hours=hour)
