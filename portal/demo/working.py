"""Own work of the demonstration's units and of the bodies above them; some have not written anything down."""

import datetime as dt
from collections.abc import Iterator

from portal import clock
from portal.actors import Role
from portal.demo.county import County
from portal.demo.telling import Telling
from portal.demo.writing import write
from portal.work.models import OwnWork, WorkKind, WorkState

S, K = WorkState, WorkKind
# What was done: title, words, how many took part, in which month of the year.
DONE: dict[WorkKind, tuple[str, str, int | None, int]] = {
    K.PLAN: ("在职党员进社区服务群众工作方案", "明确报到时间、五个一和联络员职责，支部委员会通过。", None, 2),
    K.MEETING: ("在职党员进社区部署动员会", "书记作动员，联络员讲报到流程，党员当场领了证明信。", 26, 3),
    K.DISCUSSION: ("“怎么下去、服务什么、怎么服务”大讨论", "分三组讨论，梳理出二十一条服务意向。", 24, 4),
    K.VISIT: ("走访社区党组织，了解党员表现", "与社区书记座谈，听了对本单位党员的意见，商定每季度走访一次。", 3, 5),
    K.PUBLICITY: ("在单位宣传栏张贴党员服务故事", "选了三名党员的服务故事和居民的感谢信。", None, 6),
    K.PRAISE: ("表扬服务群众表现突出的党员", "在主题党日上表扬了四名党员，请他们讲了体会。", 25, 7),
    K.TALK: ("与没有参加活动的党员谈话", "支部书记逐个谈话，了解困难，约定本季度补上。", 2, 8),
    K.OTHER: ("到兄弟单位学习进社区的做法", "看了他们的服务岗位和排班办法，带回两条做法。", 5, 9),
}  # fmt: skip
OF_UNITS = (K.PLAN, K.MEETING, K.DISCUSSION, K.VISIT, K.PUBLICITY, K.PRAISE, K.TALK, K.OTHER)
LIAISON, SECRETARY = "联络员", "党委办公室"


def settle(county: County) -> None:
    """Write this year's and last year's work: each unit a part of it, so that some lack something."""
    telling = Telling()
    write(OwnWork, [_entry(county, telling, *each) for each in _chosen(county)])
    telling.write()


def _chosen(county: County) -> Iterator[tuple[dict, str, Role, WorkKind, int, WorkState]]:
    """Whose work, written down by whom, of which kind and year, standing how."""
    for number, office in enumerate(county.offices):
        own = {"unit_id": office.id, "supervisor_id": None}
        for place, kind in enumerate(OF_UNITS):
            if (number + place) % (2 + place // 2):
                state = S.CANCELLED if (number * 3 + place) % 29 == 5 else S.RECORDED
                yield own, f"{office.name} {LIAISON}", Role.LIAISON, kind, county.year, state
        yield own, f"{office.name} {LIAISON}", Role.LIAISON, K.MEETING, county.year - 1, S.RECORDED
    for number, (name, key) in enumerate(county.supervisors.items()):
        own = {"unit_id": None, "supervisor_id": key}
        for kind in (K.PLAN, K.MEETING) if number % 3 else (K.PLAN,):
            yield own, f"{name} {SECRETARY}", Role.DEPARTMENT, kind, county.year, S.RECORDED


def _entry(county: County, telling: Telling, own: dict, writer: str, role: Role, kind, year: int, state) -> dict:
    title, words, took_part, month = DONE[kind]
    day = min(dt.date(year, month, 1 + (own["unit_id"] or own["supervisor_id"]) % 27), county.today)
    key = county.ids.next(OwnWork)
    at = min(clock.start_of(day) + dt.timedelta(hours=17), clock.now())
    telling.tell(OwnWork, key, at, "record", "登记", (None, S.RECORDED), writer, role)
    if state is S.CANCELLED:
        later = min(at + dt.timedelta(hours=1), clock.now())
        telling.tell(OwnWork, key, later, "cancel", "作废", (S.RECORDED, state), writer, role, "与另一条重复")
    return {
        "id": key, "state": state, "kind": kind, **own, "day": day, "title": title, "words": words,
        "community_id": county.places[key % len(county.places)].id if kind is K.VISIT else None,
        "took_part": took_part, "recorded_on": day, "recorded_by": writer,
    }  # fmt: skip
