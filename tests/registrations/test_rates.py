"""Report-in rates, computed by hand; every number opens a list of just so many names."""

import pytest
from sqlalchemy import event

from portal.extensions import db
from portal.registrations import queries, rates
from portal.registrations.rates import Grouping, Standing

ORDER = ("should", "reported", "filed", "missing", "waiting", "certified", "uncertified")


def numbers(rate) -> tuple[int, ...]:
    return tuple(rate[Standing(name)] for name in ORDER)


ALL = ((8, 3, 2, 5, 1, 1, 3), (2, 1, 1, 1, 0, 1, 0))  # everybody; leading members
EXPECTED = {
    ("county", "unit"): {
        "凤翔中学党支部": (4, 2, 1, 2, 1, 1, 0),
        "县医院党总支": (3, 1, 1, 2, 0, 0, 2),
        "县教育体育局机关党支部": (1, 0, 0, 1, 0, 0, 1),
    },
    ("county", "supervisor"): {
        "县教育体育局党委": (5, 2, 1, 3, 1, 1, 1),
        "县卫生健康局党委": (3, 1, 1, 2, 0, 0, 2),
    },
    ("county", "community"): {
        "儒林社区": (5, 3, 2, 2, 1, 0, 1),
        "凤鸣社区": (2, 0, 0, 2, 0, 1, 1),
        "未填居住社区": (1, 0, 0, 1, 0, 0, 1),
    },
    ("dept1", "unit"): {"凤翔中学党支部": (4, 2, 1, 2, 1, 1, 0), "县教育体育局机关党支部": (1, 0, 0, 1, 0, 0, 1)},
    ("chengguan", "community"): {"儒林社区": (5, 3, 2, 2, 1, 0, 1), "凤鸣社区": (2, 0, 0, 2, 0, 1, 1)},
    ("chengguan", "unit"): {},
    ("town2", "unit"): {},
    ("committee", "unit"): {"县教育体育局机关党支部": (1, 0, 0, 1, 0, 0, 1)},
    ("liaison1", "unit"): {"凤翔中学党支部": (4, 2, 1, 2, 1, 1, 0)},
    ("clerk1", "unit"): {
        "凤翔中学党支部": (3, 2, 1, 1, 1, 0, 0),
        "县医院党总支": (1, 1, 1, 0, 0, 0, 0),
        "县教育体育局机关党支部": (1, 0, 0, 1, 0, 0, 1),
    },
}  # fmt: skip
NO_RATES = ("member1", "grid1", "inspector", "admin")


@pytest.mark.parametrize(("person", "grouping"), list(EXPECTED))
def test_rates_by_hand(county, person, grouping):
    table = rates.table(county.by(person), Grouping(grouping))
    assert {line.name: numbers(line) for line in table.lines} == EXPECTED[person, grouping]


@pytest.mark.parametrize(("person", "grouping"), list(EXPECTED))
def test_the_desk_s_number_is_the_table_s(county, person, grouping):
    by, group = county.by(person), Grouping(grouping)
    assert queries.count(rates.missing(by, group)) == rates.table(by, group).total[Standing.MISSING]


@pytest.mark.parametrize("grouping", ["unit", "supervisor", "community"])
def test_the_totals_are_the_same_people_by_whatever_grouping(county, grouping):
    table = rates.table(county.by("county"), Grouping(grouping))
    assert (numbers(table.total), numbers(table.leading)) == ALL


@pytest.mark.parametrize(("person", "grouping"), list(EXPECTED))
def test_every_number_opens_a_list_of_just_so_many_names(county, person, grouping):
    by, group = county.by(person), Grouping(grouping)
    table = rates.table(by, group)
    for standing in Standing:
        for line in table.lines:
            listed = db.session.scalars(rates.people(by, group, standing, line.key or 0)).unique().all()
            assert len(listed) == line[standing], (line.name, standing)
        assert len(db.session.scalars(rates.people(by, group, standing)).unique().all()) == table.total[standing]
        leaders = db.session.scalars(rates.people(by, group, standing, leading=True)).unique().all()
        assert len(leaders) == table.leading[standing]


@pytest.mark.parametrize("person", NO_RATES)
def test_who_sees_no_rates_sees_nobody(county, person):
    by = county.by(person)
    assert rates.groupings(by) == ()
    assert rates.table(by, Grouping.UNIT).lines == []
    assert db.session.scalars(rates.people(by, Grouping.UNIT, Standing.SHOULD)).all() == []


def test_the_table_is_one_query_however_many_lines(county):
    by, asked = county.by("county"), []
    listen = lambda *call: asked.append(call[2:4])  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        rates.table(by, Grouping.UNIT)
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)
    assert len(asked) == 1
    if db.engine.dialect.name == "sqlite":  # by community it read thousands of rows for each member
        plan = db.session.connection().exec_driver_sql("EXPLAIN QUERY PLAN " + asked[0][0], asked[0][1])
        looked_up = [step.detail for step in plan if "registrations" in step.detail]
        assert len(looked_up) == 2
        assert all("ix_registrations_member_id (member_id=?)" in detail for detail in looked_up)
