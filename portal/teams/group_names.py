"""What the new teams of a grouping are called, until the clerk gives them a better name."""

from collections.abc import Iterable, Mapping, Sequence

from portal.teams.grouping import Group

LONGEST = 30  # letters of a team's name
_DIGITS = "零一二三四五六七八九"


def names(groups: Sequence[Group], grid_names: Mapping[str, str], taken: Iterable[str]) -> list[str]:
    """A name for each group, of the grids whose people it takes: unlike one another and those that are taken."""
    used, found = set(taken), []
    for group in groups:
        turn = group.part
        while (name := _name(group, grid_names, turn)) in used:
            turn = max(turn, 1) + 1
        used.add(name)
        found.append(name)
    return found


def _name(group: Group, grid_names: Mapping[str, str], turn: int) -> str:
    called = [grid_names[code] for code in group.grids if code in grid_names]
    where = "、".join(called[:2]) + ("等" if len(called) > 2 else "") if called else "社区"
    end = f"服务{_han(turn) if turn else ''}队"
    return f"{where[: LONGEST - len(end)]}{end}"


def _han(number: int) -> str:
    """A number below a hundred in Chinese digits."""
    tens, ones = divmod(number, 10)
    if not tens:
        return _DIGITS[ones]
    return f"{_DIGITS[tens] if tens > 1 else ''}十{_DIGITS[ones] if ones else ''}"
