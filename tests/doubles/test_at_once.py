"""Two people of the county at the same moment: one merges, the other is told who was first."""

from sqlalchemy import func, select

from portal.doubles import joining, workflow
from portal.doubles.models import Double
from portal.extensions import db
from portal.people.models import Member, MemberStatus
from tests.doubles.conftest import WHY
from tests.registrations.test_at_once import at_once


def test_two_of_the_county_merge_into_different_rows_at_once(app, pair):
    row_id, ids = pair.opened().id, (pair.first.id, pair.second.id)
    people = [pair.cast.by("county"), pair.cast.by("county_b")]
    seen = [
        workflow.mark_of(joining.foreseen(*pair_of))
        for pair_of in ((pair.first, pair.second), (pair.second, pair.first))
    ]
    db.session.rollback()

    def merge(place):
        def act():
            row = db.session.get_one(Double, row_id)
            workflow.merge(row, people[place], reason=WHY, kept_id=ids[place], seen=seen[place])

        return act

    answers = at_once(app, merge(0), merge(1))
    assert answers.count("done") == 1
    winner = people[answers.index("done")]
    late = next(answer for answer in answers if answer != "done")
    assert f"{winner.shown}已先“合并”，这一对疑似重复的记录现在是“已合并”，不能合并。" in late
    merged = db.session.scalar(select(func.count()).where(Member.status == MemberStatus.MERGED))
    assert merged == 1


def test_two_of_the_county_open_a_pair_at_once(app, pair):
    ids, people = (pair.first.id, pair.second.id), [pair.cast.by("county"), pair.cast.by("county_b")]
    db.session.rollback()

    def look(by):
        return lambda: workflow.look_into(*(db.session.get_one(Member, each) for each in ids), by)

    assert at_once(app, *map(look, people)) == ["done", "done"]
    assert db.session.scalar(select(func.count()).select_from(Double)) == 1
