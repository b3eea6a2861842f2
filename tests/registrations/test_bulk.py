"""One act for many: each row by itself, numbers gapless, a result for every row."""

import datetime as dt
import re

import time_machine
from sqlalchemy import select

from portal import bulk
from portal.actors import Role
from portal.bulk import BulkAct, BulkLine
from portal.errors import RuleBroken
from portal.extensions import db
from portal.numbers import Counter
from portal.registrations import queries, workflow
from portal.registrations.models import Registration, RegistrationState, ReportMode
from tests.cast import make_member


def result_of(browser, answer) -> tuple[str, list[tuple[str, str]]]:
    """The summary and (who, what came of it) from the page that a bulk act leads to."""
    assert answer.status_code == 303
    page = browser.get(answer.location).text
    lines = re.findall(r'<tr><th scope="row">(?:<a[^>]*>)?([^<]+).*?data-label="说明">([^<]*)', page, re.DOTALL)
    return re.search(r'section-head"><h2>([^<]+)', page)[1], lines


def test_certificates_for_everyone_not_yet_reported(cast, browse):
    make_member(cast.unit1, None, "尔无社区", "13891701011")
    db.session.commit()
    browser = browse(cast.users["liaison1"])
    assert "为全部 4 人开具" in browser.get("/registrations/uncertified").text
    summary, lines = result_of(browser, browser.post("/registrations/issue", data={"all": "1"}))
    assert summary == "开具证明信：办成 3 人，1 人没有办成，原因见下表。"
    assert lines == [
        ("尔无社区", "尔无社区没有县城居住社区，请先在名册中补齐居住社区。"),
        ("买买提·吐尔逊（2026-0001）", "—"), ("欧阳䶮（2026-0002）", "—"), ("仇文博（2026-0003）", "—"),
    ]  # fmt: skip
    assert db.session.scalar(select(Counter.last).where(Counter.kind == "certificate")) == 3


def test_one_refusal_spoils_nothing_and_leaves_no_gap(cast):
    by = cast.by("liaison1")
    members = [cast.member1_row, cast.member3_row, cast.member2_row]  # the second is of another unit
    act = bulk.run(by, "开具证明信", members, lambda member: workflow.issue(member, by), lambda m: (m.name, None))
    db.session.commit()
    assert [line.done for line in act.lines] == [True, False, True]
    assert list(db.session.scalars(select(Registration.number).order_by(Registration.id))) == ["2026-0001", "2026-0002"]


def test_a_row_refused_on_its_way_is_taken_back_whole(cast, registration):
    row, by = registration("presented"), cast.by("clerk1")

    def accept_and_fail(row):
        workflow.accept(row, by)
        raise RuleBroken("后来又出了问题")

    act = bulk.run(by, "接洽", [row], accept_and_fail, lambda row: (row.number, None))
    db.session.commit()
    assert (act.done, act.refused, act.lines[0].sentence) == (0, 1, "后来又出了问题")
    assert row.state is RegistrationState.PRESENTED
    assert db.session.scalar(select(Counter.last).where(Counter.kind == "receipt")) is None


def test_parts_are_committed_one_after_the_other(cast, monkeypatch):
    monkeypatch.setattr(bulk, "PART", 2)
    paused = []
    bulk.run(cast.by("clerk1"), "接洽", range(5), lambda _: None, lambda n: (str(n), None), lambda: paused.append(1))
    assert len(paused) == 2


def test_results_are_forgotten_after_a_month(cast):
    by = cast.by("clerk1")
    with time_machine.travel(dt.datetime(2026, 3, 1, 8, tzinfo=dt.UTC), tick=False):
        bulk.run(by, "接洽", ["甲", "乙"], lambda _: None, lambda name: (name, None))
    with time_machine.travel(dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC), tick=False):
        bulk.run(by, "接洽", ["丙"], lambda _: None, lambda name: (name, None))
    db.session.commit()
    bulk.forget_old_acts(dt.datetime(2026, 3, 31, 8, tzinfo=dt.UTC))  # the first is thirty days old to the minute
    assert set(db.session.scalars(select(BulkLine.about))) == {"甲", "乙", "丙"}
    bulk.forget_old_acts(dt.datetime(2026, 3, 31, 8, 1, tzinfo=dt.UTC))
    assert list(db.session.scalars(select(BulkLine.about))) == ["丙"]
    assert [act.summary for act in db.session.scalars(select(BulkAct))] == ["接洽：1 人全部办成。"]


def test_the_tick_forgets_old_results(app, cast):
    with time_machine.travel(dt.datetime(2026, 3, 1, 8, tzinfo=dt.UTC)):
        bulk.run(cast.by("clerk1"), "接洽", ["甲"], lambda _: None, lambda name: (name, None))
    db.session.commit()
    assert app.test_cli_runner().invoke(args=["tick", "--now", "2026-06-01"]).exit_code == 0
    assert db.session.scalars(select(BulkLine)).all() == []


def test_own_certificate_of_a_liaison_is_named_among_the_refused(cast, browse):
    cast.users["dual"].last_appointment_id = next(
        a.id for a in cast.users["dual"].appointments if a.role is Role.LIAISON
    )
    db.session.commit()
    browser = browse(cast.users["dual"])
    _, lines = result_of(browser, browser.post("/registrations/issue", data={"all": "1"}))
    assert lines[0] == ("仇文博", "证明信只能由所在单位联络员（本人的除外）或主管部门（限联络员本人的）开具。")
    above = browse(cast.users["dept1"])
    page = above.get("/registrations/people?standing=missing").text
    assert page.count("代开联络员的证明信") == 1
    _, lines = result_of(above, above.post("/registrations/issue", data={"row": cast.dual_row.id}))
    assert lines == [("仇文博（2026-0003）", "—")]


def two_issued(cast) -> list[Registration]:
    by = cast.by("liaison1")
    rows = [workflow.issue(member, by) for member in (cast.member1_row, cast.member2_row)]
    db.session.commit()
    return rows


def test_a_group_presents_a_clerk_accepts_and_the_unit_files(cast, browse):
    rows = two_issued(cast)
    ticked = {"row": [row.id for row in rows]}
    liaison, clerk = browse(cast.users["liaison1"]), browse(cast.users["clerk1"])
    assert (
        result_of(liaison, liaison.post("/registrations/bulk", data=ticked | {"verb": "present", "mode": "group"}))[0]
        == "报到：2 人全部办成。"
    )
    assert {row.mode for row in rows} == {ReportMode.GROUP}
    summary, _ = result_of(
        clerk, clerk.post("/registrations/bulk", data=ticked | {"verb": "accept", "grid_id": cast.grid1.id})
    )
    assert summary == "接洽：2 人全部办成。"
    db.session.expire_all()
    assert [(row.grid, row.receipt_number) for row in rows] == [
        (cast.grid1, "2026-0001"), (cast.grid1, "2026-0002"),
    ]  # fmt: skip
    summary, _ = result_of(liaison, liaison.post("/registrations/bulk", data={"verb": "file", "all": "1"}))
    assert summary == "回执备案：2 人全部办成。"
    db.session.expire_all()
    assert {row.state for row in rows} == {RegistrationState.FILED}


def test_a_bulk_act_reaches_no_foreign_row_and_no_other_verb(cast, browse):
    row = two_issued(cast)[0]
    clerk2, clerk1 = browse(cast.users["clerk2"]), browse(cast.users["clerk1"])
    summary, lines = result_of(clerk2, clerk2.post("/registrations/bulk", data={"verb": "accept", "row": row.id}))
    assert (summary, lines) == ("没有可以接洽的人，什么也没有改变。", [])
    for verb in ("file", "cancel", "nonsense", ""):
        assert clerk1.post("/registrations/bulk", data={"verb": verb, "row": row.id}).status_code == 404
    for junk in ("x", "-1", "9" * 30, "２"):
        assert clerk1.post("/registrations/bulk", data={"verb": "accept", "row": junk}).status_code == 303
    db.session.expire_all()
    assert row.state is RegistrationState.ISSUED


def test_a_result_is_its_maker_s_own(cast, browse):
    two_issued(cast)
    clerk = browse(cast.users["clerk1"])
    answer = clerk.post("/registrations/bulk", data={"verb": "accept", "all": "1", "once": "o" * 22})
    assert clerk.get(answer.location).status_code == 200
    assert browse(cast.users["clerk1b"]).get(answer.location).status_code == 404
    again = clerk.post("/registrations/bulk", data={"verb": "accept", "all": "1", "once": "o" * 22})
    assert again.location == answer.location  # sent twice, done once
    assert db.session.query(BulkAct).count() == 1
    assert queries.counts_by_state(cast.by("clerk1")) == {RegistrationState.ACCEPTED: 2}
