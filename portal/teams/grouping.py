"""The rule by which members who are in no team are put together (就近编组): values in, values out.  [二(二)3]

First come the teams that are there: one that is good at what a member wants to do or can do, then the one near which
they live. Whoever is left is grouped by grid, small grids with their neighbours by code, so that 5 to 15 serve
together. People stay in the order in which they are given, so that the same people are always put together alike.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from portal.labels import Category

FEWEST, MOST = 5, 15


@dataclass(frozen=True)
class Person:
    """A member who is in no team: the code of the grid, the estate, and what the card says, as far as known."""

    id: int
    grid: str | None = None
    estate: str | None = None
    intentions: frozenset[Category] = frozenset()
    skills: tuple[str, ...] = ()


@dataclass(frozen=True)
class Existing:
    """A team that serves already, and how many belong to it."""

    id: int
    size: int
    category: Category | None = None
    skills: str = ""
    grid: str | None = None

    @property
    def is_special(self) -> bool:
        """Whether it is good at something; any other team is for whoever lives near."""
        return bool(self.category or self.skills)


@dataclass
class Group:
    """People who are to serve together: in a team that is there, or in a new one of these grids, by code."""

    people: list[int]
    team_id: int | None = None
    grids: list[str] = field(default_factory=list)
    part: int = 0  # which of several groups of the same grids, 0 where there is one


def propose(people: Sequence[Person], teams: Iterable[Existing]) -> list[Group]:
    """The groups, new ones first by grid, then the teams that are there; nobody is left out."""
    grid_of = _homes(people)
    rooms = _Rooms(sorted(teams, key=lambda team: team.id))
    rest = [one for one in people if not rooms.take(one.id, _fitting(one, grid_of[one.id]))]
    rest = [one for one in rest if not rooms.take(one.id, _near(grid_of[one.id]))]
    if len(rest) < FEWEST:
        rest = [one for one in rest if not rooms.take(one.id, lambda team: None if team.is_special else 0)]
    return [*_by_grid(rest, grid_of), *rooms.groups()]


def suggested_leaders(people: Sequence[Person]) -> list[int]:
    """Who of a group may be asked first to lead it: those who want to do what most of them want to do."""
    wanted = Counter(category for one in people for category in one.intentions)
    if not wanted:
        return []
    most = max(wanted, key=lambda category: (wanted[category], -list(Category).index(category)))
    return [one.id for one in people if most in one.intentions]


def _homes(people: Sequence[Person]) -> dict[int, str | None]:
    """The grid of each: where it is not known, that in which most of those of the same estate live."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for one in people:
        if one.estate and one.grid:
            seen[one.estate][one.grid] += 1
    usual = {estate: min(grids, key=lambda code: (-grids[code], code)) for estate, grids in seen.items()}
    return {one.id: one.grid or usual.get(one.estate or "") for one in people}


class _Rooms:
    """The teams that are there, with those whom they are proposed to take, never beyond `MOST`."""

    def __init__(self, teams: list[Existing]):
        self.teams = teams
        self.coming: dict[int, list[int]] = {team.id: [] for team in teams}

    def take(self, person_id: int, suits) -> bool:
        """Put somebody into the team that suits best and has the most room; whether there is one.

        `suits(team)` says how well, the lower the better, or None.
        """
        found = [(how, self._size(team), team.id) for team in self.teams if (how := suits(team)) is not None]
        found = [each for each in found if each[1] < MOST]
        if found:
            self.coming[min(found)[2]].append(person_id)
        return bool(found)

    def _size(self, team: Existing) -> int:
        return team.size + len(self.coming[team.id])

    def groups(self) -> list[Group]:
        return [Group(people, team_id) for team_id, people in self.coming.items() if people]


def _fitting(one: Person, grid: str | None):
    """A team that is good at what somebody wants or can do: of the own grid before one of the whole community."""

    def suits(team: Existing) -> int | None:
        wants = team.category in one.intentions
        can = any(skill and (skill in team.skills) for skill in one.skills)
        if not (wants or can) or team.grid not in (None, grid):
            return None
        return 0 if team.grid is not None else 1

    return suits


def _near(grid: str | None):
    """A team without a speciality of the own grid."""
    return lambda team: 0 if grid is not None and team.grid == grid and not team.is_special else None


def _by_grid(people: Sequence[Person], grid_of: dict[int, str | None]) -> list[Group]:
    """New groups, by grid; whose grid nobody knows come last, in a group of their own or with the last grid."""
    of_grid: dict[str | None, list[Person]] = defaultdict(list)
    for one in people:
        of_grid[grid_of[one.id]].append(one)
    codes = sorted(of_grid, key=lambda code: (code is None, code or ""))
    neighbours: list[list[str | None]] = []
    for code in codes:
        if neighbours and sum(len(of_grid[each]) for each in neighbours[-1]) < FEWEST:
            neighbours[-1].append(code)
        else:
            neighbours.append([code])
    if len(neighbours) > 1 and sum(len(of_grid[each]) for each in neighbours[-1]) < FEWEST:
        last = neighbours.pop()
        neighbours[-1] += last
    return [group for near in neighbours for group in _parts(near, of_grid, grid_of)]


def _parts(near: list[str | None], of_grid: dict, grid_of: dict[int, str | None]) -> list[Group]:
    """The people of neighbouring grids in as few even parts as `MOST` allows; an estate stays together if it can."""
    people = [
        one for code in near for one in sorted(of_grid[code], key=lambda one: (one.estate is None, one.estate or ""))
    ]
    count = -(-len(people) // MOST)
    cuts = [len(people) * turn // count for turn in range(count + 1)]
    parts = [people[start:end] for start, end in pairwise(cuts)]
    groups = [Group([one.id for one in part], None, _grids_of(part, near, grid_of)) for part in parts]
    for grids in {tuple(group.grids) for group in groups}:
        alike = [group for group in groups if tuple(group.grids) == grids]
        for turn, group in enumerate(alike, start=1):
            group.part = turn if len(alike) > 1 else 0
    return groups


def _grids_of(part: list[Person], near: list[str | None], grid_of: dict[int, str | None]) -> list[str]:
    lived_in = {grid_of[one.id] for one in part}
    return [code for code in near if code and code in lived_in]
