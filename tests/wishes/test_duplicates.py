"""Wishes told twice are shown side by side: by telephone within ninety days, or by much the same words."""

import datetime as dt

import pytest

from portal import clock
from portal.extensions import db
from portal.vault import blind_index
from portal.wishes.duplicates import alike
from tests.test_fixed_queries import counted
from tests.wishes.making import a_wish


def other(cast, told: str, phone: str = "13500000001", **more):
    wish = a_wish(cast, more.pop("state", "published"), **more)
    wish.told, wish.phone, wish.phone_index = told, phone, blind_index("phone", phone)
    db.session.commit()
    return wish


def found(cast, wish, who="clerk1") -> list[tuple[str, str]]:
    return [(one.wish.number, one.why) for one in alike(wish, cast.by(who))]


@pytest.fixture
def wish(cast):
    return other(cast, "家里的水龙头漏了三天，孩子们都在外地，想请人修一修。", "13991234567", state="submitted")


def test_the_same_telephone_within_ninety_days(cast, wish):
    recent = other(cast, "想学跳广场舞。", "13991234567", submitted_at=clock.now() - dt.timedelta(days=89))
    other(cast, "想学跳广场舞。", "13991234567", submitted_at=clock.now() - dt.timedelta(days=91))
    assert found(cast, wish) == [(recent.number, "同一个电话")]


@pytest.mark.parametrize(
    ("told", "same"),
    [
        ("家里水龙头漏了三天了，孩子们都在外地，想请人来修一修！", True),
        ("家里的 水龙头，漏了三天；孩子们都在外地", True),
        ("家里的灯坏了，想请人换个灯泡。", False),
        ("", False),
        ("水", False),
    ],
)
def test_much_the_same_words(cast, wish, told, same):
    again = other(cast, told)
    assert found(cast, wish) == ([(again.number, "说法相近")] if same else [])


def test_words_are_compared_within_the_community_only(cast, wish):
    other(cast, wish.told, community_id=cast.community2.id, grid_id=None)
    assert found(cast, wish) == []


def test_what_one_may_not_see_is_not_shown(cast, wish):
    other(cast, "想学跳广场舞。", "13991234567", state="submitted", community_id=cast.community2.id, grid_id=None)
    assert found(cast, wish) == []


def test_withdrawn_wishes_and_the_wish_itself_are_left_out(cast, wish):
    other(cast, wish.told, "13991234567", state="withdrawn")
    assert found(cast, wish) == []


def test_newest_first_and_each_once(cast, wish):
    first = other(cast, wish.told, "13991234567")
    second = other(cast, wish.told)
    assert found(cast, wish) == [(second.number, "说法相近"), (first.number, "同一个电话")]


def test_the_review_names_them(cast, wish, browse):
    again = other(cast, wish.told)
    page = browse(cast.users["clerk1"]).get("/wishes/review").text
    assert "可能是同一件事" in page
    assert f'href="/wishes/{again.number}"' in page


def test_a_full_page_of_reviews_takes_few_queries(cast, wish, browse):
    """The wishes that are compared come without their helpers, whom nobody reads there."""
    other(cast, wish.told, wish.phone, state="claimed", others=("member2",), helpers_needed=2)
    for _ in range(4):
        other(cast, wish.told, wish.phone, state="submitted")
    browser = browse(cast.users["clerk1"])
    assert browser.get("/wishes/review").text.count('class="review"') == 5
    assert counted(browser, "/wishes/review") <= 5 * 4 + 6
