"""Grid and team at the acceptance, on the receipt and in the member file; who leaves or moves leaves the teams."""

import re

import pytest

from portal import history
from portal.errors import RuleBroken
from portal.extensions import db
from portal.registrations import leaving, queries, workflow
from portal.registrations.models import EndKind
from portal.teams import workflow as teams
from portal.teams.models import JoinedBy
from tests.page_forms import form_to
from tests.pages import texts
from tests.registrations.conftest import walk
from tests.teams.conftest import a_team, ids, names


def test_the_clerk_assigns_grid_and_team(cast, browse):
    team, row = a_team(cast), walk(cast, "presented")
    clerk = browse(cast.users["clerk1"])
    form = form_to(clerk.get(f"/registrations/{row.number}/accept").text, "/accept")
    assert form.choices["team_id"] == ["", str(team.id)]
    sent = clerk.post(form.action, data=form.filled(grid_id=str(cast.grid1.id), team_id=str(team.id)))
    assert sent.status_code == 303
    db.session.expire_all()
    assert (row.grid, row.team) == (cast.grid1, team)
    assert [(one.member_id, one.how) for one in team.current] == [(cast.member1_row.id, JoinedBy.RECOMMENDED)]
    line = history.last(team)
    assert (line.verb, line.by_name, line.reason) == ("recommend", "儒林社区 王秀兰", "接洽报到时编入")
    assert "水电维修服务队" in clerk.get(f"/registrations/{row.number}").text
    assert "水电维修服务队" in browse(cast.users["member1"]).get("/registrations/mine").text
    # 城关镇 stands in for the clerk, with the same choice.
    other = workflow.issue(cast.dual_row, cast.by("liaison1"))
    workflow.accept(other, cast.by("chengguan"), team_id=team.id)
    assert names(team) == ["欧阳䶮", "仇文博"]


@pytest.mark.parametrize("which", ["foreign", "ended", "none"])
def test_no_other_team_is_assigned_and_nothing_changes(cast, which):
    row = walk(cast, "presented")
    team = a_team(cast)
    if which == "ended":
        teams.end(team, cast.by("clerk1"), reason="并入二队")
    if which == "foreign":
        team = teams.found(cast.community2, cast.by("clerk2"), "凤鸣服务队")
    db.session.commit()
    with pytest.raises(RuleBroken) as refused:
        workflow.accept(row, cast.by("clerk1"), team_id=999_999 if which == "none" else team.id)
    assert refused.value.sentence == "请选择本社区的服务队。"
    db.session.rollback()
    assert row.state.value == "presented"


def test_many_at_once_go_into_one_team(cast, browse):
    team = a_team(cast)
    rows = [workflow.issue(member, cast.by("liaison1")) for member in (cast.member1_row, cast.member2_row)]
    db.session.commit()
    clerk = browse(cast.users["clerk1"])
    sent = clerk.post(
        "/registrations/bulk", data={"verb": "accept", "row": [row.id for row in rows], "team_id": team.id}
    )
    assert "接洽：2 人全部办成。" in clerk.get(sent.location).text
    db.session.expire_all()
    assert names(team) == ["欧阳䶮", "买买提·吐尔逊"]


def test_the_end_of_a_registration_is_the_end_of_the_teams_in_one_act(cast):
    team, row = a_team(cast), walk(cast, "filed")
    teams.join(team, cast.by("member1"))
    teams.appoint(team, cast.by("clerk1"), member_id=cast.member1_row.id)
    db.session.commit()
    assert "退出服务队：水电维修服务队。" in leaving.preview(cast.member1_row)
    workflow.end(row, cast.by("liaison1"), kind=EndKind.RETIRED, reason="到龄退休")
    db.session.commit()
    assert (team.current, team.leading) == ([], None)
    line = history.last(team)
    assert (line.verb, line.by_name, line.reason) == ("leave", "凤翔中学党支部 高翔", "队员的报到已结束")


def test_whom_another_community_receives_leaves_the_old_teams_and_may_be_in_the_new_ones(cast):
    old, row = a_team(cast), walk(cast, "filed")
    new = teams.found(cast.community2, cast.by("clerk2"), "凤鸣服务队")
    teams.join(old, cast.by("member1"))
    workflow.relocate(row, cast.by("liaison1"), community_id=cast.community2.id, address="西关街8号")
    db.session.commit()
    assert names(old) == ["欧阳䶮"]  # until the new community receives them
    workflow.accept(queries.in_progress_of(cast.member1_row.id), cast.by("clerk2"), team_id=new.id)
    db.session.commit()
    assert (names(old), names(new)) == ([], ["欧阳䶮"])
    assert history.last(old).reason == "队员已迁居"


@pytest.fixture
def file(cast, browse):
    """member1, member2 and the dual one in the file of community1; the clerk's browser."""
    for member in (cast.member1_row, cast.member2_row, cast.dual_row):
        workflow.accept(workflow.issue(member, cast.by("liaison1")), cast.by("clerk1"))
    db.session.commit()
    return browse(cast.users["clerk1"])


def found(page) -> list[str]:
    return sorted(re.findall(r'<th scope="row"><a[^>]*>([^<]+)', page.text))


def test_the_file_is_searched_by_team_and_for_those_in_none(cast, file):
    first, second = a_team(cast, "member1", "member2"), a_team(cast, "member2", name="法律服务队")
    shown = file.get("/registrations/file")
    assert {"水电维修服务队、法律服务队", "水电维修服务队", "—"} <= set(texts(shown, 'td[data-label="服务队"]'))
    assert found(file.get(f"/registrations/file?team={first.id}")) == ["买买提·吐尔逊", "欧阳䶮"]
    assert found(file.get(f"/registrations/file?team={second.id}")) == ["买买提·吐尔逊"]
    assert found(file.get("/registrations/file?unplaced=1")) == ["仇文博"]


def test_the_ticked_ones_go_into_a_team_by_one_act(cast, file):
    team = a_team(cast, "member1")
    rows = [str(queries.current_of(one).id) for one in ids(cast, "member1", "member2", "dual")]
    for data, sentence in (
        ({"row": rows}, "请选择编入哪支服务队。"), ({"team_id": team.id}, "请从在本社区报到的党员中选择。"),
        ({"team_id": team.id, "row": rows[:1]}, "所选的党员都已经在这支服务队。"),
    ):  # fmt: skip
        answer = file.post("/registrations/file/team?unplaced=1", data=data)
        assert answer.status_code in (409, 422) and sentence in answer.text
    sent = file.post("/registrations/file/team", data={"team_id": team.id, "row": rows})
    assert (sent.status_code, sent.location) == (303, f"/teams/{team.id}")
    db.session.expire_all()
    assert names(team) == ["欧阳䶮", "买买提·吐尔逊", "仇文博"]
    assert [line.verb for line in history.of(team)] == ["found", "recommend", "recommend"]


def test_an_acceptance_stays_once_the_member_joined_a_team(cast):
    row, team = walk(cast, "presented"), a_team(cast)
    workflow.accept(row, cast.by("clerk1"))
    db.session.commit()
    assert workflow.flow.undo.open_to(row, cast.by("clerk1"))
    teams.join(team, cast.by("member1"))
    db.session.commit()
    with pytest.raises(RuleBroken) as refused:
        workflow.flow.undo(row, cast.by("clerk1"))
    assert refused.value.sentence == "欧阳䶮报到后已加入水电维修服务队，不能撤销。"
    teams.leave(team, cast.by("member1"))
    db.session.commit()
    workflow.flow.undo(row, cast.by("clerk1"))
    assert row.state.value == "presented"


def test_an_acceptance_that_assigned_a_team_is_undone_with_it(cast):
    row, team = walk(cast, "presented"), a_team(cast)
    workflow.accept(row, cast.by("clerk1"), team_id=team.id)
    db.session.commit()
    workflow.flow.undo(row, cast.by("clerk1"))
    db.session.commit()
    assert (row.state.value, row.team, team.current) == ("presented", None, [])
