"""The menu in a browser: one click signs up, with and without JavaScript; a month is a list on a phone."""

import pytest
from playwright.sync_api import expect

from portal.extensions import db
from tests.menu.making import a_post, an_activity
from tests.wishes.making import register


@pytest.fixture
def member(cast):
    """A registered member, before whom an activity and a post stand."""
    register(cast, "member1")
    an_activity(cast)
    a_post(cast)
    return cast.users["member1"]


@pytest.mark.parametrize("javascript", [True, False], ids=["", "without-js"])
@pytest.mark.parametrize("window", ["phone", "office"])
def test_a_member_signs_up_and_claims_on_the_board(visit, member, window, javascript):
    page = visit(window, javascript=javascript, user=member)
    db.session.rollback()
    for verb, words in (("sign_up", "已报名"), ("claim", "您在岗")):
        page.goto("/menu")
        page.locator(f"#board button.{verb}").click()
        expect(page.locator(".own-sign-up")).to_contain_text(words)
        assert page.url.endswith("/menu") is javascript
    page.goto("/menu")
    expect(page.locator(".offer__held")).to_have_count(2)
    page.goto("/menu/mine")
    expect(page.locator(".own-list li")).to_have_count(2)


def test_a_month_is_a_table_in_an_office_and_a_list_on_a_phone(visit, member):
    db.session.rollback()
    for window, shown in (("office", "table-cell"), ("phone", "block")):
        page = visit(window, user=member)
        page.goto("/menu/calendar")
        cell = page.locator(".calendar__today")
        assert cell.evaluate("cell => getComputedStyle(cell).display") == shown
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
