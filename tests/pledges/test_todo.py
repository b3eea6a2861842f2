"""What pledges put on each desk, counted by hand."""

import pytest

from portal import clock
from portal.extensions import db
from portal.pledges import todo, workflow
from portal.todo import counted
from tests.pledges.conftest import item, pledged, registered, without_login


def shown(cast, person: str) -> list[tuple[int, str]]:
    return [(line.count, line.label) for line in counted(todo.items(cast.by(person), clock.today()))]


WAITS = {
    "draft": {"member1": [(1, "服务承诺还没有提交")]},
    "submitted": {"liaison1": [(1, "服务承诺待审定")]},
    "approved": {"clerk1": [(1, "服务承诺将公示，可提修改意见")], "clerk1b": [(1, "服务承诺将公示，可提修改意见")]},
    "shown": {},
    "returned": {"member1": [(1, "服务承诺被退回，修改后再提交")]},
    "ended": {},
}
EVERYBODY = (
    "member1",
    "liaison1",
    "liaison2",
    "clerk1",
    "clerk1b",
    "clerk2",
    "dept1",
    "chengguan",
    "county",
    "admin",
    "grid1",
)


@pytest.mark.parametrize("state", list(WAITS))
def test_what_waits_for_whom(cast, state):
    pledged(cast, state)
    assert {person: lines for person in EVERYBODY if (lines := shown(cast, person))} == WAITS[state]


def test_who_is_registered_is_asked_for_this_years_pledge(cast):
    assert shown(cast, "member1") == []
    registered(cast)
    assert shown(cast, "member1") == [(1, f"填写{clock.today().year}年服务承诺")]


def test_what_a_liaison_submitted_waits_for_another_one_and_the_supervisor(cast):
    row = workflow.write(without_login(cast), cast.by("liaison1"), [item()])
    workflow.submit(row, cast.by("liaison1"))
    db.session.commit()
    liaison = type(cast.by("liaison1").role)
    assert shown(cast, "liaison1") == []
    assert [line.count for line in counted(todo.items(cast.by("dual", liaison.LIAISON), clock.today()))] == [1]
    assert shown(cast, "dept1") == [(1, "服务承诺待审定")]
    assert shown(cast, "dept2") == shown(cast, "chengguan") == []


def test_the_line_says_since_when_and_leads_to_the_list(cast, browse, time_machine):
    time_machine.move_to("2026-05-21 02:00:00+00:00")
    pledged(cast, "submitted")
    line = counted(todo.items(cast.by("liaison1"), clock.today()))[0]
    assert (line.note, line.endpoint, line.values) == ("最早提交于 5月21日", "pledges.cases", {"state": "submitted"})
    assert "欧阳䶮" in browse(cast.users["liaison1"]).get("/pledges/cases?state=submitted").text
