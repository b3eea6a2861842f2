"""Two people at the same moment: one wins, the other is told; nobody is evaluated twice."""

from sqlalchemy import select

from portal.evaluations import opening, workflow
from portal.evaluations.models import Evaluation
from portal.extensions import db
from tests.evaluations.conftest import an_evaluation, asked
from tests.evaluations.test_pages import crowd
from tests.registrations.test_at_once import at_once


def one() -> Evaluation:
    return db.session.scalars(select(Evaluation)).one()


def test_two_clerks_open_the_year_at_once(app, cast, time_machine):
    time_machine.move_to("2026-11-20 02:00:00+00:00")
    crowd(cast)
    clerks = [cast.by("clerk1"), cast.by("clerk1b")]
    db.session.rollback()
    answers = at_once(app, *(lambda by=by: list(opening.open_all(by, 2026)) for by in clerks))
    assert answers == ["done", "done"]
    names = [row.member.name for row in db.session.scalars(select(Evaluation))]
    assert sorted(names) == sorted(set(names)) and len(names) == 4


def test_a_clerk_sends_what_a_colleague_drops_at_once(app, cast):
    an_evaluation(cast, "graded")
    first, second = cast.by("clerk1"), cast.by("clerk1b")
    db.session.rollback()
    answers = at_once(
        app, lambda: workflow.send(one(), first), lambda: workflow.drop(one(), second, **asked("drop"))
    )  # fmt: skip
    assert answers.count("done") == 1
    late = next(answer for answer in answers if answer != "done")
    assert "已先“反馈”" in late or "已先“不作评议”" in late
