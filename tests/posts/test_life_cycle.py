"""The life cycle of a post: every verb × state × role, typed by hand from 1-domain §1.2, §1.3 and §1.4."""

import datetime as dt

import pytest
import time_machine
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.actors import Role
from portal.audit import AuditRow
from portal.errors import NotYours, RuleBroken, TooLate
from portal.extensions import db
from portal.labels import Category
from portal.messages.models import Message
from portal.posts import queries, workflow
from portal.posts.models import Post, PostClaim, PostClaimState, PostState
from portal.posts.workflow import Duty
from portal.registrations.models import FreeTime
from portal.scheme.models import SchemeYear
from tests.lifecycles import LATE, NO, OK, answer
from tests.posts.conftest import DAY, SATURDAY, WORDS, a_post, ids, names, traced
from tests.registrations.test_at_once import at_once

# member1 and member2 hold it; the dual one of the same community and member3 of community2 do not; the newcomer lives
# there and has not reported. One of three places is free.
EVERYBODY = ("county", "admin", "dept1", "chengguan", "town2", "committee", "inspector", "liaison1", "clerk1",
             "clerk1b", "clerk2", "grid1", "member1", "member2", "member3", "dual", "newcomer")  # fmt: skip
CLERKS = {"clerk1", "clerk1b"}

# verb: {state: who may}.
TABLE: dict[str, dict[str, set[str]]] = {
    "claim": {"open": {"dual"}},
    "sign_up": {"open": CLERKS},
    "give_up": {"open": {"member1", "member2"}},
    "end_claim": {"open": CLERKS},
    "close": {"open": CLERKS},
    "reopen": {"closed": CLERKS},
}
# Who is told "not now" where they may not: members of the community who hold it already, or once it is closed.
IN_TIME = {
    "claim": {"open": {"member1", "member2"}, "closed": {"member1", "member2", "dual"}},
    "sign_up": {"closed": CLERKS}, "end_claim": {"closed": CLERKS}, "close": {"closed": CLERKS},
    "reopen": {"open": CLERKS},
}  # fmt: skip


def asked(cast, verb: str) -> dict:
    second, third = ids(cast, "member2", "dual")
    return {
        "sign_up": {"people": [third]},
        "give_up": {"reason": "长期出差"},
        "end_claim": {"member_id": second, "reason": "调离本县"},
        "close": {"reason": "改由物业巡逻"},
    }.get(verb, {})


def test_the_table_is_whole(app):
    assert set(TABLE) == set(workflow.flow.moves)


@pytest.mark.parametrize("state", ["open", "closed"])
@pytest.mark.parametrize("verb", list(TABLE))
def test_every_verb_from_every_state_by_everybody(county, verb, state):
    post = a_post(county, "member1", "member2")
    if state == "closed":
        workflow.close(post, county.by("clerk1"), reason="改由物业巡逻")
        db.session.commit()
    may, in_time = TABLE[verb].get(state, set()), IN_TIME.get(verb, {}).get(state, set())
    expected = {name: OK if name in may else LATE if name in in_time else NO for name in EVERYBODY}
    move = workflow.flow.moves[verb]
    given = {name: answer(move, post, county.by(name), **asked(county, verb)) for name in EVERYBODY}
    assert given == expected


def test_only_clerks_of_the_community_open_and_change(county):
    post = a_post(county)
    for name in set(EVERYBODY) - CLERKS:
        with pytest.raises(NotYours):
            workflow.open_(county.community1, county.by(name), Duty(**WORDS))
        with pytest.raises(NotYours):
            workflow.change(post, county.by(name), Duty(**WORDS))
    new = WORDS | {"title": "法律咨询岗", "category": Category.LEGAL, "free_times": [FreeTime.WEEKENDS],
                   "grid_id": county.grid1.id}  # fmt: skip
    workflow.change(post, county.by("clerk1b"), Duty(**new))
    assert (post.title, post.category, post.free_times) == ("法律咨询岗", Category.LEGAL, [FreeTime.WEEKENDS])
    assert (post.grid.name, post.number, post.opened_on) == ("第一网格", "2026-0001", DAY)
    workflow.close(post, county.by("clerk1"), reason="没有人来问")
    with pytest.raises(RuleBroken, match="已经停设"):
        workflow.change(post, county.by("clerk1b"), Duty(**WORDS))


def test_a_post_is_no_smaller_than_its_holders_are(county):
    post = a_post(county, "member1", "member2")
    with pytest.raises(RuleBroken) as refused:
        workflow.change(post, county.by("clerk1"), Duty(**(WORDS | {"capacity": 1})))
    assert refused.value.sentence == "已有 2 人在岗，人数不能少于在岗的人数。"


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"duty": "有事打 13891701234"}, "“13891701234”像是电话号码，请删去。"),
        ({"place": "门卫室 13891701234"}, "“13891701234”像是电话号码，请删去。"),
        ({"place": "儒林路12号社区服务站"}, ""),
    ],
)
def test_what_everybody_reads_holds_no_phone_but_the_place_may_be_an_address(county, more, sentence):
    if not sentence:
        assert a_post(county, **more).place == more["place"]
        return
    with pytest.raises(RuleBroken) as refused:
        a_post(county, **more)
    assert refused.value.sentence == sentence


def test_a_grid_or_team_of_another_community_is_none(county):
    for more in ({"grid_id": county.other_grid.id}, {"team_id": 999}):
        if "team_id" in more:
            from tests.teams.conftest import a_team

            more = {"team_id": a_team(county).id}
            with pytest.raises(RuleBroken):
                workflow.open_(county.community2, county.by("clerk2"), Duty(**(WORDS | more)))
        else:
            with pytest.raises(RuleBroken):
                a_post(county, **more)
        db.session.rollback()


def test_each_move_leaves_one_line_and_one_row(county):
    post = a_post(county, "member1")
    workflow.sign_up(post, county.by("clerk1"), people=ids(county, "free"), since=dt.date(2026, 3, 1))
    workflow.give_up(post, county.by("member1"), reason="长期出差")
    workflow.close(post, county.by("clerk1b"), reason="改由物业巡逻")
    workflow.reopen(post, county.by("clerk1"))
    db.session.commit()
    clerk, member = "儒林社区 王秀兰", "凤翔中学党支部 欧阳䶮"
    assert traced(post) == [
        ("open", clerk, None), ("claim", member, None), ("sign_up", clerk, None), ("give_up", member, "长期出差"),
        ("close", "儒林社区 赵晓梅", "改由物业巡逻"), ("reopen", clerk, None),
    ]  # fmt: skip
    acts = db.session.scalars(select(AuditRow.act).where(AuditRow.kind == "posts").order_by(AuditRow.id))
    assert list(acts) == [f"posts.{verb}" for verb, *_ in traced(post)]
    assert [(c.member.name, c.since, c.until, c.stand_in, c.ended_why, c.with_post) for c in post.claims] == [
        ("欧阳䶮", DAY, DAY, False, "长期出差", False),
        ("白文静", dt.date(2026, 3, 1), DAY, True, "岗位停设：改由物业巡逻", True),
    ]
    # Who held it until it was closed did not give it up: that day stays.
    assert (post.state, post.closed_on, post.places_left) == (PostState.OPEN, DAY, 3)


def test_in_the_place_of_a_member_without_a_login_is_marked(county):
    post = a_post(county)
    workflow.sign_up(post, county.by("clerk1"), people=ids(county, "free", "dual"))
    assert [(claim.member.name, claim.stand_in) for claim in post.claims] == [("白文静", True), ("仇文博", False)]


@pytest.mark.parametrize(
    ("people", "since", "sentence"),
    [
        ((), None, "请从在本社区报到的党员中选择。"),
        (("member3",), None, "请从在本社区报到的党员中选择。"),
        (("newcomer",), None, "请从在本社区报到的党员中选择。"),
        (("member1",), None, "所选的党员都已经在这个岗位上。"),
        (("dual",), dt.date(2026, 5, 17), "在岗的日期不能晚于今天。"),
        (("member2", "dual", "free"), None, "只剩 2 个名额，您选了 3 人。"),
    ],
)
def test_whom_a_clerk_can_not_sign_up(county, people, since, sentence):
    post = a_post(county, "member1")
    with pytest.raises((RuleBroken, TooLate)) as refused:
        workflow.sign_up(post, county.by("clerk1"), people=ids(county, *people), since=since)
    assert refused.value.sentence == sentence


def test_nobody_was_on_duty_since_a_day_of_a_closed_year(county):
    post = a_post(county)
    year = db.session.scalars(db.select(SchemeYear).where(SchemeYear.year == 2025)).one()
    year.closed_at = clock.now()
    db.session.commit()
    with pytest.raises(TooLate, match="2025年度已结账"):
        workflow.sign_up(post, county.by("clerk1"), people=ids(county, "free"), since=dt.date(2025, 12, 31))
    workflow.sign_up(post, county.by("clerk1"), people=ids(county, "free"), since=dt.date(2026, 1, 1))
    assert [claim.since for claim in post.claims] == [dt.date(2026, 1, 1)]


def test_who_comes_late_reads_who_was_first(county):
    post = a_post(county, "member1", capacity=1)
    with pytest.raises(TooLate) as refused:
        workflow.claim(post, county.by("dual"))
    assert refused.value.sentence == (
        "5月16日10:00 凤翔中学党支部 欧阳䶮已先“认领岗位”，“儒林苑治安巡逻岗”的名额已满，请看看其他岗位。"
    )


def test_a_place_given_back_is_taken_again_and_who_left_may_come_again(county):
    post = a_post(county, "member1", "member2", capacity=2)
    workflow.give_up(post, county.by("member1"), reason="长期出差")
    workflow.claim(post, county.by("dual"))
    assert [(claim.member.name, claim.place) for claim in post.active_claims] == [("买买提·吐尔逊", 2), ("仇文博", 1)]
    workflow.give_up(post, county.by("dual"), reason="家里有事")
    workflow.claim(post, county.by("member1"))
    assert [claim.state for claim in post.claims if claim.member_id == county.member1_row.id] == [
        PostClaimState.ENDED, PostClaimState.ACTIVE,
    ]  # fmt: skip


def test_a_clerk_who_is_a_member_too_is_not_the_subject_of_their_own_act(county):
    county.appoint("member1", "欧阳䶮", Role.CLERK, community=county.community1)
    post, clerk, own = a_post(county, "member1"), county.by("member1", Role.CLERK), county.member1_row.id
    for act in (
        lambda: workflow.sign_up(post, clerk, people=[own]),
        lambda: workflow.end_claim(post, clerk, member_id=own, reason="不想去了"),
    ):
        with pytest.raises(RuleBroken, match="您本人"):
            act()
        db.session.rollback()
    workflow.end_claim(post, county.by("clerk1"), member_id=own, reason="长期外出")
    assert names(post) == []


def test_closing_says_beforehand_what_follows(county):
    post = a_post(county, "member1", "member2")
    assert workflow.foreseen(post) == ["2 名党员离岗，各人会收到消息；值岗的服务记录都保留。"]
    assert workflow.foreseen(a_post(county)) == []


def test_two_members_press_for_the_last_place_at_once(app, county):
    key, people = a_post(county, "member1", capacity=2).id, [county.by("member2"), county.by("dual")]
    db.session.rollback()
    answers = at_once(app, *(lambda by=by: workflow.claim(db.session.get(Post, key), by) for by in people))
    assert answers.count("done") == 1
    winner = people[answers.index("done")]
    late = next(answer for answer in answers if answer != "done")
    assert f"{winner.shown}已先“认领岗位”" in late and "名额已满" in late
    assert db.session.scalar(select(func.count()).where(PostClaim.post_id == key)) == 2


def test_one_member_presses_twice_and_a_clerk_signs_them_up_at_once(app, county):
    key, dual, clerk, row = a_post(county).id, county.by("dual"), county.by("clerk1"), county.dual_row.id
    db.session.rollback()
    answers = at_once(
        app,
        lambda: workflow.claim(db.session.get(Post, key), dual),
        lambda: workflow.claim(db.session.get(Post, key), dual),
        lambda: workflow.sign_up(db.session.get(Post, key), clerk, people=[row]),
    )
    assert answers.count("done") == 1
    assert {a for a in answers if a != "done"} <= {"您已经在这个岗位上。", "所选的党员都已经在这个岗位上。"}
    assert db.session.scalar(select(func.count()).where(PostClaim.post_id == key)) == 1


def test_a_claim_while_the_post_is_closed_at_once(app, county):
    key, dual, clerk = a_post(county, "member1").id, county.by("dual"), county.by("clerk1")
    db.session.rollback()
    at_once(
        app,
        lambda: workflow.claim(db.session.get(Post, key), dual),
        lambda: workflow.close(db.session.get(Post, key), clerk, reason="改由物业巡逻"),
    )
    post = db.session.get(Post, key)
    assert (post.state, post.active_claims) == (PostState.CLOSED, [])


def test_the_database_holds_one_holder_a_place_and_one_claim_a_member(county):
    post = a_post(county, "member1")
    given = {"post_id": post.id, "at": clock.now(), "since": DAY, "confirmed_for": 2026}
    for wrong in (
        PostClaim(member_id=county.dual_row.id, place=1, **given),
        PostClaim(member_id=county.member1_row.id, place=2, **given),
        PostClaim(member_id=county.dual_row.id, place=100, **given),
        PostClaim(member_id=county.dual_row.id, place=2, until=DAY, **given),
    ):
        db.session.add(wrong)
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()


def told(cast, name: str) -> list[str]:
    rows = select(Message.sentence).where(Message.user_id == cast.users[name].id).order_by(Message.id)
    return list(db.session.scalars(rows))


def test_whom_a_move_concerns_is_told(county):
    post = a_post(county, "member1")
    workflow.sign_up(post, county.by("clerk1"), people=ids(county, "dual"))
    workflow.give_up(post, county.by("member1"), reason="长期出差")
    workflow.end_claim(post, county.by("clerk1"), member_id=county.dual_row.id, reason="长期外出")
    workflow.sign_up(post, county.by("clerk1"), people=ids(county, "member2"))
    workflow.close(post, county.by("clerk1"), reason="改由物业巡逻")
    db.session.commit()
    name, clerk = "服务岗位“儒林苑治安巡逻岗”（2026-0001）", "儒林社区 王秀兰"
    here = f"{name}：登记认岗（{clerk}）。您已在岗；不愿意的，可以自己退出。"
    assert told(county, "dual") == [here, f"{name}：结束在岗（{clerk}）。原因：长期外出"]
    assert told(county, "member2") == [here, f"{name}：停设岗位（{clerk}）。原因：改由物业巡逻"]
    gave_up = f"{name}：退出岗位（凤翔中学党支部 欧阳䶮）。原因：长期出差"
    assert told(county, "clerk1") == told(county, "clerk1b") == [gave_up]
    assert told(county, "member1") == told(county, "clerk2") == []


def test_what_a_member_holds_by_year(county):
    post, other = a_post(county, "member1"), a_post(county, "member1", title="文化活动岗")
    assert queries.names_of(county.member1_row.id, 2026) == "儒林苑治安巡逻岗、文化活动岗"
    with time_machine.travel(SATURDAY + dt.timedelta(days=365), tick=False):
        # Not yet confirmed by the pledge of 2027: still held.
        assert queries.names_of(county.member1_row.id, 2027) == "儒林苑治安巡逻岗、文化活动岗"
        workflow.give_up(other, county.by("member1"), reason="换个岗位")
        assert queries.names_of(county.member1_row.id, 2027) == "儒林苑治安巡逻岗"
        assert queries.names_of(county.member1_row.id, 2026) == "儒林苑治安巡逻岗、文化活动岗"
        assert queries.names_of(county.member1_row.id, 2025) == ""
        assert queries.names_of(county.member1_row.id, 2026, county.community2.id) == ""
    held = queries.posts_held(ids(county, "member1", "dual"))
    assert {key: [each.title for each in posts] for key, posts in held.items()} == {county.member1_row.id: [post.title]}


def test_the_menu_reads_public_columns_and_how_many_places_are_left(county):
    a_post(county, "member1", grid_id=county.grid1.id, free_times=[FreeTime.EVENINGS])
    workflow.close(a_post(county, title="停了的岗"), county.by("clerk1"), reason="没有人来")
    (row,) = db.session.execute(queries.open_posts()).all()
    assert row._mapping == {
        "id": row.id, "number": "2026-0001", "category": Category.ORDER, "title": "儒林苑治安巡逻岗", "capacity": 3,
        "place": "儒林苑小区", "times": "每周六晚上", "places_left": 2, "community_id": county.community1.id,
        "community": "儒林社区", "grid_id": county.grid1.id, "grid": "第一网格",
    }  # fmt: skip
    assert queries.free_times_of([row.id]) == {row.id: [FreeTime.EVENINGS]}


def test_whom_another_office_has_just_taken_off_is_taken_off_once(county):
    post, today = a_post(county, "member1"), clock.today()
    assert names(post) == ["欧阳䶮"]  # read before the other one's transaction ends
    gone = update(PostClaim).where(PostClaim.post_id == post.id)
    gone = gone.values(state=PostClaimState.ENDED, until=today, ended_why="长期不来")
    db.session.execute(gone.execution_options(synchronize_session=False))
    with pytest.raises(TooLate, match="已经不在这个岗位上"):
        workflow.give_up(post, county.by("member1"), reason="家里有病人")
    with pytest.raises(RuleBroken, match="刚刚离岗"):
        workflow.end_claim(post, county.by("clerk1"), member_id=county.member1_row.id, reason="外出")
    assert db.session.scalars(db.select(PostClaim.ended_why)).all() == ["长期不来"]


def test_who_finds_a_full_post_is_told_who_took_the_place_and_of_nothing_else(county):
    post = a_post(county, "member1", capacity=1)
    with pytest.raises(TooLate, match="欧阳䶮已先“认领岗位”"):
        workflow.claim(post, county.by("dual"))
    db.session.rollback()
    workflow.change(post, county.by("clerk1"), Duty(**(WORDS | {"capacity": 1, "times": "每周日晚上"})))
    db.session.commit()
    with pytest.raises(TooLate) as told:
        workflow.claim(post, county.by("dual"))
    assert told.value.sentence == "“儒林苑治安巡逻岗”的名额已满，请看看其他岗位。"
