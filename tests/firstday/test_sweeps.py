"""What an import holds of people is kept for as long as it is of use: the table is typed by hand."""

import datetime as dt

import pytest
import time_machine
from sqlalchemy import func, select

from portal.errors import RuleBroken
from portal.extensions import db
from portal.firstday import workflow
from portal.firstday.models import FirstdayImport, FirstdayRow, FirstdayState
from tests.firstday.books import WHOLE, a_book, reported, submitted, uploaded, written

UPLOADED = dt.datetime(2026, 3, 1, 1, tzinfo=dt.UTC)
RIGHT_AND_BAD = {"报到": [reported(), reported("无此人")]}


@pytest.fixture
def at_upload():
    with time_machine.travel(UPLOADED, tick=False):
        yield


def tick(app, later: dt.timedelta) -> None:
    moment = (UPLOADED + later).isoformat()
    assert app.test_cli_runner().invoke(args=["tick", "--now", moment]).exit_code == 0
    db.session.expire_all()


def held() -> tuple[int, bool]:
    """How many rows there are, and whether the uploaded file is kept."""
    file = db.session.scalar(select(func.count()).where(FirstdayImport.file_sealed.is_not(None)))
    return db.session.scalar(select(func.count(FirstdayRow.id))), bool(file)


@pytest.mark.parametrize(("made", "kept_for", "then"), [
    (lambda cast: uploaded(cast, RIGHT_AND_BAD), dt.timedelta(days=14), FirstdayState.DROPPED),
    (lambda cast: submitted(cast, WHOLE), dt.timedelta(days=14), FirstdayState.DROPPED),
    (lambda cast: written(cast, WHOLE), dt.timedelta(days=30), FirstdayState.WRITTEN),
])  # fmt: skip
def test_how_long_what_is_kept(app, cast, at_upload, made, kept_for, then):
    firstday = made(cast)
    before = held()
    tick(app, kept_for - dt.timedelta(minutes=1))
    assert held() == before
    tick(app, kept_for)
    assert held() == (0, False)
    assert firstday.state is then
    version = firstday.version
    tick(app, kept_for)
    assert firstday.version == version


def test_an_upload_stopped_in_the_middle_goes_within_the_hour(app, cast, at_upload):
    data = a_book(WHOLE)
    next(iter(workflow.stage(workflow.examine(data), cast.by("county"), "期初.xlsx", data)))
    db.session.commit()
    tick(app, dt.timedelta(minutes=59))
    assert db.session.scalar(select(func.count(FirstdayImport.id))) == 1
    tick(app, dt.timedelta(hours=1))
    assert db.session.scalar(select(func.count(FirstdayImport.id))) == 0


def test_after_a_month_nothing_is_undone(app, cast):
    with time_machine.travel(UPLOADED, tick=False):
        firstday = written(cast, WHOLE)
    later = time_machine.travel(UPLOADED + dt.timedelta(days=31), tick=False)
    with later, pytest.raises(RuleBroken, match="上传已满30天"):
        workflow.undo(firstday, cast.by("county"), reason="传错了文件")


def test_the_file_goes_once_nothing_is_left_to_mark(cast):
    uploaded(cast, RIGHT_AND_BAD)
    assert held() == (2, True)
    submitted(cast, {"小区": [["C01", "新苑"]]})
    files = db.session.scalar(select(func.count()).where(FirstdayImport.file_sealed.is_not(None)))
    assert files == 1
