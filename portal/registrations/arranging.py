"""A proposed grouping as it travels in a form: who goes where, read, adjusted and held against who is still free.

Nothing of it is stored before it is accepted.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from portal.choices import row_id
from portal.teams.group_names import LONGEST
from portal.text import clean

MOST_GROUPS = 120
MOST_PEOPLE = 2000  # of one community, many times what lives there; a form may hold anything
_SPACES = re.compile(r"\s+")


@dataclass
class Placed:
    """People put together: for a new team of this name and grid, or for the team that is there."""

    name: str = ""
    people: list[int] = field(default_factory=list)
    grid_id: int | None = None
    team_id: int | None = None
    leader_id: int | None = None

    @property
    def is_new(self) -> bool:
        """Whether a team is to be founded for them."""
        return self.team_id is None


@dataclass
class Arrangement:
    """All groups of a proposal, and those who are put nowhere for now."""

    groups: list[Placed] = field(default_factory=list)
    out: list[int] = field(default_factory=list)

    @property
    def everybody(self) -> set[int]:
        """All who stand in it, put somewhere or not."""
        return {*self.out, *(one for group in self.groups for one in group.people)}

    @property
    def placed(self) -> int:
        """How many are put into a group."""
        return sum(len(group.people) for group in self.groups)

    def move(self, people: Collection[int], to: str) -> bool:
        """Put these people into the group of this place ("1" is the first), a new one ("new") or nowhere ("out").

        Whether there is such a place; a leader who goes elsewhere leads no more.
        """
        moved, everybody = list(dict.fromkeys(people)), self.everybody
        target = self._target(to)
        if target is None:
            return False
        for group in self.groups:
            group.people = [one for one in group.people if one not in moved]
        self.out = [one for one in self.out if one not in moved]
        (self.out if to == "out" else target.people).extend(one for one in moved if one in everybody)
        self.settle_leaders()
        return True

    def _target(self, to: str) -> Placed | None:
        if to == "out":
            return Placed()
        if to == "new" and len(self.groups) < MOST_GROUPS:
            self.groups.append(Placed())
            return self.groups[-1]
        place = row_id(to)
        return self.groups[place - 1] if place and place <= len(self.groups) else None

    def settle_leaders(self) -> None:
        """Whoever is not of the group does not lead it, nor the team that is there."""
        for group in self.groups:
            if group.leader_id not in group.people or not group.is_new:
                group.leader_id = None

    def keep(self, free: Collection[int]) -> list[int]:
        """Take out whoever is not free any more, put aside whoever is free and stands nowhere; who was taken out."""
        gone = [one for one in self._in_order() if one not in free]
        for group in self.groups:
            group.people = [one for one in group.people if one in free]
        everybody = self.everybody
        self.out = [one for one in self.out if one in free] + [one for one in free if one not in everybody]
        self.settle_leaders()
        return gone

    def _in_order(self) -> Iterable[int]:
        for group in self.groups:
            yield from group.people

    def mistaken(self) -> set[int]:
        """The places of the groups whose names must be looked at: none, or one that another has too."""
        new = self._new()
        names = [group.name for _, group in new]
        return {place for place, group in new if not group.name or names.count(group.name) > 1}

    def _new(self) -> list[tuple[int, Placed]]:
        return [(place, group) for place, group in enumerate(self.groups, 1) if group.is_new and group.people]

    def mistakes(self) -> list[str]:
        """What keeps it from being accepted, a sentence each."""
        new = self._new()
        found = [f"请给第 {place} 组起一个名称。" for place, group in new if not group.name]
        names = [group.name for _, group in new if group.name]
        found += [f"名称“{name}”用了两次，请改一个。" for name in dict.fromkeys(names) if names.count(name) > 1]
        if not self.placed:
            found.append("还没有把任何人编进队里。")
        return found


def read(form: Mapping[str, str]) -> Arrangement:
    """The arrangement that a form holds; whoever stands in it twice counts where they stand first."""
    seen: set[int] = set()
    groups = []
    for place in range(1, MOST_GROUPS + 1):
        if f"people-{place}" not in form:
            break
        groups.append(Placed(
            clean(form.get(f"name-{place}", ""))[:LONGEST], _ids(form[f"people-{place}"], seen),
            *(row_id(form.get(f"{part}-{place}")) for part in ("grid", "team", "leader")),
        ))  # fmt: skip
    arrangement = Arrangement(groups, _ids(form.get("out", ""), seen))
    arrangement.settle_leaders()
    return arrangement


def _ids(typed: str, seen: set[int]) -> list[int]:
    found = [key for key in map(row_id, _SPACES.split(typed)) if key and key not in seen]
    found = list(dict.fromkeys(found))[: MOST_PEOPLE - len(seen)]
    seen.update(found)
    return found
