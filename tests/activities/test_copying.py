"""Held again: the last service day in two clicks, many days at once as drafts, and from templates."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from portal.activities import copying, templates, workflow
from portal.activities.models import Activity, ActivityState, ActivityTemplate
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.labels import Category
from tests.activities.making import an_activity, on_list
from tests.page_forms import form_to, forms_of
from tests.pages import select as elements
from tests.pages import texts

SPRING = dt.date(2026, 3, 29)  # a Sunday of the first quarter's service days


def made_after(first: Activity) -> list[Activity]:
    db.session.expire_all()
    return list(db.session.scalars(select(Activity).where(Activity.id > first.id).order_by(Activity.day)))


def test_last_quarter_s_service_day_again_in_two_clicks(county, browse):
    spring = an_activity(county, "settled", day=SPRING, service_day=True, urgent=True, capacity=8,
                         sign_up_by=SPRING - dt.timedelta(days=3), grid_id=county.grid1.id)  # fmt: skip
    on_list(county, spring, "member1", state="attended")
    an_activity(county, "settled", service_day=True, home="community2", title="凤鸣社区的")
    clerk = browse(county.users["clerk1"])
    first = next(each for each in elements(clerk.get("/activities"), "a.button") if "again" in each.get("href"))
    page = clerk.get(first.get("href"))
    assert texts(page, "tbody th") == ["清扫儒林苑楼道"] and "2026年6月28日" in page.text
    done = clerk.post("/activities/again", data=form_to(page.text, "/again").values)
    (draft,) = made_after(spring)[1:]
    assert (done.status_code, done.location) == (303, f"/activities/{draft.number}")
    assert (draft.state, draft.day, draft.service_day) == (ActivityState.DRAFT, dt.date(2026, 6, 28), True)
    same = ("title", "category", "benefit", "kind", "detail", "place", "starts", "ends", "capacity", "grid_id")
    assert [getattr(draft, name) for name in same] == [getattr(spring, name) for name in same]
    assert (draft.sign_up_by, draft.urgent, draft.copied_from_id) == (dt.date(2026, 6, 25), False, spring.id)
    assert draft.sign_ups == []
    assert "已有（草稿）" in clerk.get("/activities/again").text


def test_the_next_service_day_is_after_today_and_after_its_own(county):
    for day, following in (
        (SPRING, dt.date(2026, 6, 28)),
        (dt.date(2026, 3, 28), dt.date(2026, 6, 27)),
        (dt.date(2026, 6, 27), dt.date(2026, 9, 26)),
        (dt.date(2026, 9, 27), dt.date(2026, 12, 27)),
    ):
        assert copying.next_service_day(Activity(day=day)) == following


def test_a_whole_year_is_drafted_and_published_together(county, browse):
    first = an_activity(county, "held", days=-1)
    clerk = browse(county.users["clerk1"])
    address = f"/activities/{first.number}/copy?day=2026-06-27&repeat=monthly&until=2026-09-30"
    page = clerk.get(address)
    assert texts(page, "tbody th") == [
        "2026年6月27日 周六",
        "2026年7月27日 周一",
        "2026年8月27日 周四",
        "2026年9月27日 周日",
    ]
    assert texts(page, 'td[data-label="要注意的"]')[1].startswith("工作日，请排在下班以后")
    form = next(each for each in forms_of(page.text) if "repeat=monthly" in each.action)
    ticked = form.choices["ticked"]
    done = clerk.post(form.action, data=form.filled(ticked=ticked[:3]))
    assert (done.status_code, done.location) == (303, f"/activities/drafts?of={first.number}")
    assert [each.day.month for each in made_after(first)] == [6, 7, 8]
    assert {each.service_day for each in made_after(first)} == {False, True}  # 27 June is one
    page = clerk.get(done.location)
    form = form_to(page.text, "/drafts")
    answer = clerk.post("/activities/drafts", data=form.filled(row=form.choices["row"]))
    assert "发布：3 件全部办成。" in clerk.get(answer.location).text
    assert {each.state for each in made_after(first)} == {ActivityState.PUBLISHED}


def test_a_day_that_is_taken_already_is_shown_and_not_ticked(county, browse):
    first = an_activity(county, "held", days=-1)
    an_activity(county, day=dt.date(2026, 6, 27))
    page = browse(county.users["clerk1"]).get(
        f"/activities/{first.number}/copy?day=2026-06-27&repeat=weekly&until=2026-07-04"
    )
    assert [each.get("checked") is not None for each in elements(page, "input[name=ticked]")] == [False, True]
    assert "同名活动（报名中）" in page.text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("day=2026-06-01", "日期不能早于今天。"), ("day=2028-01-01", "最远只能排到2027年6月21日。"),
        ("day=2026-07-01&repeat=service_days&until=2026-08-01", "这段时间里没有志愿服务日，请把截止日推后。"),
        ("day=2026-06-27&repeat=nonsense&until=yesterday", ""),
    ],
)  # fmt: skip
def test_days_that_can_t_be_are_said(county, browse, query, said):
    first = an_activity(county, "held", days=-1)
    page = browse(county.users["clerk1"]).get(f"/activities/{first.number}/copy?{query}")
    assert page.status_code == 200 and texts(page, ".errors h2") == ([said] if said else [])


def test_only_the_organiser_holds_it_again_and_all_days_or_none(county, browse):
    first = an_activity(county, "held", days=-1)
    with pytest.raises(NotYours):
        copying.again(first, county.by("clerk2"), [dt.date(2026, 7, 4)])
    with pytest.raises(RuleBroken):
        copying.again(first, county.by("clerk1"), [])
    with pytest.raises(RuleBroken):
        copying.again(first, county.by("clerk1"), [dt.date(2026, 7, 4), dt.date(2026, 6, 1)])
    db.session.rollback()
    assert made_after(first) == []
    assert browse(county.users["clerk2"]).get(f"/activities/{first.number}/copy").status_code == 404
    assert browse(county.users["member1"]).get(f"/activities/{first.number}/copy").status_code == 403


def test_publishing_many_names_the_one_that_can_t_be(county, browse):
    late, fine = an_activity(county, "draft", days=-2), an_activity(county, "draft", days=3, title="义诊")
    clerk = browse(county.users["clerk1"])
    answer = clerk.post("/activities/drafts", data={"row": [str(late.id), str(fine.id), "999999"]})
    page = clerk.get(answer.location)
    assert "发布：办成 1 件，1 件没有办成" in page.text and "活动时间已经过去" in page.text


def test_templates_of_the_community_and_of_the_county(county, browse):
    own = an_activity(county, "settled", capacity=12)
    whole = an_activity(county, "settled", home=None, title="全县义务植树", category=Category.ENVIRONMENT)
    foreign = an_activity(county, "settled", home="community2", title="凤鸣社区的")
    clerk, office = browse(county.users["clerk1"]), browse(county.users["county"])
    assert clerk.post(f"/activities/{own.number}/template").location == "/activities/templates"
    assert office.post(f"/activities/{whole.number}/template").status_code == 303
    assert browse(county.users["clerk2"]).post(f"/activities/{foreign.number}/template").status_code == 303
    page = clerk.get("/activities/templates")
    assert sorted(texts(page, "tbody th")) == ["全县义务植树", "清扫儒林苑楼道"]
    assert len(elements(page, ".remove")) == 1  # the county's is the county's to take away
    template = db.session.scalars(select(ActivityTemplate).where(ActivityTemplate.community_id.is_(None))).one()
    assert clerk.post(f"/activities/templates/{template.id}/remove").status_code == 404
    form = form_to(clerk.get(f"/activities/templates/{template.id}/use").text, "")
    assert form.values["title"] == "全县义务植树" and form.values["place"] == "儒林苑南门"
    assert clerk.post(f"/activities/templates/{template.id}/use", data=form.values).status_code == 422  # no day yet
    done = clerk.post(f"/activities/templates/{template.id}/use", data=form.filled(day="2026-07-04"))
    draft = made_after(foreign)[0]
    assert done.location == f"/activities/{draft.number}" and draft.community_id == county.community1.id
    mine = db.session.scalars(
        select(ActivityTemplate).where(ActivityTemplate.community_id == county.community1.id)
    ).one()
    other = db.session.scalars(
        select(ActivityTemplate).where(ActivityTemplate.community_id == county.community2.id)
    ).one()
    assert clerk.get(f"/activities/templates/{other.id}/use").status_code == 404
    assert clerk.post(f"/activities/templates/{mine.id}/remove").status_code == 303
    assert db.session.scalar(select(func.count()).select_from(ActivityTemplate)) == 2


def test_a_template_of_the_same_name_is_renewed(county):
    first = an_activity(county, "settled", place="南门")
    templates.save(first, county.by("clerk1"))
    again = an_activity(county, "settled", place="北门")
    template = templates.save(again, county.by("clerk1b"))
    db.session.commit()
    assert db.session.scalar(select(func.count()).select_from(ActivityTemplate)) == 1
    assert (template.place, template.saved_by, template.version) == ("北门", "赵晓梅", 2)
    with pytest.raises(NotYours):
        templates.save(first, county.by("clerk2"))
    assert workflow.Facts(**templates.filled(template), day=dt.date(2026, 7, 4)).place == "北门"


def test_what_is_still_to_come_is_offered_for_the_week_after(county, browse):
    coming = an_activity(county, days=5)
    page = browse(county.users["clerk1"]).get(f"/activities/{coming.number}/copy")
    assert elements(page, "[name=day]")[0].get("value") == (coming.day + dt.timedelta(days=7)).isoformat()
