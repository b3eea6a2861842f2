"""The life cycle of a correction (更正): one record of a closed year opened again, put right, and finished.

The county opens it with a reason; the community voids the record or writes it anew, a second person confirms, as ever;
then the county finishes it. The recount stored at the closing stays as it is, the correction stands beside it.
"""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal import clock, years
from portal.actors import Actor, Role
from portal.closing import queries
from portal.closing.models import ClosingState, Correction, CorrectionState
from portal.errors import NotYours, RuleBroken, TooLate
from portal.extensions import db
from portal.flow import Flow, who
from portal.records.models import RecordState, ServiceRecord
from portal.telling import Tells, Topic, tell, to_member, to_office

S = CorrectionState
flow = Flow(
    Correction, "这次更正", room="closing.corrections", noun="correction", visible_to=queries.corrections_visible_to,
    named=lambda row: f"{row.what}写实记录的{'补记' if row.adds else '更正'}",
)  # fmt: skip
OPENED, FINISHED = "开放更正", "更正办结"

_before_opened: dict[Callable[[Correction], None], None] = {}
_when_corrected: dict[Callable[[Correction, Actor], None], None] = {}


def before_opened(precaution: Callable[[Correction], None]) -> None:
    """Say what is done while the records still are as they were at the closing: `precaution(correction)`."""
    _before_opened[precaution] = None


def when_corrected(consequence: Callable[[Correction, Actor], None]) -> None:
    """Say what follows when a record of a closed year was put right: `consequence(correction, by)`."""
    _when_corrected[consequence] = None


@who("县委组织部（本人的除外）")
def county_of(row: Correction, by: Actor) -> bool:
    """Anybody of the county office whose own record it is not."""
    return by.is_in(Role.COUNTY) and not by.is_self(row.member_id)


def may_reopen(record: ServiceRecord, by: Actor) -> bool:
    """Whether this person would be offered to open this record again."""
    return by.is_in(Role.COUNTY) and not by.is_self(record.member_id) and _why_not(record) == ""


def _why_not(record: ServiceRecord) -> str:
    closing = queries.of_year(record.day.year)
    if closing is None or closing.state is not ClosingState.CLOSED:
        return f"{record.day.year}年度没有结账，由社区照常办理。"
    if queries.is_reopened(record):
        return "这条记录正在更正。"
    if record.state is RecordState.VOIDED:
        return "这条记录已作废，要更正的是重写它的那一条。" if _anew(record) else "这条记录已作废，不能更正。"
    if record.state is RecordState.REJECTED:
        return "这条记录没有得到确认，要计入的请用“补记”。"
    return ""


def reopen(record: ServiceRecord, by: Actor, reason: str) -> Correction:
    """The county opens one record of a closed year again, saying why.  [二(二)4] [四]

    Raises NotYours, RuleBroken, TooLate.
    """
    if not by.is_in(Role.COUNTY) or by.is_self(record.member_id):
        raise NotYours(f"更正由{county_of.label}办理。")
    if why_not := _why_not(record):
        raise RuleBroken(why_not)
    closing = queries.of_year(record.day.year)
    assert closing is not None
    row = Correction(
        state=S.OPEN, closing_id=closing.id, record=record, member_id=record.member_id, place_id=record.place_id,
        reason=reason, opened_at=clock.now(), opened_by=by.shown, opened_by_user_id=by.user_id,
        half_hours_before=_counted(record),
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as first:
        raise TooLate("另一位同志刚刚开放了这条记录的更正。") from first
    opened(row, by, "reopen", OPENED)
    place = to_office(Role.CLERK, community_id=record.place_id)
    tell(Topic.RECORD, [place, to_member(record.member_id)], record, by, OPENED, reason)
    return row


def opened(row: Correction, by: Actor, verb: str, what: str) -> None:
    """A correction of either kind begins: what has to be done before, then its first line."""
    db.session.flush()
    for precaution in _before_opened:
        precaution(row)
    flow.opened(row, by, verb, what)


tells_record = Tells(
    Topic.RECORD, lambda row: [to_member(row.member_id), to_office(Role.CLERK, community_id=row.place_id)]
)


@flow.move("完成更正", start=S.OPEN, end=S.DONE, who=county_of, done="已更正；原来的年度数据不变，更正列在旁边。")
def finish(row: Correction, by):
    """The county finishes a correction once the community has put the record right.  [二(二)4] [四]"""
    if row.record is None:
        raise RuleBroken(f"{row.place.name}还没有补记这次服务；不用补记的，请收回。")
    latest = _latest(row.record)
    if latest.state is RecordState.PENDING:
        raise RuleBroken("记录还在等待第二人确认，确认以后再完成更正。")
    after = _counted(latest)
    if latest is row.record and after == row.half_hours_before:
        raise RuleBroken(
            "补记的这次服务没有得到确认，请收回。" if row.adds else "社区还没有改动这条记录；不用更正的，请收回。"
        )
    row.anew, row.half_hours_after, row.state = latest if latest is not row.record else None, after, S.DONE
    row.ended_at, row.ended_by = clock.now(), by.shown
    for consequence in _when_corrected:
        consequence(row, by)
    tell(Topic.RECORD, tells_record.to(row), row.record, by, FINISHED)


@flow.move("收回", start=S.OPEN, end=S.WITHDRAWN, who=county_of, reason=True, danger=True,
           done="已收回，这条记录不再改动。")  # fmt: skip
def withdraw(row: Correction, by):
    """The county closes a record again of which nothing was changed.  [二(二)4]"""
    record = row.record
    if record and (record.state is RecordState.PENDING or _latest(record) is not record
                   or _counted(record) != row.half_hours_before):  # fmt: skip
        raise RuleBroken("这条记录已经改动，请办完以后完成更正。")
    row.ended_at, row.ended_by = clock.now(), by.shown


def _anew(record: ServiceRecord) -> ServiceRecord | None:
    rows = select(ServiceRecord).where(ServiceRecord.rewrites_id == record.id).order_by(ServiceRecord.id.desc())
    return db.session.scalar(rows.limit(1))


def _latest(record: ServiceRecord) -> ServiceRecord:
    """The record that stands in the place of this one in the end."""
    while (anew := _anew(record)) is not None:
        record = anew
    return record


def _counted(record: ServiceRecord) -> int:
    return record.half_hours if record.state is RecordState.CONFIRMED else 0


def register() -> None:
    """A record that the county opened may be changed although its year is closed."""
    years.except_for(queries.is_reopened)
