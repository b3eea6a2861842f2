"""Pages of remarks: a resident speaks without a login, a clerk passes it on, the member answers."""

from portal.extensions import db
from portal.remarks.models import Remark
from portal.wishes import robots
from tests.page_forms import form_to
from tests.pages import same_page, texts
from tests.registrations.conftest import walk
from tests.remarks.conftest import NAME, PHONE, SAID, a_remark
from tests.wishes.making import a_wish


def filled(client, cast, **more) -> dict:
    form = form_to(client.get("/remarks/new").text, "")
    facts = {"kind": "concern", "community": str(cast.community1.id), "told": SAID, "name": NAME, "phone": PHONE,
             "consent": "y", "opened": form.values["opened"]}  # fmt: skip
    return form.filled(**facts | more)


def test_a_resident_speaks_and_is_told_what_follows(cast, client, time_machine):
    time_machine.move_to("2026-05-06 02:00:00+00:00", tick=False)
    data = filled(client, cast)
    time_machine.shift(robots.LEAST_SECONDS + 1)
    answer = client.post("/remarks/new", data=data)
    assert (answer.status_code, answer.location) == (303, "/remarks/sent")
    page = client.get("/remarks/sent")
    assert "编号 2026-0001" in page.text and NAME not in page.text
    row = db.session.scalars(db.select(Remark)).one()
    assert (row.told, row.name, row.phone, row.shown_name) == (SAID, NAME, PHONE, "陈某某")


def test_too_quick_or_into_the_trap_nothing_is_kept_and_the_words_stay(cast, client, time_machine):
    time_machine.move_to("2026-05-06 02:00:00+00:00", tick=False)
    quick = client.post("/remarks/new", data=filled(client, cast))
    assert quick.status_code == 422 and SAID in quick.text
    assert texts(quick, "#flash .banner") == ["提交得太快了，请核对内容后再提交一次。"]
    time_machine.shift(60)
    trapped = client.post("/remarks/new", data=filled(client, cast, website="http://spam"))
    assert trapped.status_code == 422
    assert db.session.scalars(db.select(Remark)).all() == []


def test_what_is_missing_is_said_on_top(cast, client):
    answer = client.post("/remarks/new", data=filled(client, cast, kind="", told="", phone="123", consent=""))
    assert answer.status_code == 422
    assert texts(answer, ".errors li") == [
        "请选择表扬或意见。", "请写下您想说的话。", "请填写有效的电话号码，如 13891701234 或 0917-7212345。",
        "请勾选同意，否则社区无法答复您。",
    ]  # fmt: skip


def test_a_concern_from_the_counter_to_the_answer(cast, browse):
    walk(cast, "filed")
    clerk, member = browse(cast.users["clerk1"]), browse(cast.users["member1"])
    page = clerk.get("/remarks/take-down")
    assert "居民说了什么" in page.text and "您想说什么" not in page.text
    form = form_to(page.text, "")
    typed = {"kind": "concern", "told": SAID, "name": NAME, "phone": "", "consent": "y"}
    taken = clerk.post("/remarks/take-down", data=form.filled(**typed))
    row = db.session.scalars(db.select(Remark)).one()
    assert taken.location == f"/remarks/{row.number}"
    assert "群众意见待处理" in clerk.get("/desk").text
    assert member.get(taken.location).status_code == 404

    asking = clerk.get(f"{taken.location}/put")
    assert SAID in asking.text and "欧阳䶮（凤翔中学党支部）" in asking.text
    sent = {"member_id": str(cast.member1_row.id), "words": SAID}
    assert clerk.post(f"{taken.location}/put", data=sent).status_code == 303
    assert "居民的意见，请您说明情况" in member.get("/desk").text
    page = member.get(taken.location)
    assert SAID in page.text and NAME not in page.text and "陈某某" not in page.text
    assert member.post(f"{taken.location}/answer", data={"reply": "那天抢修供水。"}).status_code == 303
    settled = clerk.post(f"{taken.location}/settle", data={"finding": "partly", "outcome": "党员已上门修好。"})
    assert settled.status_code == 303
    assert "部分属实" in member.get(taken.location).text


def test_a_look_shows_who_it_was_once(cast, browse):
    row = a_remark(cast, "put")
    clerk = browse(cast.users["clerk1"])
    address = f"/remarks/{row.number}"
    assert PHONE not in clerk.get(address).text
    assert clerk.post(f"{address}/look").status_code == 303
    assert PHONE in clerk.get(address).text
    assert PHONE not in clerk.get(address).text
    assert browse(cast.users["member1"]).post(f"{address}/look").status_code == 403


def test_once_answered_a_look_needs_a_reason(cast, browse):
    row = a_remark(cast, "settled")
    clerk = browse(cast.users["clerk1"])
    assert clerk.post(f"/remarks/{row.number}/look").status_code == 422
    assert clerk.post(f"/remarks/{row.number}/look", data={"reason": "居民来问结果"}).status_code == 303


def test_each_sees_their_own_and_a_foreign_one_is_missing(cast, browse):
    row = a_remark(cast, "put")
    seen = {"clerk1", "clerk1b", "chengguan", "member1"}
    for name in (*seen, "member2", "clerk2", "town2", "liaison1", "county"):
        browser = browse(cast.users[name])
        answer = browser.get(f"/remarks/{row.number}")
        assert (answer.status_code == 200) == (name in seen), name
        if name not in seen:
            assert same_page(answer, browser.get("/remarks/2026-9999")), name


def test_by_the_wish_that_it_names_the_member_does_not_find_out_whose_remark_it_is(cast, browse):
    row = a_remark(cast, "put")
    row.wish = wish = a_wish(cast, "done")
    wish.number = "2026-0077"  # not the number of the remark itself
    db.session.commit()
    reads = {name: wish.number in browse(cast.users[name]).get(f"/remarks/{row.number}").text
             for name in ("clerk1", "chengguan", "member1")}  # fmt: skip
    assert reads == {"clerk1": True, "chengguan": True, "member1": False}
