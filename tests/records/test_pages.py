"""Pages of service records: who sees which, what the forms refuse and keep, and bulk confirmation."""

import datetime as dt

import pytest

from portal.extensions import db
from portal.records import workflow
from portal.records.models import RecordState, ServiceRecord
from tests.pages import listed, same_page
from tests.records.test_life_cycle import a_record

GOOD = {
    "day": "2026-03-07", "starts": "09:00", "half_hours": "4", "category": "environment", "what": "清理楼道杂物",
    "for_whom": "3号楼居民", "evidence": "served", "note": "",
}  # fmt: skip

# member1's record in community1, of unit1 (机关 no, 教育局's), recorded by clerk1.
SEES = {
    "member1": 200, "member2": 404, "clerk1": 200, "clerk2": 404, "grid1": 200, "liaison1": 200, "liaison2": 404,
    "dept1": 200, "dept2": 404, "chengguan": 200, "town2": 404, "committee": 404, "county": 200, "inspector": 404,
    "admin": 404,
}  # fmt: skip


@pytest.mark.parametrize("person", list(SEES))
def test_own_and_foreign_records_and_none(cast, browse, person):
    record = a_record(cast)
    browser = browse(cast.users[person])
    answer = browser.get(f"/records/{record.id}")
    assert answer.status_code == SEES[person]
    missing = browser.get("/records/999999")
    assert missing.status_code == 404
    if SEES[person] == 404:
        assert same_page(answer, missing)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("day", "", "请填写服务日期，如 2026-05-16。"),
        ("day", "2099-01-01", "服务日期不能晚于今天。"),
        ("day", "0000-01-01", None),
        ("half_hours", "0", None),
        ("half_hours", "25", None),
        ("what", "", "请写明做了什么、在哪里。"),
        ("what", "清" * 201, "最多 200 个字。"),
        ("category", "cash", None),
        ("day", "2026-03-09", "服务时间在工作日上班时间内"),
    ],
)
def test_bad_input_gets_a_sentence_keeps_what_was_typed_and_changes_nothing(cast, browse, field, value, sentence):
    browser = browse(cast.users["clerk1"])
    answer = browser.post(f"/records/new/{cast.member1_row.id}", data=GOOD | {field: value})
    page = answer.get_data(as_text=True)
    assert answer.status_code in (409, 422)
    assert sentence is None or sentence in page
    assert "3号楼居民" in page
    assert db.session.query(ServiceRecord).count() == 0


def test_a_clerk_writes_a_record_and_a_colleague_confirms_it_in_bulk(cast, browse):
    answer = browse(cast.users["clerk1"]).post(f"/records/new/{cast.member1_row.id}", data=GOOD)
    assert answer.status_code == 303
    record = db.session.query(ServiceRecord).one()
    assert record.state is RecordState.PENDING
    colleague = browse(cast.users["clerk1b"])
    assert "清理楼道杂物" in colleague.get("/records?state=to_confirm").get_data(as_text=True)
    answer = colleague.post("/records/confirm", data={"record": [str(record.id)]}, follow_redirects=True)
    assert "已确认 1 条。" in answer.get_data(as_text=True)
    assert db.session.get(ServiceRecord, record.id).state is RecordState.CONFIRMED


def test_the_recorder_is_not_offered_own_records_to_confirm(cast, browse):
    a_record(cast)
    page = browse(cast.users["clerk1"]).get("/records?state=to_confirm").get_data(as_text=True)
    assert "清理楼道杂物" not in page


def test_a_clerk_finds_own_members_by_pinyin_and_no_others(cast, browse):
    browser = browse(cast.users["clerk1"])
    assert "欧阳䶮" in listed(browser, "/records/new?q=ouyang").get_data(as_text=True)
    assert "单雪" not in listed(browser, "/records/new?q=shan").get_data(as_text=True)
    assert browser.get(f"/records/new/{cast.member3_row.id}").status_code == 404


def test_rewriting_voids_the_old_record(cast, browse):
    old = a_record(cast, "confirmed")
    answer = browse(cast.users["clerk1"]).post(
        f"/records/{old.id}/rewrite", data=GOOD | {"half_hours": "6", "reason": "时长有误"}
    )
    assert answer.status_code == 303
    anew = db.session.query(ServiceRecord).filter_by(rewrites_id=old.id).one()
    assert (anew.half_hours, anew.state) == (6, RecordState.PENDING)
    assert db.session.get(ServiceRecord, old.id).state is RecordState.VOIDED


def test_an_objection_from_the_member_to_the_communitys_answer(cast, browse):
    record = a_record(cast, "confirmed")
    member, clerk = browse(cast.users["member1"]), browse(cast.users["clerk1"])
    assert member.get(f"/records/{record.id}/object").status_code == 200
    assert member.post(f"/records/{record.id}/object", data={"words": ""}).status_code == 422
    assert member.post(f"/records/{record.id}/object", data={"words": "应为三小时"}).status_code == 303
    assert clerk.post(f"/records/{record.id}/objection/dismiss", data={"answer": "签到表为两小时"}).status_code == 303
    page = member.get(f"/records/{record.id}").get_data(as_text=True)
    assert "签到表为两小时" in page and "异议不成立" in page


def test_pages_by_keyset_lead_through_all_records(cast, browse):
    for day in range(1, 29):
        for _ in range(2):
            a_record(cast, day=dt.date(2026, 2, day), starts=None, note="春节值守")
    browser, seen, address = browse(cast.users["clerk1"]), 0, "/records?year=2026"
    while address:
        page = browser.get(address).get_data(as_text=True)
        seen += page.count('data-label="内容"')
        following = page.partition('rel="next" href="')[2].partition('"')[0]
        address = following.replace("&amp;", "&")
    assert seen == 56


@pytest.mark.parametrize(
    ("person", "asked"), [("clerk1b", False), ("clerk2", True), ("grid1", False), ("chengguan", True)]
)
def test_what_waits_is_asked_of_the_place_of_service_alone(cast, browse, person, asked):
    """A service in another community is confirmed, and an objection answered, there and not at the member's home."""
    record = a_record(cast, by="member1", place=cast.community2)
    workflow.object_(record, cast.by("member1"), words="应为三小时")
    db.session.commit()
    browser = browse(cast.users[person])
    listed = browser.get("/records?state=to_confirm").get_data(as_text=True)
    counted = browser.get("/desk").get_data(as_text=True)
    assert ("清理楼道杂物" in listed, "等待第二人确认" in counted) == (asked, asked)
    if person.startswith("clerk"):
        answered = browser.get("/records?state=objected").get_data(as_text=True)
        assert ("清理楼道杂物" in answered, "异议，待答复" in counted) == (asked, asked)
    assert browser.get(f"/records/{record.id}").status_code == 200
