"""What is handed in is frozen with every list; what happens afterwards changes what is counted now, and not it."""

import datetime as dt

import pytest

from portal import clock, vault
from portal.extensions import db
from portal.records import workflow as records
from portal.registrations import queries as registrations
from portal.registrations import workflow as registering
from portal.registrations.models import EndKind
from portal.reports import content, freezing, lists, queries
from portal.reports import frozen as frozen_lists
from portal.reports.counting import WHOLE
from portal.reports.models import ReportKind, RowWords, Snapshot, SnapshotRow, SnapshotState
from portal.reports.tallies import Kind
from tests.reports.making import a_report, act, confirm_all, laid_down
from tests.suggestions.conftest import a_suggestion
from tests.undo.making import a_record


@pytest.fixture(autouse=True)
def november(time_machine):
    time_machine.move_to("2026-11-10 02:00:00+00:00")
    return time_machine


@pytest.fixture
def year(cast):
    """member1 is registered, has served twice and made a suggestion."""
    a_suggestion(cast)
    for day in (3, 4):
        row = a_record(cast, day=dt.date(2026, 11, day))
        records.confirm(row, cast.by("clerk1b"))
    db.session.commit()
    return cast


def frozen(report):
    snapshot = queries.standing_of(report.id)
    return snapshot, freezing.read(snapshot)


@pytest.mark.parametrize(("body", "kind"), [("dept1", ReportKind.OWN), ("chengguan", ReportKind.LEAD)])
def test_each_numbers_list_is_as_long_as_the_number(year, body, kind):
    row = a_report(year, "submitted", body, kind)
    snapshot, said = frozen(row)
    assert [table.number for table in said.tables] == ([6, 7] if kind is ReportKind.LEAD else [6])
    seen = 0
    for table in said.tables:
        for line in (*table.rows, table.total):
            for column in table.columns:
                if column.kind in (Kind.RATE.value, Kind.WORDS.value):
                    continue
                behind = frozen_lists.behind_of(snapshot, table, line.key, column.key)
                distinct = column.kind == Kind.DISTINCT.value
                counted = len(behind) if distinct else sum(each.amount for each in behind)
                assert counted == (line.cells[column.key] or 0), (line.name, column.name)
                seen += bool(counted)
    assert seen >= 10


def test_what_is_voided_afterwards_changes_what_is_counted_now_and_not_the_snapshot(year):
    row = a_report(year, "submitted")
    snapshot, said = frozen(row)
    record = db.session.scalars(db.select(records.ServiceRecord).order_by(records.ServiceRecord.id)).first()
    before = frozen_lists.behind_of(snapshot, said.tables[0], year.unit1.id, "services")
    records.void(record, year.by("clerk1"), reason="写错了日期")
    db.session.commit()
    snapshot, again = frozen(row)
    assert again == said and frozen_lists.is_whole(snapshot)
    assert frozen_lists.behind_of(snapshot, again.tables[0], year.unit1.id, "services") == before
    assert before[0].label.endswith("欧阳䶮") and len(before) == 2
    cells = [table.total.cells for table in (again.tables[0], content.counted(row, clock.today())[0])]
    assert [(each["services"], each["hours"]) for each in cells] == [(2, 3.0), (1, 1.5)]


def test_nobody_sees_what_is_only_laid_down(year):
    row = a_report(year)
    key = laid_down(row, year.by("dept1"))
    assert (queries.standing_of(row.id), queries.snapshots_of(row)) == (None, [])
    assert db.session.get_one(Snapshot, key).state is SnapshotState.STAGED


def test_what_was_never_handed_in_is_cleared_away(year, november):
    row = a_report(year, "submitted")
    laid_down(a_report(year, body="dept2"), year.by("dept2"))
    november.shift(dt.timedelta(hours=1, minutes=1))
    freezing.forget_unsent(clock.now())
    db.session.commit()
    assert [each.report_id for each in db.session.scalars(db.select(Snapshot))] == [row.id]
    assert set(db.session.scalars(db.select(SnapshotRow.snapshot_id))) == {queries.standing_of(row.id).id}


def test_a_list_that_was_altered_or_moved_is_found_out(year):
    row = a_report(year, "submitted")
    snapshot, _ = frozen(row)
    assert frozen_lists.is_whole(snapshot)
    lines = db.session.scalars(db.select(SnapshotRow).order_by(SnapshotRow.id)).all()
    lines[0].behind_sealed, lines[1].behind_sealed = lines[1].behind_sealed, lines[0].behind_sealed
    db.session.flush()
    with pytest.raises(ValueError, match="belong"):
        frozen_lists.is_whole(snapshot)
    db.session.rollback()
    db.session.execute(db.delete(SnapshotRow).where(SnapshotRow.id == lines[0].id))
    assert not frozen_lists.is_whole(snapshot)


def test_names_stand_in_no_column_in_clear(year):
    a_report(year, "submitted")
    for table in (Snapshot.__table__, SnapshotRow.__table__):
        for row in db.session.execute(db.select(table)).mappings():
            assert "欧阳".encode() not in b"".join(v if isinstance(v, bytes) else str(v).encode() for v in row.values())
    assert vault.unseals()


def test_lists_that_were_read_after_somebody_wrote_do_not_agree(year):
    """Then everything is counted once more, so that what is frozen is of one moment."""
    row = a_report(year)
    (_, scope), day = content.scope_of(row), clock.today()
    table = content.counted(row, day)[0]
    assert all(lists.agrees(table, listing) for listing in lists.of_table(table, scope, day))
    records.confirm(a_record(year, day=dt.date(2026, 11, 5)), year.by("clerk1b"))
    db.session.commit()
    assert not all(lists.agrees(table, listing) for listing in lists.of_table(table, scope, day))


def test_the_total_names_what_rows_share(year):
    """What is behind a total is behind its rows, each thing once; a thing of several rows says which."""
    row = a_report(year, "submitted", "chengguan", ReportKind.LEAD)
    snapshot, said = frozen(row)
    table = said.tables[0]
    together = frozen_lists.behind_of(snapshot, table, WHOLE, "services")
    rows = [each for line in table.rows for each in frozen_lists.behind_of(snapshot, table, line.key, "services")]
    assert together == rows


def test_the_words_and_the_foot_are_handed_in_too(year):
    year.dept1.head, year.dept1.deputy, year.dept1.phone = "郭志强", "李敏", "0917-7212000"
    row = a_report(year)
    db.session.add(RowWords(report_id=row.id, table=6, row_key=str(year.unit1.id), words="含附属学校两所"))
    db.session.commit()
    act(year, row, "submit", "dept1")
    db.session.execute(db.delete(RowWords))
    year.dept1.head = "王新任"
    db.session.commit()
    _, said = frozen(row)
    foot = said.foot
    assert (foot.body, foot.head, foot.deputy, foot.compiled_by, foot.phone, foot.day) == (
        "县教育体育局党委", "郭志强", "李敏", "郭振华", "0917-7212000", "2026-11-10",
    )  # fmt: skip
    assert [line.cells["remarks"] for line in said.tables[0].rows] == ["含附属学校两所", None]


def test_in_january_the_register_is_of_the_last_day_of_the_year_and_words_are_no_change(year, november):
    row = a_report(year, body="chengguan", kind=ReportKind.LEAD)
    confirm_all(year, row)
    november.move_to("2027-01-10 02:00:00+00:00")
    gone = registrations.current_of(year.member1_row.id)
    registering.flow.moves["end"](gone, year.by("liaison1"), kind=EndKind.RETIRED, reason="退休")
    come = registering.issue(year.member2_row, year.by("liaison1"))
    registering.flow.moves["accept"](come, year.by("clerk1"))
    db.session.add(RowWords(report_id=row.id, table=7, row_key=str(year.community1.id), words="含新建小区"))
    db.session.commit()
    act(year, row, "submit", "chengguan")
    snapshot, said = frozen(row)
    [line] = frozen_lists.register_of(snapshot, year.community1.id)
    assert line[1] == "欧阳䶮" and said.table(7).rows[0].cells["reported"] == 1
    assert said.table(7).rows[0].cells["remarks"] == "含新建小区" and said.changes == []


def test_the_register_is_frozen_too(year, browse):
    row = a_report(year, "submitted", "chengguan", ReportKind.LEAD)
    snapshot, said = frozen(row)
    [line] = frozen_lists.register_of(snapshot, year.community1.id)
    assert line[:4] == [1, "欧阳䶮", "男", "1980-05"] and "****" in line[11]
    assert frozen_lists.register_of(snapshot, year.community2.id) == []
    assert said.table(7).total.cells["reported"] == 1
    county, town2 = browse(year.users["county"]), browse(year.users["town2"])
    address = f"/reports/{row.number}/register/{year.community1.id}?edition=1"
    assert "欧阳䶮" in county.get(address).text and town2.get(address).status_code == 404
    own = a_report(year, "submitted")
    assert frozen_lists.register_of(queries.standing_of(own.id), year.community1.id) is None
