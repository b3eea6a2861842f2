"""P1 to P7: what printing record cards in bulk costs, by processor time of this process and its printing process."""

import datetime as dt
import os
from pathlib import Path

import page as validator
import pikepdf

from portal.actors import Actor, Role
from portal.extensions import db
from portal.papers import kept_files, queries, workflow
from portal.papers.catalogue import PAPERS
from portal.papers.drawing import whole_of
from portal.papers.part_drawing import draw_part
from portal.papers.render import print_room
from tests.bench import beside, workers
from tests.bench.county import county
from tests.bench.figures import figure
from tests.bench.load import cpu_seconds
from tests.cast import Cast, make_member
from tests.papers.making import accepted, certificate, service

SHEETS = int(os.environ.get("BENCH_SHEETS", "1000"))
NAIVE = 20
WORKED = 10 * workflow.PART  # so many that the start of a worker's printing process counts little
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
        beside.compare("P1 bulk", first / len(ids), beside.naive(app, COUNTY, KIND, YEAR, ids[:NAIVE], folder))
        gap = first / len(ids) / beside.told("tests.bench.like", folder / "like.pdf")
        figure("P7 gap to another typesetter on a like page", gap, "x its time")
        _sizes(kept_files.path_of(key), app, ids[0])
        _memory(folder, kept_files.path_of(draw_part(COUNTY, ids[: workflow.PART], WANTED, full=True).key))
        held = workers.compare(app, cast.by("liaison1"), WANTED, ids[:WORKED], folder)
        figure("P3 a worker's processes, the larger", held, "MB", "≤ 250", held <= 250)


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


def _sizes(whole: Path, app, first: int) -> None:
    with pikepdf.open(whole) as opened:
        pages = len(opened.pages)
    a_page = whole.stat().st_size / pages / 1024
    figure("P4 batch", a_page, "KB a page", "≤ 12", a_page <= 12)
    single = print_room(app.config["INSTANCE_DIR"]).print_one(beside.page_of(app, COUNTY, KIND, YEAR, first))
    figure("P4 single paper", len(single) / 1024, "KB", "≤ 100", len(single) <= 100 * 1024)
    faults = [
        *validator.validate_pdf(whole, profile="2u").failures,
        *validator.validate_pdf_bytes(single, profile="2u").failures,
    ]
    figure("P5 faults against PDF/A-2u, merged and single", len(faults), "", "= 0", not faults)


def _memory(folder: Path, part: Path) -> None:
    """What putting together takes at most, by the size of the batch."""
    peaks = {
        pages: beside.told("tests.bench.merging", part, pages // workflow.PART, folder / "merged.pdf")
        for pages in (500, 10_000)
    }
    ratio = peaks[10_000] / peaks[500]
    figure("P3 putting together 10,000 pages", ratio, "x that of 500", "≤ 1.1", ratio <= 1.1)
