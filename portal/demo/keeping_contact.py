"""Contacts of units and communities, and members' difficulties, of the demonstration: every state of both occurs."""

import datetime as dt
from collections import Counter as Tally

from portal import clock
from portal.actors import Role
from portal.demo.county import County, Person
from portal.demo.telling import Telling
from portal.demo.writing import sealed, write
from portal.feedback.models import Contact, ContactHow, ContactState, Difficulty, DifficultyState, Side
from portal.numbers import Counter, address_number
from portal.scheme import queries as scheme

H, D = ContactHow, DifficultyState
DAYS = (8, 37, 95, 128, 190, 260, 330, 410, 520, 640)  # days ago, one contact after the other
CONTACTS = (
    (H.PHONE, "社区书记、单位联络员", "核对本季度服务日参加人数", "按社区签到表为准，差的两人下次补上。"),
    (H.VISIT, "单位副书记、社区书记", "走访社区，听取对党员表现的意见", "社区反映总体很好，建议周末多安排。"),
    (H.MEETING, "单位联络员、社区专干", "商量楼院整治的分工", "单位出工具，社区出方案，月底前完成。"),
    (H.CALL, "社区专干、单位办公室", "来访商谈结对共建项目", "先办两件：图书角和义诊，其余明年再议。"),
)
TROUBLES = (
    ("孩子今年上小学，老人住院，下午四点放学没有人接。", "已联系学校和社区，从下周起参加课后服务，工会补贴一半费用。"),
    ("家里老人行动不便，住五楼没有电梯，下楼要人背。", "社区已把您家列入扶手改造名单，本月内安装，志愿者帮着接送。"),
    ("爱人刚下岗，想找一份离家近的工作。", "已向人社部门推荐，周六有一场招聘会，材料由单位代送。"),
    ("夜班多，孩子晚上一个人在家不放心。", "单位已调整排班，每周夜班不超过一次。"),
)  # fmt: skip
HANDED, STILL, AGAIN = "这件事社区更清楚，请社区答复。", "办了一半，周三下午还是没有人接。", "周三由社区志愿者接送。"
# What becomes of one difficulty after the other, and whether it was handed on.
TURNS = (
    (D.ANSWERED, False), (D.ASKED, False), (D.ANSWERED, True), (D.UNSOLVED, False), (D.ANSWERED, False),
    (D.ASKED, True), (D.WITHDRAWN, False),
)  # fmt: skip
EVERY = 3  # one in so many registered members of a small county asked; at most so many do:
AT_MOST = 210


def settle(county: County) -> None:
    """Write both with their history."""
    telling = Telling()
    _contacts(county, telling)
    _difficulties(county, telling)
    telling.write()


def _contacts(county: County, telling: Telling) -> None:
    rows = []
    pairs = sorted({(person.place.id, person.unit.id) for person in county.registered if person.place})
    names = {place.id: place.name for place in county.places} | {-office.id: office.name for office in county.offices}
    # As a log grows: the oldest first.
    turns = ((ago, number) for number in range(len(pairs)) if number % 3 for ago in DAYS[number % 4 :: 4])
    for ago, number in sorted(turns, key=lambda turn: (-turn[0], turn[1])):
        pair = place_id, unit_id = pairs[number]
        side = Side.COMMUNITY if (number + ago) % 2 else Side.UNIT
        who = names[place_id] if side is Side.COMMUNITY else names[-unit_id]
        row = _contact(county, pair, side, number + ago, ago, who)
        rows.append(row)
        _tell_contact(telling, row, "record", "登记", None)
        if ago == DAYS[2] and number % 5 == 2:
            anew = _contact(county, pair, side, number + ago + 1, ago, who) | {
                "corrects_id": row["id"], "recorded_at": row["recorded_at"] + dt.timedelta(days=3),
            }  # fmt: skip
            row["state"], row["version"] = ContactState.CORRECTED, 2
            rows.append(anew)
            _tell_contact(telling, anew, "record", "更正登记", None)
            _tell_contact(telling, row | {"recorded_at": anew["recorded_at"]}, "correct", "更正",
                          ContactState.RECORDED)  # fmt: skip
    write(Contact, rows)


def _contact(county: County, pair: tuple[int, int], side: Side, turn: int, ago: int, who: str) -> dict:
    how, people, about, outcome = CONTACTS[turn % len(CONTACTS)]
    day = county.days_ago(ago)
    return {
        "id": county.ids.next(Contact), "state": ContactState.RECORDED, "community_id": pair[0], "unit_id": pair[1],
        "side": side, "day": day, "how": how, "people": people, "about": about, "outcome": outcome,
        "recorded_at": clock.start_of(day) + dt.timedelta(hours=15), "recorded_by": who, "corrects_id": None,
        "version": 1,
    }  # fmt: skip


def _tell_contact(telling: Telling, row: dict, verb: str, label: str, before: ContactState | None) -> None:
    role = Role.CLERK if row["side"] is Side.COMMUNITY else Role.LIAISON
    after = ContactState.CORRECTED if verb == "correct" else ContactState.RECORDED
    telling.tell(Contact, row["id"], row["recorded_at"], verb, label, (before, after), row["recorded_by"], role)


def _difficulties(county: County, telling: Telling) -> None:
    asked = [person for person in county.registered if person.place and person.user_id]
    asked = asked[:: max(EVERY, len(asked) // AT_MOST)]
    serials: Tally[int] = Tally()
    dated = sorted((county.days_ago(3 + number * 11 % 300), number) for number in range(len(asked)))
    rows = []
    for day, number in dated:
        serials[day.year] += 1
        rows.append(_difficulty(county, telling, asked[number], (day, number), serials[day.year]))
    write(Difficulty, rows)
    write(Counter, [{"kind": "difficulty", "year": year, "last": last} for year, last in serials.items()])


def _difficulty(county: County, telling: Telling, person: Person, when: tuple[dt.date, int], serial: int) -> dict:
    day, number = when
    state, handed = TURNS[number % len(TURNS)]
    trouble, answer = TROUBLES[number % len(TROUBLES)]
    said = {"told": trouble, "handed_words": HANDED if handed else None}
    answered = state in (D.ANSWERED, D.UNSOLVED)
    again = state is D.ANSWERED and number % 3 == 1
    unsolved = state is D.UNSOLVED or again
    said |= {"answer": answer if answered else None, "unsolved_words": STILL if unsolved else None}
    said |= {"last_answer": AGAIN if again else None}
    steps = [day + dt.timedelta(days=2 * step) for step in range(6)]
    side = Side.COMMUNITY if handed or number % 4 == 1 else Side.UNIT
    due = scheme.due(min(steps[3] if unsolved else day, county.today), 10)
    place = person.place
    assert place is not None
    row = {
        "id": county.ids.next(Difficulty), "state": state, "number": address_number(day.year, serial),
        "year": day.year, "serial": serial, "member_id": person.id, "unit_id": person.unit.id,
        "community_id": place.id, "held_by": side, "asked_on": day, "answer_by": due,
        "handed_on": min(steps[1], county.today) if handed else None,
        "answered_on": min(steps[4] if again else steps[2], county.today) if answered else None,
        "unsolved_on": min(steps[3], county.today) if unsolved else None,
    } | sealed(Difficulty, **said)  # fmt: skip
    acts = _acts(state, handed, again)
    _tell_difficulty(telling, person, row, side, acts)
    return row | {"version": len(acts)}


def _acts(state: DifficultyState, handed: bool, again: bool) -> list[tuple[str, str, DifficultyState]]:
    acts = [("ask", "求助", D.ASKED)]
    acts += [("hand_on", "转交", D.ASKED)] if handed else []
    acts += [("answer", "答复", D.ANSWERED)] if state in (D.ANSWERED, D.UNSOLVED) else []
    acts += [("reopen", "还没有解决", D.UNSOLVED)] if again or state is D.UNSOLVED else []
    acts += [("answer", "答复", D.ANSWERED)] if again else []
    return acts + ([("withdraw", "撤回求助", D.WITHDRAWN)] if state is D.WITHDRAWN else [])


def _tell_difficulty(telling: Telling, person: Person, row: dict, side: Side, acts: list) -> None:
    before = None
    office = person.place.name if side is Side.COMMUNITY and person.place else person.unit.name
    for step, (verb, label, after) in enumerate(acts):
        own = verb in ("ask", "reopen", "withdraw")
        holder = person.unit.name if verb == "hand_on" else office
        role = Role.MEMBER if own else Role.LIAISON if holder == person.unit.name else Role.CLERK
        who = f"{person.unit.name} {person.name}" if own else holder
        at = min(clock.start_of(row["asked_on"]) + dt.timedelta(days=2 * step, hours=9), clock.now())
        telling.tell(Difficulty, row["id"], at, verb, label, (before, after), who, role)
        before = after
