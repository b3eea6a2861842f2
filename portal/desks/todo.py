"""What waits on the desk of each role (待办): a count, a link, since when, and how much of it is late."""

import datetime as dt
from collections.abc import Callable, Iterator

from flask import url_for
from sqlalchemy import Select, func, select

from portal import clock
from portal.accounts import queries as accounts
from portal.actors import Actor, Role
from portal.desks.member_todo import of_member
from portal.desks.todo_line import Todo, total
from portal.extensions import db
from portal.records import queries as records
from portal.records.models import ServiceRecord
from portal.registrations import queries as registrations
from portal.registrations import rates, urging
from portal.registrations.models import RegistrationState
from portal.registrations.rates import Standing
from portal.rosters import queries as rosters
from portal.wishes import waiting
from portal.wishes.models import WishState

S = RegistrationState


def todos(by: Actor, today: dt.date) -> list[Todo]:
    """What waits for this office, late things first, then the oldest."""
    lines = [line for line in _OF_ROLE.get(by.role, _nothing)(by, today) if line.count]
    return sorted(lines, key=lambda line: (-line.overdue, line.since or dt.date.max))


def _nothing(by: Actor, today: dt.date) -> Iterator[Todo]:
    yield from ()


def _of_clerk(by: Actor, today: dt.date) -> Iterator[Todo]:
    counts = registrations.counts_by_state(by)
    waits = registrations.oldest(by, S.PRESENTED)
    yield Todo(
        counts.get(S.PRESENTED, 0), "待接洽的报到", url_for("registrations.index", state="presented"), since=waits
    )
    yield from _of_wishes(by, today)
    yield _of_records(by)
    objected = total(records.open_objections(by))
    yield Todo(objected, "党员对写实记录的异议待答复", url_for("records.index", state="objected"))


def _of_wishes(by: Actor, today: dt.date) -> Iterator[Todo]:
    yield _wish_line("待审核的微心愿", waiting.to_review(by, today), url_for("wishes.review"))
    yield _wish_line("认领后超期未办", waiting.not_done(by, today), _cases(WishState.CLAIMED, late=1))
    yield _wish_line("已办理待回访确认", waiting.to_confirm(by, today), _cases(WishState.DONE))
    yield _wish_line("没有电话的居民待上门告知", waiting.to_visit(by, today), url_for("intake.callbacks"))


def _cases(state: WishState, **more) -> str:
    return url_for("wishes.cases", state=state.value, **more)


def _wish_line(label: str, found: waiting.Waiting, url: str) -> Todo:
    since = clock.local(found.oldest).date() if found.oldest else None
    return Todo(found.count, label, url, found.overdue, since)


def _of_records(by: Actor) -> Todo:
    count, oldest = _count_and_oldest(records.to_confirm(by), ServiceRecord.day)
    return Todo(count, "写实记录等待第二人确认", url_for("records.index", state="to_confirm"), since=oldest)


def _count_and_oldest(rows: Select, day) -> tuple[int, dt.date | None]:
    counted = rows.with_only_columns(func.count(), func.min(day)).order_by(None)
    return tuple(db.session.execute(counted).one())


def _of_grid_worker(by: Actor, today: dt.date) -> Iterator[Todo]:
    yield _wish_line("本网格待审核的微心愿", waiting.to_review(by, today), url_for("wishes.review"))
    yield _of_records(by)


def _of_liaison(by: Actor, today: dt.date) -> Iterator[Todo]:
    urged = urging.last_of_unit(by.unit_id)
    note = f"{urged.by_name}于{urged.day.month}月{urged.day.day}日催办" if urged else ""
    uncertified = registrations.count(registrations.without_certificate(by.unit_id))
    counts = registrations.counts_by_state(by)
    for state, label in (
        (S.RETURNED, "被社区退回的证明信，待重新开具"),
        (S.ACCEPTED, "社区已接洽，回执待备案"),
        (S.ISSUED, "已开证明信、还没有报到"),
    ):
        listed = url_for("registrations.index", state=state.value)
        yield Todo(counts.get(state, 0), label, listed, since=registrations.oldest(by, state))
    yield Todo(uncertified, "还没有开证明信的党员", url_for("registrations.uncertified"), note=note)
    yield Todo(rosters.waiting(by.unit_id or 0), "名册导入待确认写入", url_for("rosters.index"))
    without = registrations.count(accounts.members_without_login(by.unit_id))
    yield Todo(without, "还没有登录账号的党员", url_for("accounts.members"), note="可批量开通并打印一次性密码条")


def _of_supervisor(by: Actor, today: dt.date) -> Iterator[Todo]:
    grouping = rates.groupings(by)[-1]
    missing = _missing(by, grouping)
    yield Todo(missing, "所属单位在县城居住、还没有报到的党员", url_for("registrations.rates_page", by=grouping.value),
               note="可一键催办单位")  # fmt: skip


def _of_town(by: Actor, today: dt.date) -> Iterator[Todo]:
    yield from _of_supervisor(by, today)
    yield _of_records(by)
    yield _wish_line("辖区社区待审核的微心愿", waiting.to_review(by, today), _cases(WishState.SUBMITTED))
    yield _wish_line(
        "满30天无人认领的微心愿", _late_only(waiting.unclaimed(by, today)), _cases(WishState.PUBLISHED, late=1)
    )


def _of_county(by: Actor, today: dt.date) -> Iterator[Todo]:
    grouping = rates.groupings(by)[0]
    yield Todo(_missing(by, grouping), "全县还没有报到的党员", url_for("registrations.rates_page", by=grouping.value),
               note="可一键催办单位")  # fmt: skip
    yield _wish_line("超过3个工作日未审核的微心愿", _late_only(waiting.to_review(by, today)),
                     _cases(WishState.SUBMITTED, late=1))  # fmt: skip
    yield _wish_line(
        "满30天无人认领的微心愿", _late_only(waiting.unclaimed(by, today)), _cases(WishState.PUBLISHED, late=1)
    )
    yield from _of_accounts(by)


def _of_admin(by: Actor, today: dt.date) -> Iterator[Todo]:
    yield from _of_accounts(by)


def _of_accounts(by: Actor) -> Iterator[Todo]:
    proposed = total(accounts.waiting_for_second_person(by))
    yield Todo(proposed, "任职待第二人核准", url_for("accounts.index", mark="proposed"))
    locked = db.session.scalar(select(func.count()).select_from(accounts.locked().distinct().subquery()))
    yield Todo(locked or 0, "因多次输错密码暂停登录的账号", url_for("accounts.index", mark="locked_out"))


def _unclaimed(by: Actor, today: dt.date) -> Todo:
    late = _late_only(waiting.unclaimed(by, today))
    return _wish_line("满30天无人认领的微心愿", late, _cases(WishState.PUBLISHED, late=1))


def _late_only(found: waiting.Waiting) -> waiting.Waiting:
    return waiting.Waiting(found.overdue, found.overdue, found.oldest)


def _missing(by: Actor, grouping: rates.Grouping) -> int:
    return rates.table(by, grouping).total[Standing.MISSING]


_OF_ROLE: dict[Role, Callable[[Actor, dt.date], Iterator[Todo]]] = {
    Role.MEMBER: of_member,
    Role.GRID_WORKER: _of_grid_worker,
    Role.CLERK: _of_clerk,
    Role.LIAISON: _of_liaison,
    Role.TOWN: _of_town,
    Role.DEPARTMENT: _of_supervisor,
    Role.COMMITTEE: _of_supervisor,
    Role.COUNTY: _of_county,
    Role.ADMIN: _of_admin,
}
