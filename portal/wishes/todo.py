"""What wishes ask of each desk (待办)."""

import datetime as dt
from collections.abc import Iterator

from portal import clock
from portal.actors import Actor, Role
from portal.todo import ToDo
from portal.wishes import queries, waiting
from portal.wishes.models import WishState as S
from portal.wishes.waiting import Lines, Waiting


def items(by: Actor, today: dt.date) -> list[ToDo]:
    """What wishes ask of this person's office now; nothing that is done."""
    if by.is_in(Role.MEMBER):
        return list(_of_member(by, today))
    lines = _OF_OFFICE.get(by.role)
    found = lines(waiting.lines(by, today)) if lines else ()
    return [item for item in found if item.count]


def _of_clerk(waits: Lines) -> Iterator[ToDo]:
    yield _line("待审核的微心愿", waits.to_review, "wishes.review")
    yield _line("认领后超期未办", waits.not_done, "wishes.cases", state=S.CLAIMED.value, late=1)
    yield _line("已办理，待回访确认", waits.to_confirm, "wishes.cases", state=S.DONE.value)
    yield _line("没有电话的居民，待上门告知", waits.to_visit, "intake.callbacks")


def _of_grid_worker(waits: Lines) -> Iterator[ToDo]:
    yield _line("本网格待审核的微心愿", waits.to_review, "wishes.review")


def _of_town_or_county(waits: Lines) -> Iterator[ToDo]:
    yield _late("超过期限未审核的微心愿", waits.to_review, S.SUBMITTED)
    yield _late("满30天无人认领的微心愿", waits.unclaimed, S.PUBLISHED)
    yield _late("认领后超期未办的微心愿", waits.not_done, S.CLAIMED)


def _line(label: str, found: Waiting, endpoint: str, **values) -> ToDo:
    since = clock.local(found.oldest).date() if found.oldest else None
    note = f"最早 {since:%-m月%-d日}" if since else ""
    return ToDo(found.count, label, note, endpoint, values, since, found.overdue)


def _late(label: str, found: Waiting, state: S) -> ToDo:
    late = Waiting(found.overdue, found.overdue, found.oldest)
    return _line(label, late, "wishes.cases", state=state.value, late=1)


def _of_member(by: Actor, today: dt.date) -> Iterator[ToDo]:
    for claim in queries.in_hand(by):
        due, wish = claim.wish.finish_by, claim.wish
        note = f"{due:%-m月%-d日}前办完" if due else ""
        yield ToDo(
            1, f"办理心愿：{wish.title}", note, "wishes.page", {"wish": wish.number}, due, int(wish.is_overdue(today))
        )


_OF_OFFICE = {
    Role.CLERK: _of_clerk,
    Role.GRID_WORKER: _of_grid_worker,
    Role.TOWN: _of_town_or_county,
    Role.COUNTY: _of_town_or_county,
}
