"""Two people at the same moment, on SQLite and PostgreSQL alike: one wins, the other is told."""

import pytest
from sqlalchemy import func, select

from portal.extensions import db
from portal.history import HistoryLine
from portal.wishes import workflow
from portal.wishes.models import Wish, WishState
from tests.registrations.test_at_once import at_once
from tests.undo.making import ACTS, make
from tests.wishes.making import register


def of(number: str) -> Wish:
    return db.session.scalars(select(Wish).where(Wish.number == number)).one()


@pytest.mark.parametrize("name", ["wishes.publish", "wishes.correct"])
def test_two_clerks_undo_at_once(app, cast, name):
    act = ACTS[name](cast)
    make(cast, act)
    number, clerks = act.row.number, [cast.by("clerk1"), cast.by("clerk1b")]
    db.session.rollback()
    answers = at_once(app, *(lambda by=by: workflow.flow.undo(of(number), by) for by in clerks))
    assert answers.count("done") == 1
    late = next(answer for answer in answers if answer != "done")
    assert "又“撤销：" in late or "最近一步“撤销：" in late or "之后又有变动" in late
    undone = select(func.count()).select_from(HistoryLine).where(HistoryLine.verb == "undo")
    assert db.session.scalar(undone) == 1


def test_a_clerk_undoes_what_a_member_claims_at_once(app, cast):
    act = ACTS["wishes.publish"](cast)
    register(cast, "member1")
    make(cast, act)
    number, clerk, member = act.row.number, cast.by("clerk1"), cast.by("member1")
    db.session.rollback()
    answers = at_once(app, lambda: workflow.flow.undo(of(number), clerk), lambda: workflow.claim(of(number), member))
    assert answers.count("done") == 1
    won = WishState.SUBMITTED if answers[0] == "done" else WishState.CLAIMED
    assert of(number).state is won
