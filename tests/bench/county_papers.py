"""P1 to P6 of the demo county's record cards as `flask papers render` prints them; asked for by BENCH_COUNTY=1.

Some thousand cards of three or four pages each: it takes the better part of an hour.
"""

import os
import resource
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import page as validator
import pikepdf
from sqlalchemy import func, select

from portal import create_app
from portal.accounts.acting import actor_of
from portal.accounts.models import Appointment, User
from portal.actors import Actor, Role
from portal.extensions import db
from portal.papers import queries
from portal.papers.catalogue import PAPERS
from portal.papers.part_drawing import draw_part
from portal.papers.workflow import PART, Wanted
from portal.people.models import Community
from portal.registrations.models import Registration
from tests.bench import beside, workers
from tests.bench.figures import figure
from tests.bench.load import children_of, cpu_seconds, peak_memory
from tests.server import TOP

KIND, YEAR = "record-card", 2026
NAIVE, ROUNDS = 10, 7
LOOKS_A_SECOND = 2


@dataclass(frozen=True)
class Run:
    """What one run of the command came to: processor seconds, MB of its largest process, the file."""

    cpu: float
    held: float
    file: Path


def bench(folder: Path) -> None:
    """All figures, on SQLite."""
    folder.mkdir()
    _flask(folder, "db", "upgrade")
    _flask(folder, "demo", "--scale", "county")
    app = create_app({"INSTANCE_DIR": str(folder), "LOG_REQUESTS": False})
    with app.app_context():
        by = _county()
        ids = queries.ids_of(queries.in_bulk(PAPERS[KIND], by, YEAR, None, None))
        code, few = _largest_community()
        _in_turns(app, by, ids, folder)
        db.session.remove()
        small = _render(folder, "--community", code)
        shutil.rmtree(folder / "print")
        large = _render(folder)
        again = _render(folder)
        _told(len(ids), few, small, large, again)
        _is_sound(large.file)
        held = workers.compare(app, by, Wanted(KIND, YEAR), ids[: 10 * PART], folder)
        figure("P3 a worker's processes, the larger", held, "MB", "≤ 250", held <= 250)


def _in_turns(app, by: Actor, ids: list[int], folder: Path) -> None:
    """P1 by turns, a part of fifty and a few alone, so that the machine's fast and slow minutes meet both."""
    ratios, wanted = [], Wanted(KIND, YEAR)
    for place in range(ROUNDS + 1):
        part = ids[place * PART + 1 : place * PART + PART + 1]  # not as the command parts them: it draws all anew
        before = cpu_seconds(os.getpid())
        draw_part(by, part, wanted, full=True)
        bulk = (cpu_seconds(os.getpid()) - before) / len(part)
        ratios.append(bulk / beside.naive(app, by, KIND, YEAR, part[:NAIVE], folder))
    warm = ratios[1:]  # in the first the printing process started
    beside.compare(f"P1 the county's cards ({min(warm):.2f} to {max(warm):.2f})", median(warm), 1)


def _told(count: int, few: int, small: Run, large: Run, again: Run) -> None:
    pages = _pages_of(large.file)
    figure("Record cards of the demo county", count, f"cards, {pages} pages, {large.cpu:.0f} CPU seconds")
    ratio = large.held / small.held
    figure(f"P3 memory, {count} cards", ratio, f"x that of {few}", "≤ 1.1", ratio <= 1.1)
    figure("P3 the command's processes, the larger", large.held, "MB", "≤ 250", large.held <= 250)
    a_page = large.file.stat().st_size / pages / 1024
    figure("P4 the county's cards", a_page, "KB a page", "≤ 12", a_page <= 12)
    ratio = again.cpu / large.cpu
    figure("P6 the county's cards again", ratio, "x first printing", "≤ 0.02", ratio <= 0.02)


def _is_sound(file: Path) -> None:
    limits = validator.SafetyLimits.unlimited()  # a hundred megabytes of our own
    faults = validator.validate_pdf(file, profile="2u", limits=limits).failures
    figure("P5 faults of the county's cards against PDF/A-2u", len(faults), "", "= 0", not faults)


def _pages_of(file: Path) -> int:
    with pikepdf.open(file) as opened:
        return len(opened.pages)


def _county() -> Actor:
    rows = select(Appointment).join(User).where(User.username == "county", Appointment.role == Role.COUNTY)
    appointment = db.session.scalars(rows).one()
    return actor_of(appointment.user, appointment)


def _largest_community() -> tuple[str, int]:
    """The code of the community with most registrations, and how many it has."""
    rows = select(Community.code, func.count()).join(Registration, Registration.community_id == Community.id)
    code, count = db.session.execute(rows.group_by(Community.code).order_by(func.count().desc()).limit(1)).one()
    return code, count


def _render(folder: Path, *scope: str) -> Run:
    out = folder / "out"
    shutil.rmtree(out, ignore_errors=True)
    before = _children_cpu()
    with _command(folder, "papers", "render", "--kind", KIND, "--year", str(YEAR), "--out", str(out), *scope) as run:
        held = 0.0
        while run.poll() is None:
            held = max(held, *(_held(pid) for pid in (run.pid, *_children(run.pid))))
            try:
                run.wait(1 / LOOKS_A_SECOND)
            except subprocess.TimeoutExpired:
                continue
    if run.returncode:
        raise AssertionError(f"papers render ended with {run.returncode}")
    return Run(_children_cpu() - before, held, next(out.glob("*.pdf")))


def _held(pid: int) -> float:
    try:
        return peak_memory(pid)
    except (OSError, TypeError):  # it has just ended
        return 0.0


def _children(pid: int) -> list[int]:
    try:
        return children_of(pid)
    except OSError:
        return []


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _flask(folder: Path, *words: str) -> None:
    with _command(folder, *words) as run:
        if run.wait():
            raise AssertionError(f"flask {' '.join(words)} ended with {run.returncode}")


def _command(folder: Path, *words: str) -> subprocess.Popen:
    settings = {"FLASK_INSTANCE_DIR": str(folder)}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
    return subprocess.Popen(command, cwd=TOP, env=os.environ | settings, stdout=subprocess.DEVNULL)
