"""What the sheets of organisations mean for those that are known: new, changed, the same, bad."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from portal.firstday.columns import LAYOUTS
from portal.firstday.models import Part
from portal.firstday.plans import Plan
from portal.labels import Labelled
from portal.people.models import SupervisorKind
from portal.rosters.comparing import EMPTY
from portal.rosters.models import RowResult
from portal.rosters.parsing import ReadRow
from portal.text import normal_phone

# The fact by which a part names what stands above it, the column for it, and the part that holds it.
ABOVE = {
    Part.UNITS: ("supervisor", "supervisor_id", Part.SUPERVISORS),
    Part.COMMUNITIES: ("supervisor", "town_id", Part.SUPERVISORS),
    Part.GRIDS: ("community", "community_id", Part.COMMUNITIES),
    Part.ESTATES: ("community", "community_id", Part.COMMUNITIES),
}
_WITHIN = (Part.GRIDS, Part.ESTATES)  # their codes and names are told apart within a community only
ORGANISATIONS = (Part.SUPERVISORS, Part.UNITS, Part.COMMUNITIES, Part.GRIDS, Part.ESTATES)


@dataclass
class Places:
    """The organisations that are known, or will be by this import, found by code or by name."""

    rows: dict[tuple[Part, int], dict[str, Any]] = field(default_factory=dict)
    _by_words: dict[tuple[Part, int, str, str], int] = field(default_factory=dict)

    def know(self, part: Part, ref: int, values: dict[str, Any]) -> None:
        """Know one organisation by its id, or by the reference to the row that brings it."""
        self.rows[part, ref] = values
        scope = values["community_id"] if part in _WITHIN else 0
        for column in ("code", "name"):
            if values.get(column):
                self._by_words[part, scope, column, values[column]] = ref

    def by(self, part: Part, scope: int, column: str, words: Any) -> int | None:
        """The organisation with just this code or name."""
        return self._by_words.get((part, scope, column, words))

    def named(self, part: Part, words: str | None, scope: int = 0) -> int | None:
        """The organisation of this code or name."""
        found = self.by(part, scope, "code", words)
        return found if found is not None else self.by(part, scope, "name", words)

    def name(self, part: Part, ref: int | None) -> str:
        """What an organisation is called."""
        return EMPTY if ref is None else self.rows[part, ref]["name"]

    def all(self, part: Part) -> Iterator[tuple[int, dict[str, Any]]]:
        """The organisations of one part, those to come included."""
        return ((ref, values) for (each, ref), values in self.rows.items() if each is part)


def plan_places(part: Part, rows: Iterable[ReadRow], places: Places, number: Iterator[int]) -> Iterator[Plan]:
    """What becomes of the rows of one sheet of organisations; `places` know the result."""
    for row in rows:
        plan = Plan(part, next(number), row.sheet, row.line, row.name, problems=list(row.problems))
        facts = _settled(plan, dict(row.facts), places)
        if not plan.problems:
            _compare(plan, facts, places)
        yield plan


def _settled(plan: Plan, facts: dict[str, Any], places: Places) -> dict[str, Any]:
    """The facts with what stands above resolved, and with what the county's rules say of them."""
    if above := ABOVE.get(plan.part):
        fact, column, part = above
        label = LAYOUTS[plan.part].by_key[fact].label
        words = facts.pop(fact, None)
        facts[column] = places.named(part, words)
        if words and facts[column] is None:
            plan.refuse(label, f"没有代码或名称为“{words}”的{part.label}；如在“{part.label}”表中，请先改正那一行。")
        elif words and (reason := _unfit(plan.part, places.rows[part, facts[column]])):
            plan.refuse(label, reason)
    lead = facts.get("leads_county_town")
    if lead and facts.get("kind") is not SupervisorKind.TOWN:
        plan.refuse("是否牵头县城社区", "只有镇党委可以牵头县城社区。")
    return facts


def _unfit(part: Part, above: dict[str, Any]) -> str:
    if part is Part.COMMUNITIES and above["kind"] is not SupervisorKind.TOWN:
        return f"{above['name']}不是镇党委。"
    if part is Part.UNITS and above["kind"] is SupervisorKind.WORK_COMMITTEE:
        return f"{above['name']}不直接管理单位，请填写主管部门。"
    return ""


def _compare(plan: Plan, facts: dict[str, Any], places: Places) -> None:
    scope = facts["community_id"] if plan.part in _WITHIN else 0
    by_code = places.by(plan.part, scope, "code", facts["code"]) if facts.get("code") else None
    by_name = places.by(plan.part, scope, "name", facts["name"])
    ref = by_code if by_code is not None else by_name
    if by_name is not None and by_name != ref:
        return plan.refuse("名称", f"“{facts['name']}”已有，代码是{places.rows[plan.part, by_name]['code']}，请核对。")
    if by_code is None and by_name is not None and facts.get("code"):
        return plan.refuse("代码", f"“{facts['name']}”已有，代码是{places.rows[plan.part, by_name]['code']}，请核对。")
    if facts.get("leads_county_town") and _another_leads(ref, places):
        return plan.refuse("是否牵头县城社区", "牵头县城社区的已有一个，全县只能有一个。")
    if ref is None:
        plan.result, plan.after = RowResult.NEW, facts
        places.know(plan.part, -plan.position, facts)
    elif ref < 0:
        same = all(places.rows[plan.part, ref].get(key) == value for key, value in facts.items())
        plan.result, plan.note = RowResult.TWICE, "与前面的一行相同，只算一次。"
        if not same:
            plan.refuse("代码", "与前面的一行代码或名称相同而内容不同，请只保留一行。")
    else:
        _change(plan, facts, ref, places)
    return None


def _another_leads(ref: int | None, places: Places) -> bool:
    return any(values.get("leads_county_town") and each != ref for each, values in places.all(Part.SUPERVISORS))


def _change(plan: Plan, facts: dict[str, Any], ref: int, places: Places) -> None:
    """What the row changes of an organisation that is known; an empty cell changes nothing."""
    known = places.rows[plan.part, ref]
    plan.row_id = ref
    plan.after = {key: value for key, value in facts.items() if _plain(key, known[key]) != value}
    plan.before = {key: known[key] for key in plan.after}
    plan.result = RowResult.CHANGED if plan.after else RowResult.SAME
    for key in plan.after:
        before, after = (_shown(plan.part, key, values[key], places) for values in (known, facts))
        plan.changes.append((_label(plan.part, key), before, after))
    places.know(plan.part, ref, known | facts)


def _plain(key: str, value: Any) -> Any:
    # Phones typed before may hold dashes, which say nothing new.
    return normal_phone(value) or value if key == "phone" and value else value


def _label(part: Part, key: str) -> str:
    fact, column, _ = ABOVE.get(part, ("", "", part))
    return LAYOUTS[part].by_key[fact if key == column else key].label


def _shown(part: Part, key: str, value: Any, places: Places) -> str:
    if part in ABOVE and key == ABOVE[part][1]:
        return places.name(ABOVE[part][2], value)
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.label if isinstance(value, Labelled) else (value or EMPTY)
