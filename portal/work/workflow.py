"""The life cycle of an entry of own work: recorded by whose work it is, mended while its year is open, or cancelled."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from portal import clock, uploads
from portal.actors import Actor, Role
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.files import Kept
from portal.flow import Flow, who
from portal.scheme import queries as scheme
from portal.work import queries
from portal.work.models import OwnWork, WorkKind, WorkState

S = WorkState
WRITERS = (Role.LIAISON, Role.TOWN, Role.DEPARTMENT, Role.COMMITTEE)
flow = Flow(
    OwnWork, "这条工作记录", room="work", noun="work", visible_to=queries.visible_to,
    named=lambda row: f"{row.kind.label}“{row.title}”", of_year=lambda row: row.year,
)  # fmt: skip


@dataclass(frozen=True)
class Done:
    """What was done on which day; `community_id` is the community visited, `took_part` how many took part."""

    kind: WorkKind
    day: dt.date
    title: str
    words: str
    community_id: int | None = None
    took_part: int | None = None


@who("登记它的单位联络员或上级党组织")
def owner_of(row: OwnWork, by: Actor) -> bool:
    """Whoever keeps the book of the unit, or of the body above."""
    if by.is_in(Role.LIAISON):
        return row.unit_id is not None and row.unit_id == by.unit_id
    return by.is_in(*WRITERS) and row.supervisor_id is not None and row.supervisor_id == by.supervisor_id


def _is_open(row: OwnWork, _by: Actor) -> bool:
    return row.year in years_open(clock.today())


def record(by: Actor, done: Done, files: Iterable[Kept] = ()) -> OwnWork:
    """A liaison, or the body above, writes down what it did. Raises NotYours, RuleBroken.  [二(三)1] [二(三)3]"""
    if not by.is_in(*WRITERS):
        raise NotYours("本单位工作由单位联络员、镇党委、主管部门党组（党委）和县直机关工委登记。")
    of_unit = by.is_in(Role.LIAISON)
    row = OwnWork(
        state=S.RECORDED, unit_id=by.unit_id if of_unit else None, supervisor_id=None if of_unit else by.supervisor_id,
        recorded_on=clock.today(), recorded_by=by.shown,
    )  # fmt: skip
    _write(row, done)
    db.session.add(row)
    flow.opened(row, by, "record", "登记")
    uploads.attach(row, files, by)
    return row


def change(row: OwnWork, by: Actor, done: Done) -> None:
    """Whose work it is mends what was written, while its year is open. Raises NotYours, RuleBroken.  [二(三)1]"""
    check_changeable(row, by)
    _write(row, done)
    flow.noted(row, by, "change", "修改", row.state)


def change_files(row: OwnWork, by: Actor, files: Iterable[Kept], remove: Iterable[str]) -> None:
    """Whose work it is adds files and takes others away. Raises NotYours, RuleBroken.  [二(三)1]"""
    check_changeable(row, by)
    uploads.detach(row, remove)
    db.session.flush()
    uploads.attach(row, files, by)
    flow.noted(row, by, "change_files", "修改附件", row.state)


@flow.move("作废", start=S.RECORDED, end=S.CANCELLED, who=owner_of, reason=True, danger=True, when=_is_open,
           undo=True)  # fmt: skip
def cancel(row: OwnWork, by):
    """Whose work it is strikes an entry out that should not stand, saying why.  [二(三)1]"""
    if not _is_open(row, by):
        raise RuleBroken(f"{row.year}年的工作不能再改了。")


def may_change(row: OwnWork, by: Actor) -> bool:
    """Whether this person may mend this entry now."""
    return row.state is S.RECORDED and owner_of(row, by) and _is_open(row, by)


def years_open(today: dt.date) -> list[int]:
    """The years whose work may still be written: this one, and the last one until the county closes it."""
    last = dt.date(today.year - 1, 12, 31)
    return [today.year] if scheme.year_of(last).closed_at else [today.year, today.year - 1]


def check_changeable(row: OwnWork, by: Actor) -> None:
    """Raise NotYours or RuleBroken where this person may not mend this entry now."""
    if not owner_of(row, by):
        raise NotYours(f"只能由{owner_of.label}修改。")
    if row.state is not S.RECORDED:
        raise RuleBroken("这条记录已经作废，不能修改。")
    if not _is_open(row, by):
        raise RuleBroken(f"{row.year}年的工作不能再改了。")


def _write(row: OwnWork, done: Done) -> None:
    today = clock.today()
    if done.day > today:
        raise RuleBroken("日期还没有到，做完以后再登记。")
    if done.day.year not in years_open(today):
        raise RuleBroken("只能登记今年的工作；上一年度没有结账的，也可以补登。")
    if done.kind is WorkKind.VISIT and done.community_id is None:
        raise RuleBroken("走访社区的，请选择走访了哪个社区。")
    for name, value in vars(done).items():
        setattr(row, name, value)
