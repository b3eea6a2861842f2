"""The first page of every role: 待办 first, each with a count and a link that opens; a fixed number of queries."""

import re

import pytest
from sqlalchemy import event, select

from portal.accounts.models import User
from portal.demo import commands
from portal.demo.scale import SMALL
from portal.extensions import db
from tests.cast import sign_in

# What surely waits on each desk of the demonstration.
WAITS = {
    "county": ["人未报到"],
    "admin": ["任职待第二人核准"],
    "dept1": ["人未报到"],
    "chengguan": ["写实记录，等待第二人确认"],
    "town2": [],
    "park": [],
    "committee": ["人未报到"],
    "inspector1": [],
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
    commands.load(SMALL)
    db.session.commit()
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


@pytest.mark.parametrize("username", list(WAITS))
def test_a_desk_asks_the_database_a_bounded_number_of_times(demo, username):
    browser, asked = demo(username), []
    browser.get("/desk")  # what is computed once a process is computed now

    def note(_connection, _cursor, statement, *_):
        if statement.lstrip().upper().startswith("SELECT"):
            asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        browser.get("/desk")
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert len(asked) <= 14, len(asked)
