"""Handing in by the worker: asked for on the page, broken off anywhere, done once, and what stops it is said."""

import datetime as dt

import pytest
from sqlalchemy import update

from portal import clock, history
from portal.accounts.models import AppointmentState
from portal.errors import TooLate
from portal.extensions import db
from portal.queue import Stopped
from portal.reports import content, frozen, queries, submissions, submitting
from portal.reports.models import Report, ReportState, RowWords, Snapshot, SnapshotState
from portal.reports.submissions import Submission, SubmissionState
from tests.page_forms import form_to
from tests.pages import texts
from tests.registrations.conftest import walk
from tests.reports.making import a_report, worker


@pytest.fixture(autouse=True)
def november(time_machine):
    time_machine.move_to("2026-11-10 02:00:00+00:00")
    return time_machine


def asked_for(cast, body: str = "dept1") -> Report:
    row, by = a_report(cast, body=body), cast.by(body)
    submitting.ask(row, by, submitting.mark_of(content.live(row, by.name, clock.today())))
    db.session.commit()
    return row


def check_handed_in_once(row: Report) -> None:
    db.session.expire_all()
    standing = db.session.scalars(db.select(Snapshot).where(Snapshot.state == SnapshotState.STANDING)).all()
    assert (row.state, row.edition, [each.report_id for each in standing]) == (ReportState.SUBMITTED, 1, [row.id])
    assert [line.verb for line in history.of(row)].count("submit") == 1
    assert history.last(row).by_name == "县教育体育局党委 郭振华"  # in the name of who asked
    assert submissions.latest(row.id).state is SubmissionState.DONE and frozen.is_whole(standing[0])


@pytest.mark.parametrize("after", [1, 2, 3, 4])
def test_broken_off_after_any_part_it_is_handed_in_once(cast, after):
    walk(cast, "filed")
    row, parts = asked_for(cast), 0

    def pause():
        nonlocal parts
        db.session.commit()
        parts += 1
        if parts == after:
            raise Stopped

    with pytest.raises(Stopped):
        submitting.submit_next(pause)
    db.session.commit()
    assert (row.state is ReportState.SUBMITTED) is (after == 4)
    worker()
    check_handed_in_once(row)


def test_of_two_workers_one_hands_in(cast):
    """The first is thought dead, its lease runs out, another does it; then the first goes on and changes nothing."""
    walk(cast, "filed")
    row, parts = asked_for(cast), 0

    def pause():
        nonlocal parts
        db.session.commit()
        parts += 1
        if parts == 3:  # all is laid down
            db.session.execute(update(Submission).values(lease_until=clock.now() - dt.timedelta(seconds=1)))
            worker()

    submitting.submit_next(pause)
    db.session.commit()
    check_handed_in_once(row)


def test_while_it_is_frozen_the_page_says_so_and_nobody_asks_twice(cast, browse):
    row, dept, county = asked_for(cast), browse(cast.users["dept1"]), browse(cast.users["county"])
    page = dept.get(f"/reports/{row.number}")
    assert "后台正在清点、冻结" in page.text and "待上报" in page.text
    assert not any("上报" in words for words in texts(page, "form.move button"))
    assert "正在冻结" in texts(county.get("/reports?year=2026"), "tbody .tag")
    with pytest.raises(TooLate) as refusal:
        submitting.ask(row, cast.by("dept1"), "")
    assert refusal.value.sentence == "这份上报正在冻结数据，请等它完成。"
    db.session.rollback()
    address = f"/reports/{row.number}/words/6"
    typed = form_to(dept.get(address).text, "").filled(**{f"row_{cast.unit1.id}": "含附属学校两所"})
    refused = dept.post(address, data=typed)
    assert refused.status_code == 409 and "请等它完成" in refused.text and "含附属学校两所" in refused.text
    assert db.session.scalars(db.select(RowWords)).all() == []
    worker()
    assert "看上报的数据" in dept.get(f"/reports/{row.number}/submission").text
    assert "第 1 次上报时的数据" in county.get(f"/reports/{row.number}").text
    assert browse(cast.users["dept2"]).get(f"/reports/{row.number}/submission").status_code == 404


def test_what_was_not_shown_before_stops_it(cast, browse):
    """Somebody received a member without a receipt in between: the sender looks at that first."""
    row = asked_for(cast)
    walk(cast, "accepted")
    worker()
    db.session.expire_all()
    assert row.state is ReportState.OPEN and queries.standing_of(row.id) is None
    assert "和您看过的不一样" in browse(cast.users["dept1"]).get(f"/reports/{row.number}").text


def test_who_left_the_office_hands_nothing_in(cast):
    row = asked_for(cast)
    for held in cast.users["dept1"].appointments:
        held.state, held.ends_on = AppointmentState.ENDED, dt.date(2026, 11, 9)
    db.session.commit()
    worker()
    db.session.expire_all()
    stopped = submissions.latest(row.id)
    assert row.state is ReportState.OPEN and stopped.state is SubmissionState.STOPPED
    assert stopped.why == "提出上报的同志已不在这个岗位，请由现在的同志再上报一次。"
