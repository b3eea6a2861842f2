"""What the portal itself shows for an item of a checklist, counted from its records for any bodies at once.

A source says which rows it looks at, whose they are (`of`), and which of them speak against the body (`bad`). The
numbers are those of the lists in `behind`. One query a source, for one body or for all towns and departments.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import case, func

from portal.actors import Actor, Role
from portal.duties import tally
from portal.extensions import db
from portal.filters import hours, percent
from portal.inspections.kinds import Drawn, TargetKind
from portal.inspections.models import Check, Inspection, Target
from portal.inspections.sources import SOURCES, Source
from portal.registrations.rates import Grouping

Words = Callable[[int, int, int], str]


@dataclass(frozen=True)
class Shown:
    """The evidence of one item at one body: its words, and how many rows its list has (None: no list)."""

    drawn: Drawn
    words: str
    listed: int | None

    @property
    def speaks_against(self) -> bool:
        """Whether there is something to ask about."""
        return bool(self.listed)


def _rate(all_: int, bad: int, _sum: int) -> str:
    return f"报到率 {percent(all_ - bad, all_)}（应报到 {all_} 人，已报到 {all_ - bad} 人）"


def _of(noun: str, left: str) -> Words:
    return lambda all_, bad, _sum: f"{noun} {all_}，{left} {bad}"


def _service(all_: int, _bad: int, half_hours: int) -> str:
    return f"本年已确认服务 {all_} 次，共 {hours(half_hours)} 小时"


def _late(all_: int, bad: int, _sum: int) -> str:
    return f"补录占 {percent(bad, all_)}（已确认 {all_} 条，其中补录 {bad} 条）"


def _no_unit(name: str) -> Words:
    def words(all_: int, bad: int, _sum: int) -> str:
        if all_ == 1:
            return f"{'没有' if bad else '有'}{name}"
        return f"{all_} 个单位，没有{name}的 {bad} 个"

    return words


WORDS: dict[Drawn, Words] = {
    Drawn.REPORTED: _rate,
    Drawn.UNREPORTED: _of("应报到人数", "未报到人数"),
    Drawn.RECEIPTS: _of("社区已接洽人数", "回执未备案"),
    Drawn.PLEDGES: _of("报到党员人数", "没有审定承诺的人数"),
    Drawn.SERVICE: _service,
    Drawn.ENTERED_LATE: _late,
    Drawn.UNCONFIRMED: _of("本年写实记录条数", "待确认"),
    Drawn.WISHES: _of("在办微心愿件数", "超期"),
    Drawn.VISITS: _of("应走访联系对象户数", "上月未走访"),
    Drawn.REMARKS: _of("本年群众意见条数", "未答复"),
    Drawn.SUGGESTIONS: _of("本年合理建议条数", "超期未答复"),
    Drawn.OWN_WORK: _no_unit("本年工作记录"),
    Drawn.LIAISON: _no_unit("主联络员"),
}


def draw(drawn: Iterable[Drawn | None], target: Target, today: dt.date) -> dict[Drawn, Shown]:
    """The evidence of these kinds at one body as it stands now; kinds that tell nothing of such a body left out."""
    wanted = dict.fromkeys(each for each in drawn if each)
    found = {each: for_all(each, [target], today).get(target.id) for each in wanted}
    return {each: shown for each, shown in found.items() if shown}


def for_all(drawn: Drawn, targets: Sequence[Target], today: dt.date) -> dict[int, Shown]:
    """The evidence of one kind at each of these bodies, by target; one query for those of a kind."""
    if drawn is Drawn.FIVE_ONES:
        return _five_ones(targets, today)
    found = {}
    for kind in {target.kind for target in targets}:
        of_kind = {_body_id(target): target.id for target in targets if target.kind is kind}
        numbers = _numbers(SOURCES[drawn], kind, list(of_kind), today)
        found |= {of_kind[key]: _shown(drawn, *each) for key, each in numbers.items()}
    return found


def _shown(drawn: Drawn, all_: int, bad: int, total: int) -> Shown:
    return Shown(drawn, WORDS[drawn](all_, bad, total), None if drawn is Drawn.SERVICE else bad)


def _numbers(source: Source, kind: TargetKind, ids: list[int], today: dt.date) -> dict[int, tuple[int, int, int]]:
    """By body: how many rows, how many of them speak against it, and the sum where there is one."""
    key = source.of(kind)
    if key is None:
        return {}
    base = source.rows(today)
    counted, bad, total = source.columns(today)
    one = func.count(counted.distinct())
    against = func.count(case((bad, counted)).distinct())
    sums = func.coalesce(func.sum(total), 0) if total is not None else func.count()
    rows = base.with_only_columns(key, one, against, sums, maintain_column_froms=True).where(key.in_(ids)).group_by(key)
    found = {row[0]: (row[1], row[2], int(row[3])) for row in db.session.execute(rows.order_by(None))}
    return {each: found.get(each, (0, 0, 0)) for each in ids}


def _five_ones(targets: Sequence[Target], today: dt.date) -> dict[int, Shown]:
    """Told by the rule of the room `duties`, of one body's registered members or of the whole county's at once."""
    found: dict[int, Shown] = {}
    whole = tally.people(_COUNTY, Grouping.UNIT, today) if len(targets) > 1 else None
    for target in targets:
        people = whole if whole is not None else tally.people(scope_of(target), grouping_of(target), today)
        own = [person for person in people if _belongs(person, target)]
        lacking = sum(not person.whole for person in own)
        words = f"报到党员人数 {len(own)}，五个一齐全 {len(own) - lacking}，还有缺项 {lacking}"
        found[target.id] = Shown(Drawn.FIVE_ONES, words, lacking)
    return found


_COUNTY = Actor(role=Role.COUNTY, name="")


def scope_of(target: Target) -> Actor:
    """An actor whose scope is this body, for rules that ask for one."""
    role = {TargetKind.UNIT: Role.LIAISON, TargetKind.COMMUNITY: Role.CLERK}.get(target.kind, Role.DEPARTMENT)
    return Actor(role=role, name="", unit_id=target.unit_id, community_id=target.community_id,
                 supervisor_id=target.supervisor_id)  # fmt: skip


def grouping_of(target: Target) -> Grouping:
    """By what the registered members of such a body are counted."""
    return Grouping.COMMUNITY if target.kind is TargetKind.COMMUNITY else Grouping.UNIT


def _belongs(person: tally.Person, target: Target) -> bool:
    match target.kind:
        case TargetKind.UNIT:
            return person.unit_id == target.unit_id
        case TargetKind.COMMUNITY:
            return person.community_id == target.community_id
        case _:
            return person.supervisor_id == target.supervisor_id


def _body_id(target: Target) -> int | None:
    return target.unit_id or target.community_id or target.supervisor_id


def prefill(inspection: Inspection, today: dt.date) -> None:
    """Set the evidence of a day into every item at every body of an assessment; ticks and comments stay."""
    checks = {(check.target_id, check.item_id): check for target in inspection.targets for check in target.checks}
    for item in inspection.items:
        asked = [target for target in inspection.targets if item.asked_of.includes(target.kind)]
        if item.drawn is None:
            continue
        for target_id, shown in for_all(item.drawn, asked, today).items():
            check = checks.get((target_id, item.id)) or Check(target_id=target_id, item=item)
            check.evidence, check.evidence_on = shown.words, today
            db.session.add(check)
