"""I1: the import of a large roster, beside reading the same file by calamine alone; and how long writing locks."""

import io
import os
import time
from pathlib import Path

import python_calamine

from portal.extensions import db
from portal.rosters import workflow
from portal.web import keep_each
from tests.bench.county import county
from tests.bench.figures import figure
from tests.rosters.make_fixtures import large

PEOPLE = 10_000
USUAL = 300  # people on the roster of a large unit


def bench(folder: Path, kind: str) -> None:
    """Measure on one kind of database."""
    data = large(PEOPLE)
    alone = min(_cpu(lambda: _read_alone(data)) for _ in range(3))
    with county(folder / f"rosters_{kind}", kind) as (_, cast):
        whole = _cpu(lambda: _stage(cast.by("liaison1"), data)) + _write(cast.by("liaison1"))[0]
        _, locked = _write(cast.by("liaison2"), large(USUAL, first=PEOPLE))
    ratio = whole / alone
    figure(f"I1 import of {PEOPLE} rows, {kind}", ratio, "× reading by calamine (CPU)", "≤ 5", ratio <= 5)
    figure(f"I1 lock while {USUAL} rows are written, {kind}", locked * 1000, "ms", "< 100", locked < 0.1)


def _read_alone(data: bytes) -> None:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    book.get_sheet_by_index(0).to_python()


def _stage(by, data: bytes) -> None:
    preview = workflow.examine(by.unit_id, data)
    roster = keep_each(workflow.stage(preview, by.unit_id, by, "名册.xlsx", data))
    workflow.preview(roster, by)
    db.session.commit()


def _write(by, data: bytes | None = None) -> tuple[float, float]:
    """(CPU seconds, seconds by the clock) of writing the waiting import, laid down first when data are given."""
    if data:
        _stage(by, data)
    roster = db.session.scalars(workflow.queries.visible_to(by)).one()
    db.session.rollback()
    begun = time.perf_counter()
    cpu = _cpu(lambda: (workflow.write(roster, by), db.session.commit()))
    return cpu, time.perf_counter() - begun


def _cpu(work) -> float:
    """Processor seconds of this process and those it started."""
    before = os.times()[:4]
    work()
    return sum(os.times()[:4]) - sum(before)
