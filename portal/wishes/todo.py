"""What wishes ask of each desk (待办)."""

import datetime as dt
from collections.abc import Iterator

from sqlalchemy import union_all

from portal import clock
from portal.actors import Actor, Role
from portal.extensions import db
from portal.scheme.queries import default_year
from portal.todo import ToDo
from portal.wishes import groups, ladder, proposing, queries, waiting
from portal.wishes.models import Claim, Level
from portal.wishes.models import WishState as S
from portal.wishes.waiting import Lines, Waiting


def items(by: Actor, today: dt.date) -> list[ToDo]:
    """What wishes ask of this person's office now; nothing that is done."""
    if by.is_in(Role.MEMBER):
        return list(_of_member(by, today))
    if by.is_in(Role.LIAISON):
        return list(_of_liaison(by, today))
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


def _of_town(waits: Lines) -> Iterator[ToDo]:
    return _of_level(waits, Level.TOWN, "上报到镇里的微心愿，待办理或答复")


def _of_county(waits: Lines) -> Iterator[ToDo]:
    return _of_level(waits, Level.COUNTY, "上报到县里的微心愿，待办理或答复")


def _of_level(waits: Lines, level: Level, label: str) -> Iterator[ToDo]:
    yield _line(label, waits.raised, "wishes.cases", state=S.PUBLISHED.value, level=level.value)
    yield _line("已交由单位办理的微心愿", waits.charged, "wishes.cases", state=S.CLAIMED.value, level=level.value)
    yield _late("超过期限未审核的微心愿", waits.to_review, S.SUBMITTED)
    yield _late("认领后超期未办的微心愿", waits.not_done, S.CLAIMED)


def _of_member(by: Actor, today: dt.date) -> Iterator[ToDo]:
    """Invitations to be answered, wishes in hand, and for who leads a team those that waited long; in one query."""
    waiting, days = [], default_year(today.year).wish_teams_days
    asked = union_all(proposing.waiting_for(by), queries.due_of(by), groups.waiting_for_leader(by, today))
    for number, title, due, at, patience in db.session.execute(asked):
        if number is None:
            waiting.append(at)
            days = patience or days
        elif at:
            day, label = clock.local(at), f"邀请您办理心愿：{title}"
            yield ToDo(1, label, f"名额保留到{day:%-m月%-d日%H:%M}", "wishes.page", {"wish": number}, day.date())
        else:
            yield _to_do(number, title, due, due is not None and due < today)
    found = [since for since in waiting if since < ladder.lain_since(today, days)]
    if found:
        label = f"等了{days}天还没人认领的微心愿（您带领的服务队所在社区）"
        yield _line(label, Waiting(len(found), 0, min(found)), "wishes.team")


def _of_liaison(by: Actor, today: dt.date) -> Iterator[ToDo]:
    yield from _claims(groups.in_hand(by), today)
    patience = ladder.patience(today)
    count, oldest = groups.count_long_waiting(by, patience)
    if count:
        label = f"等了{patience.days}天还没人认领的微心愿（本单位党员居住的社区）"
        yield _line(label, Waiting(count, 0, oldest), "wishes.unit")


def _line(label: str, found: Waiting, endpoint: str, **values) -> ToDo:
    since = clock.local(found.oldest).date() if found.oldest else None
    note = f"最早 {since:%-m月%-d日}" if since else ""
    return ToDo(found.count, label, note, endpoint, values, since, found.overdue)


def _late(label: str, found: Waiting, state: S) -> ToDo:
    late = Waiting(found.overdue, found.overdue, found.oldest)
    return _line(label, late, "wishes.cases", state=state.value, late=1)


def _claims(claims: list[Claim], today: dt.date) -> Iterator[ToDo]:
    for wish in (claim.wish for claim in claims):
        yield _to_do(wish.number, wish.title, wish.finish_by, wish.is_overdue(today))


def _to_do(number: str, title: str, due: dt.date | None, late: bool) -> ToDo:
    note = f"{due:%-m月%-d日}前办完" if due else ""
    return ToDo(1, f"办理心愿：{title}", note, "wishes.page", {"wish": number}, due, int(late))


_OF_OFFICE = {
    Role.CLERK: _of_clerk,
    Role.GRID_WORKER: _of_grid_worker,
    Role.TOWN: _of_town,
    Role.COUNTY: _of_county,
}
