"""Pages of feedback: a quarter's bulletins from compiling to acknowledging, the log, a difficulty step by step."""

from portal import clock
from portal.extensions import db
from portal.feedback import workflow
from portal.feedback.models import Bulletin, Contact, Difficulty
from portal.records import workflow as records
from portal.records.models import ServiceRecord
from tests.feedback.conftest import TROUBLE, WORDS, a_bulletin, a_contact, a_difficulty
from tests.page_forms import form_to
from tests.pages import same_page, select, texts
from tests.registrations.conftest import walk


def todo(browser) -> str:
    return " ".join(texts(browser.get("/desk"), ".todo__words"))


def test_one_text_on_many_then_all_are_sent_and_acknowledged(cast, browse):
    row = a_bulletin(cast)
    clerk, liaison = browse(cast.users["clerk1"]), browse(cast.users["liaison1"])
    assert "季度反馈待发出" in todo(clerk) and liaison.get(f"/feedback/{row.number}").status_code == 404
    page = clerk.get("/feedback?quarter=20263")
    assert texts(page, "tbody th") == [row.number] and "发出全部 1 份" in page.text
    answer = clerk.post("/feedback/bulk", data={"verb": "remark", "row": row.id, "remark": WORDS})
    assert "写社区意见：1 件全部办成。" in clerk.get(answer.location).text
    answer = clerk.post("/feedback/bulk", data={"verb": "send", "all": "1"})
    assert answer.status_code == 303
    db.session.refresh(row)
    assert (row.state.value, row.remark) == ("sent", WORDS)
    assert "季度反馈待签收" in todo(liaison)
    page = liaison.get(f"/feedback/{row.number}")
    assert WORDS in page.text and "欧阳䶮" in " ".join(texts(page, "tbody th"))
    assert liaison.post("/feedback/bulk", data={"verb": "acknowledge", "row": row.id}).status_code == 303
    db.session.refresh(row)
    assert row.state.value == "acknowledged" and "季度反馈" not in todo(liaison)


def test_a_text_that_may_not_go_changes_nothing_and_stays_in_the_box(cast, browse):
    row, clerk = a_bulletin(cast), browse(cast.users["clerk1"])
    answer = clerk.post("/feedback/bulk", data={"verb": "remark", "row": row.id, "remark": "请打13991234567。"})
    assert answer.status_code == 422 and "像是电话号码" in answer.text
    assert texts(answer, "textarea") == ["请打13991234567。"]
    answer = clerk.post("/feedback/bulk", data={"verb": "remark", "row": row.id, "remark": "好" * 501})
    assert answer.status_code == 422 and "最多 500 个字" in answer.text
    assert clerk.post("/feedback/bulk", data={"verb": "acknowledge", "row": row.id}).status_code == 404
    db.session.refresh(row)
    assert row.remark is None


def test_names_too_long_for_a_line_of_the_result_spoil_no_act(cast, browse):
    row, clerk = a_bulletin(cast), browse(cast.users["clerk1"])
    row.unit.name, row.community.name = "长" * 60, "名" * 60
    db.session.commit()
    answer = clerk.post("/feedback/bulk", data={"verb": "send", "row": row.id})
    assert "发出：1 件全部办成。" in clerk.get(answer.location).text


def test_of_two_clerks_who_send_at_once_the_second_is_told_who_was_first(cast, browse):
    row, one, two = a_bulletin(cast), browse(cast.users["clerk1"]), browse(cast.users["clerk1b"])
    address = f"/feedback/{row.number}"
    assert form_to(two.get(address).text, f"{address}/send")
    assert one.post(f"{address}/send").status_code == 303
    answer = two.post(f"{address}/send")
    assert answer.status_code == 409 and "王秀兰已先“发出”" in answer.text


def test_a_foreign_bulletin_in_a_bulk_is_none(cast, browse):
    row = a_bulletin(cast)
    answer = browse(cast.users["clerk2"]).post("/feedback/bulk", data={"verb": "send", "row": row.id})
    assert answer.status_code == 303
    assert db.session.get_one(Bulletin, row.id, populate_existing=True).state.value == "compiled"


def test_a_long_bulletin_is_paged(cast, browse, bulletin):
    from portal.feedback.models import BulletinLine
    from tests.cast import make_member

    row = bulletin()
    for serial in range(60):
        member = make_member(cast.unit1, cast.community1, f"张{serial:02d}", f"138917020{serial:02d}")
        db.session.add(BulletinLine(bulletin=row, member=member, times=1, half_hours=2))
    db.session.commit()
    page = browse(cast.users["clerk1"]).get(f"/feedback/{row.number}")
    assert len(select(page, "tbody tr")) == 50 and "共 61 人" in page.text
    (more,) = [link.get("href") for link in select(page, ".pager a")]
    page = browse(cast.users["clerk1"]).get(more)
    assert len(select(page, "tbody tr")) == 11
    assert "合计（61 人有服务）" in page.text


def test_a_contact_from_either_side_is_read_by_both(cast, browse):
    walk(cast, "filed")
    clerk, liaison = browse(cast.users["clerk1"]), browse(cast.users["liaison1"])
    assert cast.unit1.name in " ".join(texts(clerk.get("/feedback/contacts/without"), "tbody th"))
    address = f"/feedback/contacts/new?with={cast.unit1.id}"
    form = form_to(clerk.get(address).text, "")
    assert form.values["unit"] == str(cast.unit1.id)
    answer = clerk.post(address, data=form.filled(how="visit", present="社区书记", about="走访单位，听取意见"))
    row = db.session.scalars(db.select(Contact)).one()
    assert answer.location == f"/feedback/contacts/{row.id}"
    assert "走访单位，听取意见" in liaison.get(f"/feedback/contacts/{row.id}").text
    assert texts(liaison.get("/feedback/contacts"), "tbody td[data-label='方式']") == ["走访"]
    assert texts(liaison.get("/feedback/contacts?how=phone"), ".empty__title") == ["没有这样的联系"]
    page = clerk.get(f"/feedback/contacts/{row.id}/amend")
    form = form_to(page.text, f"/feedback/contacts/{row.id}/amend")
    assert clerk.post(f"/feedback/contacts/{row.id}/amend", data=form.filled(about="走访单位")).status_code == 303
    assert "走访单位" in liaison.get("/feedback/contacts").text


def test_a_contact_that_lacks_something_keeps_what_was_typed(cast, browse):
    walk(cast, "filed")
    liaison = browse(cast.users["liaison1"])
    form = form_to(liaison.get("/feedback/contacts/new").text, "")
    answer = liaison.post("/feedback/contacts/new", data=form.filled(about="商量走访", day="2099-01-01"))
    assert answer.status_code == 422 and "商量走访" in answer.text
    assert {"请选择社区。", "请选择联系的方式。", "请填写双方参加的人。"} <= set(texts(answer, ".errors li"))
    facts = {"community": cast.community1.id, "how": "phone", "present": "联络员", "about": "商量走访"}
    answer = liaison.post("/feedback/contacts/new", data=form.filled(**facts, day="2099-01-01"))
    assert texts(answer, ".errors li") == ["联系的日期不能晚于今天。"]
    assert db.session.query(Contact).count() == 0


def test_a_correction_leads_both_ways(cast, browse):
    row, liaison = a_contact(cast, days_ago=3), browse(cast.users["liaison1"])
    address = f"/feedback/contacts/{row.id}/correct"
    form = form_to(liaison.get(address).text, address)
    assert liaison.post(address, data=form.filled(about="其实是走访")).status_code == 303
    page = liaison.get(f"/feedback/contacts/{row.id}")
    assert "这一条已更正" in page.text
    (link,) = [a.get("href") for a in select(page, ".banner a")]
    assert "其实是走访" in liaison.get(link).text


def test_a_difficulty_from_asking_to_the_second_answer(cast, browse):
    walk(cast, "filed")
    member, liaison, clerk = (browse(cast.users[name]) for name in ("member1", "liaison1", "clerk1"))
    page = member.get("/feedback/difficulties/new")
    form = form_to(page.text, "")
    assert member.post("/feedback/difficulties/new", data=form.filled(to="unit", told="")).status_code == 422
    answer = member.post("/feedback/difficulties/new", data=form.filled(to="unit", told=TROUBLE))
    row = db.session.scalars(db.select(Difficulty)).one()
    address = f"/feedback/difficulties/{row.number}"
    assert answer.location == address and "党员求助待答复" in todo(liaison)
    assert clerk.get(address).status_code == 404
    assert TROUBLE in liaison.get(f"{address}/answer").text
    assert liaison.post(f"{address}/hand_on", data={"words": "社区更清楚"}).location == "/feedback/difficulties"
    assert liaison.get(address).status_code == 404 and "党员求助待答复" in todo(clerk)
    assert clerk.post(f"{address}/answer", data={"words": "已联系学校"}).status_code == 303
    page = member.get(address)
    assert page.headers["Cache-Control"] == "no-store, private"
    assert [words for words in ("社区更清楚", "已联系学校") if words in page.text] == ["社区更清楚", "已联系学校"]
    assert "求助" in member.get("/messages").text
    assert member.post(f"{address}/reopen", data={"words": "还差半小时"}).status_code == 303
    assert clerk.post(f"{address}/answer", data={"words": "延到六点"}).status_code == 303
    assert "再次答复" in member.get(address).text and "还没有解决" not in texts(member.get(address), ".buttons a")
    county = browse(cast.users["county"])
    page = county.get(f"/feedback/difficulties/counts?year={clock.today().year}")
    assert texts(page, "#counts tbody tr:nth-child(2) td") == ["1", "1", "0", "0", "1", "1"]
    assert TROUBLE not in page.text and "欧阳䶮" not in page.text
    assert same_page(county.get(address), county.get(address)) and county.get(address).status_code == 403


def test_late_answers_stand_first_on_the_desk(cast, browse):
    row = a_difficulty(cast)
    row.answer_by = clock.today().replace(year=clock.today().year - 1)
    db.session.commit()
    liaison = browse(cast.users["liaison1"])
    assert "逾期 1 件" in liaison.get("/desk").text
    assert "超期" in liaison.get("/feedback/difficulties?late=y").text


def test_whom_to_call_in_a_community(cast, browse):
    cast.community1.head, cast.community1.address = "马书记", "东大街12号"
    db.session.commit()
    for person in ("liaison1", "clerk2", "grid1", "committee", "county"):
        page = browse(cast.users[person]).get("/feedback/contacts/communities")
        assert texts(page, "tbody th") == ["儒林社区", "凤鸣社区"], person
        assert {"马书记", "0917-7219001", "东大街12号", "儒林苑"} <= set(texts(page, "tbody tr:first-child td"))
    assert browse(cast.users["member1"]).get("/feedback/contacts/communities").status_code == 403


def test_what_will_be_struck_is_named_before_the_sending(cast, browse):
    row = a_bulletin(cast)
    record = db.session.scalars(db.select(ServiceRecord)).one()
    records.void(record, cast.by("clerk1"), reason="记错了人")
    db.session.commit()
    clerk, address = browse(cast.users["clerk1"]), f"/feedback/{row.number}"
    assert "汇总以后作废的 1 条记录，发出时自动扣除" in clerk.get(address).text
    workflow.send(row, cast.by("clerk1"))
    db.session.commit()
    page = clerk.get(address).text
    assert "自动扣除" not in page and "0 人" in page
