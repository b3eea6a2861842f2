"""最近办理: what an office may take back, also out of its sight, one by one or many at once."""

import datetime as dt

import pytest

from portal.extensions import db
from portal.wishes import workflow
from portal.wishes.models import WishState
from tests.page_forms import form_to
from tests.pages import select, texts
from tests.undo.making import ACTS, make
from tests.wishes.making import a_wish, register

AT = dt.datetime(2026, 5, 6, 2, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def may(time_machine):
    time_machine.move_to(AT, tick=False)
    return time_machine


def shown(browser) -> list[str]:
    return texts(browser.get("/undo"), "tbody th")


def test_the_offices_acts_of_the_last_day_latest_first(cast, browse, may):
    make(cast, ACTS["registrations.accept"](cast))
    make(cast, ACTS["wishes.publish"](cast))
    both = ["微心愿“修水龙头”（2026-0001）", "欧阳䶮：报到（2026-0001）"]
    for who in ("clerk1", "clerk1b"):
        assert shown(browse(cast.users[who])) == both
    assert shown(browse(cast.users["clerk2"])) == shown(browse(cast.users["liaison1"])) == []
    may.move_to(AT + dt.timedelta(hours=24, minutes=1), tick=False)
    assert shown(browse(cast.users["clerk1"])) == []


def test_what_somebody_has_acted_after_is_not_listed(cast, browse):
    act = ACTS["wishes.publish"](cast)
    make(cast, act)
    register(cast, "member1")
    workflow.claim(act.row, cast.by("member1"))
    db.session.commit()
    assert shown(browse(cast.users["clerk1"])) == []


def test_a_wish_passed_on_is_fetched_back(cast, browse):
    act = ACTS["wishes.pass_on"](cast)
    make(cast, act)
    browser = browse(cast.users["clerk1"])
    assert browser.get("/wishes/2026-0001").status_code == browser.get("/wishes/2026-0001/undo").status_code == 404
    link = select(browser.get("/undo"), "tbody a.undo")[0].get("href")
    page = browser.get(link)
    assert "的“转交社区”，恢复为“待审核”" in texts(page, "p.lead")[0]
    assert [found.get("href") for found in select(page, "form a.button")] == ["/undo"]  # not to a page of others
    answer = browser.post(link, data=form_to(page.text, link).filled())
    assert (answer.status_code, answer.location) == (303, "/undo")
    assert act.row.community_id == cast.community1.id
    assert browser.get("/wishes/2026-0001").status_code == 200
    # Nobody else finds it there, and done is done.
    assert browse(cast.users["clerk2"]).get(link).status_code == browser.get(link).status_code == 404


def test_many_at_once_each_by_itself(cast, browse):
    kept, back, late = (a_wish(cast, "done") for _ in range(3))
    for wish in (kept, back, late):
        workflow.confirm(wish, cast.by("clerk1"))
    db.session.commit()
    browser = browse(cast.users["clerk1"])
    rows = [box.get("value") for box in select(browser.get("/undo"), "tbody input[name=row]")]
    workflow.call_back(late, cast.by("clerk1b"), words="很满意")
    db.session.commit()
    answer = browser.post("/undo", data={"row": [*rows[:2], "999999", "x"]})
    assert answer.status_code == 303
    page = browser.get(answer.location)
    assert texts(page, ".section-head h2") == ["撤销：1 件全部办成。"]  # the one called back upon is listed no more
    assert [wish.state for wish in (kept, back)] == [WishState.CONFIRMED, WishState.DONE]
    assert late.state is WishState.CONFIRMED
    assert browser.post("/undo", data={}).status_code == 303


def test_a_refusal_among_many_is_named(cast, browse):
    act = ACTS["registrations.relocate"](cast)
    make(cast, act)
    act.row.member.address = "北街1号"
    db.session.commit()
    browser = browse(cast.users["liaison1"])
    rows = [box.get("value") for box in select(browser.get("/undo"), "tbody input[name=row]")]
    page = browser.get(browser.post("/undo", data={"row": rows}).location)
    assert "之后又有变动，不能撤销。" in page.text


def test_the_desk_leads_there(cast, browse):
    assert [a.get("href") for a in select(browse(cast.users["clerk1"]).get("/desk"), "main a[href='/undo']")] == [
        "/undo"
    ]
    assert select(browse(cast.users["member1"]).get("/desk"), "main a[href='/undo']") == []
