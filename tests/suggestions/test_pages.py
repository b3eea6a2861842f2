"""Pages of suggestions: a member writes one and follows it; the offices take it up, forward it, answer it."""

from portal.extensions import db
from portal.suggestions.models import Suggestion
from tests.page_forms import form_to
from tests.pages import same_page, texts
from tests.registrations.conftest import walk
from tests.suggestions.conftest import BODY, TITLE, a_suggestion, written_down

WORDS = {"addressed_to": "community", "title": TITLE, "body": BODY, "category": "convenience"}


def sent(browser, address: str, **more):
    form = form_to(browser.get(address).text, "")
    return browser.post(address, data=form.filled(**more))


def act(browser, row, verb: str, **asked):
    address = f"/suggestions/{row.number}/{verb}"
    page = browser.get(address if asked else f"/suggestions/{row.number}").text
    return browser.post(address, data=form_to(page, address).filled(**asked))


def test_from_the_members_phone_to_the_answer(cast, browse):
    walk(cast, "filed")
    member, clerk, dept = (browse(cast.users[name]) for name in ("member1", "clerk1", "dept2"))
    answer = sent(member, "/suggestions/new", **WORDS)
    assert (answer.status_code, answer.location) == (303, "/suggestions/2026-0001")
    row = db.session.scalars(db.select(Suggestion)).one()
    assert texts(clerk.get("/desk"), ".todo__words")[0].startswith("合理建议待受理")
    assert act(clerk, row, "accept").status_code == 303
    assert act(clerk, row, "forward", forwarded_to_id=str(cast.dept2.id), reason="请协调").status_code == 303
    assert texts(dept.get("/desk"), ".todo__words")[0].startswith("转来的合理建议待答复")
    answered = act(dept, row, "answer", adopted="yes", answer="五月底前装好。")
    assert answered.location == f"/suggestions/{row.number}"
    page = member.get(f"/suggestions/{row.number}")
    assert "五月底前装好。" in page.text
    assert texts(page, ".history__act") == ["答复", "转办", "受理", "提出建议"]
    listed = member.get("/suggestions?state=answered")
    assert texts(listed, "tbody .tag") == ["已答复", "采纳"]
    assert texts(browse(cast.users["member3"]).get("/suggestions/adopted"), "article h2") == [TITLE]
    assert "欧阳䶮" not in browse(cast.users["member3"]).get("/suggestions/adopted").text


def test_what_is_missing_is_said_and_what_was_typed_stays(cast, browse):
    walk(cast, "filed")
    member = browse(cast.users["member1"])
    answer = sent(member, "/suggestions/new", **WORDS | {"title": "", "addressed_to": ""})
    assert answer.status_code == 422 and BODY in answer.text
    assert texts(answer, ".errors li") == ["请选择提给谁。", "请填写建议的题目。"]
    answer = sent(member, "/suggestions/new", **WORDS | {"body": "请打13991234567。"})
    assert answer.status_code == 409 and TITLE in answer.text
    assert texts(answer, ".errors li") == ["“13991234567”像是电话号码，请删去。"]
    assert db.session.scalars(db.select(Suggestion)).all() == []


def test_who_has_not_reported_is_told_so(cast, browse):
    member = browse(cast.users["member1"])
    assert texts(member.get("/suggestions"), ".empty p") == ["您还没有提过建议", "到社区报到以后就能提。"]
    answer = sent(member, "/suggestions/new", **WORDS)
    assert answer.status_code == 409
    assert texts(answer, ".errors li") == ["您还没有到社区报到，报到以后才能提建议。"]


def test_withdrawn_it_can_be_begun_from(cast, browse):
    row = a_suggestion(cast)
    member = browse(cast.users["member1"])
    assert act(member, row, "withdraw").status_code == 303
    again = f"/suggestions/new?again={row.number}"
    assert again in member.get(f"/suggestions/{row.number}").text
    form = form_to(member.get(again).text, "")
    assert (form.values["title"], form.values["body"]) == (TITLE, BODY)
    other = form_to(browse(cast.users["member2"]).get(again).text, "")
    assert other.values["title"] == ""


def test_a_clerk_writes_down_what_a_member_without_a_login_proposes(cast, browse):
    row = written_down(cast)
    clerk, colleague = browse(cast.users["clerk1"]), browse(cast.users["clerk1b"])
    form = form_to(clerk.get("/suggestions/stand-in").text, "")
    answer = clerk.post("/suggestions/stand-in", data=form.filled(**WORDS, member_id=str(cast.member1_row.id)))
    assert (answer.status_code, answer.location) == (303, "/suggestions/2026-0002")
    for foreign in (str(cast.member2_row.id), "999999", ""):
        form = form_to(clerk.get("/suggestions/stand-in").text, "")
        assert clerk.post("/suggestions/stand-in", data=form.filled(**WORDS, member_id=foreign)).status_code == 422
    page = clerk.get(f"/suggestions/{row.number}")
    assert texts(page, ".history .tag") == ["代办"] and not texts(page, "button.accept")
    assert texts(colleague.get(f"/suggestions/{row.number}"), "button.accept") == ["受理"]
    assert not [words for words in texts(clerk.get("/desk"), ".todo__words") if "合理建议待受理" in words]
    assert [words for words in texts(colleague.get("/desk"), ".todo__words") if "合理建议待受理" in words]


def test_what_is_handed_back_is_out_of_the_bodys_sight(cast, browse):
    row = a_suggestion(cast, "forwarded")
    dept = browse(cast.users["dept2"])
    answer = act(dept, row, "hand_back", reason="不归我们管")
    assert (answer.status_code, answer.location) == (303, "/suggestions")
    assert texts(dept.get("/suggestions"), ".empty__title") == ["还没有建议"]
    assert same_page(dept.get(f"/suggestions/{row.number}"), dept.get("/suggestions/2098-9999"))


def test_what_is_late_stands_on_the_desk_and_in_a_list(cast, browse, time_machine):
    time_machine.move_to("2026-05-06 02:00:00+00:00")
    row = a_suggestion(cast, "forwarded")
    time_machine.move_to("2026-05-28 02:00:00+00:00")
    for name, words in (
        ("clerk1", "转办的合理建议超期没有答复"), ("dept2", "转来的合理建议待答复"), ("county", "合理建议超期没有答复"),
    ):  # fmt: skip
        browser = browse(cast.users[name])
        line = next(each for each in texts(browser.get("/desk"), ".todo__words") if words in each)
        assert "逾期 1 件" in line and "答复最迟 5月27日" in line
        assert row.number in browser.get("/suggestions?late=1").text
    assert "超期" in texts(browse(cast.users["clerk1"]).get("/suggestions"), "tbody .tag")
