"""What the sheet of members means, unit by unit, and how later sheets find a member by name, unit and phone."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from portal.firstday.models import Part
from portal.firstday.places import Places
from portal.firstday.plans import Plan
from portal.people.members import phone_index
from portal.rosters.comparing import Known, PlannedRow, compare
from portal.rosters.homes import Homes
from portal.rosters.models import KEPT, RowResult
from portal.rosters.parsing import ReadRow

Elsewhere = Callable[[int, list[str]], dict[str, tuple[int, str]]]


@dataclass(frozen=True)
class Person:
    """A member, known or to come (`ref` below 0), as other sheets refer to one."""

    ref: int
    name: str
    unit: int
    community: int | None
    phone: str | None
    grid: int | None = None
    on_roster: bool = True


@dataclass
class People:
    """All members of the county, found by what a paper says of them."""

    by_unit: dict[tuple[int, str], dict[int, Person]] = field(default_factory=dict)

    def know(self, person: Person) -> None:
        """Know a member; who is known already is known anew."""
        self.by_unit.setdefault((person.unit, person.name), {})[person.ref] = person

    def named(self, facts: dict[str, Any], unit: int, unit_name: str) -> tuple[Person | None, str]:
        """The member of this name in this unit, by phone where several bear it; or None and the reason."""
        named = list(self.by_unit.get((unit, facts["name"]), {}).values())
        found = [one for one in named if one.on_roster] or named
        if not found:
            return None, f"{unit_name}的名册和“党员”表中没有{facts['name']}。"
        if facts.get("phone"):
            same = [one for one in found if one.phone == phone_index(facts["phone"])]
            return (same[0], "") if len(same) == 1 else (None, f"{unit_name}的{facts['name']}不是这个手机号，请核对。")
        if len(found) > 1:
            return None, f"{unit_name}有{len(found)}名{facts['name']}，请填写手机号。"
        return found[0], ""


def plan_members(
    rows: Iterable[ReadRow],
    places: Places,
    homes: Homes,
    people: People,
    known: Callable[[int], Known],
    elsewhere: Elsewhere,
    number: Iterator[int],
) -> list[Plan]:
    """What becomes of the members, compared unit by unit as a unit's own roster would be; `people` know the result."""
    plans: list[Plan] = []
    by_unit: dict[int, list[tuple[Plan, ReadRow]]] = {}
    for row in rows:
        plan = Plan(Part.MEMBERS, next(number), row.sheet, row.line, row.name, problems=list(row.problems))
        plans.append(plan)
        words = row.facts.pop("unit", None)
        unit = places.named(Part.UNITS, str(words)) if words else None
        if words and unit is None:
            plan.refuse("单位", f"没有代码或名称为“{words}”的单位；如在“单位”表中，请先改正那一行。")
        elif unit is not None:
            by_unit.setdefault(unit, []).append((plan, row))
    for unit, together in by_unit.items():
        compared = compare(
            [row for _, row in together], known(unit), homes, lambda found, unit=unit: elsewhere(unit, found)
        )
        for (plan, _), result in zip(together, compared, strict=True):
            _take(plan, result, unit, people)
    _refuse_twins(plans, places)
    return plans


def _take(plan: Plan, row: PlannedRow, unit: int, people: People) -> None:
    """What the roster's comparison found, as a plan of the workbook."""
    plan.result, plan.note, plan.row_id = row.result, row.note, row.member_id
    plan.problems, plan.changes = row.problems, row.changes
    if row.result is RowResult.ELSEWHERE:
        plan.row_id, plan.note = None, ""
        plan.refuse("单位", f"{row.note.removesuffix('。')}：换了单位的，由现单位联络员申请转入。")
        return
    if row.after is None:
        return
    member = row.after
    plan.after = {name: getattr(member, name) for name in KEPT}
    if row.before is not None:
        # Whoever has another home now is in no grid of it yet.
        plan.before = {name: getattr(row.before, name) for name in (*KEPT, "grid_id")}
        plan.after["grid_id"] = member.grid_id
    else:
        plan.after |= {"unit_id": unit}
    ref = row.member_id if row.member_id else -plan.position
    people.know(Person(ref, member.name, unit, member.community_id, member.phone_index, member.grid_id))


def _refuse_twins(plans: list[Plan], places: Places) -> None:
    """One person in two units of the workbook is wrong in one of them."""
    first: dict[str, Plan] = {}
    for plan in plans:
        if plan.result is not RowResult.NEW:
            continue
        there = first.setdefault(plan.after["identity_index"], plan)
        if there is not plan:
            unit = places.name(Part.UNITS, there.after["unit_id"])
            plan.refuse("单位", f"与第{there.line}行（{unit}）是同一人，一名党员只在一个单位的名册上。")
