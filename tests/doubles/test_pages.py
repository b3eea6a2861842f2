"""Pages of doubles: the list, a pair side by side, the preview, merging and its reversal as the county clicks it."""

import re

import pytest

from portal.doubles.models import Double, DoubleState
from portal.extensions import db
from portal.people.models import MemberStatus
from tests.doubles.conftest import PHONE, WHY, count
from tests.pages import select, texts


@pytest.fixture
def county(pair, browse):
    """The county's browser."""
    return browse(pair.cast.users["county"])


def hidden(answer) -> dict[str, str]:
    """The hidden fields of the page's form."""
    inputs = select(answer, "main form.form input[type=hidden]")
    return {each.get("name"): each.get("value") for each in inputs}


def test_from_the_desk_to_a_merging_and_back(pair, county):
    pair.registered("second")
    desk = county.get("/desk")
    assert any("名册上疑似同一人的记录，待核对" in line for line in texts(desk, ".todo a"))
    (first,) = select(county.get("/doubles"), "tbody tr input[name=first]")
    assert first.get("value") == str(pair.first.id)
    opened = county.post("/doubles/open", data={"first": pair.first.id, "second": pair.second.id})
    page = county.get(opened.location)
    assert "同一" not in texts(page, "h1")[0] and "待核对" in texts(page, "h1")[0]
    assert texts(page, "a.button--primary.merge") == ["是同一人，保留第二条（县医院党总支）"]
    ask = county.get(select(page, "a.button--primary.merge")[0].get("href"))
    assert "凤翔中学党支部名册上的一条列为“已合并”，不再出现在名册、报到率和查找结果中。" in texts(ask, ".banner li")
    done = county.post(f"{opened.location}/merge", data=hidden(ask) | {"reason": WHY}, follow_redirects=True)
    assert "已合并。30 天内可以撤销。" in done.text
    assert texts(done, "a.reverse") == ["撤销合并"]
    db.session.expire_all()
    assert (pair.first.status, pair.second.status) == (MemberStatus.MERGED, MemberStatus.ACTIVE)
    assert "这条记录已与同一人的另一条合并" in county.get(f"/members/{pair.first.id}").text
    back = county.post(f"{opened.location}/reverse", data={"reason": "弄错了"}, follow_redirects=True)
    assert "已撤销合并，两条记录恢复原样" in back.text
    db.session.expire_all()
    assert pair.first.status is MemberStatus.ACTIVE
    assert texts(county.get("/doubles?state=reversed"), "tbody td:nth-child(4)") == ["两条都在"]


def test_the_pair_side_by_side_hides_the_phones_and_marks_what_differs(pair, county):
    page = county.get(f"/doubles/{pair.opened().id}")
    rows = {row[0]: row[1:] for row in (texts_of(line) for line in select(page, "tbody tr"))}
    assert rows["单位 不同"] == ["凤翔中学党支部", "县医院党总支"]
    assert rows["账号"] == ["1 项", "1 项"]
    (same,) = [line for line in texts(page, "article > p") if line.startswith("两条相同的：")]
    assert "姓名 欧阳䶮；" in same and "电话 138****1001；" in same and "单位" not in same
    assert PHONE not in page.text


def texts_of(line) -> list[str]:
    return [" ".join("".join(cell.itertext()).split()) for cell in line]


def test_what_was_typed_is_kept_when_the_facts_have_moved_on(pair, county):
    row = pair.opened()
    ask = county.get(f"/doubles/{row.id}/merge?keep={pair.first.id}")
    pair.registered("second")
    answer = county.post(f"/doubles/{row.id}/merge", data=hidden(ask) | {"reason": WHY})
    assert answer.status_code == 409
    assert "请重新核对将要发生的事项" in answer.text
    assert texts(answer, "textarea[name=reason]") == [WHY]
    assert any("在凤鸣社区的报到" in line for line in texts(answer, ".banner li"))
    assert county.post(f"/doubles/{row.id}/merge", data=hidden(answer) | {"reason": WHY}).status_code == 303


def test_without_a_reason_nothing_happens(pair, county):
    row = pair.opened()
    ask = county.get(f"/doubles/{row.id}/merge")
    answer = county.post(f"/doubles/{row.id}/merge", data=hidden(ask))
    assert answer.status_code == 422 and "请填写依据。" in answer.text
    db.session.expire_all()
    assert pair.second.status is MemberStatus.ACTIVE


@pytest.mark.parametrize("keep", ["", "0", "-1", "x", "99999999999999999999", "２"])
def test_whatever_the_address_says_one_of_the_two_is_offered(pair, county, keep):
    assert county.get(f"/doubles/{pair.opened().id}/merge?keep={keep}").status_code == 200


@pytest.mark.parametrize("body", [{}, {"first": "x", "second": "1"}, {"first": "0", "second": "-3"}])
def test_a_broken_form_opens_nothing(pair, county, body):
    assert county.post("/doubles/open", data=body).status_code == 422
    assert count(Double) == 0


def test_a_member_that_is_not_there_is_a_missing_page(pair, county):
    assert county.post("/doubles/open", data={"first": pair.first.id, "second": 999999}).status_code == 404
    assert county.get("/doubles/999999").status_code == 404


def test_a_dismissed_pair_stands_in_its_list(pair, county):
    row = pair.opened()
    county.post(f"/doubles/{row.id}/dismiss", data={"reason": "双胞胎，用同一部手机"})
    db.session.expire_all()
    assert row.state is DoubleState.DISMISSED
    assert "没有疑似重复的记录" in county.get("/doubles").text
    assert texts(county.get("/doubles?state=dismissed"), "tbody th") == ["欧阳䶮"]
    assert "双胞胎，用同一部手机" in county.get(f"/doubles/{row.id}").text


def test_nobody_but_the_county_hears_of_it(pair, browse):
    row = pair.opened()
    for username in ("liaison1", "liaison2", "clerk1", "dept1", "chengguan", "admin", "member1"):
        browser = browse(pair.cast.users[username])
        assert "疑似" not in browser.get("/desk").text
        assert browser.get(f"/doubles/{row.id}").status_code == 403


def test_the_unit_of_the_other_row_reads_that_it_was_merged_and_no_more(pair, browse):
    pair.merged()
    liaison = browse(pair.cast.users["liaison2"])
    page = liaison.get(f"/members/{pair.second.id}")
    assert "这条记录已与同一人的另一条合并" in page.text
    assert "凤翔中学" not in re.sub(r"重复记录.*", "", page.text)
    assert "欧阳䶮" not in texts(liaison.get("/members"), "tbody th a")
    assert texts(liaison.get("/members?status=merged"), "tbody th a") == ["欧阳䶮"]
    assert select(page, "a[href$='/leave']") == []
    assert liaison.post(f"/members/{pair.second.id}/edit", data={}).status_code < 500
