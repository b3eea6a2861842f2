"""What an import holds of people is kept for as long as it is of use: the table is typed by hand."""

import datetime as dt

import pytest
import time_machine
from sqlalchemy import func, select

from portal import history
from portal.errors import RuleBroken
from portal.extensions import db
from portal.rosters import workflow
from portal.rosters.models import ImportRow, ImportState, RosterImport, staged_members
from tests.rosters.rosters import a_file, examined, person, uploaded, written

UPLOADED = dt.datetime(2026, 3, 1, 1, tzinfo=dt.UTC)
RIGHT_AND_BAD = a_file(person(), person("欧阳䶮", "13891701001", post="教研组长"), person("李梅", "1389"))


@pytest.fixture
def at_upload():
    with time_machine.travel(UPLOADED, tick=False):
        yield


def tick(app, later: dt.timedelta) -> None:
    """What time does, so long after the upload."""
    moment = (UPLOADED + later).isoformat()
    assert app.test_cli_runner().invoke(args=["tick", "--now", moment]).exit_code == 0
    db.session.expire_all()


def held() -> tuple[int, int, bool]:
    """How many rows and staged members there are, and whether the uploaded file is kept."""
    rows = db.session.scalar(select(func.count(ImportRow.id)))
    staged = db.session.scalar(select(func.count()).select_from(staged_members))
    file = db.session.scalar(select(func.count()).where(RosterImport.file_sealed.is_not(None)))
    return rows, staged, bool(file)


@pytest.mark.parametrize(
    ("days", "state", "kept"),
    [(13, ImportState.PREVIEWED, (3, 3, True)), (14, ImportState.DROPPED, (0, 0, False))],
)
def test_a_preview_that_nobody_answers_is_dropped(app, cast, at_upload, days, state, kept):
    roster = uploaded(cast, RIGHT_AND_BAD)
    assert held() == (3, 3, True)
    tick(app, dt.timedelta(days=days))
    assert (roster.state, held()) == (state, kept)


def test_the_dropping_is_told_in_the_history(app, cast, at_upload):
    roster = uploaded(cast, RIGHT_AND_BAD)
    tick(app, dt.timedelta(days=15))
    assert (history.last(roster).label, history.last(roster).by_name) == ("放弃", "系统")


@pytest.mark.parametrize(("days", "kept"), [(29, (3, 3, True)), (30, (0, 0, False))])
def test_a_written_import_keeps_only_its_counts_after_a_month(app, cast, at_upload, days, kept):
    roster = written(cast, RIGHT_AND_BAD)
    tick(app, dt.timedelta(days=days))
    assert held() == kept
    assert (roster.state, roster.new, roster.changed, roster.bad) == (ImportState.WRITTEN, 1, 1, 1)
    assert cast.member1_row.post == "教研组长"


@pytest.mark.parametrize("swept", [False, True])  # the worker may be away
def test_after_a_month_nobody_is_offered_to_undo(app, cast, browse, swept):
    with time_machine.travel(UPLOADED):
        roster = written(cast, RIGHT_AND_BAD)
        page = browse(cast.users["liaison1"]).get(f"/rosters/{roster.id}?show=changed").text
        assert "撤销导入" in page and "2026年3月31日 09:00以前可以整批撤销" in page and "教研组长" in page
    if swept:
        tick(app, dt.timedelta(days=31))
    with time_machine.travel(UPLOADED + dt.timedelta(days=31)):
        page = browse(cast.users["liaison1"]).get(f"/rosters/{roster.id}?show=changed").text
        assert "撤销导入" not in page and "已过可以撤销的时间" in page and "教研组长" not in page
        with pytest.raises(RuleBroken, match="上传已满30天，原来的内容已清除，不能整批撤销。"):
            workflow.undo(roster, cast.by("liaison1"), reason="传错了文件")


def test_what_a_stop_in_the_middle_left_is_removed_after_an_hour(app, cast, at_upload):
    actor = cast.by("liaison1")
    for _ in workflow.stage(examined(cast, RIGHT_AND_BAD), actor.unit_id, actor, "x.xlsx", RIGHT_AND_BAD):
        db.session.commit()
    tick(app, dt.timedelta(minutes=59))
    assert held() == (3, 3, True)
    tick(app, dt.timedelta(minutes=60))
    assert held() == (0, 0, False)
    assert db.session.scalars(select(RosterImport)).all() == []
