"""One act for many in a browser: the counts beside the list follow."""

import pytest
from playwright.sync_api import expect

from tests.registrations.conftest import walk


@pytest.mark.parametrize("javascript", [True, False])
def test_the_counts_follow_what_a_clerk_accepts(cast, visit, javascript):
    walk(cast, "presented")
    page = visit("office", javascript=javascript, user=cast.users["clerk1"])
    page.goto("/registrations?state=presented")
    page.get_by_role("checkbox", name="欧阳䶮").check()
    page.get_by_role("button", name="接洽所选").click()
    expect(page.get_by_role("heading", name="接洽：1 人全部办成。")).to_be_visible()
    expect(page).to_have_title("接洽的结果 - 在职党员进社区")
    expect(page.get_by_text("待接洽", exact=True)).to_have_count(0)  # the figures of before are gone
