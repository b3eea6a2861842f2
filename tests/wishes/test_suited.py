"""What stands on a member's own page: wishes that fit, those that waited long first, each with the reason."""

import datetime as dt

import pytest
import time_machine
from sqlalchemy import event

from portal.extensions import db
from portal.labels import Category
from portal.registrations.forms import SKILLS
from portal.registrations.models import CardFreeTime, CardIntention, CardSkill, FreeTime, InfoCard
from portal.scheme.models import SchemeYear
from portal.wishes import crafts, suited
from portal.wishes.crafts import Craft
from tests.pages import texts
from tests.wishes.making import a_wish, invite

MONDAY = dt.datetime(2026, 5, 18, 2, tzinfo=dt.UTC)  # 10:00 in the county
SEVENTH = dt.datetime(2026, 5, 10, 16, tzinfo=dt.UTC)  # the first minute of the 11th there: seven days ago


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False):
        yield


def card(member, skills=(), intentions=()) -> None:
    filled = InfoCard(member_id=member.id, filled_at=MONDAY, filled_by=member.name, checked_year=2026)
    filled.skills = [CardSkill(skill=skill) for skill in skills]
    filled.intentions = [CardIntention(category=category) for category in intentions]
    db.session.add(filled)
    db.session.commit()


def shown(cast, name: str = "member1", most: int = 6) -> list[tuple[str, str]]:
    profile = suited.profile_of(cast.by(name))
    return [(one.card.title, one.why) for one in suited.wishes_for(profile, most)]


def elsewhere(cast, **more):
    return a_wish(cast, community_id=cast.community2.id, grid_id=None, **more)


def test_what_waited_seven_days_stands_first_and_the_own_community_before_others(county):
    card(county.member1_row, (), (Category.CONVENIENCE,))
    day = dt.timedelta(days=1)
    just = SEVENTH + day - dt.timedelta(minutes=1)  # the last minute of the 11th
    a_wish(county, title="今天的")
    elsewhere(county, title="外社区今天的")
    a_wish(county, title="满七天的", published_at=just)
    a_wish(county, title="差一分钟的", published_at=just + dt.timedelta(minutes=1))
    elsewhere(county, title="外社区久等的", published_at=SEVENTH - 5 * day)
    a_wish(county, title="八天的", published_at=just - day)
    fits = "服务意向一致（便民利民）"
    assert shown(county) == [
        ("满七天的", f"等了 7 天，{fits}"), ("八天的", f"等了 8 天，{fits}"), ("差一分钟的", fits), ("今天的", fits),
        ("外社区久等的", f"等了 12 天，{fits}"), ("外社区今天的", fits),
    ]  # fmt: skip
    assert shown(county, most=2) == [("满七天的", f"等了 7 天，{fits}"), ("八天的", f"等了 8 天，{fits}")]


def test_the_days_are_those_of_the_scheme_year(county):
    db.session.query(SchemeYear).filter_by(year=2026).one().wish_fitting_days = 9
    a_wish(county, title="八天的", published_at=SEVENTH)
    assert shown(county) == [("八天的", "")]


@pytest.mark.parametrize(
    ("wanted", "why"),
    [(None, ""), ("2026-05-20", ""), ("2026-05-23", "，空闲时间合适（周末）"), ("2026-05-17", "")],
)
def test_free_time_is_a_reason_where_it_comes_before_the_wanted_day(county, wanted, why):
    """Today is Monday, 18 May 2026, and the member is free at weekends: Saturday is the 23rd."""
    card(county.member1_row, (), (Category.CONVENIENCE,))
    filled = db.session.scalars(db.select(InfoCard)).one()
    filled.free_times = [CardFreeTime(free_time=FreeTime.WEEKENDS)]
    a_wish(county, title="修水龙头", wanted_by=wanted and dt.date.fromisoformat(wanted))
    assert shown(county) == [("修水龙头", f"服务意向一致（便民利民）{why}".replace("），", "）、"))]


def test_a_skill_an_intention_or_the_grid_is_a_reason(county):
    county.member1_row.grid_id = county.grid1.id
    card(county.member1_row, ("水电维修",), (Category.MEDICAL,))
    a_wish(county, title="陪同看病", category=Category.MEDICAL, detail="请人陪着去", grid_id=county.grid2.id)
    a_wish(county, title="修水龙头", grid_id=county.grid2.id, detail="厨房的水龙头漏")
    a_wish(county, title="写春联", category=Category.CULTURE, detail="请人写一副")
    a_wish(county, title="换锁", detail="门锁坏了", grid_id=county.grid2.id)
    assert sorted(shown(county)) == [
        ("修水龙头", "特长匹配（水电维修）"), ("写春联", "同一网格"), ("陪同看病", "服务意向一致（医疗保健）"),
    ]  # fmt: skip


def test_two_that_have_no_grid_are_not_of_the_same_one(county):
    county.member1_row.grid_id = None
    card(county.member1_row, (), (Category.MEDICAL,))
    elsewhere(county, title="换锁", detail="门锁坏了")
    assert shown(county) == []


def test_whoever_has_no_card_is_shown_what_waits_without_a_reason(county):
    a_wish(county, title="换锁")
    assert shown(county) == [("换锁", "")]
    assert suited.profile_of(county.by("newcomer")) is None


def test_what_is_held_for_others_hidden_or_declined_is_not_offered(county):
    invite(county, a_wish(county, title="留给别人的"), "member2")
    invite(county, a_wish(county, title="谢绝过的"), "member1", "declined")
    invite(county, a_wish(county, title="请我办的", helpers_needed=2), "member1")
    invite(county, a_wish(county, title="没来得及答复的"), "member1", "lapsed")
    a_wish(county, title="不上墙的", on_wall=False)
    a_wish(county, "claimed", leader="member2", title="有人办的")
    assert shown(county) == [("没来得及答复的", "")]


def test_desk_and_page_say_why(county, browse):
    card(county.member1_row, ("水电维修",))
    a_wish(county, published_at=SEVENTH)
    member = browse(county.users["member1"])
    for address in ("/desk", "/wishes/mine"):
        assert texts(member.get(address), ".card__why") == ["等了 7 天，特长匹配（水电维修）"]


@pytest.mark.parametrize("count", [1, 40])
def test_the_page_asks_as_often_however_much_there_is(county, browse, count):
    card(county.member1_row, ("水电维修", "理发"), tuple(Category))
    for _ in range(count):
        a_wish(county)
    profile_and_wishes: list[str] = []
    by = county.by("member1")
    event.listen(db.engine, "before_cursor_execute", lambda *heard: profile_and_wishes.append(heard[2]))
    suited.wishes_for(suited.profile_of(by), 6)
    assert len([asked for asked in profile_and_wishes if asked.startswith("SELECT")]) == 2


def test_every_skill_that_the_card_offers_is_a_craft():
    assert [skill for skill in SKILLS if not crafts.named_in(skill)] == []
    assert all(craft in crafts.named_in(craft.label) for craft in Craft)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("厨房水龙头漏水，请会修的师傅看看", {Craft.PLUMBING}), ("想弄明白医保报销怎么办", set()),
        ("孩子初二数学跟不上，想请人辅导", {Craft.LESSONS}), ("学用手机挂号", {Craft.COMPUTERS}),
        ("行动不便，想请人上门理发", {Craft.HAIR}), ("冬天想要一床厚被子", set()),
    ],
)  # fmt: skip
def test_a_craft_is_known_by_the_words_that_name_it(text, expected):
    assert crafts.named_in(text) == expected
