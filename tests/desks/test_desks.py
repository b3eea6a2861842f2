"""The first page of every role: 待办 first, each with a count and a link that opens; a fixed number of queries."""

import re

import pytest
import time_machine
from sqlalchemy import event, select

from portal.accounts.models import User
from portal.desks import kept
from portal.extensions import db
from portal.wishes import workflow
from portal.wishes.models import Wish, WishState
from tests import crowds, demonstration
from tests.cast import sign_in

# What surely waits on each desk of the demonstration.
WAITS = {
    "county": ["人未报到", "督查整改答复待审核"],
    "admin": ["任职待第二人核准"],
    "dept1": ["人未报到"],
    "chengguan": ["写实记录，等待第二人确认"],
    "town2": [],
    "park": [],
    "committee": ["人未报到"],
    "inspector1": ["待督查的党组织"],
    "unit1": ["还没有登录账号的党员"],
    "community1": ["待审核的微心愿", "已办理，待回访确认"],
    "community1b": ["写实记录，等待第二人确认"],
    "community2": ["待审核的微心愿"],
    "grid1": ["写实记录，等待第二人确认"],
    "member1": [],
    "member2": [],
    "dual1": [],
}


@pytest.fixture
def demo(app):
    demonstration.load()
    return lambda username: sign_in(app, db.session.scalar(select(User).where(User.username == username)))


@pytest.mark.parametrize("username", list(WAITS))
def test_a_desk_names_what_waits_and_every_link_opens(demo, username):
    browser = demo(username)
    answer = browser.get("/desk")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    for words in WAITS[username]:
        assert words in page
    todo = page.partition('class="todo"')[2].partition("</ul>")[0]
    for address in re.findall(r'<a href="([^"]+)"', todo):
        assert browser.get(address.replace("&amp;", "&")).status_code == 200, address


def queries_of(browser) -> list[str]:
    """The queries that one look at the desk takes."""
    asked: list[str] = []

    def note(_connection, _cursor, statement, *_):
        if statement.lstrip().upper().startswith("SELECT"):
            asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert browser.get("/desk").status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return asked


@pytest.mark.parametrize("username", list(WAITS))
def test_a_desk_asks_the_database_a_bounded_number_of_times(demo, username):
    browser = demo(username)
    browser.get("/desk")  # what is computed once a process is computed now
    assert len(queries_of(browser)) <= 4
    kept.forget()
    assert len(queries_of(browser)) <= 10


def test_a_kept_desk_shows_at_once_what_somebody_else_has_done(app, cast, browse):
    clerk, member = browse(cast.users["clerk1"]), browse(cast.users["member1"])
    [number] = crowds.wishes(cast, 1, (WishState.SUBMITTED,))
    clerk.get("/desk")
    found = db.session.scalar(select(Wish).where(Wish.number == number))
    assert "待审核的微心愿" in clerk.get("/desk").get_data(as_text=True)
    assert "待审核的微心愿" not in member.get("/desk").get_data(as_text=True)

    workflow.reject(found, cast.by("clerk1b"), reason="重复")
    db.session.commit()
    assert "待审核的微心愿" not in clerk.get("/desk").get_data(as_text=True)


def test_a_kept_desk_is_counted_again_after_a_minute(app, cast, browse):
    with time_machine.travel("2026-05-18T10:00:00+08:00", tick=False) as clock:
        clerk = browse(cast.users["clerk1"])
        assert "待审核的微心愿" not in clerk.get("/desk").get_data(as_text=True)
        crowds.wishes(cast, 1, (WishState.SUBMITTED,))  # no act: the trail stays as it was
        clock.shift(59)
        assert "待审核的微心愿" not in clerk.get("/desk").get_data(as_text=True)
        clock.shift(2)
        assert "待审核的微心愿" in clerk.get("/desk").get_data(as_text=True)
