"""What the sheets of registrations and of this year's services mean for the members they name."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from portal.firstday.models import Part
from portal.firstday.persons import People, Person
from portal.firstday.places import Places
from portal.firstday.plans import Plan
from portal.registrations.models import ReportMode
from portal.rosters.models import RowResult
from portal.rosters.parsing import ReadRow

GRID = "grid_id"  # the member had no grid yet and gets the registration's
UNKNOWN = "期初录入"  # stands where a paper would name somebody and the sheet does not


@dataclass(frozen=True)
class Standing:
    """What is known of a member's registration that is current or on its way."""

    id: int
    number: str
    old_number: str | None
    state: str
    community: int
    issued_on: dt.date
    accepted_on: dt.date | None
    opening: bool


@dataclass
class Scheme:
    """What registrations and services are compared with."""

    places: Places
    people: People
    standing: dict[int, Standing]  # by member
    services: dict[tuple, int]  # (member, day, half hours, what) → record
    year: int
    closed: bool
    valid_days: int


def plan_registrations(rows: Iterable[ReadRow], scheme: Scheme, number: Iterator[int]) -> Iterator[Plan]:
    """What becomes of the registrations, each as filed."""
    seen: dict[int, Plan] = {}
    papers: dict[tuple[int, str], Plan] = {}
    for row in rows:
        plan, person, facts = _begun(Part.REGISTRATIONS, row, scheme, number)
        if person is not None:
            community = _place(plan, facts["community"], "报到社区", scheme)
            _check_days(plan, facts)
            if community is not None and not plan.problems:
                _registration(plan, facts, person, community, scheme)
        if person is not None and plan.result is RowResult.NEW:
            _once(plan, seen.setdefault(person.ref, plan), papers.setdefault((person.unit, facts["old_number"]), plan))
        yield plan


def plan_services(rows: Iterable[ReadRow], scheme: Scheme, number: Iterator[int]) -> Iterator[Plan]:
    """What becomes of this year's services."""
    seen: dict[tuple, Plan] = {}
    for row in rows:
        plan, person, facts = _begun(Part.RECORDS, row, scheme, number)
        if person is not None:
            _service(plan, facts, person, scheme)
        if person is not None and plan.result is RowResult.NEW:
            key = (person.ref, facts["day"], facts["half_hours"], facts["what"])
            if (there := seen.setdefault(key, plan)) is not plan:
                plan.result, plan.note, plan.after = RowResult.TWICE, f"与第{there.line}行相同，只算一次。", {}
        yield plan


def _begun(
    part: Part, row: ReadRow, scheme: Scheme, number: Iterator[int]
) -> tuple[Plan, Person | None, dict[str, Any]]:
    """The plan of a row and the member it names, where nothing is wrong so far."""
    plan = Plan(part, next(number), row.sheet, row.line, row.name, problems=list(row.problems))
    facts: dict[str, Any] = row.facts
    if plan.problems:
        return plan, None, facts
    unit = scheme.places.named(Part.UNITS, facts["unit"])
    if unit is None:
        plan.refuse("单位", f"没有代码或名称为“{facts['unit']}”的单位。")
        return plan, None, facts
    person, reason = scheme.people.named(facts, unit, scheme.places.name(Part.UNITS, unit))
    if person is None:
        plan.refuse("姓名", reason)
    return plan, person, facts


def _place(plan: Plan, words: str, label: str, scheme: Scheme) -> int | None:
    found = scheme.places.named(Part.COMMUNITIES, words)
    if found is None:
        plan.refuse(label, f"没有代码或名称为“{words}”的社区。")
    return found


def _check_days(plan: Plan, facts: dict[str, Any]) -> None:
    if facts["accepted_on"] < facts["issued_on"]:
        plan.refuse("接洽日期", "接洽日期早于开具证明信的日期，请核对两栏。")
    if facts.get("filed_on") and facts["filed_on"] < facts["accepted_on"]:
        plan.refuse("备案日期", "备案日期早于接洽日期，请核对两栏。")


def _registration(plan: Plan, facts: dict[str, Any], person: Person, community: int, scheme: Scheme) -> None:
    if there := scheme.standing.get(person.ref):
        return _already(plan, facts, community, there, scheme)
    if not person.on_roster:
        return plan.refuse("姓名", f"{person.name}已离册，不能导入报到。")
    grid = scheme.places.named(Part.GRIDS, facts["grid"], community) if facts.get("grid") else None
    if facts.get("grid") and grid is None:
        return plan.refuse("网格", f"报到社区没有代码或名称为“{facts['grid']}”的网格。")
    plan.result = RowResult.NEW
    plan.after = {
        "member_id": person.ref, "unit_id": person.unit, "community_id": community, "grid_id": grid,
        "valid_days": scheme.valid_days, "issued_on": facts["issued_on"], "issued_by": UNKNOWN,
        "taken_by": person.name, "mode": facts.get("mode") or ReportMode.ALONE,
        "presented_on": facts["accepted_on"], "accepted_on": facts["accepted_on"],
        "received_by": facts.get("received_by") or UNKNOWN, "filed_by": UNKNOWN,
        "filed_on": facts.get("filed_on") or facts["accepted_on"], "old_number": facts["old_number"],
        "old_receipt_number": facts.get("old_receipt_number"),
    }  # fmt: skip
    if grid is not None and person.grid is None and person.community == community:
        plan.before = {GRID: grid}
    return None


def _already(plan: Plan, facts: dict[str, Any], community: int, there: Standing, scheme: Scheme) -> None:
    """Whoever is registered, or on the way, is the same or wrong: a registration is never altered by a sheet."""
    plan.row_id = there.id
    old = there.opening and (there.old_number, there.community) == (facts["old_number"], community)
    if old and (there.issued_on, there.accepted_on) == (facts["issued_on"], facts["accepted_on"]):
        plan.result = RowResult.SAME
    elif there.accepted_on is None:
        plan.refuse("姓名", f"已有证明信 {there.number}（{there.state}），请在报到中办理，不用导入。")
    elif old:
        plan.refuse("证明信编号", "这次报到已导入过，但日期不同；报到导入后不再修改，确有错误的请撤销那次导入。")
    else:
        where = scheme.places.name(Part.COMMUNITIES, there.community)
        plan.refuse("姓名", f"已在{where}报到（{there.old_number or there.number}），不能再导入。")


def _once(plan: Plan, of_person: Plan, of_paper: Plan) -> None:
    if of_person is not plan:
        same = {**of_person.after} == plan.after
        plan.result, plan.note = RowResult.TWICE, f"与第{of_person.line}行相同，只算一次。"
        if not same:
            plan.refuse("姓名", f"与第{of_person.line}行是同一人，只保留现在有效的一次报到。")
    elif of_paper is not plan:
        plan.refuse("证明信编号", f"与第{of_paper.line}行同一单位的编号相同，请核对。")


def _service(plan: Plan, facts: dict[str, Any], person: Person, scheme: Scheme) -> None:
    place = _place(plan, facts["place"], "服务社区", scheme) if facts.get("place") else person.community
    if facts["day"].year != scheme.year or scheme.closed:
        plan.refuse("服务日期", f"只导入{scheme.year}年度内的服务。" if not scheme.closed else "本年度已结束。")
    if person.community is None:
        plan.refuse("姓名", f"{person.name}没有居住社区，请先在“党员”表中补齐。")
    if plan.problems:
        return
    plan.row_id = scheme.services.get((person.ref, facts["day"], facts["half_hours"], facts["what"]))
    plan.result = RowResult.SAME if plan.row_id else RowResult.NEW
    if plan.result is RowResult.NEW:
        plan.after = {
            "member_id": person.ref, "unit_id": person.unit, "community_id": person.community, "place_id": place,
            "day": facts["day"], "half_hours": facts["half_hours"], "category": facts["category"],
            "what": facts["what"], "for_whom": facts.get("for_whom"),
        }  # fmt: skip
