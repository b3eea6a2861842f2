"""What this room puts on each desk, counted by hand; each number is that of the list it leads to."""

import datetime as dt

import pytest
from flask import url_for

from portal import clock
from portal.extensions import db
from portal.pairings import todo, workflow
from portal.todo import counted
from tests.pages import select
from tests.pairings.conftest import action, paired, point, project

EVERYBODY = (
    "liaison1", "liaison2", "clerk1", "clerk1b", "clerk2", "dept1", "chengguan", "committee", "county", "admin",
    "member1", "grid1",
)  # fmt: skip
CLERKS = {"clerk1", "clerk1b"}
WAITS = {
    "pairing": (lambda cast: paired(cast, "proposed"), CLERKS, "结对共建待同意"),
    "action": (lambda cast: action(cast), CLERKS, "共同活动待确认"),
    "point": (lambda cast: point(cast, "proposed"), CLERKS, "领导联系点待同意"),
    "nothing": (lambda cast: project(cast), set(), ""),
    "answered": (lambda cast: (action(cast, "confirmed"), point(cast)), set(), ""),
}


def shown(cast, person: str, days: int = 0) -> list[tuple[int, str]]:
    today = clock.today() + dt.timedelta(days=days)
    return [(line.count, line.label) for line in counted(todo.items(cast.by(person), today))]


@pytest.mark.parametrize("kind", list(WAITS))
def test_what_waits_for_whom(cast, kind):
    make, who, label = WAITS[kind]
    make(cast)
    assert {person: lines for person in EVERYBODY if (lines := shown(cast, person))} == {p: [(1, label)] for p in who}


def test_what_the_community_proposed_waits_for_the_unit(cast):
    workflow.propose(cast.unit1, cast.community1, cast.by("clerk1"))
    db.session.commit()
    assert {person for person in EVERYBODY if shown(cast, person)} == {"liaison1"}


def test_an_overdue_project_waits_on_both_desks(cast):
    project(cast)
    assert {p for p in EVERYBODY if shown(cast, p, days=10)} == set()
    late = {person: lines for person in EVERYBODY if (lines := shown(cast, person, days=11))}
    assert late == {person: [(1, "共建项目已过时限")] for person in ("liaison1", "clerk1", "clerk1b")}


def test_each_line_leads_to_the_list_it_counted(app, cast, browse, time_machine):
    time_machine.move_to("2026-05-11 02:00:00+00:00")
    made = project(cast)
    action(cast, "recorded", made.pairing)
    action(cast, "confirmed", made.pairing)
    point(cast, "proposed")
    time_machine.move_to("2026-05-25 02:00:00+00:00")
    clerk = browse(cast.users["clerk1"])
    with app.test_request_context():
        lines = [(each, url_for(each.endpoint, **each.values)) for each in
                 counted(todo.items(cast.by("clerk1"), clock.today()))]  # fmt: skip
    assert {line.label: line.note for line, _ in lines} == {
        "共同活动待确认": "最早登记于 5月11日", "共建项目已过时限": "最早应于 5月21日",
        "领导联系点待同意": "最早提出于 5月11日",
    }  # fmt: skip
    for line, address in lines:
        assert len(select(clerk.get(address), "#list tbody tr")) == line.count, address
