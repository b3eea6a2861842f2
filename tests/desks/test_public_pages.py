"""The public pages that belong to no room: home, help, large type."""

import datetime as dt

import pytest

from portal import clock
from portal.extensions import db
from portal.labels import Category
from portal.wishes.models import Wish, WishState


def add_wish(cast, number: int, state: WishState, **more) -> Wish:
    wish = Wish(
        number=f"2026-{number:04}", year=2026, serial=number, state=state, community=cast.community1,
        title=f"修好第{number}号楼的路灯", category=Category.CONVENIENCE, shown_name="王某某",
        submitted_at=clock.now(), **more,
    )  # fmt: skip
    db.session.add(wish)
    return wish


def test_home_counts_what_came_true_and_what_waits(cast, client):
    yesterday = clock.now() - dt.timedelta(days=1)
    add_wish(cast, 1, WishState.CONFIRMED, confirmed_at=yesterday)
    add_wish(cast, 2, WishState.ARCHIVED, confirmed_at=yesterday)
    add_wish(cast, 3, WishState.ARCHIVED)  # withdrawn, then archived: it did not come true
    add_wish(cast, 4, WishState.PUBLISHED)
    add_wish(cast, 5, WishState.CONFIRMED, confirmed_at=yesterday, on_wall=False)
    db.session.commit()
    page = client.get("/").text
    assert "<strong>2<small>条</small></strong><span>心愿已实现</span>" in page
    assert "<strong>1<small>条</small></strong><span>等人来认领</span>" in page
    assert "修好第1号楼的路灯" in page
    assert "修好第5号楼的路灯" not in page  # a delicate wish is never shown


def test_home_of_an_empty_portal_says_how_it_works(client):
    answer = client.get("/")
    assert answer.status_code == 200
    assert "三步办成一件小事" in answer.text
    assert "最近实现的心愿" not in answer.text


def test_help_speaks_to_residents_and_members(client):
    page = client.get("/help").text
    assert "我是居民" in page and "我是在职党员" in page


def test_large_type_is_a_switch_without_a_script(client):
    assert 'class="elder"' not in client.get("/help").text
    answer = client.get("/elder?on=1&next=/help")
    assert (answer.status_code, answer.location) == (303, "/help")
    assert 'class="elder"' in client.get("/help").text
    client.get("/elder?on=0&next=/help")
    assert 'class="elder"' not in client.get("/help").text


@pytest.mark.parametrize("foreign", ["https://example.com/", "//example.com", "/\\example.com", "/a\nb", "/help\n", ""])
def test_large_type_leads_nowhere_else(client, foreign):
    assert client.get("/elder", query_string={"on": "1", "next": foreign}).location == "/"


@pytest.mark.parametrize("address", ["/no-such-page", "/wishes/2099-9999/no-such-verb"])
def test_a_missing_page_is_a_calm_chinese_page(client, address):
    answer = client.get(address)
    assert answer.status_code == 404
    assert "没有找到这个页面" in answer.text


def test_the_navigation_marks_the_page_or_the_room_it_belongs_to(cast, client, browse):
    assert '<a href="/help" aria-current="page">' in client.get("/help").text
    wish = add_wish(cast, 1, WishState.PUBLISHED, published_at=clock.now())
    db.session.commit()
    assert '<a href="/wishes" aria-current="true">' in client.get(f"/wishes/{wish.number}").text
    page = browse(cast.users["clerk1"]).get("/records/new").text
    assert '<a href="/records" aria-current="true">' in page
    assert page.count("aria-current") == 3  # and its group, and the breadcrumb
