"""Pages of registrations: role × route × own, foreign, missing; what the forms refuse; what the pages show."""

import re

import pytest
from sqlalchemy import func, select

from portal.audit import AuditRow
from portal.extensions import db
from portal.registrations.models import Registration, RegistrationState, ReportMode
from tests.cast import make_member
from tests.pages import listed, same_page

EVERYBODY = (
    "county", "admin", "dept1", "dept2", "chengguan", "town2", "committee", "inspector", "liaison1", "liaison2",
    "clerk1", "clerk1b", "clerk2", "grid1", "member1", "member2", "member3",
)  # fmt: skip
OFFICES = {"county", "dept1", "dept2", "chengguan", "town2", "committee", "liaison1", "liaison2", "clerk1", "clerk1b",
           "clerk2"}  # fmt: skip
MEMBERS = {"member1", "member2", "member3"}
CLERKS = {"clerk1", "clerk1b", "clerk2"}
LIAISONS = {"liaison1", "liaison2"}
# Who comes in by which door; the others read that the page is not theirs (403).
GETS = {
    "/registrations": OFFICES,
    "/registrations/rates": OFFICES,
    "/registrations/people?standing=missing": OFFICES,
    "/registrations/mine": MEMBERS,
    "/registrations/card": MEMBERS,
    "/registrations/file": CLERKS,
    "/registrations/by-number?number=2026-0001": CLERKS,
    "/registrations/uncertified": LIAISONS,
}
POSTS = {
    "/registrations/bulk": LIAISONS | CLERKS,
    "/registrations/issue": LIAISONS | {"dept1", "dept2", "chengguan", "town2"},
    "/registrations/urge/members": LIAISONS,
    "/registrations/urge/units": {"county", "dept1", "dept2", "chengguan", "town2", "committee"},
    "/registrations/file/export": CLERKS,
    "/registrations/card": MEMBERS,
}
# member1's registration of unit1 (dept1) at community1 (城关镇).
SEES = {"county", "dept1", "chengguan", "liaison1", "clerk1", "clerk1b", "member1"}


@pytest.mark.parametrize("address", list(GETS))
def test_who_comes_to_which_page(cast, browse, registration, address):
    registration("issued")
    found = {person: browse(cast.users[person]).get(address).status_code for person in EVERYBODY}
    welcome = 302 if "by-number" in address else 200
    assert found == {person: welcome if person in GETS[address] else 403 for person in EVERYBODY}


@pytest.mark.parametrize("address", list(POSTS))
def test_who_may_send_which_form(cast, browse, address):
    for person in EVERYBODY:
        status = browse(cast.users[person]).post(address).status_code
        assert (status == 403) == (person not in POSTS[address]), person
        assert status < 500


@pytest.mark.parametrize("address", [*GETS, "/registrations/2026-0001"])
def test_nobody_comes_in_without_signing_in(client, address):
    answer = client.get(address)
    assert answer.status_code == 302 and "/login" in answer.location


@pytest.mark.parametrize("tail", ["", "/accept", "/nonsense"])
def test_own_foreign_and_missing_registrations(cast, browse, registration, tail):
    row = registration("presented")
    for person in EVERYBODY:
        browser = browse(cast.users[person])
        answer, missing = (
            browser.get(f"/registrations/{row.number}{tail}"),
            browser.get(f"/registrations/2026-9999{tail}"),
        )
        assert missing.status_code == 404
        if person not in SEES or tail == "/nonsense":
            assert answer.status_code == 404 and same_page(answer, missing), person
        elif tail == "/accept":
            assert answer.status_code == (200 if person in {"clerk1", "clerk1b", "chengguan"} else 403), person
        else:
            assert answer.status_code == 200, person


@pytest.mark.parametrize("number", ["2026-00123456789", "1999-0001", "2026-1", "２０２６-0001", "0", "-1", "a" * 300])
def test_no_address_is_a_fault(cast, browse, number):
    assert browse(cast.users["clerk1"]).get(f"/registrations/{number}").status_code == 404


def test_a_liaison_fills_cards_of_the_own_unit_only(cast, browse):
    own, foreign = browse(cast.users["liaison1"]), browse(cast.users["liaison2"])
    member = make_member(cast.unit1, cast.community1, "安无号", "13891701091")
    db.session.commit()
    assert own.get(f"/registrations/members/{member.id}/card").status_code == 200
    answer = foreign.get(f"/registrations/members/{member.id}/card")
    assert answer.status_code == 404 and same_page(answer, foreign.get("/registrations/members/999999/card"))


def test_the_buttons_are_the_moves_that_are_open(cast, browse, registration):
    row = registration("presented")

    def verbs(person):
        page = browse(cast.users[person]).get(f"/registrations/{row.number}").text
        return set(re.findall(rf'(?:href|action)="/registrations/{row.number}/(\w+)"', page)) - {"look"}

    assert verbs("clerk1") == {"accept", "send_back"}
    assert verbs("chengguan") == {"accept", "send_back"}
    assert verbs("liaison1") == {"cancel"}
    assert verbs("member1") == verbs("county") == verbs("dept1") == set()


def test_accepting_asks_for_the_grid_and_shows_whom(cast, browse, registration):
    row = registration("presented")
    browser = browse(cast.users["clerk1"])
    asked = browser.get(f"/registrations/{row.number}/accept").text
    assert "欧阳䶮" in asked and "第二网格" in asked and "信息卡还没有填写" in asked
    answer = browser.post(f"/registrations/{row.number}/accept", data={"grid_id": cast.grid2.id})
    assert (answer.status_code, answer.location) == (303, f"/registrations/{row.number}")
    db.session.expire_all()
    assert (row.state, row.grid_id) == (RegistrationState.ACCEPTED, cast.grid2.id)
    page = browser.get(answer.location).text
    assert "已接洽，报到回执已送达单位。" in page and "/papers/receipt/" in page


@pytest.mark.parametrize("grid", ["999999", "x", "-1", "2147483648", "9" * 40, "０"])
def test_a_grid_that_was_not_offered_changes_nothing(cast, browse, registration, grid):
    row = registration("presented")
    answer = browse(cast.users["clerk1"]).post(f"/registrations/{row.number}/accept", data={"grid_id": grid})
    assert answer.status_code == 422 and "请从列出的选项中选择。" in answer.text
    assert row.state is RegistrationState.PRESENTED


@pytest.mark.parametrize(
    ("state", "verb", "person", "data", "sentences"),
    [
        ("presented", "send_back", "clerk1", {"reason": "不住这里"}, ["请选择应当报到的社区。", "不住这里"]),
        ("presented", "send_back", "clerk1", {"community_id": "other"}, ["请填写退回的原因。"]),
        ("issued", "cancel", "liaison1", {"reason": ""}, ["请填写原因。"]),
        ("issued", "cancel", "liaison1", {"reason": "多" * 501}, ["最多 500 个字。", "多" * 501]),
        ("filed", "end", "liaison1", {"reason": "退休了"}, ["请选择原因类别。", "退休了"]),
        ("filed", "end", "liaison1", {"kind": "gone", "reason": "退休了"}, ["请从列出的选项中选择。", "退休了"]),
        ("filed", "end", "clerk1", {"kind": "retired", "reason": "退休了"}, ["请从列出的选项中选择。"]),
        ("issued", "present", "member1", {"mode": "group"}, ["请从列出的选项中选择。"]),
        ("issued", "present", "member1", {}, ["请选择报到方式。"]),
    ],
)  # fmt: skip
def test_bad_input_gets_a_sentence_keeps_what_was_typed_and_changes_nothing(
    cast, browse, registration, state, verb, person, data, sentences
):
    row = registration(state)
    data = {k: cast.community2.id if v == "other" else v for k, v in data.items()}
    answer = browse(cast.users[person]).post(f"/registrations/{row.number}/{verb}", data=data)
    assert answer.status_code == 422
    for sentence in sentences:
        assert sentence in answer.text
    db.session.expire_all()
    assert row.state.value == state


def test_a_foreign_column_in_the_body_changes_nothing(cast, browse, registration):
    row = registration("issued")
    data = {"mode": "alone", "number": "2026-0666", "state": "filed", "unit_id": cast.unit2.id}
    browse(cast.users["member1"]).post(f"/registrations/{row.number}/present", data=data)
    db.session.expire_all()
    assert (row.number, row.state, row.unit_id) == ("2026-0001", RegistrationState.PRESENTED, cast.unit1.id)


def test_the_loser_of_two_clerks_reads_who_was_first(cast, browse, registration):
    row = registration("presented")
    first, second = browse(cast.users["clerk1"]), browse(cast.users["clerk1b"])
    assert first.post(f"/registrations/{row.number}/accept").status_code == 303
    late = second.post(f"/registrations/{row.number}/accept")
    assert late.status_code == 409
    assert "儒林社区 王秀兰已先“接洽”，这次报到现在是“已接洽”，不能接洽。" in late.text
    assert db.session.scalar(select(func.count()).where(Registration.receipt_number.is_not(None))) == 1


def test_a_double_click_is_led_to_the_first_answer(cast, browse, registration):
    row = registration("presented")
    browser = browse(cast.users["clerk1"])
    for _ in range(2):
        answer = browser.post(f"/registrations/{row.number}/accept", data={"once": "k" * 22})
        assert (answer.status_code, answer.location) == (303, f"/registrations/{row.number}")


@pytest.mark.parametrize(
    ("typed", "leads"),
    [
        ("2026-0001", "/registrations/2026-0001/accept"), ("凤进社信〔2026〕0001号", "/registrations/2026-0001/accept"),
        ("２０２６－０００１", "/registrations/2026-0001/accept"), ("2026-9999", "/registrations"),
        ("", "/registrations"), ("欧阳", "/registrations"), ("9" * 300, "/registrations"), ("\x00", "/registrations"),
    ],
)  # fmt: skip
def test_the_number_of_the_paper_leads_to_accepting_it(cast, browse, registration, typed, leads):
    registration("issued")
    answer = browse(cast.users["clerk1"]).get("/registrations/by-number", query_string={"number": typed})
    assert (answer.status_code, answer.location) == (302, leads)


def test_a_number_sent_to_another_community_is_as_unknown_as_none(cast, browse, registration):
    registration("issued")
    browser = browse(cast.users["clerk2"])
    assert browser.get("/registrations/by-number?number=2026-0001").location == "/registrations"
    assert "没有寄给本社区的这个编号" in browser.get("/registrations").text


PHONE, MASKED = "13891701001", "138****1001"


@pytest.mark.parametrize(
    ("person", "sees"),
    [("clerk1", MASKED), ("liaison1", MASKED), ("dept1", MASKED), ("chengguan", MASKED), ("county", MASKED),
     ("member1", PHONE)],
)  # fmt: skip
def test_a_phone_is_masked_until_one_looks(cast, browse, registration, person, sees):
    page = browse(cast.users[person]).get(f"/registrations/{registration('presented').number}").text
    assert sees in page and (sees == PHONE or PHONE not in page)
    assert ("东大街12号院" in page) == (person == "member1")


def looks() -> list[str]:
    return list(
        db.session.scalars(select(AuditRow.reason).where(AuditRow.act == "registrations.look").order_by(AuditRow.id))
    )


@pytest.mark.parametrize("person", ["clerk1", "liaison1"])
def test_one_click_in_one_s_own_case_shows_it_and_is_audited(cast, browse, registration, person):
    page = browse(cast.users[person]).post(f"/registrations/{registration('presented').number}/look")
    assert page.status_code == 200 and PHONE in page.text and "东大街12号院" in page.text
    assert looks() == ["办理本件"]


def test_the_county_looks_with_a_reason(cast, browse, registration):
    address, browser = f"/registrations/{registration('presented').number}/look", browse(cast.users["county"])
    assert browser.post(address).status_code == 422 and looks() == []
    assert PHONE in browser.post(address, data={"reason": "核对群众来信"}).text
    assert looks() == ["核对群众来信"]


def test_after_the_end_the_clerk_too_says_why(cast, browse, registration):
    address, browser = f"/registrations/{registration('ended').number}/look", browse(cast.users["clerk1"])
    assert browser.post(address).status_code == 422 and looks() == []
    assert PHONE in browser.post(address, data={"reason": "补发服务证明"}).text


@pytest.mark.parametrize("person", ["dept1", "chengguan", "committee", "member1", "admin"])
def test_nobody_else_looks(cast, browse, registration, person):
    answer = browse(cast.users[person]).post(f"/registrations/{registration('presented').number}/look")
    assert answer.status_code == 403 and looks() == []


def names(page: str) -> list[str]:
    return re.findall(r'<th scope="row">(?:<a[^>]*>)?([^<]+)', page)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["欧阳䶮", "买买提·吐尔逊", "仇文博", "白院长", "单雪"]),
        ("?sort=name", ["白院长", "买买提·吐尔逊", "欧阳䶮", "仇文博", "单雪"]),
        ("?state=filed", ["欧阳䶮", "白院长", "单雪"]),
        ("?state=nonsense", None), ("?q=oyy", ["欧阳䶮"]),
        ("?q=欧阳", ["欧阳䶮"]), ("?q=qwb", ["仇文博"]), ("?q=shan", ["单雪"]), ("?q=2026-0002", ["买买提·吐尔逊"]),
        ("?q=%25", []), ("?leading=y", ["白院长"]),
        ("?state=returned", []), ("?q=" + "长" * 5000, []), ("?q=" + "%25" * 20, []),
        ("?after=-1", None), ("?after=999999", None), ("?unit=99999999999999", None), ("?q=%00", None),
    ],
)  # fmt: skip
def test_the_list_is_narrowed_by_the_address(cast, county, browse, query, found):
    page = listed(browse(cast.users["clerk1"]), f"/registrations{query}")
    assert page.status_code == 200
    if found is not None:
        assert names(page.text) == found


def test_a_member_sees_the_next_step(cast, browse, registration):
    browser = browse(cast.users["member1"])
    assert "单位还没有为您开具" in browser.get("/registrations/mine").text
    row = registration("issued")
    page = browser.get("/registrations/mine").text
    assert f'action="/registrations/{row.number}/present"' in page and "填写信息卡" in page
    answer = browser.post(f"/registrations/{row.number}/present", data={"mode": "alone"})
    assert answer.status_code == 303
    db.session.expire_all()
    assert row.mode is ReportMode.ALONE
    assert "等社区" in browser.get("/registrations/mine").text
