"""What time compiles: each confirmed record in exactly one bulletin, late ones in the next, voided ones taken back."""

import datetime as dt

import pytest
from sqlalchemy import event

from portal import clock, history, queue
from portal.errors import RuleBroken
from portal.extensions import db
from portal.feedback import compiling, quarters, queries, striking, workflow
from portal.feedback.models import Bulletin, BulletinLine, BulletinRecord, Part, Quarter
from portal.feedback.quarters import QuarterOf
from portal.feedback.sweeps import compile_bulletins
from portal.records import workflow as records
from portal.records.models import RecordState, Source
from portal.remarks.models import Finding, Remark, RemarkKind, RemarkSource, RemarkState
from tests.cast import make_member
from tests.feedback.conftest import QUARTER, compiled
from tests.papers.making import service
from tests.registrations.conftest import walk

SUMMER, AUTUMN = dt.date(2026, 8, 9), dt.date(2026, 10, 18)


@pytest.mark.parametrize(
    ("today", "quarter"),
    [
        ("2026-04-09", (2025, 4)), ("2026-04-10", (2026, 1)), ("2026-01-09", (2025, 3)), ("2026-01-10", (2025, 4)),
        ("2026-10-10", (2026, 3)), ("2026-12-31", (2026, 3)),
    ],
)  # fmt: skip
def test_a_quarter_is_due_on_the_tenth_day_after_its_end(today, quarter):
    assert quarters.latest_due(dt.date.fromisoformat(today)) == QuarterOf(*quarter)


@pytest.mark.parametrize(
    ("quarter", "first", "last"), [(1, "01-01", "03-31"), (2, "04-01", "06-30"), (4, "10-01", "12-31")]
)
def test_the_days_of_a_quarter(quarter, first, last):
    of = QuarterOf(2026, quarter)
    assert (of.first, of.last) == (dt.date.fromisoformat(f"2026-{first}"), dt.date.fromisoformat(f"2026-{last}"))
    assert quarters.of(of.first) == quarters.of(of.last) == of and of.next.previous == of


@pytest.fixture
def registered(cast):
    """member1 is registered in community1 since May."""
    walk(cast, "filed").accepted_on = dt.date(2026, 5, 10)
    return cast.member1_row


def line_of(bulletin) -> BulletinLine:
    return db.session.scalars(db.select(BulletinLine).where(BulletinLine.bulletin_id == bulletin.id)).one()


def test_what_was_done_in_the_quarter_is_counted_by_kind(cast, registered):
    service(registered, SUMMER)
    service(registered, SUMMER, source=Source.ACTIVITY, source_id=7, starts=dt.time(14))
    service(registered, SUMMER, source=Source.WISH, source_id=8, starts=dt.time(16))
    service(registered, SUMMER, source=Source.VISIT, source_id=9, starts=dt.time(18), half_hours=1)
    service(registered, SUMMER, half_hours=0, starts=dt.time(20))
    service(registered, SUMMER, state=RecordState.PENDING, starts=dt.time(21))
    service(registered, SUMMER, opening=True, starts=dt.time(8))
    service(registered, AUTUMN)
    (bulletin,) = compiled(cast)
    line = line_of(bulletin)
    assert (bulletin.unit, bulletin.supervisor, bulletin.registered) == (cast.unit1, cast.dept1, 1)
    assert (line.times, line.half_hours, line.activities, line.wishes, line.visits) == (4, 10, 1, 1, 1)
    assert (line.late_times, line.back_times, line.suggestions, line.words) == (0, 0, 0, None)
    assert [(h.verb, h.by_role) for h in history.of(bulletin)] == [("compile", "system")]


def test_units_without_members_or_without_events_get_none(cast, registered):
    assert compiled(cast) == []
    service(cast.member3_row, SUMMER, place=cast.community1)  # it lives elsewhere
    assert compiled(cast) == []


def test_who_did_nothing_stands_beside_who_did(cast, registered):
    service(cast.member2_row, SUMMER)
    (bulletin,) = compiled(cast)
    lines = db.session.scalars(queries.lines_of([bulletin.id])).all()
    assert {(line.member.name, line.times) for line in lines} == {("买买提·吐尔逊", 1), ("欧阳䶮", 0)}
    assert bulletin.registered == 2


def test_what_was_confirmed_later_is_told_in_the_next_one_and_only_there(cast, registered):
    db.session.add(Quarter(year=2026, quarter=3, started_at=clock.now(), finished_at=clock.now()))
    first, late = service(registered, SUMMER), service(registered, SUMMER, state=RecordState.PENDING)
    (bulletin,) = compiled(cast)
    assert line_of(bulletin).times == 1
    late.state = RecordState.CONFIRMED
    service(registered, AUTUMN)
    (later,) = compiled(cast, QUARTER.next)
    line = line_of(later)
    assert (line.times, line.half_hours, line.late_times, line.late_half_hours) == (1, 3, 1, 3)
    told = db.session.execute(db.select(BulletinRecord.record_id, BulletinRecord.bulletin_id, BulletinRecord.part))
    assert {(record, bulletin_id): part for record, bulletin_id, part in told} == {
        (first.id, bulletin.id): Part.OF_QUARTER, (late.id, later.id): Part.LATE,
        (late.id + 1, later.id): Part.OF_QUARTER,
    }  # fmt: skip
    assert queries.records_of(later, Part.LATE, 9) == [late]


def test_before_the_first_quarter_compiled_nothing_is_late(cast, registered):
    service(registered, dt.date(2026, 2, 3))
    db.session.add(Quarter(year=2026, quarter=3, started_at=clock.now()))
    assert compiled(cast) == []


def test_a_record_voided_after_it_was_sent_is_taken_back_once(cast, registered):
    db.session.add(Quarter(year=2026, quarter=3, started_at=clock.now(), finished_at=clock.now()))
    wrong = service(registered, SUMMER)
    (bulletin,) = compiled(cast)
    workflow.send(bulletin, cast.by("clerk1"))
    records.void(wrong, cast.by("clerk1"), reason="记错了人")
    service(registered, AUTUMN)
    (later,) = compiled(cast, QUARTER.next)
    line = line_of(later)
    assert (line.times, line.back_times, line.back_half_hours) == (1, 1, 3)
    assert (line_of(bulletin).times, queries.records_of(bulletin, Part.OF_QUARTER, 9)) == (1, [wrong])
    assert queries.records_of(later, Part.TAKEN_BACK, 9) == [wrong]
    last = QUARTER.next.next
    service(registered, last.first)
    compiling.compile_community(last, cast.community1.id, last.compiled_from)
    assert db.session.query(BulletinRecord).filter_by(part=Part.TAKEN_BACK).count() == 1


def test_a_record_voided_before_the_sending_is_struck_and_taken_back_nowhere(cast, registered):
    """Of a wish's two records, one voided and one written anew, and a visit: what stays is counted again."""
    db.session.add(Quarter(year=2026, quarter=3, started_at=clock.now(), finished_at=clock.now()))
    wrong = service(registered, SUMMER, source=Source.WISH, source_id=8, half_hours=4)
    service(registered, SUMMER, source=Source.VISIT, source_id=9, starts=dt.time(18), half_hours=1)
    late = service(registered, dt.date(2026, 7, 5), source=Source.ACTIVITY, source_id=7, starts=dt.time(14))
    (bulletin,) = compiled(cast)
    for each in (wrong, late):
        records.void(each, cast.by("clerk1"), reason="记错了人")
    assert striking.waiting(bulletin) == [late, wrong] and line_of(bulletin).half_hours == 8
    service(registered, AUTUMN)
    (later,) = compiled(cast, QUARTER.next)  # before the first was sent
    workflow.send(bulletin, cast.by("clerk1"))
    db.session.commit()
    line = line_of(bulletin)
    assert (line.times, line.half_hours, line.wishes, line.activities, line.visits) == (1, 1, 0, 0, 1)
    assert striking.waiting(bulletin) == [] and line_of(later).back_times == 0
    workflow.flow.undo(bulletin, cast.by("clerk1"))
    db.session.commit()
    assert (line_of(bulletin).times, striking.waiting(bulletin)) == (3, [late, wrong])


def test_what_was_struck_and_counts_again_is_told_as_late(cast, registered):
    db.session.add(Quarter(year=2026, quarter=3, started_at=clock.now(), finished_at=clock.now()))
    wrong = service(registered, SUMMER)
    (bulletin,) = compiled(cast)
    records.void(wrong, cast.by("clerk1"), reason="记错了人")
    workflow.send(bulletin, cast.by("clerk1"))
    records.flow.undo(wrong, cast.by("clerk1"))
    (later,) = compiled(cast, QUARTER.next)
    assert (line_of(bulletin).times, line_of(later).late_times, line_of(later).late_half_hours) == (0, 1, 3)


def test_a_confirmation_of_which_a_unit_was_told_is_not_undone(cast, registered):
    row = service(registered, SUMMER, state=RecordState.PENDING, recorded_by_user_id=None, confirmed_by=None)
    records.confirm(row, cast.by("clerk1"))
    db.session.commit()
    (bulletin,) = compiled(cast, today=clock.today())
    assert "undo" in {move.verb for move in records.flow.open_moves(row, cast.by("clerk1"))}
    workflow.send(bulletin, cast.by("clerk1"))
    with pytest.raises(RuleBroken, match="已列入季度反馈"):
        records.flow.undo(row, cast.by("clerk1"))


def test_residents_words_stand_as_the_member_heard_them(cast, registered):
    when = clock.moment_of("2026-08-20T10:00")
    praise = {"kind": RemarkKind.PRAISE, "words": "修灯的同志很热心。", "state": RemarkState.SETTLED, "ended_at": when}
    concern = {"kind": RemarkKind.CONCERN, "words": "来晚了一小时。", "reply": "路上堵车，打过电话。",
                   "finding": Finding.PARTLY, "state": RemarkState.SETTLED, "ended_at": when}  # fmt: skip
    untrue = {"kind": RemarkKind.CONCERN, "words": "没有来。", "reply": "那天来的是我。", "finding": Finding.UNTRUE,
              "state": RemarkState.SETTLED, "ended_at": when}  # fmt: skip
    open_one = {"kind": RemarkKind.CONCERN, "words": "说话声音大。", "state": RemarkState.PUT}
    for serial, facts in enumerate((praise, concern, untrue, open_one), start=1):
        db.session.add(Remark(
            number=f"2026-{serial:04d}", year=2026, serial=serial, source=RemarkSource.WALL, member=registered,
            community=cast.community1, shown_name="马某某", submitted_on=SUMMER, outcome="已核实", **facts,
        ))  # fmt: skip
    (bulletin,) = compiled(cast)
    line = line_of(bulletin)
    assert (
        line.words == "表扬：修灯的同志很热心。\n意见：来晚了一小时。\n本人说明：路上堵车，打过电话。\n核实：部分属实"
    )
    assert "热心".encode() not in line.words_sealed


def test_tick_compiles_one_community_at_a_time_and_twice_does_the_same_as_once(cast, registered):
    service(registered, SUMMER)
    service(cast.member3_row, SUMMER)
    db.session.commit()
    now = clock.moment_of("2026-10-10T08:00")
    compile_bulletins(clock.moment_of("2026-10-09T23:59"))
    assert db.session.query(Bulletin).filter_by(quarter=3).count() == 0
    db.session.query(Quarter).delete()
    compile_bulletins(now)
    assert [row.community for row in db.session.query(Bulletin)] == [cast.community1]
    for _ in range(3):
        assert queue.tick(now, db.session.commit, db.session.rollback) == []
    rows = db.session.query(Bulletin).order_by(Bulletin.id).all()
    assert [(row.community, row.number) for row in rows] == [
        (cast.community1, "2026-0001"), (cast.community2, "2026-0002"),
    ]  # fmt: skip
    assert db.session.query(Quarter).one().finished_at == now
    assert not compiling.compile_next(now)


def test_a_portal_that_slept_compiles_the_quarters_it_missed_in_order(cast, registered):
    db.session.add(Quarter(year=2026, quarter=1, started_at=clock.now(), finished_at=clock.now()))
    service(registered, SUMMER)
    service(registered, dt.date(2026, 5, 17))
    now = clock.moment_of("2026-11-30T08:00")
    while compiling.compile_next(now):
        db.session.commit()
    rows = db.session.query(Bulletin).order_by(Bulletin.id).all()
    assert [(row.year, row.quarter) for row in rows] == [(2026, 2), (2026, 3)]
    assert [line_of(row).times for row in rows] == [1, 1]


def test_forty_members_need_as_many_queries_as_one(cast, registered):
    def compile_again() -> int:
        asked = []

        def note(_connection, _cursor, statement, *_):
            asked.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        compiling.compile_community(QUARTER, cast.community1.id, QUARTER.compiled_from)
        event.remove(db.engine, "before_cursor_execute", note)
        db.session.rollback()
        return len(asked)

    service(registered, SUMMER)
    db.session.commit()
    few = compile_again()
    for serial in range(40):
        service(make_member(cast.unit1, cast.community1, f"张{serial:02d}", f"138917020{serial:02d}"), SUMMER)
    db.session.commit()
    assert compile_again() == few
