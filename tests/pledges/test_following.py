"""What follows without anybody's asking: showing after three working days, leaving, moving along."""

import datetime as dt

import pytest

from portal import clock, history, numbers
from portal.extensions import db
from portal.numbers import PaperState
from portal.pledges import board, following, workflow
from portal.pledges.models import PledgeState
from portal.registrations import queries as registered_now
from portal.registrations import transfers
from portal.registrations import workflow as registrations
from portal.registrations.models import EndKind
from portal.scheme.models import CalendarDay, DayKind, SchemeYear
from tests.pledges.conftest import pledged, registered

THURSDAY = "2026-05-21 02:00:00+00:00"


def tick(day: str) -> None:
    following.show_due(clock.moment_of(f"{day}T09:00"))
    db.session.commit()


@pytest.fixture
def thursday(time_machine):
    time_machine.move_to(THURSDAY)


def test_it_is_shown_three_working_days_after_approval_and_once(cast, thursday):
    row = pledged(cast, "approved")
    assert row.show_on == dt.date(2026, 5, 26)  # Thursday; Friday, Monday, Tuesday
    tick("2026-05-25")
    assert row.state is PledgeState.APPROVED
    tick("2026-05-26")
    lines = len(history.of(row))
    assert row.state is PledgeState.SHOWN
    assert history.last(row).by_name == "系统"
    tick("2026-05-27")
    assert len(history.of(row)) == lines


def test_days_off_and_the_county_s_own_limit_move_the_day(cast, thursday):
    year = db.session.scalars(db.select(SchemeYear).where(SchemeYear.year == 2026)).one()
    year.pledge_shown_workdays = 5
    db.session.add(CalendarDay(day=dt.date(2026, 5, 22), kind=DayKind.HOLIDAY, note="放假"))
    db.session.commit()
    assert pledged(cast, "approved").show_on == dt.date(2026, 5, 29)


def test_what_was_approved_at_the_end_of_december_is_shown_in_january(cast, time_machine):
    time_machine.move_to("2026-12-30 02:00:00+00:00")
    row = pledged(cast, "approved")
    tick("2027-01-05")
    assert (row.year, row.state) == (2026, PledgeState.SHOWN)


def test_a_change_asked_for_in_time_is_not_shown(cast, thursday):
    row = pledged(cast, "approved")
    workflow.send_back(row, cast.by("clerk1"), reason="请写清时间")
    db.session.commit()
    tick("2026-06-10")
    assert row.state is PledgeState.RETURNED
    assert (row.approved_on, row.show_on) == (None, None)


def test_the_card_is_cancelled_with_what_was_approved_and_comes_back_as_the_next_version(cast):
    row = pledged(cast, "approved")
    first = numbers.latest("pledge-card", row.id)
    assert (first.number, first.version, first.state) == (f"{row.year}-0001", 1, PaperState.VALID)
    workflow.send_back(row, cast.by("clerk1"), reason="请写清时间")
    assert first.state is PaperState.CANCELLED
    workflow.submit(row, cast.by("member1"))
    workflow.approve(row, cast.by("liaison1"))
    db.session.commit()
    second = numbers.latest("pledge-card", row.id)
    assert (second.number, second.version, second.state) == (first.number, 2, PaperState.VALID)


def end(cast, kind: EndKind, **more) -> None:
    current = registered_now.current_of(cast.member1_row.id)
    registrations.end(current, cast.by("liaison1"), kind=kind, reason="已核实", **more)
    db.session.commit()


def on_the_page() -> list[str]:
    return [shown.name for shown in board.board(board.Wanted(clock.today().year), None, True).pledges]


@pytest.mark.parametrize("kind", [EndKind.TRANSFERRED, EndKind.RETIRED, EndKind.LEFT, EndKind.DIED])
@pytest.mark.parametrize("state", ["draft", "submitted", "approved", "shown", "returned"])
def test_who_leaves_takes_the_pledge_off_the_page(cast, state, kind):
    row = pledged(cast, state)
    assert on_the_page() == (["欧阳䶮"] if state == "shown" else [])
    assert registrations.foreseen(cast.member1_row) == ["除“迁居”外，今年的服务承诺撤下。"]
    end(cast, kind)
    assert row.state is PledgeState.ENDED and on_the_page() == []
    assert history.last(row).reason == f"报到 2026-0001 已结束：{kind.label}".replace("2026", str(row.year))


def test_who_only_moves_keeps_it_and_takes_it_along(cast):
    row = pledged(cast, "shown")
    current = registered_now.current_of(cast.member1_row.id)
    registrations.relocate(current, cast.by("member1"), community_id=cast.community2.id, address="西关街8号")
    db.session.commit()
    assert (row.community, on_the_page()) == (cast.community1, ["欧阳䶮"])  # until the new community accepts
    registered(cast, clerk="clerk2")
    assert (row.state, row.community) == (PledgeState.SHOWN, cast.community2)
    assert on_the_page() == ["欧阳䶮"]
    assert history.last(row).label == "随报到转入"
    assert numbers.latest("pledge-card", row.id).version == 2


def test_who_moves_out_of_town_is_registered_nowhere_and_stands_on_no_page(cast):
    row = pledged(cast, "shown")
    end(cast, EndKind.MOVED)
    assert row.state is PledgeState.SHOWN and on_the_page() == []


@pytest.mark.parametrize("state", ["draft", "submitted", "approved", "shown", "returned"])
def test_who_changes_unit_takes_it_along_to_whoever_approves_now(cast, state):
    row = pledged(cast, state)
    version = numbers.latest("pledge-card", row.id)
    transfers.release(transfers.ask(cast.member1_row, cast.unit2, cast.by("liaison2")), cast.by("liaison1"))
    db.session.commit()
    assert (row.state.value, row.unit, row.community) == (state, cast.unit2, cast.community1)
    assert (history.last(row).label, history.last(row).by_name) == ("随单位变更", "凤翔中学党支部 高翔")
    final = numbers.latest("pledge-card", row.id)
    if state in ("approved", "shown"):
        assert (final.version, final.office) == (version.version + 1, "县医院党总支")
    else:
        assert final is version
    if state == "submitted":
        workflow.approve(row, cast.by("liaison2"))


def test_who_comes_back_takes_the_ended_pledge_up_again(cast):
    row = pledged(cast, "shown")
    end(cast, EndKind.TRANSFERRED)
    cast.member1_row.status = type(cast.member1_row.status).ACTIVE
    db.session.commit()
    registered(cast)
    assert (row.state, row.approved_on) == (PledgeState.RETURNED, None)
    assert numbers.latest("pledge-card", row.id).state is PaperState.CANCELLED
    cast.appoint("member1", "欧阳䶮", cast.by("member2").role, member=cast.member1_row, unit=cast.unit1)
    db.session.commit()
    workflow.submit(row, cast.by("member1"))
    assert row.state is PledgeState.SUBMITTED
