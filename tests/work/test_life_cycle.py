"""Own work: who writes, mends and strikes out what, who reads it, and who has none."""

import datetime as dt

import pytest

from portal import clock, history
from portal.actors import resident_of
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.work import queries, workflow
from portal.work.models import WorkKind, WorkState
from tests.lifecycles import LATE, NO, OK, answer
from tests.work.conftest import WAY, asked, done

EVERYBODY = (
    "county", "admin", "dept1", "dept2", "chengguan", "town2", "committee", "inspector", "liaison1", "liaison2",
    "liaison3", "clerk1", "grid1", "member1", "dual",
)  # fmt: skip
# unit1's entry, and dept1's; dual is a liaison of unit1 too, but acts as a member first.
OWNERS = {"liaison1": {"liaison1"}, "dept1": {"dept1"}, "chengguan": {"chengguan"}, "committee": {"committee"}}
YEAR = clock.today().year


def test_the_table_is_whole(app):
    assert set(workflow.flow.moves) == {"cancel"}


@pytest.mark.parametrize("person", list(OWNERS))
@pytest.mark.parametrize("state", list(WAY))
def test_whose_it_is_strikes_it_out(cast, work, state, person):
    row, now = work(state, person), OK if state == "recorded" else LATE
    expected = {name: now if name in OWNERS[person] else NO for name in EVERYBODY}
    given = {name: answer(workflow.cancel, row, cast.by(name), **asked(cast, "cancel")) for name in EVERYBODY}
    assert given == expected
    assert answer(workflow.cancel, row, resident_of(0), **asked(cast, "cancel")) == NO


@pytest.mark.parametrize("person", EVERYBODY)
def test_units_and_the_bodies_above_write(cast, person):
    by = cast.by(person)
    if person in ("liaison1", "liaison2", "liaison3", "dept1", "dept2", "chengguan", "town2", "committee"):
        row = workflow.record(by, done())
        assert (row.unit_id, row.supervisor_id) == (by.unit_id, None if by.unit_id else by.supervisor_id)
        return
    with pytest.raises(NotYours):
        workflow.record(by, done())


# unit1 and unit3 stand under dept1, unit3 is 机关; the others see nothing of unit1's.
READS = {
    "liaison1": {"liaison1", "dept1", "county"},
    "liaison3": {"liaison3", "dept1", "committee", "county"},
    "dept1": {"dept1", "county"},
    "committee": {"committee", "county"},
}


@pytest.mark.parametrize("person", list(READS))
def test_who_reads_it(cast, work, person):
    work(person=person)
    assert {name for name in EVERYBODY if queries.count(queries.visible_to(cast.by(name)))} == READS[person]


def test_it_is_mended_by_whose_it_is_while_its_year_is_open(cast, work, time_machine):
    row = work()
    workflow.change(row, cast.by("liaison1"), done(title="部署动员会（更正）"))
    db.session.commit()
    assert (row.title, [line.label for line in history.of(row)]) == ("部署动员会（更正）", ["登记", "修改"])
    for person in ("liaison2", "dept1", "county", "clerk1"):
        with pytest.raises(NotYours):
            workflow.change(row, cast.by(person), done())
    time_machine.move_to(f"{YEAR + 2}-01-05 02:00:00+00:00")
    with pytest.raises(RuleBroken, match=f"{YEAR}年的工作不能再改了"):
        workflow.change(row, cast.by("liaison1"), done())
    assert answer(workflow.cancel, row, cast.by("liaison1"), **asked(cast, "cancel")) == LATE


def test_what_is_cancelled_is_not_mended(cast, work):
    row = work("cancelled")
    with pytest.raises(RuleBroken, match="已经作废"):
        workflow.change(row, cast.by("liaison1"), done())


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"day": clock.today() + dt.timedelta(days=1)}, "日期还没有到"),
        ({"day": dt.date(YEAR - 2, 12, 31)}, "只能登记今年的工作"),
        ({"kind": WorkKind.VISIT}, "请选择走访了哪个社区"),
    ],
)
def test_what_can_not_be_is_refused(cast, more, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        workflow.record(cast.by("liaison1"), done(**more))


def lacking(cast, person: str, kind: WorkKind = WorkKind.MEETING) -> list[str]:
    return sorted(unit.code for unit in db.session.scalars(queries.lacking(cast.by(person), kind, YEAR)))


def test_who_has_none_is_listed_for_whoever_urges(cast, work):
    """unit3 has no member and is asked for nothing."""
    assert lacking(cast, "county") == ["U01", "U02"]
    work()
    assert lacking(cast, "county") == ["U02"] and lacking(cast, "dept2") == ["U02"]
    assert lacking(cast, "dept1") == [] and lacking(cast, "liaison1") == []
    assert lacking(cast, "county", WorkKind.PLAN) == ["U01", "U02"]
    work("cancelled", "liaison2")
    assert lacking(cast, "county") == ["U02"]  # what was struck out does not count
    work(person="dept2")
    bodies = [body.code for body in queries.lacking_bodies(cast.by("county"), WorkKind.MEETING, YEAR)]
    assert sorted(bodies) == ["S01", "S02", "S03", "S05"]
    assert [body.code for body in queries.lacking_bodies(cast.by("committee"), WorkKind.MEETING, YEAR)] == ["S05"]
    assert queries.lacking_bodies(cast.by("dept2"), WorkKind.MEETING, YEAR) == []
    assert [body.code for body in queries.lacking_bodies(cast.by("dept1"), WorkKind.MEETING, YEAR)] == ["S03"]


def test_what_the_notice_asks_by_name_and_is_not_there_yet(cast, work):
    assert queries.own_lacking(cast.by("liaison1"), YEAR) == [WorkKind.PLAN, WorkKind.MEETING, WorkKind.DISCUSSION]
    work()
    assert queries.own_lacking(cast.by("liaison1"), YEAR) == [WorkKind.PLAN, WorkKind.DISCUSSION]
    work(person="committee")
    assert queries.own_lacking(cast.by("committee"), YEAR) == [WorkKind.PLAN, WorkKind.DISCUSSION]
    assert queries.own_lacking(cast.by("county"), YEAR) == []


def test_nothing_is_listed_of_another_year(cast, work):
    work(day=dt.date(YEAR - 1, 12, 1))
    assert lacking(cast, "dept1") == ["U01"]
    assert queries.years(cast.by("dept1")) == [YEAR - 1] and queries.years(cast.by("dept2")) == []
    assert queries.count(queries.listed(cast.by("county"), WorkKind.MEETING, YEAR - 1, WorkState.RECORDED)) == 1
