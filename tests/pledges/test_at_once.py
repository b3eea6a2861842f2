"""Two people at the same moment: one wins, the other is told; one pledge a year, no number lost or doubled."""

from sqlalchemy import func, select

from portal.actors import Role
from portal.extensions import db
from portal.numbers import Counter, IssuedPaper
from portal.people.models import Member
from portal.pledges import workflow
from portal.pledges.models import Pledge, PledgeState
from tests.pledges.conftest import item, pledged, registered
from tests.registrations.test_at_once import at_once


def test_of_two_liaisons_one_approves_and_one_number_is_drawn(app, cast):
    key = pledged(cast, "submitted").id
    actors = [cast.by("liaison1"), cast.by("dual", Role.LIAISON)]
    db.session.rollback()
    answers = at_once(app, *(lambda by=by: workflow.approve(db.session.get(Pledge, key), by) for by in actors))
    assert sorted(answer == "done" for answer in answers) == [False, True]
    assert any("已先“审定”" in answer for answer in answers)
    assert db.session.scalar(select(Counter.last).where(Counter.kind == workflow.CARD)) == 1
    assert db.session.scalar(select(func.count()).where(IssuedPaper.kind == workflow.CARD)) == 1


def test_approving_and_withdrawing_at_once_leaves_one_of_the_two(app, cast):
    key = pledged(cast, "submitted").id
    liaison, member = cast.by("liaison1"), cast.by("member1")
    db.session.rollback()
    answers = at_once(
        app,
        lambda: workflow.approve(db.session.get(Pledge, key), liaison),
        lambda: workflow.withdraw(db.session.get(Pledge, key), member),
    )
    state = db.session.get(Pledge, key).state
    assert answers.count("done") == 1
    assert state is (PledgeState.APPROVED if answers[0] == "done" else PledgeState.DRAFT)


def test_two_windows_make_one_pledge(app, cast):
    registered(cast)
    member, by = cast.member1_row.id, cast.by("member1")
    db.session.rollback()

    def write(what: str):
        return lambda: workflow.write(db.session.get(Member, member), by, [item(what)])

    answers = at_once(app, write("第一个窗口"), write("第二个窗口"))
    assert answers.count("done") == 1
    assert any("刚刚更新过这份承诺" in answer for answer in answers)
    assert db.session.scalar(select(func.count()).select_from(Pledge)) == 1
    assert db.session.scalar(select(Counter.last).where(Counter.kind == "pledge")) == 1
