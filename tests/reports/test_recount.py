"""Tables 6 and 7 of the whole demonstration against plain SQL that knows none of the room's code."""

import datetime as dt
from collections import defaultdict

import pytest
from sqlalchemy import Date, bindparam, event, text

from portal import clock
from portal.actors import Actor, Role
from portal.clock import Moment
from portal.demo import commands
from portal.demo.scale import SCALES
from portal.evaluations.models import Grade
from portal.extensions import db
from portal.people.models import Community, Supervisor, Unit
from portal.registrations import rates
from portal.reports import behind, lists, registers, tables
from portal.reports.counting import WHOLE
from portal.reports.scopes import By, Scope
from tests import demonstration
from tests.reports.plain_sql import COMMUNITIES_ONLY, DISTINCT, GRADE, HOURS, SQL

NOW = "2026-11-20 02:00:00+00:00"
KEYS = {By.UNITS: 0, By.SUPERVISORS: 1, By.COMMUNITIES: 2}


class Recount:
    """The lines behind each column, fetched by plain SQL."""

    def __init__(self, day: dt.date):
        self.day, first = day, dt.date(day.year, 1, 1)
        values = {
            "first": first, "day": day, "year": day.year, "begin": clock.start_of(first),
            "end": clock.start_of(day + dt.timedelta(days=1)),
        }  # fmt: skip
        types = {"first": Date, "day": Date, "begin": Moment, "end": Moment}
        grades = {f"grade_{key}": GRADE.format(grade=key) for key in db.session.scalars(db.select(Grade.id))}
        self.lines = {}
        for key, sql in (SQL | grades).items():
            named = {name: value for name, value in values.items() if f":{name}" in sql}
            typed = [bindparam(name, type_=types[name]) for name in named if name in types]
            self.lines[key] = [tuple(row) for row in db.session.execute(text(sql).bindparams(*typed), named)]

    def numbers(self, key: str, by: By) -> tuple[dict[int, float], float]:
        """By row what a column says, and its total."""
        found: dict[int, list] = defaultdict(list)
        for *places, thing, amount in self.lines[key]:
            row = 0 if by is By.COUNTY else places[KEYS[by]]
            found[row or 0].append((thing, amount))
        everything = [each for row in found.values() for each in row]
        return {row: self._number(key, of_row) for row, of_row in found.items()}, self._number(key, everything)

    def _number(self, key: str, lines: list) -> float:
        if key in DISTINCT:
            return len({thing for thing, _ in lines})
        amount = sum(amount for _, amount in lines)
        return amount / 2 if key in HOURS else amount


def stirred() -> None:
    """What the demonstration has too little of: services done elsewhere, at the county's activity, and taken back."""
    places = list(db.session.scalars(db.select(Community.id).order_by(Community.id)))
    for here, there in zip(places, places[1:] + places[:1], strict=True):
        move = text("UPDATE service_records SET place_id = :there WHERE community_id = :here AND id % 11 = 0 "
                    "AND source = 'hand'")  # fmt: skip
        db.session.execute(move, {"here": here, "there": there})
    db.session.execute(text("UPDATE service_records SET state = 'voided' WHERE id % 37 = 0"))
    supported = "SELECT min(household_id) FROM supports WHERE since IS NOT NULL"
    db.session.execute(text(f"UPDATE households SET kind = 'elder' WHERE id = ({supported})"))
    db.session.execute(text("UPDATE service_records SET opening = :yes WHERE id % 41 = 0"), {"yes": True})
    db.session.commit()


@pytest.fixture
def day(app, time_machine, request) -> dt.date:
    time_machine.move_to(NOW)
    if hasattr(request, "param"):
        commands.load(SCALES[request.param])
    else:
        demonstration.load()
    stirred()
    return clock.today()


def all_tables(day: dt.date) -> list:
    return [tables.table(number, by, Scope(), day.year, day) for number in (6, 7) for by in By]


def check_numbers(recount: Recount, table) -> set[str]:
    """Every cell is what plain SQL says; the columns that had a number at all."""
    by, seen = By(table.by), set()
    for column in table.columns:
        if column.kind in ("rate", "words"):
            continue
        expected, whole = recount.numbers(column.key, by)
        told = {row.key: row.cells[column.key] for row in table.rows}
        if column.key == "wishes" and by in (By.UNITS, By.SUPERVISORS):
            assert set(told.values()) == {None} == {table.total.cells[column.key]}
            continue
        assert {row: number for row, number in told.items() if number} == {
            row: number for row, number in expected.items() if number
        }, (table.number, by, column.key)
        assert table.total.cells[column.key] == whole, (table.number, by, column.key)
        summed = sum(told.values())
        assert summed == whole if column.kind == "additive" else summed >= whole
        assert table.shared(column.key) == (summed - whole if column.kind == "distinct" else 0)
        seen |= {column.key} if whole else set()
    return seen


def check_sides(day: dt.date) -> None:
    """Units sum to bodies, bodies to the county, and the communities' side says the same of everything."""
    by = {each: tables.six(each, Scope(), day.year, day) for each in By}
    for column in by[By.COUNTY].columns:
        if column.kind in ("rate", "words") or column.key == "wishes":
            continue
        totals = {each: table.total.cells[column.key] for each, table in by.items()}
        assert len(set(totals.values())) == 1, (column.key, totals)
    units_of = defaultdict(list)
    for unit in db.session.scalars(db.select(Unit)):
        units_of[unit.supervisor_id].append(unit.id)
    rows = {row.key: row for row in by[By.UNITS].rows}
    for body in by[By.SUPERVISORS].rows:
        own = tables.six(By.UNITS, Scope(supervisor_id=body.key), day.year, day)
        assert [row.key for row in own.rows] == [key for key in rows if key in units_of[body.key]]
        for column in own.columns:
            assert own.total.cells[column.key] == body.cells[column.key] or column.kind == "rate", column.key
            assert all(row.cells[column.key] == rows[row.key].cells[column.key] for row in own.rows)
    total = by[By.COMMUNITIES].total.cells
    assert (total["away"], total["away_hours"]) == (total["guests"], total["guest_hours"])
    done_here = {}
    for (place, times) in db.session.execute(text(
        "SELECT place_id, count(*) FROM service_records WHERE state = 'confirmed' AND half_hours >= 1 "
        "AND day >= :first AND day <= :day GROUP BY place_id"
    ).bindparams(bindparam("first", dt.date(day.year, 1, 1), Date), bindparam("day", day, Date))):  # fmt: skip
        done_here[place] = times
    for row in by[By.COMMUNITIES].rows:
        here = row.cells["services"] - row.cells["away"] + row.cells["guests"]
        assert here == done_here.get(row.key, 0)


def check_lists(table, day: dt.date) -> None:
    """Each number is the length, or the sum, of its list; each list names a thing once. All cells."""
    by = By(table.by)
    for row in (*table.rows, table.total):
        if not any(value for value in row.cells.values() if not isinstance(value, str)):
            continue
        for column in table.columns:
            if column.kind in ("rate", "words"):
                continue
            found = behind.rows(table.number, row.key, column.key, by, Scope(), day.year, day)
            assert len({each.key for each in found}) == len(found)
            number = row.cells[column.key] or 0
            assert sum(each.amount for each in found) == number, (by, row.name, column.key)
            assert column.key in HOURS or len(found) == number


def check_shared(table, day: dt.date) -> None:
    """What several rows share is named with them, and makes up all that the rows' sum has too much."""
    by = By(table.by)
    for column in table.columns:
        if column.kind != "distinct" or table.total.cells[column.key] is None:
            continue
        found = behind.rows(table.number, WHOLE, column.key, by, Scope(), day.year, day)
        shared = [each.note.partition("共有：")[2].split("、") for each in found if "共有：" in each.note]
        assert sum(len(names) - 1 for names in shared) == table.shared(column.key)
        assert {name for names in shared for name in names} <= {row.name for row in table.rows}


def check_rates(day: dt.date) -> None:
    """Who should report and who did are counted in one way in the whole portal."""
    county = Actor(role=Role.COUNTY, name="组织部")
    for by, grouping in ((By.UNITS, rates.Grouping.UNIT), (By.COMMUNITIES, rates.Grouping.COMMUNITY)):
        table, other = tables.seven(Scope(), day.year, day, by), rates.table(county, grouping)
        said = {line.key or 0: line for line in other.lines}
        for row in (*table.rows, table.total):
            line = other.total if row.key == WHOLE else said.get(row.key) or rates.Rate(None, "")
            for standing in ("should", "reported", "missing", "waiting", "certified", "uncertified", "exempt"):
                assert row.cells[standing] == line[rates.Standing(standing)], (row.name, standing)
            assert row.shown("rate") == line.percent


def check_registers(day: dt.date) -> None:
    """A register is as long as the number reported; phones are masked."""
    for row in tables.seven(Scope(), day.year, day).rows:
        lines = registers.lines(row.key)
        assert len(lines) == row.cells["reported"] > 0
        assert all("*" in line.phone or line.phone == "" for line in lines)
    before = dt.date(day.year, 6, 30)  # some have moved or left since
    reported = {row.key: row.cells["reported"] for row in tables.seven(Scope(), day.year, before).rows}
    found = registers.of_communities(list(reported), before)
    assert {key: len(lines) for key, lines in found.items()} == reported and sum(reported.values()) > 0


def check_scopes(day: dt.date) -> None:
    """Whoever looks, a row says the same: the liaison's own unit, 机关, a town's communities, one community."""
    whole = {by: {row.key: row for row in tables.six(by, Scope(), day.year, day).rows} for by in By}
    unit, place = db.session.scalar(db.select(Unit.id)), db.session.scalar(db.select(Community))
    town = db.session.scalar(db.select(Supervisor.id).where(Supervisor.leads_county_town))
    for by, scope in (
        (By.UNITS, Scope(unit_id=unit)), (By.UNITS, Scope(offices=True)), (By.COMMUNITIES, Scope(town_id=town)),
        (By.COMMUNITIES, Scope(community_id=place.id)),
    ):  # fmt: skip
        rows = tables.six(by, scope, day.year, day).rows
        assert rows
        assert [row.cells for row in rows] == [whole[by][row.key].cells for row in rows]


def check_queries(day: dt.date) -> None:
    """A table takes as many queries for one row as for all."""

    def counted(by: By, scope: Scope) -> int:
        asked = []
        note = lambda *args: asked.append(args[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", note)
        tables.six(by, scope, day.year, day)
        event.remove(db.engine, "before_cursor_execute", note)
        return len(asked)

    counted(By.UNITS, Scope())
    assert counted(By.UNITS, Scope()) == counted(By.UNITS, Scope(unit_id=1)) <= 32
    assert counted(By.COMMUNITIES, Scope()) == counted(By.COMMUNITIES, Scope(community_id=1)) <= 32


def check_columns(day: dt.date) -> None:
    """Only the communities' side lists what was done elsewhere."""
    for by in By:
        keys = {column.key for column in tables.six(by, Scope(), day.year, day).columns}
        assert (keys & COMMUNITIES_ONLY == COMMUNITIES_ONLY) is (by is By.COMMUNITIES)


def test_every_number_of_the_demonstration(day):
    recount = Recount(day)
    seen = set()
    for table in all_tables(day):
        assert {column.key for column in table.columns if column.kind not in ("rate", "words")} <= set(recount.lines)
        seen |= check_numbers(recount, table)
    grades = {key for key in recount.lines if key.startswith("grade_")}
    never = set(SQL) - seen - {"level_city", "level_town", "exemplars"}
    assert never == set(), "the demonstration has nothing to count there"
    assert len(grades) >= 4
    check_sides(day)


def test_every_list_of_the_demonstration(day):
    for table in all_tables(day):
        check_lists(table, day)
        check_shared(table, day)


def test_one_way_of_counting_for_everybody(day):
    check_rates(day)
    check_registers(day)
    check_scopes(day)
    check_queries(day)
    check_columns(day)


@pytest.mark.long
@pytest.mark.parametrize("day", ["county"], indirect=True)
def test_every_number_of_a_county(day):
    recount = Recount(day)
    for table in all_tables(day):
        check_numbers(recount, table)
        assert all(lists.agrees(table, listing) for listing in lists.of_table(table, Scope(), day))
    check_sides(day)
