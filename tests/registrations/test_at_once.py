"""Two people at the same moment: one wins, the other is told; no number is lost or doubled."""

import threading

from sqlalchemy import func, select

from portal.actors import Role
from portal.errors import Refused
from portal.extensions import db
from portal.numbers import Counter
from portal.people.models import Member
from portal.registrations import workflow
from portal.registrations.models import Registration, RegistrationState
from tests.cast import make_member


def at_once(app, *acts) -> list[str]:
    """What each act, run in a thread and transaction of its own at the same moment, ends with."""
    start, answers = threading.Barrier(len(acts)), [""] * len(acts)

    def run(place: int, act) -> None:
        with app.app_context():
            start.wait()
            try:
                act()
                db.session.commit()
                answers[place] = "done"
            except Refused as refusal:
                answers[place] = refusal.sentence
            finally:
                db.session.rollback()
                db.session.remove()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_two_clerks_accept_at_once(app, cast, registration):
    number = registration("presented").number
    clerks = [cast.by("clerk1"), cast.by("clerk1b")]
    db.session.rollback()

    def accept(by):
        found = select(Registration).where(Registration.number == number)
        return lambda: workflow.accept(db.session.scalars(found).one(), by)

    answers = at_once(app, *map(accept, clerks))
    assert answers.count("done") == 1
    winner = clerks[answers.index("done")]
    late = next(answer for answer in answers if answer != "done")
    assert f"{winner.shown}已先“接洽”，这次报到现在是“已接洽”，不能接洽。" in late
    assert db.session.scalar(select(Counter.last).where(Counter.kind == "receipt")) == 1


def test_two_liaisons_issue_for_one_member_at_once(app, cast):
    member_id, liaisons = cast.member1_row.id, [cast.by("liaison1"), cast.by("dual", Role.LIAISON)]
    db.session.rollback()

    def issue(by):
        return lambda: workflow.issue(db.session.get_one(Member, member_id), by)

    answers = at_once(app, *map(issue, liaisons))
    assert answers.count("done") == 1
    assert "已有证明信 2026-0001（已开证明信），不能重复开具。" in "".join(answers)
    assert db.session.scalar(select(func.count()).select_from(Registration)) == 1
    assert db.session.scalar(select(Counter.last).where(Counter.kind == "certificate")) == 1


def test_twenty_certificates_at_once_are_numbered_one_to_twenty(app, cast):
    ids = [make_member(cast.unit1, cast.community1, f"甲{n}", f"138917021{n:02d}").id for n in range(20)]
    by = cast.by("liaison1")
    db.session.commit()

    def issue(member_id):
        return lambda: workflow.issue(db.session.get_one(Member, member_id), by)

    assert at_once(app, *map(issue, ids)) == ["done"] * 20
    serials = db.session.scalars(select(Registration.serial).order_by(Registration.serial))
    assert list(serials) == list(range(1, 21))
    assert {row.state for row in db.session.scalars(select(Registration))} == {RegistrationState.ISSUED}
