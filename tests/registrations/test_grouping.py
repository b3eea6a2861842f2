"""Grouping those who are in no team: the page, moving people about, accepting, what has changed meanwhile, undoing."""

import datetime as dt

import pytest
import time_machine
from sqlalchemy import event, func, select

from portal.actors import Role
from portal.bulk import BulkAct
from portal.errors import RuleBroken
from portal.extensions import db
from portal.messages.models import Message
from portal.people.models import Member
from portal.registrations import arranging, cards, grouping
from portal.registrations.cards import CardFacts
from portal.teams import workflow
from portal.teams.models import Team, TeamMember
from tests.cast import Cast, make_member
from tests.crowds import registration
from tests.page_forms import form_to
from tests.pages import texts
from tests.registrations.test_at_once import at_once
from tests.wishes.making import register

SATURDAY = dt.datetime(2026, 5, 16, 2, tzinfo=dt.UTC)
URL = "/registrations/grouping"


@pytest.fixture(autouse=True)
def saturday():
    with time_machine.travel(SATURDAY, tick=False):
        yield


@pytest.fixture
def county(cast) -> Cast:
    """community1 with six members of the first grid and two of the second; community2 with one."""
    register(cast, "member1", "member2", "member3", "dual")
    people = [cast.member1_row, cast.member2_row, cast.dual_row]
    for number, name in enumerate(("史珍香", "单田芳", "解晓东", "仇英", "尉迟恭")):
        people.append(make_member(cast.unit2, cast.community1, name, f"1389170101{number}"))
        cast.places[f"p{number}"] = people[-1]
        db.session.add(registration(people[-1], 6000 + number))
    for number, member in enumerate(people):
        member.grid_id = cast.grid1.id if number < 6 else cast.grid2.id
    db.session.commit()
    return cast


def opened(browse, county, name: str = "clerk1"):
    browser = browse(county.users[name])
    return browser, form_to(browser.get(URL).text, "/grouping")


def teams() -> dict[str, list[str]]:
    """Who is in each team now."""
    db.session.expire_all()
    found = db.session.scalars(select(Team).order_by(Team.id))
    return {team.name: sorted(each.member.name for each in team.current) for team in found}


ALL = ["买买提·吐尔逊", "仇文博", "仇英", "单田芳", "史珍香", "尉迟恭", "欧阳䶮", "解晓东"]


def test_the_proposal_is_seen_as_a_whole_and_nothing_is_stored(county, browse):
    browser, form = opened(browse, county)
    page = browser.get(URL)
    assert "未编队 8 人：拟编入 8 人，暂不编队 0 人" in page.text
    assert texts(page, "details.fold summary") == ["1. 第一网格、第二网格服务队 新队 · 8 人"]
    assert sorted(texts(page, "tbody th")) == ALL
    assert form.values["name-1"] == "第一网格、第二网格服务队"
    assert db.session.scalar(select(func.count()).select_from(Team)) == 0
    teams = browse(county.users["clerk1"]).get("/teams")
    assert texts(teams, ".page-head .button") == ["导出表格", "组建服务队", "就近编组"]


def test_a_clerk_adjusts_and_accepts_in_one_act(county, browse):
    browser, form = opened(browse, county)
    two = [str(county.p3.id), str(county.p4.id)]
    page = browser.post(URL, data=form.filled(act="move", row=two, to="new"))
    assert texts(page, "details.fold summary")[1] == "2. （未起名） 新队 · 2 人，不足 5 人"
    form = form_to(page.text, "/grouping")
    page = browser.post(URL, data=form.filled(act="move", row=[str(county.p0.id)], to="out"))
    form = form_to(page.text, "/grouping")
    assert "拟编入 7 人，暂不编队 1 人" in page.text
    nameless = browser.post(URL, data=form.filled(act="accept"))
    assert nameless.status_code == 422 and "请给第 2 组起一个名称。" in nameless.text
    twice = browser.post(URL, data=form.filled(**{"act": "accept", "name-2": form.values["name-1"]}))
    assert twice.status_code == 422 and "用了两次" in twice.text
    typed = {"act": "accept", "name-1": "儒林苑服务队", "name-2": "南街服务队", "leader-1": str(county.p1.id)}
    done = browser.post(URL, data=form.filled(**typed))
    assert done.status_code == 303
    assert "就近编组：7 人全部办成。" in browser.get(done.location).text
    assert teams() == {"儒林苑服务队": sorted({*ALL} - {"史珍香", "仇英", "尉迟恭"}), "南街服务队": ["仇英", "尉迟恭"]}
    team = db.session.scalars(select(Team).order_by(Team.id)).first()
    assert (team.leading.member.name, team.grid.name) == ("单田芳", "第一网格")
    told = db.session.scalars(select(Message.sentence).where(Message.user_id == county.users["member1"].id)).all()
    assert told == ["儒林苑服务队：推荐入队（儒林社区 王秀兰）。您已是队员，不愿意参加的可以自己退出。"]
    assert "未编队 1 人：拟编入 1 人" in browser.get(URL).text


def test_a_clerk_alone_sees_it_and_only_the_own_community(county, browse):
    assert browse(county.users["member1"]).get(URL).status_code == 403
    assert texts(browse(county.users["clerk2"]).get(URL), "tbody th") == ["单雪"]
    browser, form = opened(browse, county, "clerk2")
    done = browser.post(URL, data=form.filled(**{"act": "accept", "people-1": f"{county.member1_row.id} 999999 x"}))
    assert done.status_code == 303
    assert db.session.scalar(select(func.count()).select_from(Team)) == 0
    assert "没有可以就近编组的人" in browser.get(done.location).text


def test_who_joined_a_team_meanwhile_is_refused_by_name_and_the_rest_is_kept(county, browse):
    browser, form = opened(browse, county)
    team = workflow.found(county.community1, county.by("clerk1b"), "环保队")
    workflow.recommend(team, county.by("clerk1b"), people=[county.p0.id, county.p1.id])
    db.session.commit()
    page = browser.post(URL, data=form.filled(act="move", row=[str(county.p3.id)], to="1"))
    assert "2 人已经编队或不再在本社区报到，已从草案中去掉：单田芳、史珍香。" in page.text
    done = browser.post(URL, data=form.filled(act="accept"))
    assert done.status_code == 303
    page = browser.get(done.location)
    assert "办成 6 人，2 人没有办成" in page.text and "已经在环保队，没有再编。" in page.text
    assert len(teams()["第一网格、第二网格服务队"]) == 6


def test_of_two_clerks_who_accept_at_once_the_second_places_nobody_twice(app, county):
    clerks = [county.by("clerk1"), county.by("clerk1b")]

    def proposal():
        return arranging.Arrangement([arranging.Placed("一队", [county.p0.id, county.p1.id, county.member1_row.id])])

    both = [proposal(), proposal()]
    db.session.rollback()
    answers = at_once(
        app, *(lambda by=by, one=one: grouping.accept(one, by) for by, one in zip(clerks, both, strict=True))
    )
    assert answers == ["done", "done"]
    assert db.session.scalar(select(func.count()).select_from(Team)) == 1
    assert db.session.scalar(select(func.count()).select_from(TeamMember)) == 3
    done = {act.by_user_id: (act.done, act.refused) for act in db.session.scalars(select(BulkAct))}
    assert sorted(done.values()) == [(0, 3), (3, 0)]


def test_a_name_that_is_taken_keeps_what_was_typed_and_changes_nothing(county, browse):
    browser, form = opened(browse, county)
    workflow.found(county.community1, county.by("clerk1b"), "环保队")
    db.session.commit()
    answer = browser.post(URL, data=form.filled(**{"act": "accept", "name-1": "环保队"}))
    assert answer.status_code == 409 and "本社区已有“环保队”，请换一个名称。" in answer.text
    assert form_to(answer.text, "/grouping").values["name-1"] == "环保队"
    assert teams() == {"环保队": []}


def test_those_of_a_team_that_was_disbanded_are_refused_and_the_rest_is_kept(county, browse):
    team = workflow.found(county.community1, county.by("clerk1"), "一网格队", grid_id=county.grid1.id)
    db.session.commit()
    browser, form = opened(browse, county)
    assert "已有 0 人 · 新编入 8 人" in browser.get(URL).text  # the two of the second grid are too few for a team
    workflow.end(team, county.by("clerk1b"), reason="重新组建")
    db.session.commit()
    page = browser.get(browser.post(URL, data=form.filled(act="accept")).location)
    assert "8 人没有办成" in page.text and "要编入的服务队已经解散，请另行编队。" in page.text


def test_a_clerk_who_lives_there_is_not_placed_by_their_own_hand(county, browse):
    county.appoint("member1", "欧阳䶮", Role.CLERK, community=county.community1)
    db.session.commit()
    by = county.by("member1", Role.CLERK)
    assert county.member1_row.id not in grouping.free_members(by)
    made = grouping.accept(arranging.Arrangement([arranging.Placed("一队", [county.member1_row.id, county.p0.id])]), by)
    assert [(line.about, line.sentence) for line in made.lines if not line.done] == [
        ("欧阳䶮", "您本人请以党员身份加入。")
    ]


def test_of_whom_nothing_is_asked_now_nothing_is_proposed(county, browse):
    from portal.registrations import deferments
    from portal.registrations.models import DefermentKind

    asked = deferments.ask(county.p0, county.by("liaison2"), DefermentKind.ILLNESS, "2026-05", "2026-06")
    deferments.agree(asked, county.by("dept2"))
    db.session.commit()
    page = browse(county.users["clerk1"]).get(URL)
    assert "拟编入 7 人，暂不编队 1 人" in page.text
    assert texts(page, "#out tbody th") == ["史珍香 暂缓"]


def test_an_accepted_grouping_is_taken_back_and_its_team_serves_the_next_one(county, browse):
    browser, form = opened(browse, county)
    browser.post(URL, data=form.filled(**{"act": "accept", "leader-1": str(county.p1.id)}))
    team = db.session.scalars(select(Team)).one()
    assert browser.post(f"/teams/{team.id}/undo", data={"line": _line_of(browser, team)}).status_code == 303
    assert teams() == {team.name: []}
    assert db.session.scalar(select(func.count()).select_from(Message)) == 0
    assert texts(browser.get(URL), "details.fold summary") == [f"{team.name} 已有 0 人 · 新编入 8 人"]


def asked_for(browser) -> int:
    """How many queries the page takes."""
    asked: list[str] = []

    def note(_connection, _cursor, statement, *_):
        if statement.lstrip().upper().startswith("SELECT"):
            asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert browser.get(URL).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(asked)


def _line_of(browser, team) -> str:
    return form_to(browser.get(f"/teams/{team.id}/undo").text, "/undo").values["line"]


def test_a_leader_is_one_of_those_recommended_together(county):
    team = workflow.found(county.community1, county.by("clerk1"), "一队")
    with pytest.raises(RuleBroken, match="队长请从一起入队的党员中选择"):
        workflow.recommend(team, county.by("clerk1"), people=[county.p0.id], leader_id=county.p1.id)


def test_a_proposal_knows_cards_and_asks_as_often_for_many_as_for_few(county, browse):
    cards.fill(county.p0, county.by("liaison2"), CardFacts(("水电维修",), (), (), None, "13891701010", "东街1号"))
    workflow.found(county.community1, county.by("clerk1"), "维修队", skills="水电维修、家电维修")
    db.session.commit()
    browser = browse(county.users["clerk1"])
    assert "维修队 已有 0 人 · 新编入 1 人" in " ".join(texts(browser.get(URL), "details.fold summary"))
    few = asked_for(browser)
    for number in range(40):
        member = make_member(county.unit2, county.community1, f"党员{number}", f"1399170{number:04}")
        member.grid_id = county.grid1.id
        db.session.add(registration(member, 7000 + number))
    db.session.commit()
    assert asked_for(browser) == few <= 15
    assert db.session.scalar(select(func.count()).select_from(Member)) > 40


@pytest.mark.parametrize(
    "typed",
    [
        {"people-1": "9" * 5000, "name-1": "\x00\u202e" * 50}, {"people-1": " ".join(map(str, range(1, 40000)))},
        {"people-1": "１２ ٣ -4 1e3", "to": "9" * 300}, {"people-1": "", "to": "out", "act": "move"}, {"act": "accept"},
        {"people-1": "1 1 1", "people-2": "1", "name-1": "长" * 4000, "leader-1": "x", "grid-1": "999999"},
    ],
    ids=range(6),
)  # fmt: skip
@pytest.mark.parametrize("act", ["move", "accept"])
def test_whatever_a_form_holds_nothing_breaks(county, browse, typed, act):
    answer = browse(county.users["clerk1"]).post(URL, data={"act": act, "row": ["1", "x"], "to": "1"} | typed)
    assert answer.status_code in (200, 303, 409, 422)
    assert set(teams()) <= {"长" * 30}
