"""P1 to P7: what printing record cards in bulk costs, by processor time of this process and its printing process."""

import datetime as dt
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import page as validator
import pikepdf

from portal.actors import Actor, Role
from portal.extensions import db, reading
from portal.papers import kept_files, queries, workflow
from portal.papers.catalogue import PAPERS
from portal.papers.compose import compose, print_html
from portal.papers.drawing import whole_of
from portal.papers.models import JobState, PrintJob
from portal.papers.part_drawing import draw_part
from portal.papers.render import STYLESHEET, print_room, write_fonts_conf
from portal.registrations.models import Registration
from tests.bench.county import county
from tests.bench.figures import figure
from tests.bench.load import children_of, cpu_seconds, peak_memory
from tests.cast import Cast, make_member
from tests.papers.making import accepted, certificate, service
from tests.server import TOP

SHEETS = int(os.environ.get("BENCH_SHEETS", "1000"))
NAIVE = 20
COLLECTION = "Noto Serif CJK SC"
KIND, YEAR = "record-card", 2026
COUNTY = Actor(role=Role.COUNTY, name="bench")
WANTED = workflow.Wanted(KIND, YEAR)


def bench(folder: Path, kind: str) -> None:
    """All figures of printing on one kind of database."""
    with county(folder, kind) as (app, cast):
        _fill(cast)
        ids = queries.ids_of(queries.in_bulk(PAPERS[KIND], COUNTY, YEAR, None, None))
        first, key = _print(ids)
        again, same = _print(ids)
        if key != same:
            raise AssertionError("the second printing is another file")
        ratio = again / first
        figure(f"P6 reprint, {kind}, {SHEETS} sheets", ratio, "x first printing", "≤ 0.02", ratio <= 0.02)
        _against_naive(first / len(ids), _pages(app, ids[:NAIVE]), folder)
        gap = first / len(ids) / _told("tests.bench.like", folder / "like.pdf")
        figure("P7 gap to another typesetter on a like page", gap, "x its time")
        _sizes(kept_files.path_of(key), app, ids[0])
        _memory(folder, kept_files.path_of(draw_part(COUNTY, ids[: workflow.PART], WANTED, full=True).key))
        (alone, held), (together, _) = (_by_workers(app, cast, folder, count) for count in (1, 2))
        figure("P3 a worker's processes, the larger", held, "MB", "≤ 250", held <= 250)
        ratio = alone / together
        figure(f"P2 two workers, {kind}", ratio, "x one", "≥ 1.6", ratio >= 1.6)


def _fill(cast: Cast) -> None:
    for place in range(SHEETS):
        member = make_member(cast.unit1, cast.community1, f"党员{place:05}", f"139{place:08}")
        accepted(certificate(member))
        for day in (1, 8, 15):
            service(member, dt.date(YEAR, 6, day))
        if place % 200 == 199:
            db.session.commit()
    db.session.commit()


def _print(ids: list[int]) -> tuple[float, str]:
    """(processor seconds, the name of the file) of printing these."""
    before = cpu_seconds(os.getpid())
    parts = [
        draw_part(COUNTY, ids[start : start + workflow.PART], WANTED, full=True)
        for start in range(0, len(ids), workflow.PART)
    ]
    key = whole_of([part.key for part in parts if part.key], False, "bench")
    return cpu_seconds(os.getpid()) - before, key


def _pages(app, ids: list[int]) -> list[str]:
    paper = PAPERS[KIND]
    with app.test_request_context():
        rows = db.session.scalars(paper.rows(COUNTY, YEAR).where(Registration.id.in_(ids))).all()
        return [print_html(paper, compose(paper, case, full=True)) for case in paper.cases(rows, YEAR, COUNTY)]


def _against_naive(bulk: float, pages: list[str], folder: Path) -> None:
    """One sheet in bulk beside one as a document of its own, with the system's collection of faces where it has one."""
    has_collection, style = any(Path("/usr/share/fonts").rglob("NotoSerifCJK*.ttc")), STYLESHEET.read_text()
    if has_collection:
        style = re.sub(r"font-family:[^;]+;", f'font-family: "{COLLECTION}";', style)
    faces = {} if has_collection else {"FONTCONFIG_FILE": str(write_fonts_conf(folder))}
    (folder / "pages.json").write_text(json.dumps(pages))
    (folder / "style.css").write_text(style)
    ratio = bulk / _told("tests.bench.naive", folder / "pages.json", folder / "style.css", **faces)
    if has_collection:
        figure("P1 bulk", ratio, "x naive", "≤ 0.40", ratio <= 0.4)
    else:
        figure("P1 bulk, no collection of faces here: over the portal's own", ratio, "x naive")


def _told(module: str, *arguments: Path | int, **settings: str) -> float:
    """The number that a program says, which measures in a process of its own: what a sheet took, or a batch held."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    told = subprocess.run(command, cwd=TOP, env=os.environ | settings, capture_output=True, text=True, check=True)
    return float(told.stdout.split()[-1])


def _sizes(whole: Path, app, first: int) -> None:
    with pikepdf.open(whole) as opened:
        pages = len(opened.pages)
    a_page = whole.stat().st_size / pages / 1024
    figure("P4 batch", a_page, "KB a page", "≤ 12", a_page <= 12)
    single = print_room(app.config["INSTANCE_DIR"]).print_one(_pages(app, [first])[0])
    figure("P4 single paper", len(single) / 1024, "KB", "≤ 100", len(single) <= 100 * 1024)
    faults = [
        *validator.validate_pdf(whole, profile="2u").failures,
        *validator.validate_pdf_bytes(single, profile="2u").failures,
    ]
    figure("P5 faults against PDF/A-2u, merged and single", len(faults), "", "= 0", not faults)


def _memory(folder: Path, part: Path) -> None:
    """What putting together takes at most, by the size of the batch."""
    peaks = {
        pages: _told("tests.bench.merging", part, pages // workflow.PART, folder / "merged.pdf")
        for pages in (500, 10_000)
    }
    ratio = peaks[10_000] / peaks[500]
    figure("P3 putting together 10,000 pages", ratio, "x that of 500", "≤ 1.1", ratio <= 1.1)


def _by_workers(app, cast: Cast, folder: Path, count: int) -> tuple[float, float]:
    """(Seconds until so many workers have printed a batch of its own, MB that one process held at most.)"""
    year = YEAR + count  # other papers each time: nothing is kept of them
    ids = queries.ids_of(queries.in_bulk(PAPERS[KIND], cast.by("liaison1"), YEAR, None, None))[: 4 * workflow.PART]
    wanted = workflow.Wanted(KIND, year)
    job = workflow.ask(cast.by("liaison1"), wanted, f"bench {count}", ids)
    db.session.commit()
    job_id, uri = job.id, app.config["SQLALCHEMY_DATABASE_URI"]
    settings = {"FLASK_INSTANCE_DIR": str(folder), "FLASK_SQLALCHEMY_DATABASE_URI": uri}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    with (folder / "worker.log").open("a") as log:
        workers = [
            subprocess.Popen(command, cwd=TOP, env=os.environ | settings, stdout=log, stderr=log) for _ in range(count)
        ]
    begun = time.perf_counter()
    while not _is_over(job_id) and time.perf_counter() - begun < 600:
        time.sleep(0.1)
    held = max(peak_memory(pid) for worker in workers for pid in (worker.pid, *children_of(worker.pid)))
    for worker in workers:
        worker.terminate()
        worker.wait()
    db.session.rollback()
    job = db.session.get_one(PrintJob, job_id)
    if job.state is not JobState.DONE:
        raise AssertionError(f"the workers left the job {job.state.label}")
    return (job.ended_at - job.begun_at).total_seconds(), held


def _is_over(job_id: int) -> bool:
    with reading():
        return db.session.get_one(PrintJob, job_id).is_over
