"""A resident follows a wish by number and code: the lock, plain words, and the answers they may give."""

import datetime as dt

import pytest
import time_machine
from sqlalchemy import func, select

from portal import clock
from portal.extensions import db
from portal.history import HistoryLine
from portal.wishes import following
from portal.wishes.models import ConfirmedBy, MessageKind, Wish, WishMessage, WishPhoto, WishState
from portal.wishes.submitting import hash_code
from tests.pages import same_page
from tests.wishes.making import TOLD, a_wish
from tests.wishes.residents import fill, follow, open_form

CODE = "ABCDE23456"
WRONG = "受理号或查询码不对，请对照受理单再看一遍。"
LOCKED = "这个受理号输错的次数太多"


def wish_of(cast, state="published", **more) -> Wish:
    wish = a_wish(cast, state, **more)
    wish.code_hash = hash_code(wish.number, CODE)
    db.session.commit()
    return wish


def answer(client, wish: Wish, verb: str, **asked):
    return client.post(f"/wishes/follow/{verb}", data={"number": wish.number, "code": CODE} | asked)


def state_of(wish: Wish) -> WishState:
    db.session.expire_all()
    return db.session.get_one(Wish, wish.id).state


# ---- Number and code


def test_number_and_code_open_the_residents_page(cast, client):
    wish = wish_of(cast)
    page = follow(client, wish.number, CODE)
    assert page.status_code == 200
    assert page.request.path == "/wishes/follow"
    assert TOLD in page.text
    assert page.headers["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("{n}", "abc de2 3456"),
        ("{n}", "ＡＢＣＤＥ２３４５６"),
        ("凤进社愿〔2026〕{s}号", "ABC-DE2-3456"),
        ("２０２６—{s}", CODE),
        (" {n} ", CODE),
    ],
)
def test_they_are_read_however_people_write_them(cast, client, number, code):
    wish = wish_of(cast)
    page = follow(client, number.format(n=wish.number, s=f"{wish.serial:04d}"), code)
    assert TOLD in page.text


def test_neither_stands_in_an_address(cast, client):
    wish = wish_of(cast)
    sent = client.post("/wishes/follow", data={"number": wish.number, "code": CODE})
    assert sent.location == "/wishes/follow"


def test_a_wrong_code_and_an_unknown_number_get_one_answer(cast, client):
    wish = wish_of(cast)
    wrong = client.post("/wishes/follow", data={"number": wish.number, "code": "ZZZZZZZZZZ"})
    unknown = client.post("/wishes/follow", data={"number": "2026-9999", "code": "ZZZZZZZZZZ"})
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert WRONG in wrong.text
    assert wrong.text.replace(wish.number, "N").count(WRONG) == unknown.text.replace("2026-9999", "N").count(WRONG)


@pytest.mark.parametrize("number", ["known", "2026-9999"])
def test_five_misses_lock_the_number_for_a_quarter_of_an_hour(cast, client, number):
    wish = wish_of(cast)
    number = wish.number if number == "known" else number
    for _ in range(5):
        assert client.post("/wishes/follow", data={"number": number, "code": "ZZZZZZZZZZ"}).status_code == 422
    locked = client.post("/wishes/follow", data={"number": number, "code": CODE})
    assert locked.status_code == 429
    assert LOCKED in locked.text
    with time_machine.travel(clock.now() + dt.timedelta(minutes=14), tick=False):
        assert client.post("/wishes/follow", data={"number": number, "code": CODE}).status_code == 429
    with time_machine.travel(clock.now() + dt.timedelta(minutes=16), tick=False):
        again = client.post("/wishes/follow", data={"number": number, "code": CODE})
        assert again.status_code == (303 if number == wish.number else 422)


def test_the_lock_of_one_wish_leaves_the_others_open(cast, client):
    locked, other = wish_of(cast), wish_of(cast)
    for _ in range(5):
        client.post("/wishes/follow", data={"number": locked.number, "code": "ZZZZZZZZZZ"})
    assert client.post("/wishes/follow", data={"number": other.number, "code": CODE}).status_code == 303


def test_a_right_code_forgets_the_misses(cast, client):
    wish = wish_of(cast)
    for code in [*["ZZZZZZZZZZ"] * 4, CODE, *["ZZZZZZZZZZ"] * 4]:
        client.post("/wishes/follow", data={"number": wish.number, "code": code})
    assert client.post("/wishes/follow", data={"number": wish.number, "code": CODE}).status_code == 303


def test_an_answer_counts_as_a_try_too(cast, client):
    wish = wish_of(cast, "done")
    for _ in range(5):
        missed = client.post(
            "/wishes/follow/confirm", data={"number": wish.number, "code": "ZZZZZZZZZZ", "rating": "5"}
        )
        assert missed.status_code == 422
    assert answer(client, wish, "confirm", rating="5").status_code == 429
    assert state_of(wish) is WishState.DONE


def test_one_address_is_slowed_down_after_many_tries(cast, client, monkeypatch):
    monkeypatch.setattr(following, "TRIES_OF_ADDRESS", 3)
    wish = wish_of(cast)
    answers = [client.post("/wishes/follow", data={"number": wish.number, "code": CODE}).status_code for _ in range(4)]
    assert answers == [303, 303, 303, 429]


def test_the_page_is_shown_for_twenty_minutes_and_until_one_leaves(app, cast, client):
    wish = wish_of(cast)
    follow(client, wish.number, CODE)
    assert TOLD in client.get("/wishes/follow").text
    assert TOLD not in app.test_client().get("/wishes/follow").text
    with time_machine.travel(clock.now() + dt.timedelta(minutes=21), tick=False):
        assert TOLD not in client.get("/wishes/follow").text
    follow(client, wish.number, CODE)
    client.post("/wishes/follow/leave")
    assert TOLD not in client.get("/wishes/follow").text


def test_a_new_code_ends_what_the_old_one_opened(cast, client):
    wish = wish_of(cast)
    follow(client, wish.number, CODE)
    wish.code_hash = hash_code(wish.number, "NEWCDE2345")
    db.session.commit()
    assert TOLD not in client.get("/wishes/follow").text


def test_the_qr_fills_in_the_number(cast, client):
    assert 'value="2026-0012"' in client.get("/wishes/follow?number=2026-0012").text
    assert client.get("/wishes/follow?number=%00%F0%9F%98%80").status_code == 200


@pytest.mark.parametrize("verb", ["confirm", "reopen", "withdraw"])
def test_elsewhere_than_on_the_follow_page_there_is_nothing_for_a_resident(cast, client, verb):
    wish = wish_of(cast, "done" if verb != "withdraw" else "published")
    follow(client, wish.number, CODE)
    before = state_of(wish)
    asked = {"number": wish.number, "code": CODE, "rating": "5", "reason": "又漏水了"}
    assert client.post(f"/wishes/{wish.number}/{verb}", data=asked).status_code == 404
    assert state_of(wish) is before


# ---- What is said


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("submitted", "社区正在看您的心愿。"),
        ("published", "等在职党员认领"),
        ("claimed", "凤翔中学党支部的欧阳某某认领了您的心愿。"),
        ("done", "请您看看是不是真的办好了"),
        ("confirmed", "这条心愿先按办好处理了"),
        ("rejected", "没能上墙"),
        ("closed", "书面答复"),
        ("withdrawn", "已经撤回"),
        ("archived", "已归档"),
    ],
)
def test_each_state_is_told_in_plain_words(cast, client, state, words):
    more = {"answer": "请拨打 12345。"} if state in ("rejected", "closed") else {}
    page = follow(client, wish_of(cast, state, **more).number, CODE)
    assert words in page.text
    assert "欧阳䶮" not in page.text
    assert ("请拨打 12345。" in page.text) == bool(more)


def test_the_day_of_the_answer_is_three_working_days_on(cast, client):
    friday = dt.datetime(2026, 5, 15, 2, 0, tzinfo=dt.UTC)
    page = follow(client, wish_of(cast, "submitted", submitted_at=friday).number, CODE)
    assert "最晚 2026年5月20日 给您答复" in page.text


def test_the_code_of_a_merged_wish_follows_the_other_one(cast, client):
    target = wish_of(cast, "claimed")
    merged = wish_of(cast, "merged", merged_into_id=target.id)
    page = follow(client, merged.number, CODE)
    assert "合并办理" in page.text
    assert "认领了您的心愿" in page.text
    assert "/wishes/follow/" not in page.text.replace("/wishes/follow/leave", "")


# ---- What they answer

OFFERED = {
    "submitted": {"withdraw"},
    "published": {"withdraw"},
    "claimed": {"say"},
    "done": {"confirm", "reopen", "say"},
    "confirmed": {"reopen"},
    "archived": set(),
    "rejected": set(),
    "merged": set(),
    "withdrawn": set(),
    "closed": set(),
}


@pytest.mark.parametrize("state", OFFERED)
def test_which_answers_are_offered(cast, client, state):
    page = follow(client, wish_of(cast, state).number, CODE).text
    assert {
        verb for verb in ("confirm", "reopen", "say", "withdraw") if f'href="/wishes/follow/{verb}"' in page
    } == OFFERED[state]


@pytest.mark.parametrize("verb", ["confirm", "reopen", "say", "withdraw"])
@pytest.mark.parametrize("state", OFFERED)
def test_which_answers_are_taken(cast, client, state, verb):
    wish = wish_of(cast, state)
    asked = {"rating": "5", "reason": "还差一颗螺丝", "words": "还差一颗螺丝"}
    sent = answer(client, wish, verb, **asked)
    if verb in OFFERED[state]:
        assert sent.status_code == 303
    else:
        assert sent.status_code in (403, 409)
        assert state_of(wish) is WishState(state)


def test_confirming_keeps_rating_and_thanks(cast, client):
    wish = wish_of(cast, "done")
    assert answer(client, wish, "confirm", rating="5", thanks="多谢，水龙头不漏了。").location == "/wishes/follow"
    db.session.refresh(wish)
    assert (wish.state, wish.rating, wish.thanks) == (WishState.CONFIRMED, 5, "多谢，水龙头不漏了。")
    assert wish.confirmed_by is ConfirmedBy.RESIDENT
    assert wish.claims[0].half_hours == 3


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({}, "请选择是否满意。"),
        ({"rating": "6"}, "请"),
        ({"rating": "0"}, "请"),
        ({"rating": "5", "thanks": "谢" * 201}, "最多 200 个字。"),
        ({"rating": "5", "thanks": "打13891701234谢他"}, "像是电话号码，请删去。"),
    ],
)
def test_a_bad_confirmation_gets_a_sentence_and_keeps_what_was_typed(cast, client, asked, sentence):
    wish = wish_of(cast, "done")
    sent = answer(client, wish, "confirm", **asked)
    assert sent.status_code == 422
    assert sentence in sent.text
    assert asked.get("thanks", "") in sent.text
    assert state_of(wish) is WishState.DONE


def test_reopening_needs_a_reason(cast, client):
    wish = wish_of(cast, "done")
    assert answer(client, wish, "reopen").status_code == 422
    assert answer(client, wish, "reopen", reason="又漏水了").status_code == 303
    assert state_of(wish) is WishState.CLAIMED
    line = db.session.scalars(select(HistoryLine).where(HistoryLine.verb == "reopen")).one()
    assert (line.reason, line.by_name, line.by_user_id) == ("又漏水了", "居民", None)


def test_what_is_missing_reaches_the_community_sealed(cast, client):
    wish = wish_of(cast, "claimed")
    assert answer(client, wish, "say", words="还缺一根水管，我电话13991234567").status_code == 303
    message = db.session.scalars(select(WishMessage)).one()
    assert (message.kind, message.words) == (MessageKind.MISSING, "还缺一根水管，我电话13991234567")
    assert state_of(wish) is WishState.CLAIMED


def test_words_have_an_end(cast, client, monkeypatch):
    monkeypatch.setattr(following, "MOST_MESSAGES", 2)
    wish = wish_of(cast, "claimed")
    statuses = [answer(client, wish, "say", words=f"第{n}句").status_code for n in range(3)]
    assert statuses == [303, 303, 409]
    assert db.session.scalar(select(func.count()).select_from(WishMessage)) == 2


def test_an_answer_sent_twice_is_given_once(cast, client):
    wish = wish_of(cast, "claimed")
    for _ in range(2):
        sent = answer(client, wish, "say", words="还缺一根水管", once="k" * 22)
        assert sent.status_code == 303
    assert db.session.scalar(select(func.count()).select_from(WishMessage)) == 1


def test_the_code_of_one_wish_moves_no_other(cast, client):
    mine, other = wish_of(cast, "done"), wish_of(cast, "done")
    other.code_hash = hash_code(other.number, "NEWCDE2345")
    db.session.commit()
    follow(client, mine.number, CODE)
    sent = client.post("/wishes/follow/confirm", data={"number": other.number, "code": CODE, "rating": "5"})
    assert sent.status_code == 422
    assert state_of(other) is WishState.DONE


def test_a_rejected_wish_is_said_again_once(app, cast, client):
    wish = wish_of(cast, "rejected", answer="请写清楚要修什么。")
    with time_machine.travel(clock.now() - dt.timedelta(minutes=1), tick=False):
        assert 'href="/wishes/new?again=1"' in follow(client, wish.number, CODE).text
    form = open_form(client, "/wishes/new?again=1")
    assert form.values["detail"] == TOLD
    assert form.values["name"] == "陈桂英"
    sent = client.post("/wishes/new?again=1", data=fill(form, cast, detail="厨房的水龙头漏水，想请人修。"))
    assert sent.status_code == 303
    again = db.session.scalars(select(Wish).where(Wish.follows_id == wish.id)).one()
    assert again.state is WishState.SUBMITTED
    once_more = client.post("/wishes/new?again=1", data=fill(open_form(client, "/wishes/new?again=1"), cast))
    assert once_more.status_code == 409
    assert again.number in once_more.text
    stranger = app.test_client()
    assert TOLD not in stranger.get("/wishes/new?again=1").text


def test_photos_open_to_the_resident_and_those_who_took_part(app, cast, client, browse):
    from portal.wishes import photos
    from tests.wishes.test_photos import picture

    wish = wish_of(cast, "done")
    (name,) = photos.keep([picture(size=(60, 40))])
    wish.photos.append(WishPhoto(file=name, at=clock.now()))
    db.session.commit()
    address = f"/wishes/{wish.number}/photos/{name}"
    missing = client.get(f"/wishes/{wish.number}/photos/{'0' * 32}.jpg")
    assert same_page(client.get(address), missing)
    follow(client, wish.number, CODE)
    shown = client.get(address)
    assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.headers["Cache-Control"] == "no-store, private"
    seen = {who: browse(cast.users[who]).get(address).status_code for who in ("member1", "clerk1", "member2", "clerk2")}
    assert seen == {"member1": 200, "clerk1": 200, "member2": 404, "clerk2": 404}
    assert client.get(f"/wishes/{wish.number}/photos/..%2f..%2fportal.db").status_code == 404
