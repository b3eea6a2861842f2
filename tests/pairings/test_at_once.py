"""Two people at the same moment: one wins, the other is told who was first."""

import datetime as dt

from sqlalchemy import func, select

from portal import clock
from portal.extensions import db
from portal.pairings import actions, projects, workflow
from portal.pairings.models import JointAction, Pairing, PairingProject, ProjectState
from portal.people.models import Community, Unit
from tests.pairings.conftest import action, paired, with_lists
from tests.registrations.test_at_once import at_once


def test_both_sides_propose_at_once_and_one_pairing_stands(app, cast):
    unit, community, actors = cast.unit1.id, cast.community1.id, [cast.by("liaison1"), cast.by("clerk1")]
    db.session.rollback()

    def propose(by):
        return lambda: workflow.propose(db.session.get(Unit, unit), db.session.get(Community, community), by)

    answers = at_once(app, *map(propose, actors))
    assert answers.count("done") == 1
    assert any("已提出凤翔中学党支部与儒林社区结对" in words for words in answers)
    assert db.session.scalar(select(func.count()).select_from(Pairing)) == 1


def test_one_clerk_agrees_while_the_other_declines(app, cast):
    key, first, second = paired(cast, "proposed").id, cast.by("clerk1"), cast.by("clerk1b")
    db.session.rollback()
    answers = at_once(
        app,
        lambda: workflow.agree(db.session.get(Pairing, key), first),
        lambda: workflow.decline(db.session.get(Pairing, key), second, reason="人手不够"),
    )
    assert answers.count("done") == 1
    assert any("已先“" in words for words in answers)


def test_two_clerks_confirm_one_joint_action(app, cast):
    key, actors = action(cast).id, [cast.by("clerk1"), cast.by("clerk1b")]
    db.session.rollback()
    answers = at_once(app, *(lambda by=by: actions.confirm(db.session.get(JointAction, key), by) for by in actors))
    assert answers.count("done") == 1
    assert any("已先“确认”，这次共同活动现在是“双方已确认”，不能确认。" in words for words in answers)


def test_a_project_planned_while_the_pairing_ends_is_dropped_or_refused(app, cast):
    row = with_lists(cast)
    key, need, by, clerk = row.id, row.needs[0].id, cast.by("liaison1"), cast.by("clerk1")
    due = clock.today() + dt.timedelta(days=9)
    db.session.rollback()

    def plan():
        projects.plan(db.session.get(Pairing, key), by, what="x", responsible="x", due_on=due, need_id=need)

    answers = at_once(app, plan, lambda: workflow.end(db.session.get(Pairing, key), clerk, reason="搬迁"))
    assert answers[1] == "done"
    left = db.session.scalars(select(PairingProject)).all()
    assert [each.state for each in left] == ([ProjectState.DROPPED] if answers[0] == "done" else [])
