"""kill -9 of workers and of the server in the middle of a print job: it ends with each paper exactly once."""

import contextlib
import datetime as dt
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pdfplumber
import pytest

from portal import clock, create_app
from portal.extensions import db, reading
from portal.papers import kept_files
from portal.papers.models import JobState, PrintJob, PrintPart
from tests import postgres
from tests.cast import Cast, make_member, sign_in
from tests.conftest import FIELD_KEY
from tests.papers.making import certificate
from tests.server import TOP, serving
from tests.visitors import Visitor

pytestmark = pytest.mark.long
PAPERS = 110  # parts of 50, 50 and 10
LOOKS, BETWEEN = 6_000, 0.05  # five minutes at most


@pytest.fixture(params=["sqlite", "postgresql"])
def county(request, tmp_path):
    """An application on a database of its own, with a unit's many certificates."""
    (tmp_path / "field_key").write_text(FIELD_KEY)  # for the other processes too
    uri = f"sqlite:///{tmp_path / 'portal.db'}" if request.param == "sqlite" else postgres.database("killed")
    app = create_app({"INSTANCE_DIR": str(tmp_path), "SQLALCHEMY_DATABASE_URI": uri})
    with app.app_context():
        db.create_all()
        cast = Cast.settle()
        for place in range(PAPERS):
            certificate(make_member(cast.unit1, cast.community1, f"党员{place}", f"1389170{place:04}"))
        db.session.commit()
        yield app, cast, tmp_path
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def worker(county):
    """Starts another worker; all that still run are ended afterwards."""
    app, _, folder = county
    settings = {
        "FLASK_INSTANCE_DIR": str(folder),
        "FLASK_SQLALCHEMY_DATABASE_URI": app.config["SQLALCHEMY_DATABASE_URI"],
    }
    command = ["setpriv", "--pdeathsig", "KILL", sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    started = []

    def start() -> subprocess.Popen:
        with (folder / "worker.log").open("a") as log:
            started.append(subprocess.Popen(command, cwd=TOP, env=os.environ | settings, stdout=log, stderr=log))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def until(condition, process: subprocess.Popen):
    """Look into the database again and again until the condition holds; the process must not end meanwhile.

    Only reading, since whoever may write holds the lock for which the workers wait.
    """
    for _ in range(LOOKS):
        with reading():
            if condition():
                return
        with contextlib.suppress(subprocess.TimeoutExpired):
            raise AssertionError(f"a worker ended by itself: {process.wait(BETWEEN)}")
    raise AssertionError("it took too long")


def job() -> PrintJob:
    return db.session.scalars(db.select(PrintJob)).one()


def in_hand() -> list[PrintPart]:
    now = clock.now()
    return [part for part in job().parts if not part.drawn and part.lease_until and part.lease_until > now]


def kill(pid: int) -> None:
    """Without a word, and its children too."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    for each in (pid, *map(int, children)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(each, signal.SIGKILL)


def let_the_lease_run_out() -> None:
    for part in in_hand():
        part.lease_until = clock.now() - dt.timedelta(seconds=1)
    db.session.commit()


def test_each_paper_exactly_once_whatever_is_killed(county, worker):
    app, cast, folder = county
    uri, cookie = app.config["SQLALCHEMY_DATABASE_URI"], app.config["SESSION_COOKIE_NAME"]
    signed_in = f"{cookie}={sign_in(app, cast.users['liaison1']).get_cookie(cookie).value}"
    db.session.rollback()

    with serving(folder, uri) as server, Visitor(server, signed_in) as browser:
        keys = browser.get("/papers").hidden("")
        asked = browser.post("/papers", keys | {"kind": "certificate", "year": "2026", "files": "together"})
        assert asked.status == 303
        first = worker()
        until(lambda: job().drawn == 50 and in_hand(), first)
        kill(first.pid)
        kill(server.pid)
    first.wait()
    with reading():
        assert (job().state, job().drawn, len(in_hand())) == (JobState.RUNNING, 50, 1)
    let_the_lease_run_out()

    second = worker()
    until(in_hand, second)
    kill(second.pid)
    second.wait()
    let_the_lease_run_out()

    third, _fourth = worker(), worker()
    until(lambda: job().state == JobState.DONE, third)
    with reading():
        assert sum(part.tries for part in job().parts) == 5  # two kills cost two parts
        assert job().failures == [] and job().drawn == PAPERS
        kept = kept_files.path_of(job().key)

    with serving(folder, uri) as server, Visitor(server, signed_in) as browser:
        page = browser.get(asked.location)
        assert "已生成" in page.text and f"共 {PAPERS} 份" in page.text
    with pdfplumber.open(kept) as opened:
        found = [set(re.findall(r"〔2026〕(\d{4})号", read(each))) for each in opened.pages]
    assert found == [{f"{serial:04}"} for serial in range(1, PAPERS + 1)]


def read(page) -> str:
    words = "".join(char["text"] for char in page.chars)
    page.close()
    return words
