"""Corrections in a closed year: opened by the county, put right by the community, finished; the recount stays."""

import datetime as dt
from dataclasses import replace

import pytest
from flask import current_app
from sqlalchemy import select, update

from portal import history
from portal.actors import SYSTEM
from portal.archives import storing
from portal.archives.models import ArchivedPaper, CopyState
from portal.closing import correcting, queries, recounting, rejecting
from portal.closing.models import Correction, CorrectionState
from portal.errors import NotYours, RuleBroken, TooLate
from portal.extensions import db
from portal.messages.models import Message
from portal.numbers import IssuedPaper, PaperState
from portal.papers import record_card
from portal.papers.catalogue import PAPERS
from portal.papers.compose import compose, print_html
from portal.people.models import MemberStatus
from portal.records import workflow as records
from portal.records.models import Evidence, RecordState, ServiceRecord
from portal.registrations.models import Registration, TransferRequest, TransferState
from tests.closing.conftest import YEAR, a_record, close, registered, service
from tests.lifecycles import LATE, NO, OK, answer
from tests.pages import texts

EVERYBODY = ("county", "county_b", "admin", "dept1", "chengguan", "liaison1", "clerk1", "clerk1b", "grid1", "member1")
COUNTY = {"county", "county_b"}
DAY_2 = dt.date(2025, 12, 14)  # a Sunday
STATES = ("open", "done", "withdrawn")


def opened(cast):
    registered(cast)
    record = a_record(cast)
    close(cast)
    row = correcting.reopen(record, cast.by("county"), "登记多了两小时")
    db.session.commit()
    return row, record


def led_to(cast, state: str):
    row, record = opened(cast)
    if state == "withdrawn":
        correcting.withdraw(row, cast.by("county"), reason="核对后没有差错")
    if state == "done":
        records.void(record, cast.by("clerk1"), reason="没有这次服务")
        correcting.finish(row, cast.by("county"))
    db.session.commit()
    assert row.state.value == state
    return row


def papers() -> list[tuple[str, int, PaperState]]:
    rows = select(IssuedPaper).where(IssuedPaper.kind == record_card.KIND).order_by(IssuedPaper.version)
    return [(each.number, each.version, each.state) for each in db.session.scalars(rows)]


def test_the_table_is_whole(app):
    assert set(correcting.flow.moves) == {"finish", "withdraw"}


@pytest.mark.parametrize("verb", ["finish", "withdraw"])
@pytest.mark.parametrize("state", STATES)
def test_every_verb_from_every_state_by_everybody(cast, verb, state):
    row, asked = led_to(cast, state), {"reason": "没有差错"} if verb == "withdraw" else {}
    allowed = OK if (verb, state) == ("withdraw", "open") else LATE  # to be finished, something must have changed
    expected = {person: allowed if person in COUNTY else NO for person in EVERYBODY}
    assert {
        person: answer(correcting.flow.moves[verb], row, cast.by(person), **asked) for person in EVERYBODY
    } == expected


@pytest.mark.parametrize("person", [name for name in EVERYBODY if name not in COUNTY])
def test_only_the_county_opens_a_record_again(cast, person):
    record = a_record(cast)
    close(cast)
    with pytest.raises(NotYours):
        correcting.reopen(record, cast.by(person), "登记有误")


def test_a_record_of_an_open_year_is_not_opened_again(cast):
    with pytest.raises(RuleBroken, match="没有结账"):
        correcting.reopen(a_record(cast), cast.by("county"), "登记有误")


def test_it_is_opened_once(cast):
    _, record = opened(cast)
    with pytest.raises(RuleBroken, match="正在更正"):
        correcting.reopen(record, cast.by("county_b"), "登记有误")


def printed(kind: str, row) -> str:
    """The card of a case in the closed year as it goes to the printer."""
    with current_app.test_request_context():
        case = PAPERS[kind].cases([row], YEAR, SYSTEM)[0]
        return print_html(PAPERS[kind], compose(PAPERS[kind], case, full=True))


def test_rewritten_and_confirmed_it_counts_beside_the_recount_and_the_card_names_the_old_version(cast, time_machine):
    time_machine.move_to("2026-02-02 02:00:00+00:00")
    row, record = opened(cast)
    registration = db.session.scalars(select(Registration)).one()
    assert "替代" not in printed("record-card", registration)
    time_machine.move_to("2026-03-09 02:00:00+00:00")
    before = recounting.read(queries.of_year(YEAR).recounts[0])
    cast.member1_row.unit, cast.member1_row.community = cast.unit2, None  # moved and changed unit since
    db.session.commit()
    anew = records.write_anew(record, cast.by("clerk1"), "多记了", service(cast, half_hours=2), Evidence.LATE)
    with pytest.raises(RuleBroken, match="等待第二人确认"):
        correcting.finish(row, cast.by("county"))
    records.confirm(anew, cast.by("clerk1b"))
    correcting.finish(row, cast.by("county"))
    db.session.commit()
    assert (row.half_hours_before, row.half_hours_after, row.anew_id) == (4, 2, anew.id)
    assert (anew.unit, anew.supervisor, anew.community) == (cast.unit1, cast.dept1, cast.community1)
    assert recounting.read(queries.of_year(YEAR).recounts[0]) == before
    assert papers() == [("2025-0001", 1, PaperState.REPLACED), ("2025-0001", 2, PaperState.VALID)]
    card = printed("record-card", registration)
    assert "第2版，替代2026年2月2日凤进社实〔2025〕0001号第1版" in card and "2026年3月9日" in card
    with pytest.raises(TooLate):  # and it is closed again
        records.void(anew, cast.by("clerk1"), reason="登记有误")
    assert [line.verb for line in history.of(row)] == ["reopen", "finish"]


@pytest.mark.parametrize("worker_comes", ["before it is finished", "after it"])
@pytest.mark.parametrize("left", [CopyState.WAITING, CopyState.FAILED])
def test_a_card_that_still_waits_is_stored_as_it_was_at_the_closing(cast, worker_comes, left):
    """The worker draws a county's cards for an hour, or can't, and one of their records is put right meanwhile."""
    registered(cast)
    record = a_record(cast)
    close(cast)
    db.session.execute(update(ArchivedPaper).values(state=left))
    row = correcting.reopen(record, cast.by("county"), "登记多了两小时")
    db.session.execute(update(ArchivedPaper).values(state=CopyState.WAITING))
    db.session.commit()
    records.void(record, cast.by("clerk1"), reason="没有这次服务")
    db.session.commit()
    if worker_comes == "before it is finished":
        work()
    correcting.finish(row, cast.by("county"))
    db.session.commit()
    work()
    cards = select(ArchivedPaper).join(ArchivedPaper.paper).where(ArchivedPaper.kind == record_card.KIND)
    copies = db.session.scalars(cards.order_by(IssuedPaper.version))
    assert [(copy.paper.version, copy.state, copy.words["times"], copy.words["hours"]) for copy in copies] == [
        (1, CopyState.STORED, "1次", "2小时"), (2, CopyState.STORED, "0次", "0小时"),
    ]  # fmt: skip


def test_of_the_records_on_one_card_one_is_open_at_a_time(cast):
    """Else the version that the first one makes would show the second one half put right, for good."""
    other = a_record(cast, starts=None, what="打扫卫生")
    row, record = opened(cast)
    with pytest.raises(RuleBroken, match="欧阳䶮2025年9月13日的写实记录正在更正，办结以后再开放"):
        correcting.reopen(other, cast.by("county"), "登记有误")
    db.session.rollback()
    records.void(record, cast.by("clerk1"), reason="没有这次服务")
    correcting.finish(row, cast.by("county"))
    assert correcting.reopen(other, cast.by("county"), "登记有误").state is CorrectionState.OPEN


def work():
    while storing.store_next(db.session.commit):
        pass


def test_other_records_stay_closed_meanwhile(cast):
    other = a_record(cast, starts=None, what="打扫卫生")
    opened(cast)
    with pytest.raises(TooLate):
        records.void(other, cast.by("clerk1"), reason="登记有误")


def test_what_was_changed_is_not_closed_without_a_trace(cast):
    row, record = opened(cast)
    records.void(record, cast.by("clerk1"), reason="没有这次服务")
    with pytest.raises(RuleBroken, match="已经改动"):
        correcting.withdraw(row, cast.by("county"), reason="没有差错")
    correcting.finish(row, cast.by("county"))
    assert row.state is CorrectionState.DONE and row.half_hours_after == 0


def test_the_county_refuses_the_rest_in_one_act_and_the_members_are_told(cast):
    waiting = [a_record(cast, confirmed=False), a_record(cast, confirmed=False, starts=None, what="打扫卫生")]
    with pytest.raises(NotYours):
        list(rejecting.reject_rest(YEAR, cast.by("clerk1"), "年终没有等到确认"))
    versions = [record.version for record in waiting]
    own = replace(cast.by("county_b"), self_member_id=cast.member1_row.id)
    assert list(rejecting.reject_rest(YEAR, own, "年终没有等到确认")) == []  # nobody refuses their own
    assert list(rejecting.reject_rest(YEAR, cast.by("county"), "年终没有等到确认")) == [2]
    db.session.commit()
    assert {record.state for record in waiting} == {RecordState.REJECTED}
    assert [record.version for record in waiting] == [version + 1 for version in versions]
    assert [history.last(record).reason for record in waiting] == ["年终没有等到确认"] * 2
    told = db.session.scalars(select(Message.user_id)).all()
    assert cast.users["member1"].id in told
    close(cast)
    with pytest.raises(TooLate):
        list(rejecting.reject_rest(YEAR, cast.by("county"), "年终没有等到确认"))
    with pytest.raises(RuleBroken, match="没有得到确认，要计入的请用“补记”"):  # no move of the community starts there
        correcting.reopen(waiting[0], cast.by("county"), "签字单找到了")


def test_what_a_second_person_confirmed_meanwhile_is_not_refused(cast):
    record = a_record(cast, confirmed=False)
    confirmed = update(ServiceRecord).where(ServiceRecord.id == record.id).values(state=RecordState.CONFIRMED)
    assert record.state is RecordState.PENDING  # as it was read
    db.session.execute(confirmed, execution_options={"synchronize_session": False})
    assert not rejecting._reject(record, cast.by("county"), "年终没有等到确认")
    assert record.state is RecordState.CONFIRMED and history.last(record).verb == "record"


def test_a_service_never_recorded_is_entered_in_the_closed_year_for_the_county_and_counts_as_a_correction(cast, browse):
    registered(cast)
    a_record(cast)
    close(cast)
    county, clerk = browse(cast.users["county"]), browse(cast.users["clerk1"])
    with pytest.raises(TooLate):
        records.record_service(service(cast, day=DAY_2), cast.by("clerk1"), Evidence.LATE)
    db.session.rollback()
    number = db.session.scalars(select(Registration.number)).one()
    cast.member1_row.unit, cast.member1_row.community = cast.unit2, None  # changed unit and left since
    cast.member1_row.status = MemberStatus.LEFT
    moved = TransferRequest(
        member=cast.member1_row, from_unit=cast.unit1, to_unit=cast.unit2, state=TransferState.RELEASED,
        asked_on=dt.date(2026, 1, 6), asked_by="联络员", decided_on=dt.date(2026, 1, 7), decided_by="联络员",
    )  # fmt: skip
    db.session.add(moved)
    db.session.commit()
    assert clerk.get(f"/records/new/{cast.member1_row.id}").status_code == 404
    asked = {"number": number, "reason": "签到表漏录"}
    wrong = county.post(f"/closing/corrections/add/{YEAR}", data=asked | {"number": "2025-0999"})
    assert wrong.status_code == 409 and "没有这个编号的报到证明信" in wrong.text and "签到表漏录" in wrong.text
    assert clerk.post(f"/closing/corrections/add/{YEAR}", data=asked).status_code == 403
    assert county.post(f"/closing/corrections/add/{YEAR}", data=asked).status_code == 303
    assert "已有一次补记正在办理" in county.post(f"/closing/corrections/add/{YEAR}", data=asked).text
    row = db.session.scalars(select(Correction)).one()
    with pytest.raises(RuleBroken, match="还没有补记"):
        correcting.finish(row, cast.by("county"))
    db.session.rollback()
    assert "补记已结账年度的服务" in clerk.get("/desk").text
    assert "登记欧阳䶮的服务" in clerk.get("/closing/corrections/to-enter").text
    form = {"day": f"{DAY_2}", "starts": "09:00", "half_hours": "3", "category": "environment", "what": "清扫积雪",
            "evidence": "late"}  # fmt: skip
    assert clerk.post(f"/records/new/{cast.member1_row.id}", data=form).status_code == 303
    assert clerk.post(f"/records/new/{cast.member1_row.id}", data=form | {"starts": "14:00"}).status_code == 404  # one
    with pytest.raises(TooLate):
        second = service(cast, day=DAY_2, starts=dt.time(14), home=cast.community1)
        records.record_service(second, cast.by("clerk1"), Evidence.LATE)
    db.session.rollback()
    db.session.expire_all()
    assert (row.record.unit, row.record.community) == (cast.unit1, cast.community1)
    assert row.record.what == "清扫积雪" and "补记已结账" not in clerk.get("/desk").text
    for early, match in ((correcting.finish, "等待第二人确认"), (correcting.withdraw, "已经改动")):
        with pytest.raises(RuleBroken, match=match):
            early(row, cast.by("county"), reason="不补了")
        db.session.rollback()
    records.confirm(row.record, cast.by("clerk1b"))
    correcting.finish(row, cast.by("county"))
    db.session.commit()
    assert (row.state, row.half_hours_before, row.half_hours_after) == (CorrectionState.DONE, 0, 3)
    assert papers() == [("2025-0001", 1, PaperState.REPLACED), ("2025-0001", 2, PaperState.VALID)]
    listed = county.get("/closing/corrections")
    assert "补记" in texts(listed, "tbody th")[0] and texts(listed, "tbody td.num") == ["0", "1.5"]
    with pytest.raises(TooLate):
        records.void(row.record, cast.by("clerk1"), reason="登记有误")
