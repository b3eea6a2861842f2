"""P2: how much sooner two workers are ready than one."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from portal.actors import Actor
from portal.extensions import db, reading
from portal.papers import workflow
from portal.papers.models import JobState, PrintJob
from tests.bench.figures import figure
from tests.bench.load import children_of, peak_memory
from tests.server import TOP


def compare(app, by: Actor, wanted: workflow.Wanted, ids: list[int], folder: Path) -> float:
    """Print P2 of these cases' papers; what MB the larger process of one worker held."""
    (alone, held), (together, _) = (_run(app, by, wanted, ids, folder, count) for count in (1, 2))
    ratio = alone / together
    figure(f"P2 two workers, {len(ids)} sheets", ratio, "x one", "≥ 1.6", ratio >= 1.6)
    return held


def _run(app, by: Actor, wanted: workflow.Wanted, ids: list[int], folder: Path, count: int) -> tuple[float, float]:
    """(Seconds from the first part until all is put together by so many workers, MB that one process held at most.)"""
    shutil.rmtree(folder / "print", ignore_errors=True)  # nothing is kept of them: all is drawn anew
    job = workflow.ask(by, wanted, f"bench {count}", ids)
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
        time.sleep(0.2)
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
