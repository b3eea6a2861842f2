"""The wall and the review in a browser: in place with JavaScript, page by page without.

A test reads what it needs of its rows before it opens the page: a transaction left open would keep the server waiting.
"""

import re

import pytest
from playwright.sync_api import expect

from portal.actors import Role
from portal.extensions import db
from portal.labels import Category
from portal.wishes.models import Claim, Wish, WishState
from tests.cast import make_member
from tests.wishes.making import a_wish, register

WINDOWS = pytest.mark.parametrize(
    ("window", "javascript"), [("phone", True), ("phone", False), ("office", True), ("office", False)]
)


@WINDOWS
def test_a_member_claims_from_the_wall(cast, visit, window, javascript):
    register(cast, "member1")
    a_wish(cast, title="修路灯")
    wish = a_wish(cast, title="给老人理发")
    key, number = wish.id, wish.number
    page = visit(window, javascript=javascript, user=cast.users["member1"])
    page.goto("/wishes")
    card = page.locator(f"#wish-{key}")
    card.get_by_role("button", name="认领").click()
    expect(card).to_contain_text("您已认领")
    expect(page.locator("#flash")).to_contain_text("认领成功")
    if javascript:  # in place: the wall and its other wish are still there
        expect(page).to_have_url("/wishes")
        expect(page).to_have_title(re.compile("^心愿墙"))
        expect(card.get_by_role("heading", name="给老人理发")).to_be_visible()
        expect(page.get_by_role("button", name="认领")).to_have_count(1)
    else:
        expect(page).to_have_url(f"/wishes/{number}")


@WINDOWS
def test_a_clerk_publishes_from_the_review(cast, visit, window, javascript):
    key = a_wish(cast, "submitted", title=None, category=Category.CONVENIENCE, detail=None).id
    a_wish(cast, "submitted", title=None, category=Category.CONVENIENCE, detail=None)
    page = visit(window, javascript=javascript, user=cast.users["clerk1"])
    page.goto("/wishes/review")
    review = page.locator(f"#wish-{key}")
    review.get_by_label("上墙的标题").fill("修一修水龙头")
    review.get_by_role("button", name="发布到心愿墙").click()
    expect(page.locator(f"#wish-{key}")).to_contain_text("待认领")
    if javascript:  # the next one waits on the same page
        expect(page.get_by_role("button", name="发布到心愿墙")).to_have_count(1)
    assert db.session.get(Wish, key, populate_existing=True).title == "修一修水龙头"


def test_filters_change_the_shelf_in_place(cast, office):
    a_wish(cast, title="修路灯")
    a_wish(cast, title="问合同", community_id=cast.community2.id, grid_id=None)
    community = cast.community2.id
    db.session.rollback()
    office.goto("/wishes")
    office.get_by_label("社区", exact=True).select_option("凤鸣社区")
    expect(office.locator(".wish .card__title")).to_have_text(["问合同"])
    expect(office).to_have_url(f"/wishes?q=&community={community}")
    office.get_by_role("link", name="法律援助").click()
    expect(office.locator("#shelf")).to_contain_text("没有这样的心愿")


def test_two_members_press_at_the_same_moment(cast, visit):
    newcomer = make_member(cast.unit2, cast.community1, "史珍香", "13891701009")
    cast.places["newcomer_row"] = newcomer
    cast.appoint("newcomer", "史珍香", Role.MEMBER, member=newcomer, unit=cast.unit2)
    register(cast, "member1", "newcomer")
    key = a_wish(cast).id
    pages = [visit("phone", user=cast.users[name]) for name in ("member1", "newcomer")]
    for page in pages:
        page.goto("/wishes")
    for page in pages:  # sent off without waiting for the answer
        page.evaluate("document.querySelector('.wish button.claim').click()")
    for page in pages:
        expect(page.locator("#flash")).not_to_be_empty()
    said = sorted(page.locator("#flash").inner_text().split("，")[0] for page in pages)
    assert sum("认领成功" in words for words in said) == 1
    assert sum("已先“认领”" in words for words in said) == 1
    db.session.rollback()
    assert len(db.session.scalars(db.select(Claim)).all()) == 1
    assert db.session.get(Wish, key, populate_existing=True).state is WishState.CLAIMED
