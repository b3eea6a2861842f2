"""The rule of grouping by values typed by hand: who goes where, how large the groups are, what they are called."""

import pytest

from portal.labels import Category
from portal.teams.group_names import names
from portal.teams.grouping import Existing, Group, Person, propose, suggested_leaders

LEGAL, CULTURE = Category.LEGAL, Category.CULTURE


def crowd(**grids: int) -> list[Person]:
    """So many people of each grid, numbered on."""
    codes = [code for code, many in grids.items() for _ in range(many)]
    return [Person(number, None if code == "nowhere" else code) for number, code in enumerate(codes, start=1)]


@pytest.mark.parametrize(
    ("grids", "groups"),
    [
        ({}, []),
        ({"G1": 1}, [(1, ["G1"])]),
        ({"G1": 4}, [(4, ["G1"])]),
        ({"G1": 5}, [(5, ["G1"])]),
        ({"G1": 15}, [(15, ["G1"])]),
        ({"G1": 16}, [(8, ["G1"]), (8, ["G1"])]),
        ({"G1": 31}, [(10, ["G1"]), (10, ["G1"]), (11, ["G1"])]),
        ({"G1": 5, "G2": 5}, [(5, ["G1"]), (5, ["G2"])]),
        ({"G1": 4, "G2": 6}, [(10, ["G1", "G2"])]),
        ({"G1": 6, "G2": 4}, [(10, ["G1", "G2"])]),
        ({"G1": 6, "G2": 2, "G3": 2, "G4": 7}, [(6, ["G1"]), (11, ["G2", "G3", "G4"])]),
        ({"G1": 3, "G2": 20, "G3": 2}, [(12, ["G1", "G2"]), (13, ["G2", "G3"])]),
        ({"G1": 6, "nowhere": 3}, [(9, ["G1"])]),
        ({"G1": 6, "nowhere": 7}, [(6, ["G1"]), (7, [])]),
        ({"nowhere": 3}, [(3, [])]),
        ({"G10": 5, "G2": 5}, [(5, ["G10"]), (5, ["G2"])]),
    ],
    ids=str,
)
def test_people_are_grouped_by_grid_and_small_grids_join_their_neighbours(grids, groups):
    found = propose(crowd(**grids), [])
    assert [(len(group.people), group.grids) for group in found] == groups
    assert sorted(one for group in found for one in group.people) == list(range(1, sum(grids.values()) + 1))


@pytest.mark.parametrize("many", [5, 16, 46, 299, 600])
def test_each_new_team_has_five_to_fifteen(many):
    people = [Person(number, f"G{number % 7}") for number in range(many)]
    found = propose(people, [])
    assert all(5 <= len(group.people) <= 15 for group in found)
    assert found == propose(people, [])


def test_those_of_one_estate_stay_together_and_the_estate_tells_the_grid():
    people = [Person(number, "G1", "竹园" if number % 2 else "菊园") for number in range(1, 21)]
    assert [group.people for group in propose(people, [])] == [[1, 3, 5, 7, 9, 11, 13, 15, 17, 19], [*range(2, 21, 2)]]
    people = [
        *(Person(number, "G2", "儒林苑") for number in range(5)),
        *(Person(number, "G1") for number in range(5, 10)),
    ]
    found = propose([*people, Person(10, None, "儒林苑"), Person(11, None, "没人知道的小区")], [])
    assert [(group.grids, len(group.people)) for group in found] == [(["G1"], 5), (["G2"], 7)]


def placed(person: Person, *teams: Existing) -> int | None:
    """The team that is there to which one is proposed, next to five neighbours for whom there is none."""
    others = [Person(number, "G9") for number in range(100, 105)]
    found = propose([person, *others], teams)
    return next(group.team_id for group in found if person.id in group.people)


@pytest.mark.parametrize(
    ("person", "teams", "found"),
    [
        (Person(1, "G1", None, frozenset({LEGAL})), [Existing(7, 5, LEGAL)], 7),
        (Person(1, "G1", None, frozenset({LEGAL})), [Existing(7, 5, CULTURE)], None),
        (Person(1, "G1", None, frozenset({LEGAL})), [Existing(7, 15, LEGAL)], None),
        (Person(1, "G1", None, frozenset({LEGAL})), [Existing(7, 14, LEGAL)], 7),
        (Person(1, "G1", None, frozenset({LEGAL})), [Existing(7, 5, LEGAL, "", "G2")], None),
        (Person(1, "G1", None, frozenset({LEGAL})), [Existing(7, 5, LEGAL), Existing(8, 9, LEGAL, "", "G1")], 8),
        (Person(1, "G1", None, frozenset({LEGAL})), [Existing(7, 5, LEGAL), Existing(8, 3, LEGAL)], 8),
        (Person(1, "G1", None, frozenset(), ("水电维修",)), [Existing(7, 5, None, "水电维修、家电维修")], 7),
        (Person(1, "G1", None, frozenset(), ("理发",)), [Existing(7, 5, None, "水电维修、家电维修")], None),
        (Person(1, "G1"), [Existing(7, 5, None, "", "G1")], 7),
        (Person(1, "G1"), [Existing(7, 0, None, "", "G1")], 7),
        (Person(1, "G1"), [Existing(7, 5, LEGAL, "", "G1")], None),
        (Person(1, "G1"), [Existing(7, 5, None, "", "G2")], None),
        (Person(1, None), [Existing(7, 5, None, "", "G1")], None),
        (Person(1, None), [Existing(7, 5)], None),
    ],
)
def test_a_team_that_is_there_comes_first_by_speciality_then_by_grid(person, teams, found):
    assert placed(person, *teams) == found


def test_nobody_makes_a_team_beyond_fifteen():
    keen = [Person(number, "G1", None, frozenset({LEGAL})) for number in range(1, 11)]
    found = propose(keen, [Existing(7, 12, LEGAL)])
    assert [(group.team_id, group.people) for group in found] == [(None, [4, 5, 6, 7, 8, 9, 10]), (7, [1, 2, 3])]


def test_a_few_who_would_be_alone_join_a_team_for_everybody():
    assert [
        (group.team_id, group.people) for group in propose(crowd(G1=3), [Existing(7, 5), Existing(8, 4, LEGAL)])
    ] == [(7, [1, 2, 3])]


def test_whom_to_ask_to_lead():
    wants = [frozenset({LEGAL}), frozenset({CULTURE}), frozenset({LEGAL, CULTURE}), frozenset()]
    people = [Person(number, "G1", None, each) for number, each in enumerate(wants, start=1)]
    assert suggested_leaders(people) == [1, 3]  # as many want both: the first in the list of categories
    assert suggested_leaders(people[1:]) == [2, 3]
    assert suggested_leaders(people[3:]) == []


def test_what_new_teams_are_called():
    grids = {"G1": "第一网格", "G2": "第二网格", "G3": "第三网格", "L": "长" * 40}
    groups = [
        Group([], None, ["G1"]), Group([], None, ["G1", "G2"]), Group([], None, ["G1", "G2", "G3"]),
        Group([], None, ["G2"], 1), Group([], None, ["G2"], 2), Group([]), Group([]), Group([], None, ["L"], 11),
    ]  # fmt: skip
    called = names(groups, grids, ["第一网格服务队"])
    assert called == [
        "第一网格服务二队", "第一网格、第二网格服务队", "第一网格、第二网格等服务队", "第二网格服务一队",
        "第二网格服务二队", "社区服务队", "社区服务二队", "长" * 25 + "服务十一队",
    ]  # fmt: skip
    assert all(len(name) <= 30 for name in called)
