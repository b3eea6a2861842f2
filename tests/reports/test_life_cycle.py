"""The life cycles of a report and of a community's part: every verb × state × role, typed by hand."""

import datetime as dt

import pytest

from portal import audit, clock, history, numbers
from portal.actors import Role
from portal.errors import NotYours, RuleBroken, TooLate
from portal.extensions import db
from portal.messages.models import Message
from portal.numbers import PaperState
from portal.reports import confirming, frozen, opening, queries, workflow
from portal.reports.models import Report, ReportKind, ReportPart, ReportState, SnapshotState
from portal.scheme.models import SchemeYear
from tests.lifecycles import LATE, NO, OK, answer
from tests.reports.making import WAY, a_part, a_report, act, asked, confirm_all, figures, laid_down, opened

EVERYBODY = (
    "county", "county_b", "admin", "dept1", "dept2", "chengguan", "town2", "committee", "inspector", "liaison1",
    "clerk1", "clerk1b", "clerk2", "grid1", "member1",
)  # fmt: skip
COUNTY = {"county", "county_b"}
# What dept1 hands in: who may do what in which state.
TABLE = {
    "submit": {"open": {"dept1"}, "returned": {"dept1"}},
    "withdraw": {"submitted": {"dept1"}},
    "accept": {"submitted": COUNTY},
    "send_back": {"submitted": COUNTY, "accepted": COUNTY},
    "urge": {"open": COUNTY, "returned": COUNTY},
}
# Whose the move is, though not now.
IN_TIME = {"submit": {"dept1"}, "withdraw": {"dept1"}, "accept": COUNTY, "send_back": COUNTY, "urge": COUNTY}
# The part of community1 in what 城关镇 hands in as lead, before the deadline.
PARTS = {
    "confirm": {"waiting": {"clerk1", "clerk1b"}, "confirmed": {"clerk1", "clerk1b"}},
    "confirm_for": {},
    "urge": {"waiting": {"chengguan"}},
}
PARTS_IN_TIME = {"confirm": {"clerk1", "clerk1b"}, "confirm_for": {"chengguan"}, "urge": {"chengguan"}}
IN_NOVEMBER, LATER = "2026-11-10 02:00:00+00:00", "2026-12-02 02:00:00+00:00"


@pytest.fixture(autouse=True)
def november(time_machine):
    time_machine.move_to(IN_NOVEMBER)
    return time_machine


def test_the_tables_are_whole(app):
    assert set(TABLE) == set(workflow.flow.moves)
    assert set(PARTS) == set(confirming.flow.moves)


@pytest.mark.parametrize("verb", list(TABLE))
@pytest.mark.parametrize("state", list(WAY))
def test_every_verb_from_every_state_by_everybody(cast, verb, state):
    row, move = a_report(cast, state), workflow.flow.moves[verb]
    typed = asked(cast, verb, row, cast.by("dept1"))
    may, in_time = TABLE[verb].get(state, set()), IN_TIME[verb]
    expected = {person: OK if person in may else LATE if person in in_time else NO for person in EVERYBODY}
    assert {person: answer(move, row, cast.by(person), **typed) for person in EVERYBODY} == expected


@pytest.mark.parametrize("verb", list(PARTS))
@pytest.mark.parametrize("state", ["waiting", "confirmed"])
def test_every_verb_of_a_part(cast, verb, state):
    part, move = a_part(cast, state), confirming.flow.moves[verb]
    typed = {"confirm": {"figures": figures(part)}, "confirm_for": {"figures": "{}", "reason": "专干住院"}}
    may, in_time = PARTS[verb].get(state, set()), PARTS_IN_TIME[verb]
    expected = {person: OK if person in may else LATE if person in in_time else NO for person in EVERYBODY}
    given = {person: answer(move, part, cast.by(person), **typed.get(verb, {})) for person in EVERYBODY}
    assert given == expected


def test_who_sees_which_reports(cast):
    opened(cast)
    seen = {name: queries.count(queries.visible_to(cast.by(name))) for name in EVERYBODY}
    # dept1 and dept2 have units; 城关镇 has none and hands in as lead only, 柳林镇 has none.
    sees = {"county": 3, "county_b": 3, "dept1": 1, "dept2": 1, "chengguan": 1, "committee": 2}
    assert seen == dict.fromkeys(EVERYBODY, 0) | sees
    parts = {name: queries.count(queries.parts(cast.by(name))) for name in EVERYBODY}
    sees = {"county": 2, "county_b": 2, "chengguan": 2, "clerk1": 1, "clerk1b": 1, "clerk2": 1}
    assert parts == dict.fromkeys(EVERYBODY, 0) | sees


def test_nobody_accepts_what_they_handed_in(cast):
    cast.appoint("dept1", "郭振华", Role.COUNTY)
    row = a_report(cast, "submitted")
    for verb in ("accept", "send_back"):
        typed = {"reason": "请核对"} if verb == "send_back" else {}
        assert answer(workflow.flow.moves[verb], row, cast.by("dept1", Role.COUNTY), **typed) == NO
        assert answer(workflow.flow.moves[verb], row, cast.by("county"), **typed) == OK


def test_what_is_returned_comes_again_in_its_next_edition_under_the_same_number(cast):
    row = a_report(cast, "returned")
    first = numbers.latest("service-table", row.id)
    assert (row.edition, first.number, first.version, first.state) == (1, "2026-0001", 1, PaperState.CANCELLED)
    act(cast, row, "submit", "dept1")
    second = numbers.latest("service-table", row.id)
    assert (row.edition, second.number, second.version, second.state) == (2, "2026-0001", 2, PaperState.VALID)
    assert [(each.edition, each.state) for each in queries.snapshots_of(row)] == [
        (2, SnapshotState.STANDING), (1, SnapshotState.REPLACED),
    ]  # fmt: skip
    assert numbers.latest("registration-table", row.id) is None


def test_what_is_taken_back_leaves_its_trace(cast):
    row = a_report(cast, "submitted")
    act(cast, row, "withdraw", "dept1")
    assert numbers.latest("service-table", row.id).state is PaperState.CANCELLED
    assert [each.state for each in queries.snapshots_of(row)] == [SnapshotState.WITHDRAWN]
    assert queries.standing_of(row.id) is None
    act(cast, row, "submit", "dept1")
    assert (row.edition, numbers.latest("service-table", row.id).version) == (2, 2)
    assert [line.label for line in history.of(row)] == ["开始上报", "上报", "撤回上报", "上报"]


def test_what_is_returned_late_may_be_mended_within_five_working_days(cast, november):
    """Returned on Wednesday, 2 December 2026, without any day off entered: due on the 9th."""
    row = a_report(cast, "submitted")
    november.move_to(LATER)
    act(cast, row, "send_back", "county")
    assert row.due_on == dt.date(2026, 12, 9)


def test_a_report_returned_early_keeps_its_day(cast):
    assert a_report(cast, "returned").due_on == dt.date(2026, 11, 30)


def test_only_what_was_laid_down_for_it_just_now_by_the_sender_is_handed_in(cast, november):
    row, other = a_report(cast), a_report(cast, body="dept2")
    mine, foreign, theirs = laid_down(row, cast.by("dept1")), laid_down(other, cast.by("dept2")), 999_999
    for key in (foreign, theirs):
        with pytest.raises(RuleBroken):
            workflow.submit(row, cast.by("dept1"), snapshot_id=key)
        db.session.rollback()
    november.shift(dt.timedelta(minutes=16))
    with pytest.raises(RuleBroken) as refusal:
        workflow.submit(row, cast.by("dept1"), snapshot_id=mine)
    assert refusal.value.sentence == "要上报的数据没有生成好，请再上报一次。"


def test_a_community_that_has_not_confirmed_keeps_the_town_from_handing_in(cast):
    row = a_report(cast, body="chengguan", kind=ReportKind.LEAD)
    assert workflow.in_the_way(row) == ["儒林社区、凤鸣社区还没有确认“本社区数据已核对”。"]
    key = laid_down(row, cast.by("chengguan"))
    with pytest.raises(RuleBroken):
        workflow.submit(row, cast.by("chengguan"), snapshot_id=key)
    db.session.rollback()
    confirm_all(cast, row)
    assert workflow.in_the_way(row) == []
    act(cast, row, "submit", "chengguan")
    assert {kind: numbers.latest(kind, row.id).number for kind in workflow.PAPERS[row.kind]} == {
        "service-table": "2026-0001", "registration-table": "2026-0001",
    }  # fmt: skip


def test_once_handed_in_a_part_is_neither_confirmed_nor_undone(cast):
    row = a_report(cast, "submitted", "chengguan", ReportKind.LEAD)
    part = queries.parts_of(row)[0]
    assert confirming.flow.open_moves(part, cast.by("clerk1")) == []
    with pytest.raises(RuleBroken):
        confirming.confirm(part, cast.by("clerk1"), figures="{}")
    db.session.rollback()
    with pytest.raises(RuleBroken) as refusal:
        confirming.flow.undo(part, cast.by("clerk1"))
    assert refusal.value.sentence == "城关镇已经上报，不能撤销。"


def test_a_clerk_takes_the_confirmation_back(cast):
    part = a_part(cast, "confirmed")
    confirming.flow.undo(part, cast.by("clerk1b"))
    db.session.commit()
    assert (part.state.value, part.figures, part.confirmed_at) == ("waiting", None, None)


def test_after_the_deadline_the_town_stands_in_and_it_is_marked(cast, november):
    part = a_part(cast)
    november.move_to(LATER)
    with pytest.raises(RuleBroken):
        confirming.confirm_for(part, cast.by("chengguan"), figures="{}")
    db.session.rollback()
    confirming.confirm_for(part, cast.by("chengguan"), figures=figures(part), reason="专干住院，已电话核对")
    db.session.commit()
    line = history.last(part)
    assert (line.label, line.stand_in, line.reason) == ("代社区确认", True, "专干住院，已电话核对")


def test_one_is_urged_once_a_day(cast, november):
    row, part = a_report(cast), a_part(cast)
    for case, move, name in ((row, workflow.urge, "county"), (part, confirming.urge, "chengguan")):
        november.move_to(IN_NOVEMBER)
        move(case, cast.by(name))
        db.session.commit()
        assert not move.open_to(case, cast.by(name))
        with pytest.raises(RuleBroken):
            move(case, cast.by(name))
        db.session.rollback()
        november.shift(dt.timedelta(days=1))
        assert move.open_to(case, cast.by(name))
    assert told(cast, "dept1") == [
        "2026年度本系统汇总（县教育体育局党委）：催报（县委组织部 刘建国）。应在11月30日前上报，请尽快办理。",
    ]
    assert (
        told(cast, "clerk1")
        == told(cast, "clerk1b")
        == [
            "2026年度县城社区汇总的儒林社区数据：催核对（城关镇党委 郑卫东）。上报期限11月30日，请尽快核对。",
        ]
    )


def told(cast, name: str) -> list[str]:
    rows = db.select(Message).where(Message.user_id == cast.users[name].id, Message.topic == "report")
    return [each.sentence for each in db.session.scalars(rows.order_by(Message.id))]


def test_what_came_of_it_is_told_to_the_body(cast):
    act(cast, a_report(cast, "returned"), "submit", "dept1")
    act(cast, queries.of_body(cast.dept1.id, 2026, ReportKind.OWN), "accept", "county_b")
    name = "2026年度本系统汇总（县教育体育局党委）："
    assert told(cast, "dept1") == [
        name + "退回（县委组织部 刘建国）。原因：附属学校的数据没有包括进来",
        name + "接收（县委组织部 何敏）。",
    ]
    assert told(cast, "county") == told(cast, "dept2") == []


def test_a_closed_year_is_read_only(cast, november):
    row, part = a_report(cast, "submitted"), a_part(cast)
    november.move_to("2027-02-01 02:00:00+00:00")
    key = laid_down(part.report, cast.by("chengguan"))
    db.session.scalars(db.select(SchemeYear).where(SchemeYear.year == 2026)).one().closed_at = clock.now()
    db.session.commit()
    for move, case, name, typed in (
        (workflow.accept, row, "county", {}), (workflow.send_back, row, "county", {"reason": "请核对"}),
        (workflow.withdraw, row, "dept1", {}), (workflow.submit, part.report, "chengguan", {"snapshot_id": key}),
        (confirming.confirm, part, "clerk1", {"figures": "{}"}), (workflow.urge, part.report, "county", {}),
    ):  # fmt: skip
        assert not move.open_to(case, cast.by(name))
        with pytest.raises(TooLate):
            move(case, cast.by(name), **typed)
        db.session.rollback()
    with pytest.raises(TooLate):
        opening.open_year(2026, cast.by("county"))


def test_each_year_is_opened_once(cast, november):
    november.move_to("2026-10-30 02:00:00+00:00")
    opening.open_due(clock.now())
    assert db.session.scalars(db.select(Report)).all() == []
    november.move_to("2026-10-31 02:00:00+00:00")
    for _ in range(2):
        opening.open_due(clock.now())
        db.session.commit()
    rows = db.session.scalars(db.select(Report).order_by(Report.number)).all()
    assert [(row.number, row.supervisor.name, row.kind, row.due_on) for row in rows] == [
        ("2026-0001", "县教育体育局党委", ReportKind.OWN, dt.date(2026, 11, 30)),
        ("2026-0002", "县卫生健康局党委", ReportKind.OWN, dt.date(2026, 11, 30)),
        ("2026-0003", "城关镇党委", ReportKind.LEAD, dt.date(2026, 11, 30)),
    ]
    assert len(db.session.scalars(db.select(ReportPart)).all()) == 2
    assert {line.by_name for row in rows for line in history.of(row)} == {"系统"}


def test_the_county_may_begin_earlier_nobody_else(cast, november):
    november.move_to("2026-09-01 02:00:00+00:00")
    for name in ("dept1", "chengguan", "admin"):
        with pytest.raises(NotYours):
            opening.open_year(2026, cast.by(name))
    assert opening.open_year(2026, cast.by("county")) == 3
    assert opening.open_year(2026, cast.by("county")) == 0


def test_a_deadline_moved_holds_for_what_was_never_handed_in(cast):
    waits, returned = a_report(cast), a_report(cast, "returned", "dept2")
    db.session.scalars(db.select(SchemeYear).where(SchemeYear.year == 2026)).one().yearly_report_by = dt.date(
        2026, 11, 20
    )
    db.session.flush()
    opening.follow_the_year(clock.now())
    db.session.expire_all()
    assert (waits.due_on, returned.due_on) == (dt.date(2026, 11, 20), dt.date(2026, 11, 30))


def test_two_at_once_one_wins(cast):
    row = a_report(cast, "submitted")
    workflow.accept(row, cast.by("county"))
    db.session.commit()
    with pytest.raises(TooLate) as refusal:
        workflow.withdraw(db.session.get_one(Report, row.id), cast.by("dept1"))
    assert "刘建国已先“接收”" in refusal.value.sentence


def test_each_step_leaves_one_line_and_one_row(cast):
    row = a_report(cast, "accepted")
    assert [line.verb for line in history.of(row)] == ["open", "submit", "accept"]
    rows = db.select(audit.AuditRow.act).where(audit.AuditRow.act.startswith("reports."))
    mine = db.session.scalars(rows.where(audit.AuditRow.row_id == row.id).order_by(audit.AuditRow.id)).all()
    assert mine == ["reports.open", "reports.submit", "reports.accept"]
    assert frozen.is_whole(queries.standing_of(row.id))
    assert row.state is ReportState.ACCEPTED
