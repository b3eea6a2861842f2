"""Members find first what suits them: typed by hand, the order of activities, posts and wishes, and the words why."""

import datetime as dt

import pytest

from portal import clock
from portal.extensions import db
from portal.labels import Category
from portal.menu import suiting
from portal.registrations.models import CardFreeTime, CardIntention, CardSkill, FreeTime, InfoCard
from portal.scheme.calendar import Calendar
from portal.scheme.models import DayKind
from portal.wishes import wall_cache
from tests.menu.making import a_post, an_activity
from tests.pages import select, texts
from tests.wishes.making import a_wish

EVENINGS, WEEKENDS, HOLIDAYS = FreeTime.EVENINGS, FreeTime.WEEKENDS, FreeTime.HOLIDAYS


@pytest.fixture
def carded(county):
    """member1 lives in grid1, mends water and electricity, means medical care, and is free at weekends."""
    wall_cache.forget()
    county.member1_row.grid_id = county.grid1.id
    card = InfoCard(member_id=county.member1_row.id, filled_at=clock.now(), filled_by="欧阳䶮", checked_year=2026)
    card.skills = [CardSkill(skill="水电维修")]
    card.intentions = [CardIntention(category=Category.MEDICAL)]
    card.free_times = [CardFreeTime(free_time=WEEKENDS)]
    db.session.add(card)
    db.session.commit()
    return county


def lines(page) -> list[tuple[str, str]]:
    """Title and reason of each card, in order."""
    return [(title, why) for title, why in zip(texts(page, ".part .card__title"), _whys(page), strict=True)]


def _whys(page) -> list[str]:
    return ["".join(texts_of(card)) for card in select(page, ".part .card")]


def texts_of(card) -> list[str]:
    return [" ".join("".join(one.itertext()).split()) for one in card.iter() if one.get("class") == "card__why"]


# (title, its facts, why it suits member1): in the order in which member1 finds them. Today is Monday, 15 June 2026;
# days=5 is a Saturday, days=3 a Thursday.
ACTIVITIES = (
    ("紧急的，不适合", {"urgent": True, "days": 40}, ""),
    ("会修水管的，周六", {"detail": "请会修水管的来", "days": 5}, "特长匹配（水电维修）、空闲时间合适（周末）"),
    ("会修水管的，周四", {"detail": "请会修水管的来", "days": 3}, "特长匹配（水电维修）"),
    ("意向，本网格", {"category": Category.MEDICAL, "grid": 1, "days": 3}, "服务意向一致（医疗保健）、同一网格"),
    ("意向，全县，周六", {"category": Category.MEDICAL, "county": True, "days": 5},
     "服务意向一致（医疗保健）、空闲时间合适（周末）"),
    ("意向，早一天", {"category": Category.MEDICAL, "days": 2}, "服务意向一致（医疗保健）"),
    ("意向，晚一天", {"category": Category.MEDICAL, "days": 3}, "服务意向一致（医疗保健）"),
    ("本网格的", {"grid": 1, "days": 3}, "同一网格"),
    ("外社区的特长", {"detail": "请会修水管的来", "away": True, "days": 3}, "特长匹配（水电维修）"),
    ("本社区周六的，不适合", {"days": 5}, ""),
    ("本社区周四的，不适合", {"days": 3}, ""),
    ("外社区的，不适合", {"away": True, "days": 3}, ""),
)  # fmt: skip


def facts_of(county, told: dict) -> dict:
    facts = {name: value for name, value in told.items() if name not in ("grid", "county", "away")}
    if told.get("grid"):
        facts["grid_id"] = county.grid1.id
    if told.get("county") or told.get("away"):
        facts["community_id"] = county.community2.id if told.get("away") else None
    return facts


def test_activities_that_suit_stand_first(carded, browse):
    for title, told, _ in reversed(ACTIVITIES):
        an_activity(carded, title, **facts_of(carded, told))
    page = browse(carded.users["member1"]).get("/menu?kind=activity")
    assert lines(page) == [(title, why) for title, _, why in ACTIVITIES]


POSTS = (
    ("丁，修水电", {"duty": "楼道水电维修"}, "特长匹配（水电维修）"),
    ("丙，意向，周末", {"category": Category.MEDICAL, "free_times": (EVENINGS, WEEKENDS)},
     "服务意向一致（医疗保健）、空闲时间合适（周末）"),
    ("甲，意向", {"category": Category.MEDICAL, "free_times": (EVENINGS,)}, "服务意向一致（医疗保健）"),
    ("乙，本网格", {"grid": 1}, "同一网格"),
    ("外社区，意向", {"category": Category.MEDICAL, "away": True}, "服务意向一致（医疗保健）"),
    ("周末的，不适合", {"free_times": (WEEKENDS,)}, ""),
    ("丁，不适合", {}, ""),
    ("外社区，不适合", {"away": True}, ""),
)  # fmt: skip


def test_posts_that_suit_stand_first(carded, browse):
    for title, told, _ in POSTS:
        a_post(carded, title, **facts_of(carded, told))
    page = browse(carded.users["member1"]).get("/menu?kind=post")
    assert lines(page) == [(title, why) for title, _, why in POSTS]


def test_wishes_that_suit_stand_first_then_the_newest_of_the_own_community(carded, browse):
    there = {"grid_id": None, "community_id": carded.community2.id, "detail": "请人帮一帮"}
    here = there | {"community_id": carded.community1.id}
    a_wish(carded, title="不适合的", category=Category.CULTURE, **here)
    a_wish(carded, title="外社区不适合的", category=Category.CULTURE, **there)
    a_wish(carded, title="意向的", category=Category.MEDICAL, **here)
    a_wish(carded, title="外社区意向的", category=Category.MEDICAL, **there)
    a_wish(
        carded, title="还缺人的", category=Category.MEDICAL, state="claimed", helpers_needed=2, leader="member2", **here
    )
    fits, rest = "服务意向一致（医疗保健）", [("不适合的", ""), ("外社区不适合的", "")]
    member = browse(carded.users["member1"])
    found = lines(member.get("/menu?kind=wish"))
    assert found == [("意向的", fits), ("外社区意向的", fits), ("还缺人的", fits), *rest]
    assert lines(member.get("/menu?kind=wish&category=culture")) == rest


def test_whoever_has_no_card_finds_the_own_community_first(county, browse):
    an_activity(county, "外社区的", days=2, community_id=county.community2.id)
    an_activity(county, "本社区的", days=3)
    for username in ("member2", "newcomer"):
        page = browse(county.users[username]).get("/menu?kind=activity")
        assert lines(page) == [("本社区的", ""), ("外社区的", "")]


def test_reasons_and_buttons_of_one_are_never_shown_to_another(carded, browse, client):
    an_activity(carded, "量血压", category=Category.MEDICAL, going=("member1",))
    browse(carded.users["member1"]).get("/menu")
    for browser in (client, browse(carded.users["member2"])):
        page = browser.get("/menu")
        assert texts(page, ".card__why, .offer__held") == []


STANDS = {
    # (who, what): the words of the foot of the card and the button
    ("member1", "报了的"): "还有 19 个名额，共 20 个您已报名",
    ("member1", "满的"): "1 个名额已满，候补 1 人您在候补",
    ("member1", "没报的"): "还有 20 个名额，共 20 个报名：没报的",
    ("member1", "截止的"): "还有 20 个名额，共 20 个报名已截止",
    ("member1", "在岗的"): "还缺 1 人，共 2 人您在岗",
    ("member1", "认满的"): "1 个岗位已认满",
    ("member1", "没认的"): "还缺 2 人，共 2 人认岗：没认的",
    ("member1", "外社区的"): "还缺 2 人，共 2 人",
    ("member2", "报了的"): "还有 19 个名额，共 20 个报名：报了的",
    ("member2", "满的"): "1 个名额已满，候补 1 人您已报名",
    ("member3", "满的"): "1 个名额已满，候补 1 人候补：满的",
    ("member3", "外社区的"): "还缺 2 人，共 2 人认岗：外社区的",
    ("newcomer", "没报的"): "还有 20 个名额，共 20 个",
    ("newcomer", "没认的"): "还缺 2 人，共 2 人",
}


def test_each_card_says_how_the_member_stands_to_it(county, browse):
    an_activity(county, "报了的", going=("member1",))
    an_activity(county, "满的", capacity=1, going=("member2",), waiting=("member1",))
    an_activity(county, "没报的")
    an_activity(county, "截止的", sign_up_by=dt.date(2026, 6, 14))
    a_post(county, "在岗的", held_by=("member1",))
    a_post(county, "认满的", held_by=("member2",), capacity=1)
    a_post(county, "没认的")
    a_post(county, "外社区的", community_id=county.community2.id)
    found = {}
    for username in ("member1", "member2", "member3", "newcomer"):
        page = browse(county.users[username]).get("/menu")
        titles, feet = texts(page, ".offer .card__title"), texts(page, ".offer .card__foot")
        found |= {(username, title): foot for title, foot in zip(titles, feet, strict=True)}
    assert {key: found[key] for key in STANDS} == STANDS


def test_an_activity_that_has_begun_takes_no_sign_ups(county, browse):
    an_activity(county, "十点半开始", days=0, starts=dt.time(10, 30), ends=dt.time(12))
    an_activity(county, "九点开始", days=0)  # it is ten
    feet = texts(browse(county.users["member2"]).get("/menu"), ".offer .card__foot")
    assert feet == ["还有 20 个名额，共 20 个报名已截止", "还有 20 个名额，共 20 个报名：十点半开始"]


@pytest.mark.parametrize(
    ("day", "starts", "expected"),
    [
        ("2026-06-18", "09:00", set()), ("2026-06-18", "17:59", set()), ("2026-06-18", "18:00", {EVENINGS}),
        ("2026-06-20", "09:00", {WEEKENDS}), ("2026-06-19", "09:00", {HOLIDAYS}), ("2026-06-28", "09:00", set()),
        ("2026-06-28", "19:00", {EVENINGS}),
    ],
)  # fmt: skip
def test_the_free_time_of_an_activity(day, starts, expected):
    """The 19th is a holiday, the 28th a Sunday on which people work."""
    calendar = Calendar({dt.date(2026, 6, 19): DayKind.HOLIDAY, dt.date(2026, 6, 28): DayKind.WORKDAY})
    found = suiting.free_at(dt.date.fromisoformat(day), dt.time.fromisoformat(starts), calendar)
    assert found == expected
