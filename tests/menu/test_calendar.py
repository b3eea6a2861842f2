"""The calendar of a month and the files taken from it."""

import datetime as dt

import pytest
from sqlalchemy import event

from portal.activities.models import ActivityState
from portal.extensions import db
from portal.scheme.models import CalendarDay, DayKind
from portal.wishes import wall_cache
from tests.menu.making import an_activity
from tests.pages import select, texts
from tests.wishes.making import a_wish

SHOWN = ".calendar td:not(.calendar__empty):not(.calendar__none)"


@pytest.fixture(autouse=True)
def fresh():
    """Nothing kept of another test's calendar."""
    wall_cache.forget()


def test_service_days_days_off_and_activities_stand_on_their_days(county, client):
    db.session.add(CalendarDay(day=dt.date(2026, 6, 19), kind=DayKind.HOLIDAY, note="端午节"))
    db.session.add(CalendarDay(day=dt.date(2026, 6, 28), kind=DayKind.WORKDAY, note="端午节"))
    an_activity(county, "量血压", days=5)
    an_activity(county, "早的", days=5, starts=dt.time(8))
    an_activity(county, "办过的", days=-5, state=ActivityState.SETTLED)
    an_activity(county, "草稿", days=4, state=ActivityState.DRAFT)
    an_activity(county, "取消的", days=4, state=ActivityState.CANCELLED)
    page = client.get("/menu/calendar")
    assert texts(page, "h2") == ["2026年6月"]
    assert texts(page, SHOWN) == [
        "6月10日 周三 09:00 办过的",
        "6月15日 周一今天",
        "6月19日 周五端午节",
        "6月20日 周六服务日 08:00 早的 09:00 量血压",
        "6月21日 周日服务日",
        "6月28日 周日上班",
    ]
    assert [one.get("href") for one in select(page, ".calendar li a")] == [
        "/activities/2026-0003", "/activities/2026-0002", "/activities/2026-0001",
    ]  # fmt: skip


def test_a_full_day_shows_four_and_leads_to_the_rest(county, client):
    for n in range(7):
        an_activity(county, f"活动{n}", starts=dt.time(8 + n), ends=dt.time(9 + n))
    page = client.get("/menu/calendar")
    assert texts(page, ".calendar li") == [
        "08:00 活动0",
        "09:00 活动1",
        "10:00 活动2",
        "11:00 活动3",
        "还有 3 场，2026年6月20日",
    ]
    (more,) = (one.get("href") for one in select(page, ".calendar__more"))
    page = client.get(more)
    assert texts(page, "#day h2") == ["2026年6月20日的活动"]
    assert texts(page, "#day tbody th") == [f"活动{n}" for n in range(7)]


def test_months_are_turned_by_their_addresses(county, client):
    page = client.get(f"/menu/calendar?month=2026-12&community={county.community2.id}")
    before, after = (one.get("href") for one in select(page, ".calendar-head a[rel]"))
    assert before == f"/menu/calendar?month=2026-11&community={county.community2.id}"
    assert after == f"/menu/calendar?month=2027-01&community={county.community2.id}"
    assert len(select(client.get("/menu/calendar?month=2014-01"), ".calendar-head a[rel]")) == 1
    for query in (
        "month=9999-99&day=x",
        "month=2026-06&day=2026-07-01",
        "month=&community=99999999999",
        "day=2026-06-99",
    ):
        page = client.get(f"/menu/calendar?{query}")
        assert (texts(page, "h2"), page.status_code) == (["2026年6月"], 200), query


def test_a_community_sees_its_own_and_what_is_for_the_whole_county(county, client):
    an_activity(county, "儒林的")
    an_activity(county, "凤鸣的", community_id=county.community2.id)
    an_activity(county, "全县的", community_id=None)
    page = client.get(f"/menu/calendar?community={county.community2.id}&day=2026-06-20")
    assert texts(page, ".calendar li") == ["09:00 凤鸣的", "09:00 全县的"]
    assert texts(page, "#day tbody th") == ["凤鸣的", "全县的"]


def test_a_member_finds_mine_first_and_what_is_due(county, browse):
    for n in range(5):
        an_activity(county, f"活动{n}", community_id=county.community2.id)
    an_activity(county, "我的", starts=dt.time(15), ends=dt.time(16), going=("member1",))
    a_wish(county, "claimed", finish_by=dt.date(2026, 6, 20))
    page = browse(county.users["member1"]).get("/menu/calendar")
    assert texts(page, ".calendar li") == [
        "认领的心愿：修一修漏水的水龙头", "15:00 我的（我的）", "09:00 活动0", "09:00 活动1", "09:00 活动2",
        "还有 2 场，2026年6月20日",
    ]  # fmt: skip
    other = browse(county.users["member2"]).get("/menu/calendar")
    assert "（我的）" not in other.text and "认领的心愿" not in other.text


def test_one_activity_as_a_file(county, client):
    found = an_activity(county, "打扫；广场, 清洁")
    answer = client.get(f"/menu/activities/{found.number}.ics")
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    lines = answer.data.decode().split("\r\n")
    assert {"UID:activity-2026-0001@127.0.0.1", "DTSTART:20260620T010000Z", "DTEND:20260620T030000Z",
            "LOCATION:文化广场", "SUMMARY:打扫；广场\\, 清洁"} <= set(lines)  # fmt: skip


@pytest.mark.parametrize("state", [ActivityState.DRAFT, ActivityState.CANCELLED])
def test_what_is_not_public_has_no_file(county, client, browse, state):
    found = an_activity(county, state=state)
    gone, missing = client.get(f"/menu/activities/{found.number}.ics"), client.get("/menu/activities/2026-9999.ics")
    assert (gone.status_code, missing.status_code) == (404, 404)
    assert "BEGIN:VEVENT" not in client.get(f"/menu/communities/{county.community1.id}.ics").text


def test_a_community_as_a_file(county, client):
    an_activity(county, "儒林的")
    an_activity(county, "凤鸣的", community_id=county.community2.id)
    an_activity(county, "全县的", community_id=None)
    an_activity(county, "上个月的", days=-31, state=ActivityState.SETTLED)
    an_activity(county, "早过了的", days=-32, state=ActivityState.SETTLED)
    words = client.get(f"/menu/communities/{county.community1.id}.ics").data.decode()
    assert [line[8:] for line in words.split("\r\n") if line.startswith("SUMMARY:")] == ["上个月的", "儒林的", "全县的"]
    assert client.get("/menu/communities/999999.ics").status_code == 404


def test_what_is_mine_as_a_file(county, browse):
    an_activity(county, "报了的", going=("member1",))
    an_activity(county, "候补的", waiting=("member1",))
    an_activity(county, "没报的")
    a_wish(county, "claimed", finish_by=dt.date(2026, 7, 1))
    words = browse(county.users["member1"]).get("/menu/mine.ics").data.decode()
    titles = [line[8:] for line in words.split("\r\n") if line.startswith("SUMMARY:")]
    assert titles == ["报了的", "候补的（候补）", "认领的心愿：修一修漏水的水龙头"]
    assert "DTSTART;VALUE=DATE:20260701" in words


@pytest.mark.parametrize("count", [2, 40])
@pytest.mark.parametrize("username", [None, "member1", "clerk1"])
def test_it_asks_as_often_however_much_there_is(county, client, browse, username, count):
    for n in range(count):
        an_activity(county, f"活动{n}", days=n % 10, going=("member1",) if n % 2 else ())
    browser = browse(county.users[username]) if username else client
    asked: list[str] = []

    def note(_connection, _cursor, statement, *_):
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    assert browser.get("/menu/calendar?day=2026-06-20").status_code == 200
    event.remove(db.engine, "before_cursor_execute", note)
    assert len([each for each in asked if each.startswith("SELECT")]) <= {None: 6, "member1": 13, "clerk1": 9}[username]
