"""Mine and still open: one plain list, what is due in the next seven days on top."""

import datetime as dt

import pytest
from sqlalchemy import event
from sqlalchemy import select as sql

from portal import clock
from portal.activities.models import ActivityState, Invitation, SignUp, SignUpState
from portal.extensions import db
from portal.households.models import SupportState, VisitState
from portal.labels import Category
from portal.pledges.models import Pledge, PledgeItem, PledgeState
from portal.suggestions.models import Addressed, Suggestion
from tests.menu.making import a_household, a_post, a_visit, an_activity
from tests.pages import select, texts
from tests.wishes.making import a_wish, invite

SOON, LATER = "section[aria-labelledby=soon] li", "section[aria-labelledby=rest] li"


def mine(county, browse, username: str = "member1"):
    return browse(county.users[username]).get("/menu/mine")


def a_suggestion(county, **more) -> Suggestion:
    member = county.member1_row
    found = Suggestion(**{
        "number": "2026-0007", "year": 2026, "serial": 7, "member_id": member.id, "unit_id": member.unit_id,
        "community_id": member.community_id, "addressed_to": Addressed.COMMUNITY, "title": "增设充电桩", "body": "东门",
        "submitted_on": dt.date(2026, 6, 10), "answer_by": dt.date(2026, 6, 20),
    } | more)  # fmt: skip
    db.session.add(found)
    db.session.commit()
    return found


def a_pledge(county, *items: PledgeItem, **more) -> Pledge:
    member = county.member1_row
    found = Pledge(**{
        "state": PledgeState.SHOWN, "number": "2026-0003", "year": 2026, "serial": 3, "member_id": member.id,
        "unit_id": member.unit_id, "community_id": member.community_id, "shown_name": "欧阳某某", "pinyin": "ouyang",
        "written_at": clock.now(), "written_by": "欧阳䶮", "submitted_on": dt.date(2026, 4, 1),
        "approved_on": dt.date(2026, 4, 2), "show_on": dt.date(2026, 4, 8),
    } | more)  # fmt: skip
    found.items = list(items)
    db.session.add(found)
    db.session.commit()
    return found


def test_everything_that_is_mine_stands_in_one_list(county, browse):
    invite(county, a_wish(county, title="请我办的"), "member1")
    a_wish(county, "claimed", title="在办的", finish_by=dt.date(2026, 6, 14))
    a_wish(county, "claimed", title="别人在办的", leader="member2")
    an_activity(county, "周六的", going=("member1",))
    an_activity(county, "下周一的", days=7, going=("member2",), waiting=("member3", "member1"), capacity=1)
    an_activity(county, "八天以后的", days=8, going=("member1",))
    a_post(county, "在岗的", held_by=("member1",))
    a_post(county, "别人在岗的", held_by=("member2",))
    a_suggestion(county)
    a_pledge(
        county, PledgeItem(place=1, category=Category.LEGAL, what="讲一次法律课", times=1, due_on=dt.date(2026, 12, 1))
    )
    page = mine(county, browse)
    assert texts(page, SOON) == [
        "6月14周日 在办的已逾期 · 认领的心愿 · 6月14日前办好",
        "6月17周三 请我办的受邀的心愿 · 名额保留到6月17日，请答复",
        "6月20周六 周六的报名的活动 · 6月20日09:00开始 · 文化广场",
        "6月22周一 下周一的候补的活动 · 候补第 2 位 · 6月22日09:00开始 · 文化广场",
    ]
    assert texts(page, LATER) == [
        "6月20周六 增设充电桩建议 · 6月20日前答复您",
        "6月23周二 八天以后的报名的活动 · 6月23日09:00开始 · 文化广场",
        "12月1周二 讲一次法律课承诺事项 · 承诺12月1日前兑现 · 已兑现 0 / 1 次",
        "在岗的服务岗位 · 每周六上午",
    ]
    assert [one.get("href") for one in select(page, ".own-list a")] == [
        "/wishes/2026-0002", "/wishes/2026-0001", "/activities/2026-0001", "/activities/2026-0002",
        "/suggestions/2026-0007", "/activities/2026-0003", "/pledges/mine", "/posts/2026-0001",
    ]  # fmt: skip


def test_what_is_over_is_not_mine_any_more(county, browse):
    an_activity(county, "取消的", going=("member1",), state=ActivityState.CANCELLED)
    an_activity(county, "办过的", days=-1, going=("member1",), state=ActivityState.HELD)
    found = an_activity(county, "退出的", going=("member1",))
    own = db.session.scalars(sql(SignUp).where(SignUp.activity_id == found.id)).one()
    own.state, own.place = SignUpState.CANCELLED, None
    a_wish(county, "done", title="办完的")
    invite(county, a_wish(county, title="谢绝的"), "member1", "declined")
    invite(county, a_wish(county, title="过了期的"), "member1", hours=-1)
    a_pledge(county, PledgeItem(place=1, category=Category.LEGAL, what="草稿里的", due_on=dt.date(2026, 12, 1)),
             state=PledgeState.DRAFT, submitted_on=None, approved_on=None, show_on=None)  # fmt: skip
    page = mine(county, browse)
    assert texts(page, ".own-list li") == []
    assert texts(page, ".empty__title") == ["还没有认领、报名或在岗"]


def test_an_invitation_to_an_activity_is_mine_until_it_is_answered(county, browse):
    found = an_activity(county, "请我参加的")
    db.session.add(Invitation(activity_id=found.id, member_id=county.member1_row.id, at=clock.now(), by_name="王秀兰"))
    db.session.commit()
    line = "6月20周六 请我参加的受邀的活动 · 请您参加 · 6月20日09:00开始 · 文化广场"
    assert texts(mine(county, browse), SOON) == [line]
    found.sign_up_by = clock.today() - dt.timedelta(days=1)
    db.session.commit()
    assert texts(mine(county, browse), ".own-list li") == []  # too late to sign up
    found.sign_up_by = None
    db.session.commit()
    assert texts(mine(county, browse, "member2"), ".own-list li") == []
    assert browse(county.users["member1"]).post(f"/activities/{found.number}/sign_up").status_code == 303
    assert texts(mine(county, browse), SOON) == ["6月20周六 请我参加的报名的活动 · 6月20日09:00开始 · 文化广场"]


def test_a_household_is_due_once_a_month_whoever_of_its_supporters_goes(county, browse):
    household = a_household(county, "member1", "member2")
    line = "6月30周二 联系户 王某某联系户走访 · 本月还没有走访，6月30日前去一次"
    assert texts(mine(county, browse), LATER) == [line]
    assert texts(mine(county, browse, "member2"), LATER) == [line]
    assert texts(mine(county, browse, "member3"), ".own-list li") == []
    a_visit(household, dt.date(2026, 5, 31))
    a_visit(household, dt.date(2026, 6, 3), VisitState.REJECTED)
    assert texts(mine(county, browse), LATER) == [line]
    a_visit(household, dt.date(2026, 6, 1))
    assert texts(mine(county, browse), ".own-list li") == []


def test_a_support_that_is_asked_for_is_mine_to_answer(county, browse):
    household = a_household(county, "member2")
    household.supports[0].state, household.supports[0].leads = SupportState.PROPOSED, False
    db.session.commit()
    page = mine(county, browse, "member2")
    assert texts(page, SOON) == ["联系户 王某某受邀的结对帮扶 · 请答复"]
    (address,) = (one.get("href") for one in select(page, ".own-list a"))
    assert browse(county.users["member2"]).get(address).status_code == 200


def test_the_desk_says_how_many_activities_are_near(county, browse):
    an_activity(county, "周六的", going=("member1",))
    an_activity(county, "今天的", days=0, going=("member1",))
    an_activity(county, "八天以后的", days=8, going=("member1",))
    an_activity(county, "候补的", waiting=("member1",))
    page = browse(county.users["member1"]).get("/desk")
    assert "2 七天之内要参加的活动最近一场 6月15日" in texts(page, ".todo li a")
    assert "七天之内要参加的活动" not in browse(county.users["member2"]).get("/desk").text


@pytest.mark.parametrize("count", [1, 20])
def test_it_asks_as_often_however_much_there_is(county, browse, count):
    for n in range(count):
        an_activity(county, f"活动{n}", days=n, going=("member1",))
        a_post(county, f"岗位{n}", held_by=("member1",))
    browser, asked = browse(county.users["member1"]), []
    event.listen(db.engine, "before_cursor_execute", lambda *heard: asked.append(heard[2]))
    assert browser.get("/menu/mine").status_code == 200
    assert len([each for each in asked if each.startswith("SELECT")]) <= 6
