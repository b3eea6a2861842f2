"""Undo on the page: the button for whom it is open, what it says, and the page as it was."""

import pytest

from portal.extensions import db
from portal.flow import flow_of
from portal.numbers import IssuedPaper
from portal.wishes import workflow
from tests.page_forms import form_to
from tests.pages import select, texts
from tests.undo.making import ACTS, WORDS, make
from tests.wishes.making import a_wish, register

BUTTONS = {
    "wishes.publish": ("clerk1b", "/wishes/2026-0001", "恢复为“待审核”"),
    "registrations.file": ("liaison1", "/registrations/2026-0001", "恢复为“已接洽”"),
    "exemptions.agree": ("dept1", "/registrations/exemptions/{id}", "恢复为“待审核”"),
    "deferments.decline": ("dept1", "/registrations/deferments/{id}", "恢复为“待审核”"),
    "transfers.release": ("liaison1", "/registrations/transfers/{id}", "随它办理的另外 3 件也一并撤销。"),
    "pledges.approve": ("liaison1", "/pledges/2026-0001", "恢复为“待审定”"),
    "records.confirm": ("clerk1b", "/records/{id}", "恢复为“待确认”"),
    "appointments.end": ("county", "/appointments/{id}", "恢复为“任职中”"),
}


@pytest.fixture(autouse=True)
def may(time_machine):
    time_machine.move_to("2026-05-06 02:00:00+00:00", tick=False)


@pytest.mark.parametrize("name", list(BUTTONS))
def test_from_the_button_to_the_page_as_it_was(cast, browse, name):
    act = ACTS[name](cast)
    make(cast, act)
    who, address, words = BUTTONS[name]
    address = address.format(id=act.row.id)
    browser = browse(cast.users[who])
    page = browser.get(address)
    assert texts(page, "a.undo") == ["撤销"]
    asked = browser.get(select(page, "a.undo")[0].get("href"))
    assert words in texts(asked, "p.lead")[0]
    form = form_to(asked.text, "/undo")
    answer = browser.post(form.action, data=form.filled())
    assert answer.status_code == 303 and answer.location == address
    after = browser.get(address)
    assert texts(after, "a.undo") == []
    assert f"撤销：{flow_of(act.row).moves[act.verb].label}" in " ".join(texts(after, ".history__act"))
    # Sent once more (a second window) it is told so, and nothing is changed.
    again = browser.post(form.action, data=form.filled() | {"once": "x" * 20})
    assert again.status_code == 409
    assert "不能撤销" in again.text or "又“撤销：" in again.text


def test_the_objections_undo_stands_with_the_objection(cast, browse):
    act = ACTS["objections.uphold"](cast)
    make(cast, act)
    browser = browse(cast.users["clerk1b"])
    page = browser.get(f"/records/{act.row.record_id}")
    link = select(page, "a.undo")[0].get("href")
    assert link == f"/records/{act.row.record_id}/objection/undo"
    form = form_to(browser.get(link).text, "/objection/undo")
    assert browser.post(form.action, data=form.filled()).status_code == 303
    assert act.row.state.value == "open" and act.row.record.state.value == "pending"


def test_who_is_not_of_the_office_is_offered_nothing_and_refused(cast, browse):
    act = ACTS["registrations.accept"](cast)
    make(cast, act)
    browser = browse(cast.users["liaison1"])
    assert texts(browser.get("/registrations/2026-0001"), ".undo") == []
    assert browser.get("/registrations/2026-0001/undo").status_code == 403
    assert browser.post("/registrations/2026-0001/undo", data={"line": "1"}).status_code == 403
    assert browse(cast.users["clerk2"]).get("/registrations/2026-0001/undo").status_code == 404
    assert act.row.state.value == "accepted"


def test_what_was_not_shown_is_not_undone(cast, browse):
    act = ACTS["wishes.publish"](cast)
    make(cast, act)
    browser = browse(cast.users["clerk1"])
    form = form_to(browser.get("/wishes/2026-0001/undo").text, "/undo")
    workflow.correct(act.row, cast.by("clerk1b"), **WORDS | {"title": "换一个水龙头"})
    db.session.commit()
    answer = browser.post(form.action, data=form.filled())
    assert answer.status_code == 409 and "赵晓梅又“修改文字”，请看过以后再办。" in answer.text
    assert act.row.title == "换一个水龙头"
    assert browser.post(form.action, data={}).status_code == 409  # nothing named is nothing seen


def test_the_wall_and_the_desk_see_the_undoing(cast, browse):
    register(cast, "member1")
    act = ACTS["wishes.publish"](cast)
    clerk, visitor = browse(cast.users["clerk1"]), browse(cast.users["member1"])
    waiting = texts(clerk.get("/desk"), "main")
    make(cast, act)
    assert texts(clerk.get("/desk"), "main") != waiting
    assert "修水龙头" in visitor.get("/wishes").text
    form = form_to(clerk.get("/wishes/2026-0001/undo").text, "/undo")
    assert clerk.post(form.action, data=form.filled()).status_code == 303
    clerk.get("/wishes/2026-0001")  # the sentence of what was done is shown once
    assert texts(clerk.get("/desk"), "main") == waiting
    assert "修水龙头" not in visitor.get("/wishes").text


def test_a_receipt_that_was_undone_is_verified_as_void(cast, browse, client):
    act = ACTS["registrations.accept"](cast)
    make(cast, act)
    code = db.session.query(IssuedPaper).filter_by(kind="receipt").one().check_code
    assert "有效" in client.get(f"/verify/{code}").text
    browser = browse(cast.users["clerk1"])
    form = form_to(browser.get("/registrations/2026-0001/undo").text, "/undo")
    browser.post(form.action, data=form.filled())
    answer = client.get(f"/verify/{code}").text
    assert "已作废" in answer and "2026〕0001" in answer


def test_a_residents_page_offers_no_undo(cast, browse):
    row = a_wish(cast, "done")
    workflow.confirm(row, cast.by("clerk1"))
    db.session.commit()
    register(cast, "member1")
    assert texts(browse(cast.users["member1"]).get(f"/wishes/{row.number}"), ".undo") == []
