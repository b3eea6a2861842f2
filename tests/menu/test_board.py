"""The menu for everybody: what, when, where, places left, by part, category and filter; nothing of anybody."""

import datetime as dt

import pytest
from sqlalchemy import event

from portal.activities.models import ActivityState, Benefit
from portal.extensions import db
from portal.labels import Category
from portal.posts.models import PostState
from portal.wishes import wall_cache
from tests.menu.making import a_post, an_activity
from tests.pages import select, texts
from tests.wishes.making import ADDRESS, NAME, PHONE, a_wish

PARTS = ".part .section-head h2"
TITLES = ".part .card__title"


@pytest.fixture(autouse=True)
def fresh():
    """Nothing kept of another test's board."""
    wall_cache.forget()


def test_the_parts_stand_in_the_order_of_time_then_posts_then_wishes(county, client):
    a_wish(county)
    a_post(county)
    an_activity(county, "以后的", days=40)
    an_activity(county, "本月的", days=14)
    an_activity(county, "本周的", days=6)
    an_activity(county, "服务日的", days=12, service_day=True)
    an_activity(county, "那天的，不是服务日的", days=12)
    page = client.get("/menu")
    assert texts(page, PARTS) == [
        "服务日活动 1 场", "本周活动 1 场", "本月活动 2 场", "以后的活动 1 场", "常设服务岗位 1 个",
        "等人来办的心愿 1 条",
    ]  # fmt: skip
    assert texts(page, TITLES) == [
        "服务日的", "本周的", "那天的，不是服务日的", "本月的", "以后的", "楼道安全巡查", "修一修漏水的水龙头",
    ]  # fmt: skip


def test_what_is_over_cancelled_or_not_public_is_not_on_it(county, client):
    for state in ActivityState:
        an_activity(county, f"{state.label}的", state=state)
    an_activity(county, "昨天的", days=-1)
    an_activity(county, "今天的", days=0)
    a_post(county, "停设的", state=PostState.CLOSED, closed_on=dt.date(2026, 6, 1))
    a_wish(county, title="有人办的", helpers_needed=1, state="claimed")
    a_wish(county, title="还缺人的", helpers_needed=2, state="claimed", leader="member2")
    a_wish(county, title="不上墙的", on_wall=False)
    a_wish(county, title="待审核的", state="submitted")
    assert texts(client.get("/menu"), TITLES) == ["今天的", "报名中的", "还缺人的"]


def test_an_activity_says_what_when_where_and_what_is_left(county, client):
    an_activity(county, capacity=3, going=("member1", "member2"), benefit=Benefit.ENVIRONMENT, urgent=True)
    an_activity(county, "满员的", days=6, capacity=1, going=("member1",), waiting=("member2", "member3"))
    an_activity(county, "不限的", days=7, capacity=None, community_id=None, sign_up_by=dt.date(2026, 6, 14))
    page = client.get("/menu")
    assert texts(page, ".card__meta") == [
        "09:00–11:00文化广场儒林社区", "09:00–11:00文化广场儒林社区", "09:00–11:00文化广场全县",
    ]  # fmt: skip
    assert texts(page, ".card__foot") == [
        "还有 1 个名额，共 3 个", "1 个名额已满，候补 2 人", "已有 0 人报名，人数不限报名已截止",
    ]  # fmt: skip
    assert [one.get("datetime") for one in select(page, ".part .leaf")] == ["2026-06-20", "2026-06-21", "2026-06-22"]
    assert texts(page, ".part .tag") == ["紧急召集", "环境整治"]


def test_categories_tell_how_much_there_is_of_each_and_lead_there(county, client):
    an_activity(county, category=Category.MEDICAL)
    a_post(county, category=Category.MEDICAL)
    a_post(county, category=Category.ORDER)
    a_wish(county, category=Category.MEDICAL)
    page = client.get("/menu?category=medical")
    counted = dict(zip(texts(page, ".kinds .kind > span:first-of-type"), texts(page, ".kind__count"), strict=True))
    assert counted == {
        "全部": "4 项", "政策宣传": "0 项", "法律援助": "0 项", "医疗保健": "3 项", "扶贫帮困": "0 项",
        "便民利民": "0 项", "文化娱乐": "0 项", "治安调解": "1 项", "环境保护": "0 项",
    }  # fmt: skip
    assert len(select(page, ".part .card")) == 3
    assert [one.get("href") for one in select(page, ".kinds [aria-current]")] == ["/menu?category=medical"]


FOUND = {
    "": ["活动甲", "活动乙", "岗位甲", "岗位乙", "心愿甲", "心愿乙"],
    "kind=activity": ["活动甲", "活动乙"],
    "kind=post": ["岗位甲", "岗位乙"],
    "kind=wish": ["心愿甲", "心愿乙"],
    "kind=nonsense": ["活动甲", "活动乙", "岗位甲", "岗位乙", "心愿甲", "心愿乙"],
    "community=2": ["活动乙", "岗位乙", "心愿乙"],  # and what is for the whole county
    "category=legal": ["活动乙", "岗位乙", "心愿乙"],
    "when=week": ["活动甲", "心愿甲"],
    "when=month&kind=activity": ["活动甲", "活动乙"],
    "when=service_day": ["活动乙"],
    "when=week&kind=post": [],
    "q=甲": ["活动甲", "岗位甲", "心愿甲"],
    "q=文化广场": ["活动甲", "活动乙"],
    "q=2026-0001&kind=post": ["岗位甲"],
    "q=没有这样的": [],
    "grid=1": ["活动甲", "活动乙", "岗位甲", "岗位乙", "心愿甲", "心愿乙"],  # a grid of no community
    "community=1&grid=1": ["活动甲", "岗位甲"],  # of a wish the public knows no grid
    "community=1&grid=1&kind=wish": [],
    "community=2&grid=1": ["活动乙", "岗位乙", "心愿乙"],  # no grid of that community
    "page=2&kind=post": [],
    "page=0&kind=post": ["岗位甲", "岗位乙"],
    "page=999999&community=9999999999&q=%00&category=": ["活动甲", "活动乙", "岗位甲", "岗位乙", "心愿甲", "心愿乙"],
}


def test_filters_stand_in_the_address(county, client):
    other = {"community_id": county.community2.id, "category": Category.LEGAL}
    an_activity(county, "活动甲", days=3, grid_id=county.grid1.id)
    an_activity(county, "活动乙", days=12, service_day=True, category=Category.LEGAL, community_id=None)
    a_post(county, "岗位甲", grid_id=county.grid1.id)
    a_post(county, "岗位乙", **other)
    a_wish(county, title="心愿甲", wanted_by=dt.date(2026, 6, 18))
    a_wish(county, title="心愿乙", grid_id=None, **other)
    for query, expected in FOUND.items():
        here = query.replace("community=2", f"community={county.community2.id}")
        here = here.replace("community=1", f"community={county.community1.id}")
        here = here.replace("grid=1", f"grid={county.grid1.id}")
        assert sorted(texts(client.get(f"/menu?{here}"), TITLES)) == sorted(expected), query


def test_whoever_is_signed_in_narrows_it_to_a_grid(county, browse):
    an_activity(county, "网格的", grid_id=county.grid1.id)
    an_activity(county, "别的网格的", grid_id=county.grid2.id)
    a_post(county, "岗位")
    page = browse(county.users["clerk1"]).get(f"/menu?grid={county.grid1.id}")
    assert texts(page, TITLES) == ["网格的"]
    assert texts(page, ".part .card__meta") == ["09:00–11:00文化广场儒林社区第一网格"]


def test_a_part_shows_six_and_leads_to_the_rest_page_by_page(county, client):
    for n in range(30):
        an_activity(county, f"活动{n:02}", days=40 + n)
        a_post(county, f"岗位{n:02}")
    page = client.get("/menu?q=0")
    assert texts(page, PARTS) == ["以后的活动 12 场", "常设服务岗位 12 个"]
    assert len(select(page, ".part .card")) == 12
    page = client.get("/menu")
    addresses = [one.get("href") for one in select(page, ".part .section-head a")]
    assert addresses == ["/menu?kind=activity", "/menu?kind=post"]
    for address in addresses:
        page = client.get(address)
        assert len(select(page, ".part .card")) == 24
        (following,) = (one.get("href") for one in select(page, ".pager a"))
        page = client.get(following)
        assert len(select(page, ".part .card")) == 6
        assert [one.get("href") for one in select(page, ".pager a")] == [f"{address}&page=1"]


def test_more_wishes_than_a_page_stand_on_the_wall(county, client):
    for n in range(25):
        a_wish(county, title=f"心愿{n:02}")
    page = client.get(f"/menu?kind=wish&community={county.community1.id}")
    assert len(select(page, ".part .card")) == 24
    (wall,) = (one.get("href") for one in select(page, ".part .section-head a"))
    assert wall == f"/wishes?community={county.community1.id}&status=published"
    assert client.get(wall).status_code == 200


def test_nothing_of_people_grids_or_wordings_is_public(county, client, face):
    """Everything that no public column holds, put where it could slip through."""
    an_activity(county, going=("member1",), waiting=("member2",), grid_id=county.grid1.id, detail="请到王奶奶家集合")
    a_post(county, held_by=("member1", "member2"), grid_id=county.grid2.id, duty="巡查三号楼的陈桂英家")
    a_wish(county, detail="家里没人照顾")
    a_wish(county, "claimed", leader="member1", helpers_needed=2)
    for browser in (client, face("public").test_client()):
        for address in ("/menu", "/menu?kind=activity", "/menu?kind=post", "/menu?kind=wish",
                        "/menu/calendar", "/menu/calendar?day=2026-06-20"):  # fmt: skip
            answer = browser.get(address)
            assert answer.status_code == 200
            never = (
                NAME,
                PHONE,
                ADDRESS,
                "王奶奶",
                "陈桂英",
                "没人照顾",
                "欧阳䶮",
                "买买提",
                "13891701001",
                "网格",
                "您已",
            )
            assert [words for words in never if words in answer.text] == [], address


def test_nobody_who_is_not_signed_in_is_offered_a_button(county, client):
    an_activity(county)
    a_post(county)
    a_wish(county)
    page = client.get("/menu")
    assert select(page, "#board button") == []
    assert [one.get("href") for one in select(page, ".part .card__title a")] == [
        "/activities/2026-0001", "/wishes/2026-0001",
    ]  # fmt: skip


def test_the_service_days_stand_on_top_and_lead_to_their_activities(county, client):
    page = client.get("/menu")
    assert texts(page, ".service h2") == ["下一个服务日 暂估"]
    assert "2026年6月27日至28日，还有 12 天。" in texts(page, ".service p")[0]
    assert select(page, ".service a")[0].get("href") == "/menu?when=service_day&kind=activity"
    assert texts(page, ".empty__title") == ["没有符合条件的活动、岗位或心愿"]


def test_a_visitor_is_answered_from_memory_and_with_not_modified(county, client):
    an_activity(county)
    first = client.get("/menu")
    asked = []
    event.listen(db.engine, "before_cursor_execute", lambda *heard: asked.append(heard[2]))
    again = client.get("/menu")
    assert again.data == first.data and asked == []
    assert client.get("/menu", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_the_home_and_both_navigations_lead_to_it(county, client, browse):
    assert "/menu?when=service_day&kind=activity" in [a.get("href") for a in select(client.get("/"), ".panel a")]
    assert "/menu" in [a.get("href") for a in select(client.get("/"), ".nav a")]
    member = browse(county.users["member1"])
    assert {"/menu", "/menu/mine"} <= {a.get("href") for a in select(member.get("/desk"), ".nav a")}


@pytest.mark.parametrize(
    ("username", "address", "titles"),
    [
        ("clerk1", "/menu", ["儒林的", "全县的"]), ("clerk1", "/menu?community=", ["儒林的", "凤鸣的", "全县的"]),
        ("grid1", "/menu", ["儒林的", "全县的"]), ("clerk2", "/menu", ["凤鸣的", "全县的"]),
        ("chengguan", "/menu", ["儒林的", "凤鸣的", "全县的"]), ("county", "/menu", ["儒林的", "凤鸣的", "全县的"]),
        ("liaison1", "/menu", ["儒林的", "凤鸣的", "全县的"]),
    ],
)  # fmt: skip
def test_an_office_of_one_community_sees_its_own_board_first(county, browse, username, address, titles):
    an_activity(county, "儒林的")
    an_activity(county, "凤鸣的", community_id=county.community2.id)
    an_activity(county, "全县的", community_id=None)
    page = browse(county.users[username]).get(address)
    assert sorted(texts(page, TITLES)) == sorted(titles)
    assert select(page, "#board button") == []


def test_that_an_office_chose_all_communities_stays_chosen(county, browse):
    page = browse(county.users["clerk1"]).get("/menu?community=")
    assert all("community=" in one.get("href") for one in select(page, ".kinds a"))
    page = browse(county.users["clerk1"]).get("/menu")
    assert not any("community=" in one.get("href") for one in select(page, ".kinds a"))


def test_offices_find_what_they_open_here(county, browse):
    def doings(username: str) -> list[str]:
        return texts(browse(county.users[username]).get("/menu"), ".hero__row > div > .buttons a")

    assert doings("clerk1") == ["开设岗位", "发起活动", "审核心愿"]
    assert doings("county") == ["发起活动"]
    assert doings("grid1") == ["审核心愿"]
    assert doings("member1") == ["我的安排"]
    assert doings("liaison1") == []


@pytest.mark.parametrize("count", [3, 30])
@pytest.mark.parametrize("username", [None, "member1", "clerk1", "chengguan", "county"])
def test_it_asks_as_often_however_much_there_is(county, client, browse, username, count):
    for n in range(count):
        an_activity(county, f"活动{n}", days=n, service_day=n % 5 == 0, going=("member1",) if n % 2 else ())
        a_post(county, f"岗位{n}", held_by=("member1",) if n % 2 else (), free_times=("evenings", "weekends"))
        a_wish(county, title=f"心愿{n}")
    browser = browse(county.users[username]) if username else client
    asked: list[str] = []

    def note(_connection, _cursor, statement, *_):
        asked.append(statement)

    for query in ("", "?kind=activity", "?kind=post", "?kind=wish"):
        wall_cache.forget()
        event.listen(db.engine, "before_cursor_execute", note)
        assert browser.get(f"/menu{query}").status_code == 200
        event.remove(db.engine, "before_cursor_execute", note)
        selects = [each for each in asked if each.startswith("SELECT")]
        assert len(selects) <= MOST_QUERIES[username], (query, selects)
        asked.clear()


MOST_QUERIES = {None: 7, "member1": 13, "clerk1": 9, "chengguan": 10, "county": 9}
