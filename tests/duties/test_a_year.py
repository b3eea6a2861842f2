"""A member's whole year over HTTP, on a clock that moves: each of the five ones the day before and the day after.

Reported in, pledged, a post, two activities (one from the waiting list), a wish for two, a household visited over
months, a move to another community in June, a suggestion adopted. Every step is made on the pages by the person whose
step it is; the five ones are read on the member's own page.
"""

import datetime as dt
import re

import pytest
import time_machine

from portal import clock, numbers, queue
from portal.activities.models import SignUp, SignUpState
from portal.actors import Role
from portal.extensions import db
from portal.records import queries as records
from portal.records.models import RecordState, ServiceRecord
from portal.registrations.models import Registration
from tests.cast import make_member, sign_in
from tests.page_forms import form_to
from tests.pages import texts
from tests.wishes.making import register
from tests.wishes.residents import follow, make_wish

POST, SUGGESTION, ACTIVITY = "认领一个服务岗位", "提出一条合理建议", "参加一次公益活动"
HOUSEHOLD, EXEMPLAR = "联系一户困难家庭", "争当一名服务标兵"
DONE, LACKING, ARRANGE, LATER = "已完成", "未完成", "待社区安排", "还没到期"
YEAR = 2026


class Year:
    """The people of a county, each with a browser of the day on which they act."""

    def __init__(self, app, cast):
        self.app, self.cast = app, cast

    def on(self, month: int, day: int, hour: int = 19):
        """Travel to an hour of a day of the year; time itself acts first."""
        travel = time_machine.travel(clock.start_of(dt.date(YEAR, month, day)) + dt.timedelta(hours=hour), tick=False)
        return _Day(travel)

    def browser(self, name: str):
        """A browser in which this person has just signed in."""
        return sign_in(self.app, self.cast.users[name])

    def sends(self, name: str, where: str, /, **data) -> str:
        """A person sends a form; the page to which it leads."""
        browser = self.browser(name)
        answer = browser.post(where, data=data)
        assert answer.status_code == 303, "".join(texts(answer, "#flash, .errors, .error")) or answer.text
        self.address = answer.location
        return browser.get(answer.location).text

    def reads(self, name: str, where: str):
        """A person opens a page."""
        answer = self.browser(name).get(where)
        assert answer.status_code == 200
        return answer

    def ones(self, month: int, day: int, name: str = "member1") -> dict[str, str]:
        """How the five ones stand on the member's own page in the evening of a day."""
        with self.on(month, day, 22):
            desk = self.reads(name, "/desk")
        return dict(zip(texts(desk, ".ones strong"), texts(desk, ".ones .tag"), strict=True))


class _Day:
    def __init__(self, travel):
        self.travel = travel

    def __enter__(self):
        self.travel.start()
        assert queue.tick(clock.now(), db.session.commit, db.session.rollback) == []

    def __exit__(self, *_):
        self.travel.stop()


@pytest.fixture
def year(app, cast) -> Year:
    """The cast, one more member of the second community, and everybody but the first member reported in."""
    member4 = make_member(cast.unit2, cast.community2, "解晓东", "13891701009")
    cast.places["member4_row"] = member4
    cast.appoint("member4", "解晓东", Role.MEMBER, member=member4, unit=cast.unit2)
    db.session.commit()
    register(cast, "member2", "member3", "member4")
    for row in db.session.scalars(db.select(Registration)):
        row.accepted_on = dt.date(YEAR, 1, 12)
        numbers.draw("receipt", YEAR)
    db.session.commit()
    return Year(app, cast)


def number_in(address: str) -> str:
    """The number of the case to which an address leads."""
    return re.search(r"\d{4}-\d{4}", address)[0]


def reports_and_pledges(it: Year) -> None:
    with it.on(3, 2):
        it.sends("liaison1", "/registrations/issue", row=it.cast.member1_row.id)
        case = "/registrations/" + number_in(it.reads("member1", "/registrations/mine").text)
        it.sends("member1", "/registrations/card", phone="13891701001", address="东大街12号院", skills="水电维修",
                 intentions="convenience", free_times="weekends", version="0")  # fmt: skip
        it.sends("member1", f"{case}/present", mode="alone")
    with it.on(3, 3):
        it.sends("clerk1", f"{case}/accept", grid_id=it.cast.grid1.id)
        it.sends("liaison1", f"{case}/file")
    with it.on(3, 4):
        browser = it.browser("member1")
        form = form_to(browser.get("/pledges/mine/write").text, "")
        promise = {"category": "convenience", "what": "到社区修理水电", "times": "2", "due_on": "2026-10-31"}
        promise = {f"promises-0-{name}": value for name, value in promise.items()}
        it.sends("member1", "/pledges/mine/write", **form.filled(submit="1", **promise))
        pledge = "/pledges/" + number_in(it.reads("member1", "/pledges/mine").text)
        assert "已审定" in it.sends("liaison1", f"{pledge}/approve")


def takes_a_post_and_serves(it: Year) -> None:
    with it.on(3, 10, 10):
        it.sends("clerk1", "/posts/new", title="水电维修岗", category="convenience", duty="帮老人看看水电。",
                 place="儒林苑小区内", times="周六上午，时间自定", capacity="2", version="0")  # fmt: skip
        it.post = it.address
    with it.on(3, 10, 20):
        assert "在岗" in it.sends("member1", f"{it.post}/claim")
    with it.on(3, 14):
        it.sends("member1", f"{it.post}/serve", day="2026-03-14", half_hours="2", what="换了两只水龙头", starts="09:00")
    assert it.ones(3, 15)[EXEMPLAR] == LACKING
    with it.on(3, 16, 10):
        it.sends("clerk1", f"/records/{waiting_record(it)}/confirm")
    assert it.ones(3, 17)[EXEMPLAR] == DONE


def waiting_record(it: Year) -> int:
    """The id of the one record of the member that waits for a second person."""
    rows = db.select(ServiceRecord.id).where(
        ServiceRecord.member_id == it.cast.member1_row.id, ServiceRecord.state == RecordState.PENDING
    )
    return db.session.scalars(rows).one()


def draft(it: Year, clerk: str, **more) -> str:
    facts = {
        "title": "便民服务进小区", "category": "convenience", "kind": "service", "benefit": "none",
        "starts": "09:00", "ends": "11:00", "place": "儒林苑小区广场", "detail": "修理小家电、量血压。",
        "version": "0",
    }  # fmt: skip
    it.sends(clerk, "/activities/new", **(facts | more))
    activity = it.address
    it.sends(clerk, f"{activity}/publish")
    return activity


def rolled(it: Year, clerk: str, activity: str) -> None:
    """The clerk takes the roll of the one who holds a place."""
    coming = db.session.scalars(
        db.select(SignUp.id).where(SignUp.state == SignUpState.SIGNED_UP, SignUp.member_id == it.cast.member1_row.id)
    ).one()
    it.sends(clerk, f"{activity}/mark", sign_up_id=coming, to="attended")


def an_activity(it: Year) -> None:
    with it.on(4, 10, 10):
        activity = draft(it, "clerk1", day="2026-04-18")
    with it.on(4, 11):
        assert "已报名" in it.sends("member1", f"{activity}/sign_up")
    with it.on(4, 18, 12):
        rolled(it, "clerk1", activity)
    assert it.ones(4, 19)[POST] == LACKING
    with it.on(4, 20, 10):
        assert "已结算" in it.sends("clerk1b", f"{activity}/settle")
    assert it.ones(4, 21)[POST] == DONE
    assert it.ones(4, 21)[ACTIVITY] == LACKING  # it did the public no good in the sense of the notice


FILE = {
    "kind": "elder", "name": "王桂芳", "sex": "female", "born": "1944-05", "phone": "13991234000",
    "address": "儒林苑2号楼1单元101室", "version": "0",
}  # fmt: skip


def household(it: Year, clerk: str, by_day: tuple[int, int], **more) -> str:
    """A clerk enters a household and opens its file; the member agrees to support it on the next day."""
    month, day = by_day
    with it.on(month, day, 10):
        form = form_to(it.reads(clerk, "/households/new").text, "")
        ticks = {name: form.choices[name][0] for name in ("difficulties", "needs", "ways")}
        it.sends(clerk, "/households/new", **form.filled(**(FILE | ticks | more)))
        where = it.address
        it.sends(clerk, f"{where}/activate", consent_by="self", consent_on=f"2026-{month:02}-{day:02}",
                 consent_taken_by="王秀兰")  # fmt: skip
        it.sends(clerk, f"{where}/propose", member_id=it.cast.member1_row.id)
    with it.on(month, day + 1):
        page = it.reads("member1", "/households/mine").text
        [accept] = set(re.findall(rf"{where}/supports/\d+/accept", page))
        it.sends("member1", accept)
    return where


def visit(
    it: Year, where: str, month: int, day: int, second: str, confirmed: tuple[int, int], *, before: str,
    written: tuple[int, int] = (),
) -> None:  # fmt: skip
    """The member writes a visit down, on the same evening or later; a second person confirms it in the morning.

    The household stands as `before` on the evening before that, and is done with on the one after.
    """
    with it.on(*(written or (month, day))):
        it.sends("member1", f"{where}/record", day=f"2026-{month:02}-{day:02}", half_hours="2", starts="15:00",
                 people=it.cast.member1_row.id, done="打扫卫生，检查燃气", solved="换了灶具软管")  # fmt: skip
        where = it.address
    assert it.ones(confirmed[0], confirmed[1] - 1)[HOUSEHOLD] == before
    with it.on(*confirmed, 10):
        it.sends(second, f"{where}/confirm")
    assert it.ones(confirmed[0], confirmed[1] + 1)[HOUSEHOLD] == DONE


def a_wish_for_two(it: Year) -> None:
    with it.on(5, 16, 9):
        number, code = make_wish(it.app.test_client(), it.cast, helpers_needed="2")
        where = f"/wishes/{number}"
        it.sends("clerk1", f"{where}/publish", title="教老人用手机挂号", category="convenience", on_wall="y",
                 detail="教老人用手机挂号。", helpers_needed="2", grid_id=it.cast.grid1.id)  # fmt: skip
    with it.on(5, 16, 20):
        it.sends("member1", f"{where}/claim")
        it.sends("member2", f"{where}/claim")
    with it.on(5, 20):
        form = form_to(it.reads("member1", f"{where}/finish").text, "/finish")
        hours = {name: "3" for name in form.names if name.startswith("hours_")}
        it.sends("member1", f"{where}/finish", **form.filled(day="2026-05-20", starts="18:00", words="教会了", **hours))
    with it.on(5, 21, 9):
        resident = it.app.test_client()
        follow(resident, number, code)
        assert (
            resident.post("/wishes/follow/confirm", data={"number": number, "code": code, "rating": "5"}).status_code
            == 303
        )


def moves_to_the_other_community(it: Year) -> None:
    with it.on(6, 10, 10):
        case = "/registrations/" + number_in(it.reads("member1", "/registrations/mine").text)
        it.sends("liaison1", f"{case}/relocate", community_id=it.cast.community2.id, address="凤栖家园3号楼202室")
    with it.on(6, 12, 10):
        waiting = it.reads("clerk2", "/registrations?state=issued").text
        [new] = set(re.findall(r"/registrations/(\d{4}-\d{4})", waiting))
        it.sends("clerk2", f"/registrations/{new}/accept", grid_id=it.cast.other_grid.id)


def a_suggestion(it: Year) -> None:
    assert it.ones(7, 9)[SUGGESTION] == LACKING
    with it.on(7, 10):
        it.sends("member1", "/suggestions/new", addressed_to="community", title="在小区门口设一个旧衣回收箱",
                 body="居民常把旧衣放在楼道里，设一个回收箱，由志愿者每月清理一次。", version="0")  # fmt: skip
        where = it.address
    assert it.ones(7, 11)[SUGGESTION] == DONE
    with it.on(7, 13, 10):
        it.sends("clerk2", f"{where}/accept")
    with it.on(7, 20, 10):
        it.sends("clerk2", f"{where}/answer", adopted="yes", answer="已经和物业说好，八月底设好。")
    with it.on(7, 20, 20):
        assert "八月底设好" in it.reads("member1", where).text
        assert any("已采纳" in line for line in texts(it.reads("member1", "/messages"), "main li"))


def a_service_day_from_the_waiting_list(it: Year) -> None:
    with it.on(9, 15, 10):
        activity = draft(it, "clerk2", title="清理楼道堆物", category="environment", benefit="environment",
                         capacity="1", day="2026-09-27", service_day="y")  # fmt: skip
    with it.on(9, 16):
        it.sends("member4", f"{activity}/sign_up")
    with it.on(9, 17):
        assert "候补" in it.sends("member1", f"{activity}/sign_up")
    with it.on(9, 23):
        it.sends("member4", f"{activity}/withdraw", reason="那天要加班")
        assert "已报名" in it.reads("member1", activity).text
    with it.on(9, 27, 12):
        rolled(it, "clerk2", activity)
        it.sends("clerk2", f"{activity}/settle")
    assert it.ones(9, 29)[ACTIVITY] == LACKING
    with it.on(9, 30, 10):
        it.sends("chengguan", f"/records/{waiting_record(it)}/confirm")
    assert it.ones(10, 1)[ACTIVITY] == DONE


def test_a_year(year):
    it = year
    reports_and_pledges(it)
    assert it.ones(3, 9) == {POST: LACKING, SUGGESTION: LACKING, ACTIVITY: LACKING, HOUSEHOLD: ARRANGE,
                             EXEMPLAR: LACKING}  # fmt: skip
    takes_a_post_and_serves(it)
    an_activity(it)

    first = household(it, "clerk1", (4, 22), grid_id=it.cast.grid1.id)
    assert it.ones(4, 24)[HOUSEHOLD] == LATER
    visit(it, first, 5, 9, "grid1", (5, 11), before=LATER)
    a_wish_for_two(it)
    assert records.year_total(it.cast.member2_row.id, YEAR) == (1, 3)

    stood = it.ones(6, 9)
    moves_to_the_other_community(it)
    assert stood == it.ones(6, 13) == {POST: DONE, SUGGESTION: LACKING, ACTIVITY: LACKING, HOUSEHOLD: DONE,
                                       EXEMPLAR: DONE}  # fmt: skip

    second = household(it, "clerk2", (7, 1), address="凤鸣小区5号楼301室", name="解桂英", phone="13991234111")
    a_suggestion(it)
    visit(it, second, 7, 25, "clerk2", (7, 27), before=DONE)
    assert it.ones(8, 31)[HOUSEHOLD] == DONE  # August is not over
    visit(it, second, 8, 29, "clerk2", (9, 3), before=LACKING, written=(9, 2))
    visit(it, second, 9, 12, "clerk2", (9, 14), before=DONE)
    a_service_day_from_the_waiting_list(it)
    for month, day in ((10, 17), (11, 14), (12, 12)):
        visit(it, second, month, day, "clerk2", (month, day + 1), before=DONE)

    assert it.ones(12, 31) == dict.fromkeys((POST, SUGGESTION, ACTIVITY, HOUSEHOLD, EXEMPLAR), DONE)
    # post 1 h · activity 2 h · visits May, July, August, September to December 1 h each · wish 1.5 h · service day 2 h
    assert records.year_total(it.cast.member1_row.id, YEAR) == (11, 2 + 4 + 7 * 2 + 3 + 4)

    # Whoever asks reads the same: the colleague who helped with the wish alone lacks what the member has.
    for office in ("liaison1", "dept1", "county"):
        with it.on(12, 31):
            lacks = texts(it.reads(office, "/duties/people?one=activity&status=lacking"), "#list tbody th")
        assert "买买提·吐尔逊" in lacks
        assert "欧阳䶮" not in lacks
