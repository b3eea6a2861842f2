"""Pages of teams: who sees which, a member joins by one click, a clerk founds, recommends, appoints and corrects."""

from portal.extensions import db
from portal.teams import workflow
from portal.teams.models import Team, TeamState
from tests.page_forms import form_to
from tests.pages import same_page, texts
from tests.teams.conftest import a_team, ids, names


def test_each_sees_the_teams_of_their_scope_and_a_foreign_one_is_missing(county, browse):
    """community1 lies in 城关镇; member1 and member2 work for unit1 under dept1, the newcomer for unit2 under dept2."""
    team = a_team(county, "member1", "member2")
    seen = {"member1", "member2", "dual", "newcomer", "grid1", "clerk1", "clerk1b", "chengguan", "liaison1", "dept1",
            "county"}  # fmt: skip
    for name in (*seen, "member3", "clerk2", "liaison2", "liaison3", "dept2", "town2", "committee"):
        browser = browse(county.users[name])
        answer = browser.get(f"/teams/{team.id}")
        assert (answer.status_code == 200) == (name in seen), name
        assert texts(browser.get("/teams"), "tbody th a") == (["水电维修服务队"] if name in seen else []), name
        if name not in seen:
            assert same_page(answer, browser.get("/teams/999999")), name


def test_a_member_joins_by_one_click_and_leaves(county, browse):
    team = a_team(county, "member1", leader="member1")
    member = browse(county.users["dual"])
    page = member.get("/teams")
    assert texts(page, ".join") == ["加入：水电维修服务队"]
    joined = member.post(form_to(page.text, "/join").action)
    assert (joined.status_code, joined.location) == (303, f"/teams/{team.id}")
    assert names(team) == ["欧阳䶮", "仇文博"]
    assert texts(member.get("/teams"), "tbody .tag")[0] == "您在队中"
    assert texts(member.get("/teams"), ".join") == []
    page = member.get(f"/teams/{team.id}")
    assert texts(page, f"#team-{team.id} .button") == ["退出服务队"]
    assert member.post(f"/teams/{team.id}/leave").status_code == 303
    db.session.expire_all()
    assert names(team) == ["欧阳䶮"]


def test_who_has_not_reported_sees_the_teams_and_may_not_join(county, browse):
    team = a_team(county)
    newcomer = browse(county.users["newcomer"])
    assert texts(newcomer.get("/teams"), ".join") == []
    answer = newcomer.post(f"/teams/{team.id}/join")
    assert answer.status_code == 403 and "只能由在本社区报到的在职党员办理" in answer.text


def test_a_clerk_founds_recommends_and_appoints(county, browse):
    clerk = browse(county.users["clerk1"])
    form = form_to(clerk.get("/teams/new").text, "")
    assert clerk.post("/teams/new", data=form.filled(name="")).status_code == 422
    made = clerk.post(
        "/teams/new", data=form.filled(name="儒林苑维修队", skills="修水管", grid_id=str(county.grid1.id))
    )
    team = db.session.scalars(db.select(Team)).one()
    assert (made.status_code, made.location) == (303, f"/teams/{team.id}")
    page = clerk.get(made.location)
    assert "还没有队长" in page.text
    assert texts(page, f"#team-{team.id} .buttons .button") == ["推荐入队", "解散服务队"]
    form = form_to(clerk.get("/teams/new").text, "")
    again = clerk.post("/teams/new", data=form.filled(name="儒林苑维修队"))
    assert again.status_code == 409 and "本社区已有“儒林苑维修队”" in again.text

    assert clerk.post(f"/teams/{team.id}/recommend", data={}).status_code == 422
    offered = form_to(clerk.get(f"/teams/{team.id}/recommend").text, "/recommend").choices["people"]
    assert set(offered) == {str(one) for one in ids(county, "member1", "member2", "dual")}
    people = [str(one) for one in ids(county, "member1", "member2")]
    assert clerk.post(f"/teams/{team.id}/recommend", data={"people": people}).status_code == 303
    assert clerk.post(f"/teams/{team.id}/appoint", data={"member_id": people[1]}).status_code == 303
    page = clerk.get(f"/teams/{team.id}")
    assert texts(page, "tbody th") == ["买买提·吐尔逊 队长", "欧阳䶮"]
    assert texts(page, ".history__why") == ["推荐 2 人"]


def test_two_who_correct_at_once_see_both_texts(county, browse):
    team = a_team(county)
    one, other = browse(county.users["clerk1"]), browse(county.users["clerk1b"])
    first, second = (form_to(clerk.get(f"/teams/{team.id}/edit").text, "") for clerk in (one, other))
    assert one.post(f"/teams/{team.id}/edit", data=first.filled(skills="修水管")).status_code == 303
    clash = other.post(f"/teams/{team.id}/edit", data=second.filled(skills="修电路"))
    assert clash.status_code == 409 and texts(clash, "tbody td") == ["修电路", "修水管"]
    assert other.post(f"/teams/{team.id}/edit", data=form_to(clash.text, "").values).status_code == 303
    db.session.expire_all()
    assert team.skills == "修电路"


def test_disbanding_says_beforehand_what_follows(county, browse):
    team = a_team(county, "member1")
    clerk = browse(county.users["clerk1"])
    assert "1 名队员退出，名单留存备查。" in clerk.get(f"/teams/{team.id}/end").text
    assert clerk.post(f"/teams/{team.id}/end", data={"reason": ""}).status_code == 422
    assert clerk.post(f"/teams/{team.id}/end", data={"reason": "并入二队"}).status_code == 303
    db.session.expire_all()
    assert team.state is TeamState.ENDED
    page = clerk.get(f"/teams/{team.id}")
    assert texts(page, f"#team-{team.id} .button") == ["撤销"]
    assert texts(page, "main details li")[0].startswith("欧阳䶮")
    assert clerk.get(f"/teams/{team.id}/edit").status_code == 200
    assert clerk.post(f"/teams/{team.id}/edit", data=form_to(clerk.get(f"/teams/{team.id}/edit").text, "").values
                      ).status_code == 409  # fmt: skip


def test_why_somebody_was_taken_out_is_for_offices_and_not_for_the_whole_community(county, browse):
    team = a_team(county, "member1", "member2")
    workflow.remove(team, county.by("clerk1"), member_id=county.member2_row.id, reason="长期不来")
    db.session.commit()
    reads = {name: "长期不来" in browse(county.users[name]).get(f"/teams/{team.id}").text
             for name in ("clerk1", "chengguan", "member1", "dual")}  # fmt: skip
    assert reads == {"clerk1": True, "chengguan": True, "member1": False, "dual": False}


def test_the_list_is_narrowed(county, browse):
    a_team(county, "member1", leader="member1")
    gone = a_team(county, name="文艺队")
    workflow.end(gone, county.by("clerk1"), reason="没有人参加")
    a_team(county, name="环保队")
    clerk = browse(county.users["clerk1"])
    for query, found in (
        ("", ["文艺队", "水电维修服务队", "环保队"]), ("state=active", ["水电维修服务队", "环保队"]),
        ("state=ended", ["文艺队"]), ("vacant=1", ["环保队"]), ("state=nonsense&community=x", None),
    ):  # fmt: skip
        shown = texts(clerk.get(f"/teams?{query}"), "tbody th")
        assert sorted(shown) == sorted(found or ["文艺队", "水电维修服务队", "环保队"]), query


def test_a_team_without_a_leader_stands_on_the_desk_of_its_clerks(county, browse):
    a_team(county, "member1")
    assert texts(browse(county.users["clerk1"]).get("/desk"), ".todo__words") == ["服务队没有队长，待任命"]
    assert "没有队长" not in browse(county.users["clerk2"]).get("/desk").text


def test_a_members_own_page_and_the_offices_page_of_a_member_name_the_teams(county, browse):
    team = a_team(county, "member1", "member2", leader="member1")
    own = browse(county.users["member1"]).get("/registrations/mine")
    assert "水电维修服务队" in own.text and "您是队长" in own.text
    assert "还没有参加服务队" in browse(county.users["dual"]).get("/registrations/mine").text
    for name in ("clerk1", "liaison1"):
        assert team.name in browse(county.users[name]).get(f"/members/{county.member1_row.id}").text
