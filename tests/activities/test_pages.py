"""Pages of activities: who sees what at one address, a year's work of a clerk, a member's clicks, the roll by forms."""

import datetime as dt

import pytest
from sqlalchemy import event

from portal import clock
from portal.activities.models import Activity, ActivityState
from portal.extensions import db
from portal.registrations import deferments
from portal.registrations.models import DefermentKind
from tests.activities.making import an_activity, on_list, states
from tests.page_forms import PageForm, form_to, forms_of
from tests.pages import listed, same_page, select, texts

NAMES = ("欧阳䶮", "买买提·吐尔逊")


def test_one_address_shows_each_what_they_may_see(county, browse, client):
    activity = an_activity(county, capacity=5)
    on_list(county, activity, "member1", "member2")
    address = f"/activities/{activity.number}"
    public = client.get(address)
    assert public.status_code == 200
    assert texts(public, "h1") == ["清扫儒林苑楼道 报名中"]
    assert "还有 3 个名额（共 5 个）" in public.text and "儒林苑南门" in public.text
    assert "第一网格" not in public.text
    for name in ("member3", "liaison1", "chengguan", "dept1", "committee", "county", "clerk2"):
        page = browse(county.users[name]).get(address)
        assert page.status_code == 200 and not any(each in page.text for each in NAMES if name != "member1"), name
    own = browse(county.users["member1"]).get(address)
    assert all(name in own.text for name in NAMES) and texts(own, "#people td") == []
    office = browse(county.users["clerk1"]).get(address)
    assert texts(office, "#people tbody th") == list(NAMES)


def test_a_full_activity_offers_the_waiting_list_to_those_who_are_not_on_it(county, browse, client):
    activity = an_activity(county, capacity=1)
    on_list(county, activity, "member1")
    address, said = f"/activities/{activity.number}", "名额已满（共 1 个），可以候补"
    assert said in client.get(address).text and said in browse(county.users["member2"]).get(address).text
    own = browse(county.users["member1"]).get(address).text
    assert "名额已满（共 1 个）" in own and "可以候补" not in own


@pytest.mark.parametrize("state", ["draft", "cancelled"])
def test_what_was_never_published_is_the_organiser_s_alone(county, browse, client, state):
    activity = an_activity(county, state)
    address, missing = f"/activities/{activity.number}", "/activities/2098-9999"
    assert client.get(address).status_code == 404
    for name in ("member1", "clerk2", "grid1", "county", "chengguan"):
        browser = browse(county.users[name])
        assert same_page(browser.get(address), browser.get(missing)), name
    assert browse(county.users["clerk1b"]).get(address).status_code == 200


def test_what_was_cancelled_after_publishing_says_so(county, browse, client):
    activity = an_activity(county, "cancelled", published_at=clock.now())
    assert "这次活动取消了" in client.get(f"/activities/{activity.number}").text


def test_what_everybody_reads_names_no_residents_phone_but_where_it_is(county, browse):
    clerk = browse(county.users["clerk1"])
    facts = {
        "title": "端午义诊", "category": "medical", "kind": "service", "benefit": "public", "day": "2026-6-27",
        "starts": "09:00", "ends": "11:00", "place": "儒林苑3号楼2单元门口",
        "detail": "先到101室，有事打13891701009找老人的儿子。",
    }  # fmt: skip
    form = form_to(clerk.get("/activities/new").text, "")
    refused = clerk.post("/activities/new", data=form.filled(**facts))
    assert refused.status_code == 409 and "像是电话号码" in refused.text and "详细地址" not in refused.text
    assert clerk.post("/activities/new", data=form.filled(**facts | {"detail": "量血压。"})).status_code == 303
    activity = db.session.scalars(db.select(Activity)).one()
    form = form_to(clerk.get(f"/activities/{activity.number}/edit").text, "")
    changed = clerk.post(f"/activities/{activity.number}/edit", data=form.filled(detail="加微信yilao2026进群"))
    assert changed.status_code == 409 and "像是微信号" in changed.text


def test_a_clerk_drafts_publishes_corrects_and_postpones(county, browse):
    clerk = browse(county.users["clerk1"])
    form = form_to(clerk.get("/activities/new").text, "")
    assert clerk.post("/activities/new", data=form.filled(title="义诊")).status_code == 422
    facts = {
        "title": "端午义诊", "category": "medical", "kind": "service", "benefit": "public", "day": "2026.6.27",
        "starts": "09:00", "ends": "08:00", "place": "社区广场", "detail": "量血压、测血糖。", "capacity": "10",
        "grid_id": str(county.grid1.id), "service_day": "y",
    }  # fmt: skip
    refused = clerk.post("/activities/new", data=form.filled(**facts))
    assert refused.status_code == 409 and "结束时间要晚于开始时间" in refused.text and "量血压" in refused.text
    form = form_to(clerk.get("/activities/new").text, "")
    made = clerk.post("/activities/new", data=form.filled(**facts | {"ends": "11:00"}))
    activity = db.session.scalars(db.select(Activity)).one()
    assert (made.status_code, made.location) == (303, f"/activities/{activity.number}")
    assert activity.community == county.community1 and activity.service_day and activity.grid == county.grid1
    page = clerk.get(made.location)
    assert texts(page, ".panel .button") == ["发布", "取消活动"]
    assert clerk.post(f"{made.location}/publish").status_code == 303

    form = form_to(clerk.get(f"{made.location}/edit").text, "")
    assert "title" not in form.names
    assert clerk.post(f"{made.location}/edit", data=form.filled(place="广场东侧", title="骗人的")).status_code == 303
    db.session.expire_all()
    assert (activity.place, activity.title) == ("广场东侧", "端午义诊")
    form = form_to(clerk.get(f"{made.location}/postpone").text, "/postpone")
    assert form.values["day"] == "2026-06-27"
    later = form.filled(day="2026-07-04", reason="雨天")
    assert clerk.post(f"{made.location}/postpone", data=later).status_code == 303
    db.session.expire_all()
    assert activity.day == dt.date(2026, 7, 4)
    form = form_to(clerk.get(f"{made.location}/cancel").text, "/cancel")
    assert clerk.post(f"{made.location}/cancel", data=form.filled(reason="")).status_code == 422
    assert clerk.post(f"{made.location}/cancel", data=form.filled(reason="场地取消")).status_code == 303


def test_two_who_correct_at_once_see_both_texts(county, browse):
    activity = an_activity(county)
    one, other = browse(county.users["clerk1"]), browse(county.users["clerk1b"])
    first, second = (form_to(c.get(f"/activities/{activity.number}/edit").text, "") for c in (one, other))
    assert one.post(f"/activities/{activity.number}/edit", data=first.filled(place="北门")).status_code == 303
    late = other.post(f"/activities/{activity.number}/edit", data=second.filled(place="东门"))
    assert late.status_code == 409 and "北门" in late.text and "东门" in late.text


def test_the_county_office_s_activity_is_everybody_s(county, browse):
    office = browse(county.users["county"])
    form = form_to(office.get("/activities/new").text, "")
    assert "grid_id" not in form.names
    facts = {
        "title": "全县清洁日", "category": "environment", "kind": "service", "benefit": "environment",
        "day": "2026-06-28", "starts": "09:00", "ends": "11:00", "place": "各社区", "detail": "就近参加。",
    }  # fmt: skip
    made = office.post("/activities/new", data=form.filled(**facts))
    assert office.post(f"{made.location}/publish").status_code == 303
    assert browse(county.users["clerk1"]).post(f"{made.location}/cancel", data={"reason": "x"}).status_code == 403
    assert browse(county.users["member3"]).post(f"{made.location}/sign_up").status_code == 303


def test_a_member_signs_up_by_one_click_and_withdraws_with_a_reason(county, browse):
    activity = an_activity(county, capacity=1)
    an_activity(county, title="报名截止的", sign_up_by=clock.today() - dt.timedelta(days=1))
    an_activity(county, title="已经开始的", days=0, starts=dt.time(7))
    an_activity(county, title="留给服务队的", days=8, capacity=1, held_back=1)
    member, other = browse(county.users["member1"]), browse(county.users["member3"])
    page = member.get("/activities")
    assert texts(page, ".sign_up") == ["报名：清扫儒林苑楼道", "候补：留给服务队的"]
    done = member.post(form_to(page.text, f"/{activity.number}/sign_up").action)
    assert (done.status_code, done.location) == (303, f"/activities/{activity.number}")
    assert texts(other.get("/activities?community="), ".sign_up") == ["候补：清扫儒林苑楼道", "候补：留给服务队的"]
    assert other.post(f"/activities/{activity.number}/sign_up").status_code == 303
    assert "您排在候补第 1 位" in other.get(f"/activities/{activity.number}").text
    assert texts(member.get("/activities/mine"), ".todo small") == ["2026年6月27日（周六）09:00–11:00 · 儒林苑南门"]
    form = form_to(member.get(f"/activities/{activity.number}/withdraw").text, "/withdraw")
    assert member.post(form.action, data=form.filled(reason="")).status_code == 422
    assert member.post(form.action, data=form.filled(reason="加班")).status_code == 303
    assert states(activity) == {"欧阳䶮": "cancelled", "单雪": "signed_up"}


def test_the_roll_by_forms_alone(county, browse):
    activity = an_activity(county, days=0)
    on_list(county, activity, "member1", "member2")
    on_list(county, activity, "member3", state="waitlisted")
    base = f"/activities/{activity.number}"
    worker = browse(county.users["grid1"])
    page = worker.get(f"{base}/roll")
    assert texts(page, "#roll .roll__name") == [
        "买买提·吐尔逊 已报名：凤翔中学党支部，点一下记为到场",
        "欧阳䶮 已报名：凤翔中学党支部，点一下记为到场",
    ]
    form = forms_to(page, "/mark")[0]
    tapped = worker.post(form.action, data=form.values)
    assert (tapped.status_code, tapped.location) == (303, f"{base}/roll")
    page = worker.get(f"{base}/roll")
    assert texts(page, "#roll-count") == ["到场 1 人，未到 0 人，没点的 1 人"]
    assert texts(page, "#roll a") == ["2 小时"]
    assert texts(page, "#waited .roll__name") == ["单雪"]
    assert worker.post(f"{base}/mark", data=forms_to(page, "/mark")[-1].values).status_code == 303
    assert states(activity)["单雪"] == "attended"
    found = listed(worker, f"{base}/roll?q=qiuwenbo")
    assert texts(found, "#found .roll__name") == ["仇文博"]
    assert worker.post(f"{base}/walk_in", data=forms_to(found, "/walk_in")[0].values).status_code == 303
    link = select(worker.get(f"{base}/roll"), "#roll a")[0].get("href")
    form = form_to(worker.get(link).text, "/set_hours")
    assert form.values["half_hours"] == "4"
    assert worker.post(form.action, data=form.filled(half_hours="3")).status_code == 303
    assert worker.get(f"{base}/settle").status_code == 403


def forms_to(page, ending: str) -> list[PageForm]:
    return [form for form in forms_of(page.text) if form.action.endswith(ending)]


def test_settling_from_the_page(county, browse):
    activity = an_activity(county, "held")
    on_list(county, activity, "member1", state="attended")
    on_list(county, activity, "member2")
    clerk = browse(county.users["clerk1b"])
    asked = clerk.get(f"/activities/{activity.number}/settle")
    assert texts(asked, ".notes li") == ["到场 1 人，各写一条写实记录。", "还有 1 人没有点名。"]
    form = form_to(asked.text, "/settle")
    refused = clerk.post(form.action, data=form.values)
    assert refused.status_code == 409 and "还有 1 人没有点名（买买提·吐尔逊）" in refused.text
    assert clerk.post(form.action, data=form.filled(rest_absent="y")).status_code == 303
    db.session.expire_all()
    assert activity.state is ActivityState.SETTLED


def test_the_clerk_looks_up_who_has_no_login(county, browse):
    activity = an_activity(county)
    clerk = browse(county.users["clerk1"])
    page = listed(clerk, f"/activities/{activity.number}/enter?q=xieyuzhen")
    assert texts(page, "#found .roll__name") == ["解玉珍"]
    assert (
        clerk.post(f"/activities/{activity.number}/sign_up_for", data=forms_to(page, "_for")[0].values).status_code
        == 303
    )
    assert states(activity) == {"解玉珍": "signed_up"}
    assert "代办" in clerk.get(f"/activities/{activity.number}").text


def test_the_list_is_narrowed_by_the_address(county, browse):
    an_activity(county, title="清扫", service_day=True)
    an_activity(county, "held", title="去年的")
    an_activity(county, "draft", title="草稿一份")
    elsewhere = an_activity(county, home="community2", title="别处的", days=3)
    an_activity(county, home=None, title="全县的", days=2)
    clerk, member = browse(county.users["clerk1"]), browse(county.users["member1"])

    def titles(browser, query: str = "") -> list[str]:
        return texts(browser.get(f"/activities{query}"), "tbody th a")

    # a member finds those of the community where they are registered first, of the county, and their own
    assert titles(member) == ["全县的", "清扫"]
    assert titles(member, "?community=") == ["全县的", "别处的", "清扫"]
    on_list(county, elsewhere, "member1")
    assert titles(member) == titles(member, f"?community={county.community1.id}") == ["全县的", "别处的", "清扫"]
    # an office of one community finds its own first, with what is of the whole county
    assert titles(clerk) == ["草稿一份", "清扫", "全县的", "去年的"]
    assert titles(clerk, "?community=") == ["草稿一份", "清扫", "别处的", "全县的", "去年的"]
    assert titles(clerk, "?state=draft") == ["草稿一份"] and titles(member, "?state=draft") == []
    assert titles(clerk, "?service_day=y") == ["清扫"]
    assert titles(member, f"?community={county.community2.id}&state=published") == ["全县的", "别处的"]
    assert titles(clerk, "?q=全县") == ["全县的"]


def test_the_desk_says_what_waits_and_urgent_call_ups_stand_first(county, browse):
    an_activity(county, "held", days=-8)
    an_activity(county, "draft", days=5)
    rolled = an_activity(county, days=0, title="今天的", starts=dt.time(19), ends=dt.time(21))
    on_list(county, rolled, "member1")
    called = an_activity(county, title="防汛值守", urgent=True, days=1)
    lines = texts(browse(county.users["clerk1"]).get("/desk"), ".todo__words")
    assert lines[0] == "紧急召集活动日期 6月21日"
    assert "已举行的活动，待点名和结算逾期 1 件 · 最早 6月12日" in lines
    assert "快到日子还没发布的活动草稿最近 6月25日" in lines
    assert "今天的活动，待点名" in lines
    member = browse(county.users["member2"])
    assert texts(member.get("/desk"), ".todo__words")[0] == "紧急召集活动日期 6月21日"
    assert texts(member.get("/activities?urgent=1"), "tbody th a") == ["防汛值守"]
    assert texts(member.get("/activities"), "#list .banner__title") == ["紧急召集：防汛值守"]
    for name in ("member3", "newcomer"):
        assert "紧急召集" not in browse(county.users[name]).get("/desk").text
    assert member.post(f"/activities/{called.number}/sign_up").status_code == 303
    assert "紧急召集" not in member.get("/desk").text


def test_who_need_not_come_is_not_called_up(county, browse):
    """Nothing is asked of who is deferred this month."""
    an_activity(county, title="防汛值守", urgent=True, days=1)
    row = deferments.ask(county.member2_row, county.by("liaison1"), DefermentKind.SECONDED, "2026-06", "2026-08")
    deferments.agree(row, county.by("dept1"))
    db.session.commit()
    assert "紧急召集" not in browse(county.users["member2"]).get("/desk").text
    assert "紧急召集" in browse(county.users["member1"]).get("/desk").text


def test_who_is_asked_again_finds_it_on_the_desk(county, browse):
    activity = an_activity(county, renew_by=clock.today() + dt.timedelta(days=5))
    on_list(county, activity, "member1", renew=True)
    member = browse(county.users["member1"])
    assert "报名的活动改期了，请续报或退出最迟 6月25日" in texts(member.get("/desk"), ".todo__words")
    assert member.post(f"/activities/{activity.number}/renew").status_code == 303
    assert "请续报" not in member.get("/desk").text


def test_a_page_of_many_people_asks_no_more_than_one_of_few(county, browse, client):
    """The queries do not grow with the people on the list."""
    few, many = an_activity(county, days=0), an_activity(county, days=0, title="人多的")
    on_list(county, few, "member1", state="attended")
    on_list(county, many, "member1", "member2", "member3", "dual", "paper", state="attended")
    clerk = browse(county.users["clerk1"])

    def asked(address: str) -> int:
        seen = []
        listen = lambda *args: seen.append(args[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listen)
        try:
            assert clerk.get(address).status_code == 200
        finally:
            event.remove(db.engine, "before_cursor_execute", listen)
        return len(seen)

    for page in ("", "/roll"):
        asked(f"/activities/{few.number}{page}")
        assert asked(f"/activities/{many.number}{page}") == asked(f"/activities/{few.number}{page}")


@pytest.mark.parametrize("verb", ["take_off", "mark", "set_hours", "renew_for"])
def test_a_form_that_is_sent_empty_names_nobody_to_who_may_not_send_it(county, browse, verb):
    activity = an_activity(county, days=0, starts=dt.time(7), ends=dt.time(23))
    on_list(county, activity, "member1", state="attended" if verb == "set_hours" else "signed_up",
            renew=verb == "renew_for")  # fmt: skip
    for name, reads in (("member2", False), ("liaison1", False), ("clerk1", True)):
        answer = browse(county.users[name]).post(f"/activities/{activity.number}/{verb}")
        assert answer.status_code == (422 if reads else 403), name
        assert ("欧阳䶮" in answer.text) == reads, name
