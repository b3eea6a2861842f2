"""What the worker does: the recount, the cards' numbers, what ends; broken off anywhere it goes on to the same end."""

import datetime as dt
import json

import pytest
from sqlalchemy import func, select

from portal import numbers
from portal.closing import queries, recounting, workflow, working
from portal.closing.models import ClosingState, Recount
from portal.extensions import db
from portal.leases import NotMine
from portal.numbers import IssuedPaper
from portal.papers import household_year, record_card
from portal.pledges.models import Pledge, PledgeState
from portal.queue import Stopped
from portal.registrations.models import Registration
from portal.reports import tables
from portal.reports.scopes import By, Scope
from tests.cast import make_member
from tests.closing.conftest import YEAR, a_record, close, registered, run


def confirmed(cast):
    row = workflow.propose(YEAR, cast.by("county"))
    workflow.confirm(row, cast.by("county_b"))
    db.session.commit()
    return row.id


def drawn() -> int:
    rows = select(func.count()).select_from(IssuedPaper).where(IssuedPaper.kind == record_card.KIND)
    return db.session.scalar(rows)


def a_pledge(cast, registration, state: PledgeState) -> Pledge:
    row = Pledge(
        member_id=registration.member_id, state=state, year=YEAR, serial=1, number=f"{YEAR}-0001",
        unit_id=registration.unit_id, community_id=registration.community_id, shown_name="欧阳某某", pinyin="ouyang",
        written_at=dt.datetime(2025, 4, 1, tzinfo=dt.UTC), written_by="本人",
        submitted_on=dt.date(2025, 4, 2),
    )  # fmt: skip
    db.session.add(row)
    db.session.commit()
    return row


def test_the_recount_is_what_the_tables_say_on_the_last_day(cast):
    registered(cast)
    a_record(cast)
    closing = close(cast)
    assert [(each.number, each.by) for each in closing.recounts] == list(recounting.PLAN)
    for each in closing.recounts:
        live = tables.table(each.number, each.by, Scope(), YEAR, dt.date(YEAR, 12, 31))
        assert recounting.read(each) == tables.Table.of(json.loads(json.dumps(live.plain())))
        assert each.sha256 and len(each.sha256) == 64
    county = recounting.read(closing.recounts[0])
    assert county.total.cells["hours"] == 2.0
    assert closing.done == closing.total
    assert recounting.is_whole(closing)


def test_a_stored_table_that_somebody_changed_is_noticed(cast):
    closing = close(cast)
    closing.recounts[0].sha256 = "0" * 64
    db.session.flush()
    assert not recounting.is_whole(closing)


def test_the_cards_get_their_numbers_without_gaps_in_the_order_of_their_cases(cast):
    first = registered(cast)
    for number in range(3):
        make_member(cast.unit1, cast.community1, f"王小{number}", f"1389170201{number}")
    close(cast)
    papers = db.session.scalars(
        select(IssuedPaper).where(IssuedPaper.kind == record_card.KIND).order_by(IssuedPaper.serial)
    ).all()
    assert [(paper.subject_id, paper.number, paper.version) for paper in papers] == [(first.id, "2025-0001", 1)]
    assert papers[0].office == "儒林社区" and papers[0].family_name == "欧阳"
    assert numbers.draw(record_card.KIND, YEAR) == 2


def test_a_card_prints_until_when_before_and_its_number_after(cast):
    registered(cast)
    a_record(cast)
    by = cast.by("clerk1")
    rows = db.session.scalars(select(Registration)).all()
    (card,) = record_card.gather(rows, YEAR, by)
    assert card.issued is None and record_card.record_card(card, True)["until"] == "截至2025年12月31日"
    confirmed(cast)
    parts = 0

    def pause():
        nonlocal parts
        db.session.commit()
        parts += 1
        if parts == 4:  # its number is drawn, the year is not closed yet
            raise Stopped

    with pytest.raises(Stopped):
        working.close_next(pause)
    db.session.commit()
    assert drawn() == 1
    (card,) = record_card.gather(db.session.scalars(select(Registration)).all(), YEAR, by)
    assert card.issued is None  # nothing half closed is seen
    run()
    (card,) = record_card.gather(db.session.scalars(select(Registration)).all(), YEAR, by)
    assert card.issued.number == "2025-0001" and record_card.record_card(card, True)["until"] is None


@pytest.mark.parametrize("after", range(1, 13))
def test_broken_off_after_any_part_it_goes_on_to_the_same_end(cast, after):
    registered(cast)
    a_record(cast)
    key, parts = confirmed(cast), 0

    def pause():
        nonlocal parts
        db.session.commit()
        parts += 1
        if parts == after:
            raise Stopped

    try:
        working.close_next(pause)
    except Stopped:
        db.session.commit()
        row = queries.of_year(YEAR)
        assert row.state is ClosingState.CLOSED or queries.stored(YEAR).closed_at is None
        run()
    row = queries.of_year(YEAR)
    assert (row.id, row.state) == (key, ClosingState.CLOSED) and row.done == row.total
    assert db.session.scalar(select(func.count()).select_from(Recount)) == len(recounting.PLAN)
    assert (
        db.session.scalar(select(func.count()).select_from(IssuedPaper).where(IssuedPaper.kind == "record-card")) == 1
    )
    assert recounting.is_whole(row)


def test_a_killed_workers_closing_is_taken_over_when_its_lease_is_out(cast):
    key = confirmed(cast)
    killed, _ = working._take(queries.stored(YEAR).locked_at, db.session.commit)
    db.session.commit()
    run()  # the lease of the other one still holds
    row = queries.of_year(YEAR)
    assert row.state is ClosingState.RUNNING
    row.lease_until = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    db.session.commit()
    with pytest.raises(NotMine):  # was it only slow, it goes on no longer
        killed.note(done=1)
    assert not killed.is_mine()
    run()
    assert queries.of_year(YEAR).id == key and queries.of_year(YEAR).state is ClosingState.CLOSED


def test_a_fault_stops_it_with_the_year_locked_and_the_county_goes_on(cast):
    confirmed(cast)

    def fails(_year, _ids):
        raise ValueError("broken")

    workflow.when_closed("坏的一步", lambda year: [1], fails, size=1)
    try:
        run()
    finally:
        workflow._when_closed.pop("坏的一步")
    row = queries.of_year(YEAR)
    assert row.state is ClosingState.STOPPED and queries.stored(YEAR).locked_at and not queries.stored(YEAR).closed_at
    workflow.resume(row, cast.by("county"))
    db.session.commit()
    run()
    assert queries.of_year(YEAR).state is ClosingState.CLOSED


def test_what_nobody_approved_ends_with_the_year(cast):
    pledge = a_pledge(cast, registered(cast), PledgeState.SUBMITTED)
    close(cast)
    db.session.refresh(pledge)
    assert pledge.state is PledgeState.ENDED


def test_each_kind_of_card_is_drawn(cast):
    assert {"写实登记卡编号", "联系对象档案卡编号"} <= {work.label for work in workflow.works()}
    assert household_year.KIND == "household-card"
    assert By.COUNTY in {by for _, by in recounting.PLAN}
