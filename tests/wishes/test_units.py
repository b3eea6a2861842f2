"""A unit as helper: its liaison claims and names who will come, and each of them gets the hours of their own."""

import datetime as dt

import pytest
import time_machine

from portal import clock
from portal.actors import Role, resident_of
from portal.errors import NotYours, RuleBroken, TooLate
from portal.extensions import db
from portal.records.models import Evidence, RecordState, ServiceRecord
from portal.registrations import queries as registrations
from portal.registrations import workflow as leaving
from portal.registrations.models import EndKind
from portal.wishes import groups, ladder, looks, rights, wall, workflow
from portal.wishes.looks import Access
from portal.wishes.models import ClaimState, WishState
from tests.page_forms import form_to
from tests.pages import texts
from tests.wishes.making import PHONE, a_wish

S = WishState
SATURDAY = dt.datetime(2026, 5, 16, 2, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def saturday():
    with time_machine.travel(SATURDAY, tick=False):
        yield


def ids(cast, *names: str) -> list[int]:
    return [cast.places[f"{name}_row"].id for name in names]


def taken(cast, *names: str, **more):
    wish = a_wish(cast, **({"helpers_needed": 2} | more))
    workflow.claim_for_unit(wish, cast.by("liaison1"), people=ids(cast, *names))
    db.session.commit()
    return wish


def test_the_unit_takes_as_many_places_as_people_come(county):
    wish = taken(county, "member1", "member2", helpers_needed=3)
    claim = wish.claims[0]
    assert (wish.state, wish.full, wish.finish_by) == (S.CLAIMED, False, dt.date(2026, 6, 5))
    assert (claim.unit_id, claim.member_id, claim.heads, claim.leads) == (county.unit1.id, None, 2, True)
    assert wall.one(wish.number).helpers == 2
    workflow.claim(wish, county.by("member3"))
    assert (wish.full, [claim.place for claim in wish.open_claims]) == (True, [1, 2])


@pytest.mark.parametrize("names", [[], ["member3"], ["member1", "newcomer"]])
def test_only_registered_members_of_the_unit_come(county, names):
    with pytest.raises(RuleBroken) as refused:
        taken(county, *names)
    assert refused.value.sentence == "请从本单位已报到的党员中选择来的人。"
    db.session.rollback()


def test_nobody_comes_twice(county):
    wish = a_wish(county, "claimed", helpers_needed=3)
    with pytest.raises(RuleBroken):
        workflow.claim_for_unit(wish, county.by("liaison1"), people=ids(county, "member1", "member2"))
    db.session.rollback()
    workflow.claim_for_unit(wish, county.by("liaison1"), people=ids(county, "member2"))
    db.session.commit()
    for name in ("member2", "liaison1"):
        with pytest.raises(TooLate):
            if name == "member2":
                workflow.claim(wish, county.by(name))
            else:
                workflow.claim_for_unit(wish, county.by(name), people=ids(county, "dual"))
        db.session.rollback()


def test_who_comes_for_the_unit_may_still_hold_two_claims_of_their_own(county):
    taken(county, "member1")
    for _ in range(2):
        workflow.claim(a_wish(county), county.by("member1"))


def test_the_liaison_reports_and_each_gets_the_hours_of_their_own(county):
    wish = taken(county, "member1", "member2", "dual", helpers_needed=3)
    first, second, _ = wish.claims[0].people
    spent = {"day": clock.today(), "starts": dt.time(9), "people_hours": {first.id: 3, second.id: 4}}
    for name in ("member1", "liaison2", "chengguan", "clerk1"):
        with pytest.raises(NotYours):
            workflow.finish(wish, county.by(name), **spent)
    workflow.finish(wish, county.by("liaison1"), **spent)
    workflow.confirm(wish, resident_of(wish.id), rating=5)
    records = db.session.scalars(db.select(ServiceRecord).order_by(ServiceRecord.id)).all()
    assert [(r.member.name, r.half_hours, r.state, r.evidence) for r in records] == [
        ("欧阳䶮", 3, RecordState.CONFIRMED, Evidence.SERVED),
        ("买买提·吐尔逊", 4, RecordState.CONFIRMED, Evidence.SERVED),
    ]
    assert {(r.recorded_by, r.recorded_by_user_id) for r in records} == {
        ("凤翔中学党支部 高翔", county.users["liaison1"].id)
    }


def test_somebody_must_have_come(county):
    wish = taken(county, "member1")
    with pytest.raises(RuleBroken) as refused:
        workflow.finish(wish, county.by("liaison1"), day=clock.today(), starts=dt.time(9), people_hours={})
    assert refused.value.sentence == "请至少为一位参加者填写服务时长。"


def test_a_clerk_who_came_for_the_unit_does_not_confirm(county):
    county.appoint("member1", "欧阳䶮", Role.CLERK, community=county.community1)
    wish = taken(county, "member1")
    person = wish.claims[0].people[0]
    workflow.finish(wish, county.by("liaison1"), day=clock.today(), starts=dt.time(9), people_hours={person.id: 2})
    assert rights.clerk_apart(wish, county.by("clerk1"))
    assert not rights.clerk_apart(wish, county.by("member1", Role.CLERK))


def test_reopened_the_same_unit_goes_on(county):
    wish = taken(county, "member1")
    person = wish.claims[0].people[0]
    workflow.finish(wish, county.by("liaison1"), day=clock.today(), starts=dt.time(9), people_hours={person.id: 2})
    workflow.reopen(wish, resident_of(wish.id), reason="还在漏")
    assert (wish.claims[0].state, person.half_hours, wish.state) == (ClaimState.OPEN, None, S.CLAIMED)


def test_released_by_the_liaison_it_waits_again(county):
    wish = taken(county, "member1")
    workflow.release(wish, county.by("liaison1"))
    assert (wish.state, wish.full) == (S.PUBLISHED, False)


def test_who_leaves_comes_no_more_and_the_last_one_gives_the_place_back(county):
    wish = taken(county, "member1", "member2")
    for name, states in (("member1", (S.CLAIMED, 1)), ("member2", (S.PUBLISHED, 0))):
        row = registrations.current_of(county.places[f"{name}_row"].id)
        leaving.end(row, county.by("liaison1"), kind=EndKind.RETIRED, reason="到龄退休")
        db.session.commit()
        assert (wish.state, sum(claim.heads for claim in wish.open_claims)) == states


def test_the_contact_is_for_the_liaison_and_those_who_come_while_the_claim_lasts(county):
    wish = taken(county, "member1")
    people = ("liaison1", "member1", "member2", "liaison2", "dept1")
    assert {name: looks.access(wish, county.by(name)) for name in people} == {
        "liaison1": Access.CASE, "member1": Access.CASE, "member2": None, "liaison2": None, "dept1": None,
    }  # fmt: skip
    workflow.release(wish, county.by("liaison1"))
    assert {name: looks.access(wish, county.by(name)) for name in people} == dict.fromkeys(people)


# ---- Pages


def test_the_liaison_claims_from_the_page_and_reports(county, browse):
    wish = a_wish(county, helpers_needed=2)
    liaison = browse(county.users["liaison1"])
    page = liaison.get(f"/wishes/{wish.number}")
    assert texts(page, ".claim_for_unit") == ["本单位认领"]
    form = form_to(liaison.get(f"/wishes/{wish.number}/claim_for_unit").text, "/claim_for_unit")
    who = [str(one) for one in ids(county, "member1", "member2")]
    assert set(form.choices["people"]) == {str(one) for one in ids(county, "member1", "member2", "dual")}
    sent = liaison.post(f"/wishes/{wish.number}/claim_for_unit", data={"people": who})
    assert (sent.status_code, sent.location) == (303, f"/wishes/{wish.number}")
    page = liaison.get(sent.location)
    assert texts(page, "main .stack > .buttons .button") == ["办理完成", "延期", "撤销", "放弃认领"]
    assert "随凤翔中学党支部同来" in page.text and PHONE not in page.text
    db.session.expire_all()
    first, second = wish.claims[0].people
    report = {"day": "2026-05-16", "starts": "09:00", f"person_{first.id}": "3", f"person_{second.id}": "0"}
    assert liaison.post(f"/wishes/{wish.number}/finish", data=report).status_code == 303
    db.session.expire_all()
    assert (wish.state, first.half_hours, second.half_hours) == (S.DONE, 3, None)
    page = browse(county.users["member1"]).get("/wishes/mine")
    assert texts(page, "tbody .num") == ["1.5"]


def test_nothing_ticked_is_said(county, browse):
    wish = a_wish(county)
    answer = browse(county.users["liaison1"]).post(f"/wishes/{wish.number}/claim_for_unit", data={})
    assert answer.status_code == 422 and "请勾选来的人。" in answer.text


def test_who_comes_finds_it_among_their_own(county, browse):
    taken(county, "member1", title="帮忙搬家")
    shown = {
        name: texts(browse(county.users[name]).get("/wishes/mine"), ".todo__words") for name in ("member1", "dual")
    }
    assert shown["dual"] == []
    assert shown["member1"][0].startswith("帮忙搬家") and shown["member1"][0].endswith("随本单位来")


def test_after_fifteen_days_it_stands_on_the_desks_of_units_whose_members_live_there(county, browse):
    old = SATURDAY - dt.timedelta(days=15)
    a_wish(county, title="等久了的", published_at=old)
    a_wish(county, title="十四天的", published_at=SATURDAY - dt.timedelta(days=14))
    a_wish(county, title="悄悄的", published_at=old, on_wall=False)
    a_wish(county, title="别处的", published_at=old, community_id=county.community2.id, grid_id=None)
    patience = ladder.patience(clock.today())
    found = {
        n: [w.title for w in groups.long_waiting(county.by(n), patience)] for n in ("liaison1", "liaison2", "liaison3")
    }
    # unit2's member3 lives in community2, its newcomer in community1; nobody of unit3 lives anywhere.
    assert found == {"liaison1": ["等久了的"], "liaison2": ["等久了的", "别处的"], "liaison3": []}
    desk = browse(county.users["liaison1"]).get("/desk")
    assert any("等了15天还没人认领的微心愿" in line for line in texts(desk, ".todo__words"))
    page = browse(county.users["liaison1"]).get("/wishes/unit")
    assert len(texts(page, ".todo__words")) == 1
    assert "十四天的" not in page.text


def test_the_units_own_stand_on_its_desk(county, browse):
    taken(county, "member1", title="帮忙搬家")
    assert texts(browse(county.users["liaison1"]).get("/desk"), ".todo__words") == ["办理心愿：帮忙搬家6月5日前办完"]
    assert "办理心愿" not in browse(county.users["liaison2"]).get("/desk").text
