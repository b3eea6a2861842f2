"""Several wishes taken up by one activity: claimed in its name, done when it is settled, hours counted once."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from portal import clock, history
from portal.activities import settling, wishes_taken, workflow
from portal.activities.models import ActivityState, ActivityWish
from portal.actors import SYSTEM, Role
from portal.errors import NotYours, RuleBroken, TooLate
from portal.extensions import db
from portal.flow import flow_of
from portal.messages.models import Message
from portal.records.models import RecordState, ServiceRecord, Source
from portal.reports import tables
from portal.reports.scopes import By, Scope
from portal.wishes import workflow as wishing
from portal.wishes.models import Claim, ClaimState, ConfirmedBy, ProposalState, Wish, WishState
from tests.activities.making import an_activity, on_list
from tests.lifecycles import LATE, NO, OK, answer
from tests.page_forms import form_to
from tests.pages import texts
from tests.registrations.test_at_once import at_once
from tests.wishes.making import a_wish, invite

EVERYBODY = ("county", "admin", "dept1", "chengguan", "town2", "committee", "inspector", "liaison1", "clerk1",
             "clerk1b", "clerk2", "grid1", "member1", "member2", "member3", "dual", "newcomer")  # fmt: skip
STATES = ("draft", "published", "held", "settled", "cancelled")
CLERKS = {"clerk1", "clerk1b"}


def taken(county, activity, *wishes):
    wishes_taken.take_up(activity, county.by("clerk1"), wishes=[each.id for each in wishes])
    db.session.commit()


def over(county, activity, came: str = "member1"):
    """The activity has been held, and the roll was taken by another clerk."""
    on_list(county, activity, came, state="attended", marked_by_user_id=county.users["clerk1b"].id,
            marked_by="儒林社区 赵晓梅")  # fmt: skip
    activity.state, activity.day = ActivityState.HELD, clock.today()
    activity.starts, activity.ends = dt.time(6), dt.time(7)
    db.session.commit()


def traced(wish) -> list[tuple[str, str | None, str | None]]:
    return [(line.verb, line.to_state, line.reason) for line in history.of(wish)]


@pytest.mark.parametrize("state", STATES)
def test_who_takes_up_and_gives_back_from_which_state(county, state):
    taken_one, free_one = a_wish(county), a_wish(county)
    activity = an_activity(county)
    taken(county, activity, taken_one)
    activity.state = ActivityState(state)
    db.session.commit()
    for move, states, asked in (
        (wishes_taken.take_up, {"published"}, {"wishes": [free_one.id]}),
        (wishes_taken.drop_wish, {"published", "held"}, {"wish_id": taken_one.id, "reason": "当天办不了"}),
    ):
        given = {name: answer(move, activity, county.by(name), **asked) for name in EVERYBODY}
        assert given == {name: (OK if state in states else LATE) if name in CLERKS else NO for name in EVERYBODY}


def test_taken_up_they_are_claimed_in_the_activity_s_name(county, browse):
    one, other = a_wish(county, helpers_needed=3), a_wish(county, title="换一盏灯")
    activity = an_activity(county, days=40)
    clerk = browse(county.users["clerk1"])
    form = form_to(clerk.get(f"/activities/{activity.number}/take_up").text, "/take_up")
    assert set(form.choices["wishes"]) == {str(one.id), str(other.id)}
    done = clerk.post(form.action, data=form.filled(wishes=[str(one.id), str(other.id)]))
    assert done.status_code == 303
    db.session.expire_all()
    for wish in (one, other):
        (claim,) = wish.open_claims
        assert (wish.state, wish.full, claim.heads) == (WishState.CLAIMED, True, 0)
        assert claim.organisation == "参加“清扫儒林苑楼道”志愿服务活动的党员"
        assert claim.task == "7月30日 09:00–11:00，随活动一起办理。"
        assert wish.finish_by == dt.date(2026, 8, 6)  # when its hours are due, later than fifteen working days
        assert traced(wish) == [("claim", "claimed", f"活动 {activity.number}")]
    page = clerk.get(done.location)
    assert "带办的微心愿" in page.text and "换一盏灯" in page.text
    assert "换一盏灯" in browse(county.users["member2"]).get(done.location).text
    assert wishes_taken.shown(activity.id) == [(one.number, one.title), (other.number, other.title)]
    assert wishes_taken.taking(one) == activity
    whole = clerk.get(f"/wishes/{one.number}").text
    assert "参加“清扫儒林苑楼道”志愿服务活动的党员" in whole and f'href="/activities/{activity.number}"' in whole


@pytest.mark.parametrize(
    ("facts", "state", "refusal"),
    [
        ({}, "submitted", RuleBroken), ({}, "claimed", TooLate), ({}, "withdrawn", TooLate),
        ({"on_wall": False}, "published", RuleBroken),
    ],
)  # fmt: skip
def test_only_what_waits_on_the_wall_is_taken_up_all_or_none(county, facts, state, refusal):
    fine, wrong = a_wish(county), a_wish(county, state, **facts)
    if state == "submitted":
        wrong.community_id = county.community2.id
        db.session.commit()
    activity = an_activity(county)
    with pytest.raises(refusal):
        wishes_taken.take_up(activity, county.by("clerk1"), wishes=[fine.id, wrong.id])
    db.session.rollback()
    assert (fine.state, wishes_taken.standing(activity)) == (WishState.PUBLISHED, [])


def test_a_county_wide_activity_takes_none_up(county):
    activity = an_activity(county, home=None)
    with pytest.raises(RuleBroken):
        wishes_taken.take_up(activity, county.by("county"), wishes=[a_wish(county).id])
    with pytest.raises(NotYours):
        wishes_taken.take_up(an_activity(county), county.by("county"), wishes=[a_wish(county).id])


def test_two_activities_take_the_same_wish_at_once(app, county):
    wish, keys = a_wish(county).id, [an_activity(county).id, an_activity(county, title="义诊").id]
    clerks = [county.by("clerk1"), county.by("clerk1b")]
    db.session.rollback()
    model = workflow.flow.model
    pairs = zip(keys, clerks, strict=True)
    answers = at_once(app, *(
        lambda key=key, by=by: wishes_taken.take_up(db.session.get(model, key), by, wishes=[wish]) for key, by in pairs
    ))  # fmt: skip
    assert answers.count("done") == 1
    assert "现在是“已认领”，请去掉它再办。" in next(each for each in answers if each != "done")
    assert db.session.scalar(select(func.count()).select_from(ActivityWish)) == 1


def test_settled_they_are_done_and_whoever_came_has_hours_once(county):
    one, other = a_wish(county), a_wish(county, title="换一盏灯")
    activity = an_activity(county)
    taken(county, activity, one, other)
    over(county, activity)
    assert wishes_taken.foreseen(activity) == [
        f"带办的微心愿 {one.number}、{other.number} 登记为已办理，由居民或另一位专干确认；没办到的请先点“不再带办”。"
    ]
    settling.settle(activity, county.by("clerk1"))
    db.session.commit()
    for wish in (one, other):
        assert (wish.state, wish.done_on, wish.open_claims) == (WishState.DONE, activity.day, [])
        assert wish.done_words == "随志愿服务活动“清扫儒林苑楼道”办理，到场 1 人。"
    # Whoever settled reported it done: another clerk calls back, or the resident says so.
    with pytest.raises(NotYours):
        wishing.confirm(one, county.by("clerk1"))
    db.session.rollback()
    wishing.confirm(one, county.by("clerk1b"))
    wishing.lapse(other, SYSTEM)
    db.session.commit()
    assert (one.confirmed_by, other.confirmed_by) == (ConfirmedBy.CLERK, ConfirmedBy.DEFAULT)
    (record,) = db.session.scalars(select(ServiceRecord)).all()
    assert (record.source, record.member_id, record.state) == (
        Source.ACTIVITY, county.member1_row.id, RecordState.CONFIRMED,
    )  # fmt: skip
    claim = db.session.scalars(select(Claim).where(Claim.wish_id == one.id)).one()
    claim.claimed_at = dt.datetime(2025, 12, 28, 2, tzinfo=dt.UTC)  # taken up last year, the activity was in this one
    db.session.commit()
    counted = tables.six(By.COUNTY, Scope(), activity.day.year, activity.day).total.cells
    assert (counted["claimed"], counted["fulfilled"]) == (2, 2)


def test_a_clerk_who_came_to_the_activity_does_not_confirm_its_wish(county):
    wish, activity = a_wish(county), an_activity(county)
    taken(county, activity, wish)
    for name, state in (("member1", "attended"), ("member2", "absent")):
        county.appoint(name, "", Role.CLERK, community=county.community1)
        on_list(county, activity, name, state=state, marked_by_user_id=county.users["clerk1b"].id,
                marked_by="儒林社区 赵晓梅")  # fmt: skip
    activity.state, activity.day = ActivityState.HELD, clock.today()
    activity.starts, activity.ends = dt.time(6), dt.time(7)
    settling.settle(activity, county.by("clerk1"))
    db.session.commit()
    another = a_wish(county, "done", leader="member3")
    came, stayed_away = (county.by(name, Role.CLERK) for name in ("member1", "member2"))
    assert answer(wishing.confirm, wish, came) == NO
    assert answer(wishing.confirm, wish, stayed_away) == OK
    assert answer(wishing.confirm, another, came) == OK
    # Nor once it was taken up again and done by another clerk.
    wishing.reopen(wish, county.by("clerk1b"), reason="灯还是不亮")
    wishing.finish(wish, county.by("clerk1"), day=clock.today(), words="电工又去了一次")
    db.session.commit()
    assert answer(wishing.confirm, wish, came) == NO


def test_where_nobody_came_they_wait_on_the_wall_again(county):
    wish, activity = a_wish(county), an_activity(county)
    taken(county, activity, wish)
    activity.state, activity.day = ActivityState.HELD, clock.today() - dt.timedelta(days=1)
    db.session.commit()
    assert wishes_taken.foreseen(activity) == [f"带办的微心愿 {wish.number} 退回心愿墙。"]
    settling.settle(activity, county.by("clerk1"))
    assert (wish.state, wish.full, wish.finish_by) == (WishState.PUBLISHED, False, None)
    assert traced(wish)[-1] == ("release", "published", "活动没有人到场")


def test_called_off_it_gives_them_back_and_undone_it_has_them_again(county):
    wish, activity = a_wish(county), an_activity(county)
    taken(county, activity, wish)
    workflow.cancel(activity, county.by("clerk1"), reason="下雨")
    db.session.commit()
    assert (wish.state, wish.claims[0].state, wishes_taken.standing(activity)) == (
        WishState.PUBLISHED, ClaimState.RELEASED, [],
    )  # fmt: skip
    flow_of(activity).undo(activity, county.by("clerk1b"))
    db.session.commit()
    assert (wish.state, wish.claims[0].state, activity.state) == (
        WishState.CLAIMED, ClaimState.OPEN, ActivityState.PUBLISHED,
    )  # fmt: skip
    assert [each.claim.wish_id for each in wishes_taken.standing(activity)] == [wish.id]


def test_settling_is_undone_with_its_wishes_until_the_resident_has_spoken(county):
    wish, activity = a_wish(county), an_activity(county)
    taken(county, activity, wish)
    over(county, activity)
    settling.settle(activity, county.by("clerk1"))
    db.session.commit()
    flow_of(activity).undo(activity, county.by("clerk1"))
    db.session.commit()
    assert (wish.state, wish.done_at) == (WishState.CLAIMED, None)
    settling.settle(activity, county.by("clerk1"))
    wishing.confirm(wish, county.by("clerk1b"))
    db.session.commit()
    with pytest.raises(TooLate):
        flow_of(activity).undo(activity, county.by("clerk1"))


def test_postponed_the_resident_reads_the_new_day(county):
    wish, activity = a_wish(county), an_activity(county)
    taken(county, activity, wish)
    workflow.postpone(activity, county.by("clerk1"), reason="下雨", day=dt.date(2026, 8, 1), starts=dt.time(9),
                      ends=dt.time(11))  # fmt: skip
    assert (wish.open_claims[0].task, wish.finish_by) == ("8月1日 09:00–11:00，随活动一起办理。", dt.date(2026, 8, 8))


def test_one_given_back_waits_again_and_the_others_stay(county, browse):
    one, other = a_wish(county), a_wish(county)
    activity = an_activity(county)
    taken(county, activity, one, other)
    clerk = browse(county.users["clerk1"])
    form = form_to(clerk.get(f"/activities/{activity.number}/drop_wish").text, "/drop_wish")
    assert clerk.post(form.action, data=form.filled(wish_id=str(one.id), reason="")).status_code == 422
    assert clerk.post(form.action, data=form.filled(wish_id=str(one.id), reason="要上门办")).status_code == 303
    db.session.expire_all()
    assert (one.state, other.state) == (WishState.PUBLISHED, WishState.CLAIMED)
    assert [each.claim.wish_id for each in wishes_taken.standing(activity)] == [other.id]


def test_not_done_after_all_the_community_sees_to_it(county):
    """Taken up again after it was done, it is the community's: a clerk reports it done, or lets it wait anew."""
    wish, activity = a_wish(county), an_activity(county)
    taken(county, activity, wish)
    over(county, activity)
    settling.settle(activity, county.by("clerk1"))
    wishing.reopen(wish, county.by("clerk1b"), reason="灯还是不亮")
    db.session.commit()
    assert wish.state is WishState.CLAIMED
    wishing.finish(wish, county.by("clerk1"), day=clock.today(), words="电工又去了一次")
    db.session.commit()
    assert wish.state is WishState.DONE
    wishing.reopen(wish, county.by("clerk1b"), reason="还是不亮")
    wishing.revoke(wish, county.by("clerk1"), reason="请懂电的党员认领")
    assert wish.state is WishState.PUBLISHED
    for name in ("member1", "grid1", "clerk2", "chengguan"):
        with pytest.raises(NotYours):
            wishing.finish(wish, county.by(name), day=clock.today())


def test_who_was_invited_to_a_wish_learns_that_an_activity_has_it(county):
    wish = a_wish(county, helpers_needed=2)
    invitation = invite(county, wish, "member2")
    taken(county, an_activity(county), wish)
    assert invitation.state is ProposalState.WITHDRAWN
    said = db.session.scalars(select(Message.sentence).where(Message.user_id == county.users["member2"].id)).all()
    assert any("随活动办理" in each for each in said)


def test_the_list_offers_what_is_alike_first(county):
    plain, alike = a_wish(county, title="修水龙头"), a_wish(county, title="打扫楼道")
    from portal.labels import Category

    alike.category = Category.ENVIRONMENT
    a_wish(county, "claimed")
    a_wish(county, on_wall=False)
    db.session.commit()
    found = db.session.scalars(wishes_taken.offered(an_activity(county)))
    assert [each.title for each in found] == [alike.title, plain.title]
    assert db.session.scalar(select(func.count()).select_from(Wish)) == 4


def test_the_public_page_names_only_what_everybody_may_see(county, client):
    wish, activity = a_wish(county), an_activity(county)
    taken(county, activity, wish)
    page = client.get(f"/activities/{activity.number}")
    assert page.status_code == 200 and wish.title in page.text and texts(page, "h1")


def test_what_lies_in_the_archive_is_named_and_leads_nowhere(county, browse):
    wish, activity = a_wish(county), an_activity(county)
    taken(county, activity, wish)
    over(county, activity)
    settling.settle(activity, county.by("clerk1"))
    wishing.confirm(wish, county.by("clerk1b"))
    wish.state = WishState.ARCHIVED
    db.session.commit()
    for name, leads in (("member2", False), ("clerk1", True)):
        page = browse(county.users[name]).get(f"/activities/{activity.number}")
        assert wish.title in page.text
        assert (f'href="/wishes/{wish.number}"' in page.text) == leads
