"""Closing a year: one person of the county proposes it, another confirms, and the worker carries it out.

From the second person's word on nothing of the year changes; closed it is only with the last part, in one short
transaction. It is for good: there is no undo, wrong records are put right one by one (see `correcting`).
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import update

from portal import clock
from portal.accounts.rights import same
from portal.actors import Actor, Role
from portal.closing import preview, queries
from portal.closing.models import Closing, ClosingState
from portal.errors import NotYours, RuleBroken, TooLate
from portal.extensions import db
from portal.flow import Flow, who
from portal.scheme.models import SchemeYear
from portal.telling import Tells, Topic, to_office

S = ClosingState
flow = Flow(Closing, "这次年度结账", room="closing", noun="closing", visible_to=queries.visible_to,
            named=lambda row: f"{row.year}年度结账")  # fmt: skip
tells_county = Tells(
    Topic.REPORT, lambda row: [to_office(Role.COUNTY)],
    lambda row: f"{row.year}年度的数据从此只能查阅，写实登记卡和联系对象档案卡已编号。",
)  # fmt: skip


@dataclass(frozen=True)
class Work:
    """What a room does when a year is closed.

    `left(year)` finds what is still to be done, as ids in their order: slow, so it is asked while no lock is held.
    `part(year, ids)` does some of these as far as they are still to be done: so it can be broken off and taken up again
    anywhere. `size` is how many a part has, so that the write lock is held for a moment only.
    """

    label: str
    left: Callable[[int], list[int]]
    part: Callable[[int, list[int]], None]
    size: int

    def parts(self, year: int) -> Iterator[list[int]]:
        """What is left, in parts."""
        left = self.left(year)
        return (left[start : start + self.size] for start in range(0, len(left), self.size))


_when_closed: dict[str, Work] = {}


def when_closed(
    label: str, left: Callable[[int], list[int]], part: Callable[[int, list[int]], None], size: int
) -> None:
    """Say what else belongs to closing a year, part by part (see `Work`); `label` is told before it is done."""
    _when_closed[label] = Work(label, left, part, size)


def works() -> list[Work]:
    """What the rooms do when a year is closed, in their order."""
    return list(_when_closed.values())


def foreseen(year: int) -> Iterator[tuple[str, int]]:
    """What closing this year does besides, and for how many."""
    for work in works():
        yield work.label, len(work.left(year))


@who("县委组织部")
def county(row: Closing, by: Actor) -> bool:
    """Anybody of the county office."""
    return by.is_in(Role.COUNTY)


@who("提出结账以外的县委组织部同志")
def second_person(row: Closing, by: Actor) -> bool:
    """Another person of the county office than the one who proposed it."""
    return by.is_in(Role.COUNTY) and by.user_id is not None and not same(by.user_id, row.proposed_by_user_id)


@who("系统")
def system(row: Closing, by: Actor) -> bool:
    """The worker that carries it out."""
    return by.is_in(Role.SYSTEM)


def propose(year: int, by: Actor) -> Closing:
    """A person of the county proposes to close a year; another one confirms it.  [四]

    Raises NotYours, RuleBroken, TooLate.
    """
    if not by.is_in(Role.COUNTY):
        raise NotYours("年度结账由县委组织部办理。")
    _check_when(year)
    if (before := queries.of_year(year)) is not None:
        raise TooLate(f"{before.proposed_by}已经提出{year}年度结账，现在是“{before.state.label}”。")
    _check_way(year)
    row = Closing(
        year=year, state=S.PROPOSED, proposed_at=clock.now(), proposed_by=by.shown, proposed_by_user_id=by.user_id,
        foreseen=_counted(year),
    )  # fmt: skip
    db.session.add(row)
    flow.opened(row, by, "propose", "提出结账")
    return row


@flow.move("确认结账", start=S.PROPOSED, end=S.RUNNING, who=second_person,
           done="已确认，正在结账；从现在起这一年的数据不能再改动。")  # fmt: skip
def confirm(row: Closing, by):
    """A second person of the county confirms that a year is closed; from now on nothing of it changes.  [四]"""
    _check_when(row.year)
    # Whoever is changing something of the year ends first; whoever comes after this is told that it is being closed.
    db.session.execute(update(SchemeYear).where(SchemeYear.year == row.year).values(locked_at=clock.now()))
    db.session.expire_all()
    _check_way(row.year)
    row.confirmed_at, row.confirmed_by, row.confirmed_by_user_id = clock.now(), by.shown, by.user_id


@flow.move("不结账", start=S.PROPOSED, end=S.WITHDRAWN, who=county, reason=True, danger=True,
           done="已取消，这一年照常办理。")  # fmt: skip
def withdraw(row: Closing, by):
    """A person of the county takes the proposal back, or refuses it, before it is confirmed.  [四]"""


@flow.move("结账中断", start=S.RUNNING, end=S.STOPPED, who=system, reason=True)
def stop(row: Closing, by):
    """The worker could not go on; what was done stays, and the year stays locked.  [四]"""
    row.lease_until = None


@flow.move("继续结账", start=S.STOPPED, end=S.RUNNING, who=county, done="正在继续结账。")
def resume(row: Closing, by):
    """A person of the county has the worker go on where it broke off.  [四]"""


@flow.move("结账完成", start=S.RUNNING, end=S.CLOSED, who=system, tells=tells_county)
def close(row: Closing, by, sha256: str):
    """The last part is done: the year is closed, and read-only for good.  [四]"""
    year = queries.stored(row.year)
    assert year is not None
    year.closed_at = row.closed_at = clock.now()
    row.sha256, row.lease_until, row.done = sha256, None, row.total


def _check_when(year: int) -> None:
    stored, today, first = queries.stored(year), clock.today(), queries.opens_on(year)
    if stored is None:
        raise RuleBroken(f"{year}年度还没有开设，不能结账。")
    if stored.closed_at:
        raise TooLate(f"{year}年度已结账。")
    if today < first:
        raise RuleBroken(f"{year}年度要到{first:%Y年%-m月%-d日}以后才能结账。")


def _check_way(year: int) -> None:
    if waiting := preview.in_the_way_of(year):
        words = "、".join(f"{each.kind.label} {each.count} 件" for each in waiting)
        raise RuleBroken(f"还有没办完的：{words}。办完以后再结账。")


def _counted(year: int) -> str:
    """The preview's counts, kept with the closing; what is in the way is nothing."""
    return json.dumps({each.kind.key: each.count for each in preview.found(year) if each.count})
