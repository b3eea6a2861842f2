"""The worker's side of printing in bulk: parts of fifty, each written whole or not at all, then put together."""

import datetime as dt
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

from flask import current_app

from portal import clock, logs
from portal.accounts.acting import actor_of
from portal.accounts.models import Appointment, User
from portal.actors import Actor
from portal.extensions import db, reading
from portal.papers import queries, workflow
from portal.papers.catalogue import PAPERS, Paper
from portal.papers.compose import compose, may_see_all, print_html
from portal.papers.merge import merge
from portal.papers.models import PrintJob
from portal.papers.render import PaperFailed, PrintRoom, print_room
from portal.queue import Pause, Stopped

PART = 50  # documents of fifty: a third of the single papers' time, in a bounded memory


def draw_next(pause: Pause) -> bool:
    """Draw the next print job to its end; False when none is waiting. A step of the worker."""
    job = workflow.take(clock.now())
    if job is None:
        return False
    assert job.lease_until is not None
    job_id, lease = job.id, job.lease_until
    try:
        pause()
        _draw(job, lease, pause)
    except Stopped:
        workflow.let_go(job_id)
        raise
    except Exception as failure:
        logs.fault("print job failed", failure, job=job_id)
        db.session.rollback()
        workflow.give_up(job_id)
    pause()
    return True


def clear_outdated(now: dt.datetime) -> None:
    """A sweep: the files of jobs that are long over or were cancelled are removed."""
    for job in workflow.outdated(now):
        shutil.rmtree(folder_of(job), ignore_errors=True)
        job.file = None


def folder_of(job: PrintJob) -> Path:
    """Where a job keeps its parts and its result; readable by the portal's own user only."""
    return Path(current_app.config["INSTANCE_DIR"]) / "print" / job.folder


def _draw(job: PrintJob, lease: dt.datetime, pause: Pause) -> None:
    paper, by, job_id, title = PAPERS[job.kind], _asker(job), job.id, job.title
    wanted = workflow.Wanted(job.kind, job.year, job.unit_id, job.community_id, job.duplex)
    folder = folder_of(job)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    ids, drawn, failed = _frozen_ids(wanted, paper, by, folder), 0, []
    for start in range(0, len(ids), PART):
        part = folder / f"part-{start:06}.pdf"
        if not part.with_suffix(".json").exists():
            _write_part(part, *draw_part(paper, by, ids[start : start + PART], wanted))
        failed += json.loads(part.with_suffix(".json").read_text())
        drawn += len(ids[start : start + PART])
        renewed = workflow.carry_on(job_id, lease, drawn, len(ids), failed)
        pause()
        if renewed is None:
            return
        lease = renewed
    parts = sorted(folder.glob("part-*.pdf"))
    name = f"{title}.pdf" if parts else None
    if name:
        merge(parts, folder / "whole.draft", title)
        (folder / "whole.draft").replace(folder / name)
    if workflow.end(job_id, lease, name) and name:
        paper.note_each(by, ids)


def draw_part(
    paper: Paper, by: Actor, ids: list[int], wanted: workflow.Wanted, full: bool = False
) -> tuple[bytes | None, list[str]]:
    """One PDF of these cases' papers, in order (None if none came out), and the numbers of those that failed.

    Phone and address are printed where this person may see them, with `full` everywhere.
    """
    room, sheets, failed = print_room(current_app.config["INSTANCE_DIR"]), [], []
    duplex = wanted.duplex or paper.duplex
    with reading():  # the pages are written while reading, drawn while no transaction is open
        for number, sheet in _pages(paper, by, ids, wanted.year, full):
            if sheet is None:
                failed.append(number)
            else:
                sheets.append((number, sheet))
    try:
        pdf, pages = room.print_many([sheet for _, sheet in sheets], title=paper.title, duplex=duplex)
    except PaperFailed:
        return _one_by_one(room, sheets, failed, duplex)
    return pdf, failed + [number for (number, _), count in zip(sheets, pages, strict=True) if count == 0]


def _pages(paper: Paper, by: Actor, ids: list[int], year: int, full: bool) -> Iterator[tuple[str, str | None]]:
    seen = paper.rows(by, year)
    model = seen.column_descriptions[0]["entity"]
    found = {row.id: row for row in db.session.scalars(seen.where(model.id.in_(ids)))}
    rows = [found[key] for key in ids if key in found]  # the others are gone from the asker's scope since the asking
    for row, case in zip(rows, paper.cases(rows, year, by), strict=True):
        try:
            sheet = compose(paper, case, full or may_see_all(paper, case, by))
            if sheet.lacking:
                yield f"{sheet.called}（字库没有“{'、'.join(sheet.lacking)}”，请单独打印，手写补上）", None
            else:
                yield sheet.called, print_html(paper, sheet)
        except Exception as failure:
            logs.fault("paper failed", failure, paper=paper.kind, case=row.id)
            yield row.number, None


def _one_by_one(room: PrintRoom, sheets, failed: list[str], duplex: bool) -> tuple[bytes | None, list[str]]:
    """Find out which sheet ended the printing process, and print the others."""
    good = []
    for number, sheet in sheets:
        try:
            room.print_many([sheet])
            good.append(sheet)
        except PaperFailed:
            failed.append(number)
    return (room.print_many(good, duplex=duplex)[0] if good else None), failed


def _write_part(part: Path, pdf: bytes | None, failed: list[str]) -> None:
    """The part's PDF, then its list of failures, which says that the part is whole."""
    if pdf:
        part.with_suffix(".draft").write_bytes(pdf)
        part.with_suffix(".draft").replace(part)
    part.with_suffix(".draft").write_text(json.dumps(failed))
    part.with_suffix(".draft").replace(part.with_suffix(".json"))


def _frozen_ids(wanted: workflow.Wanted, paper: Paper, by: Actor, folder: Path) -> list[int]:
    """The cases of the job as they were when it began: a worker that takes over cuts the same parts."""
    path = folder / "cases.json"
    if not path.exists():
        rows = queries.in_bulk(paper, by, wanted.year, wanted.unit_id, wanted.community_id)
        path.with_suffix(".draft").write_text(json.dumps(queries.ids_of(rows)))
        path.with_suffix(".draft").replace(path)
    return json.loads(path.read_text())


def _asker(job: PrintJob) -> Actor:
    """Who asked, in the appointment used then: papers show what that person may see."""
    user = db.session.get_one(User, job.asked_by_user_id)
    return actor_of(user, db.session.get(Appointment, job.asked_by_appointment_id))
