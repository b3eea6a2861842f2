"""Clerks and grid workers take wishes down for residents, print new codes, and call back those without a phone."""

import pytest
from sqlalchemy import select

from portal.audit import AuditRow
from portal.extensions import db
from portal.history import HistoryLine
from portal.wishes.models import Wish, WishSource, WishState
from portal.wishes.submitting import hash_code
from tests.page_forms import form_to
from tests.wishes.making import NAME, PHONE, a_wish
from tests.wishes.residents import copy_slip, follow

TOLD = "楼道里的灯坏了半个月，晚上看不见台阶。"


def take_down(client, **more):
    form = form_to(client.get("/wishes/take-down").text, "")
    filled = form.filled(detail=TOLD, name="陈桂英", phone="13991234567", consent="y") | more
    return client.post("/wishes/take-down", data=filled)


def the_wish() -> Wish:
    return db.session.scalars(select(Wish)).one()


@pytest.mark.parametrize("source", ["box", "call", "visit"])
def test_a_clerk_takes_a_wish_down_and_prints_the_slip(cast, browse, source):
    clerk = browse(cast.users["clerk1"])
    sent = take_down(clerk, source=source, grid=str(cast.grid2.id))
    assert sent.status_code == 303
    number, code = copy_slip(clerk.get(sent.location).text)
    wish = the_wish()
    assert (wish.number, wish.state, wish.source) == (number, WishState.SUBMITTED, WishSource(source))
    assert (wish.community_id, wish.grid_id) == (cast.community1.id, cast.grid2.id)
    assert wish.entered_by_user_id == cast.users["clerk1"].id
    assert wish.code_hash == hash_code(number, code)
    line = db.session.scalars(select(HistoryLine).where(HistoryLine.kind == "wishes")).one()
    assert line.by_name == "儒林社区 王秀兰"


def test_a_grid_worker_takes_down_what_the_own_grid_says(cast, browse):
    worker = browse(cast.users["grid1"])
    assert take_down(worker, source="box", grid=str(cast.grid2.id)).status_code == 303
    wish = the_wish()
    assert (wish.source, wish.community_id, wish.grid_id) == (WishSource.VISIT, cast.community1.id, cast.grid1.id)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"detail": ""}, "请写下居民的心愿。"),
        ({"name": ""}, "请填写居民姓名。"),
        ({"consent": ""}, "请先告知居民并征得同意。"),
        ({"source": ""}, "请选择心愿从哪里来。"),
        ({"source": "wall"}, "请从列出的选项中选择。"),
        ({"phone": "123"}, "请填写有效的电话号码"),
        ({"grid": "999999"}, "请从列出的选项中选择。"),
        ({"minor": "y"}, "需要监护人同意"),
    ],
)
def test_bad_input_gets_a_sentence_and_changes_nothing(cast, browse, more, sentence):
    more = {name: value for name, value in more.items() if value or name != "consent"} or {"consent": ""}
    sent = take_down(browse(cast.users["clerk1"]), **more)
    assert sent.status_code == 422
    assert sentence in sent.text
    assert db.session.scalars(select(Wish)).all() == []


def test_the_grid_of_another_community_is_not_taken(cast, browse):
    sent = take_down(browse(cast.users["clerk1"]), grid=str(cast.other_grid.id))
    assert sent.status_code == 422


@pytest.mark.parametrize("who", ["member1", "liaison1", "county", "chengguan", "dept1"])
def test_others_do_not_take_wishes_down(cast, browse, who):
    assert browse(cast.users[who]).get("/wishes/take-down").status_code == 403


# ---- A lost code


def new_code(client, wish, name=NAME, phone=PHONE):
    client.get(f"/wishes/{wish.number}/code")
    return client.post(f"/wishes/{wish.number}/code", data={"name": name, "phone": phone})


def test_a_new_code_after_name_and_phone_were_compared(app, cast, browse):
    wish = a_wish(cast, "published")
    wish.code_hash = hash_code(wish.number, "ABCDE23456")
    db.session.commit()
    clerk = browse(cast.users["clerk1"])
    sent = new_code(clerk, wish)
    assert sent.location == f"/wishes/{wish.number}/slip"
    number, code = copy_slip(clerk.get(sent.location).text)
    resident = app.test_client()
    assert follow(resident, number, "ABCDE23456").status_code == 422
    assert follow(resident, number, code).status_code == 200
    acts = db.session.scalars(select(AuditRow.act).where(AuditRow.kind == "wishes")).all()
    assert acts == ["wishes.new_code"]
    assert code not in str(db.session.scalars(select(AuditRow.fields)).all())


def test_a_second_new_code_is_another_one(cast, browse):
    wish = a_wish(cast, "published")
    clerk = browse(cast.users["clerk1"])
    codes = {copy_slip(clerk.get(new_code(clerk, wish).location).text)[1] for _ in range(2)}
    assert len(codes) == 2


def test_a_new_code_lifts_the_lock(app, cast, browse):
    wish = a_wish(cast, "published")
    resident = app.test_client()
    for _ in range(6):
        follow(resident, wish.number, "ZZZZZZZZZZ")
    clerk = browse(cast.users["clerk1"])
    _, code = copy_slip(clerk.get(new_code(clerk, wish).location).text)
    assert follow(resident, wish.number, code).status_code == 200


@pytest.mark.parametrize(("name", "phone"), [("陈桂芳", PHONE), (NAME, "13900000000"), (NAME, "")])
def test_without_the_right_name_and_phone_there_is_none(cast, browse, name, phone):
    wish = a_wish(cast, "published")
    before = wish.code_hash
    clerk = browse(cast.users["clerk1"])
    sent = new_code(clerk, wish, name, phone)
    assert sent.status_code == 422
    assert "姓名或电话与登记的不一致" in sent.text
    db.session.refresh(wish)
    assert wish.code_hash == before


def test_a_clerk_does_not_try_names_for_ever(cast, browse):
    wish = a_wish(cast, "published")
    clerk = browse(cast.users["clerk1"])
    statuses = [new_code(clerk, wish, f"陈桂{n}").status_code for n in "一二三四五六"]
    assert statuses == [422] * 5 + [429]
    assert new_code(clerk, wish).status_code == 429


def test_a_wish_without_a_phone_is_known_by_its_name(cast, browse):
    wish = a_wish(cast, "published")
    wish.phone, wish.phone_index = None, None
    db.session.commit()
    assert new_code(browse(cast.users["clerk1"]), wish, NAME, "").status_code == 303


@pytest.mark.parametrize(("who", "status"), [("clerk2", 403), ("grid1", 403), ("member1", 403), ("county", 403)])
def test_only_the_communitys_clerk_gives_codes(cast, browse, who, status):
    wish = a_wish(cast, "published")
    assert browse(cast.users[who]).get(f"/wishes/{wish.number}/code").status_code == status


# ---- Residents without a phone


def test_those_without_a_phone_are_called_back_once(cast, browse):
    wish = a_wish(cast, "rejected", answer="请拨打 12345。")
    reachable = a_wish(cast, "rejected", answer="请拨打 12345。")
    wish.phone, wish.phone_index = None, None
    db.session.commit()
    clerk = browse(cast.users["clerk1"])
    page = clerk.get("/wishes/callbacks").text
    assert f'href="/wishes/{wish.number}/call_back"' in page
    assert reachable.number not in page
    assert wish.number not in browse(cast.users["clerk2"]).get("/wishes/callbacks").text
    clerk.post(f"/wishes/{wish.number}/call_back", data={"words": "已上门告诉他。"})
    assert "没有待回访的居民" in clerk.get("/wishes/callbacks").text
