"""The whole workbook compared with the county, sheet after sheet, each referring to those before it."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

from portal.firstday import queries
from portal.firstday.cases import plan_registrations, plan_services
from portal.firstday.columns import LAYOUTS
from portal.firstday.models import Part
from portal.firstday.persons import plan_members
from portal.firstday.places import ORGANISATIONS, Places, plan_places
from portal.firstday.plans import Plan
from portal.people.models import Member
from portal.rosters import queries as rosters
from portal.rosters.comparing import Known
from portal.rosters.models import RowResult
from portal.rosters.parsing import NoHead, ReadRow, ReadSheet, read_sheet
from portal.rosters.template_book import NOTES
from portal.sheets import Sheet
from portal.text import clean


@dataclass(frozen=True)
class Preview:
    """What an uploaded workbook would do: its rows, the head's line of each sheet read, and what to say of it."""

    plans: list[Plan] = field(default_factory=list)
    heads: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, Counter[str]]:
        """How many rows of each sheet have which result."""
        found: dict[str, Counter[str]] = {}
        for plan in self.plans:
            found.setdefault(plan.part.value, Counter())[plan.result.value] += 1
        return found

    def count(self, *results: RowResult) -> int:
        """How many rows have one of these results."""
        return sum(plan.result in results for plan in self.plans)


def plan_book(book: Sequence[Sheet], today: dt.date) -> Preview:
    """What this workbook would do; NoHead when none of its sheets bears a known name, or one lacks its head."""
    sheets = _sheets(book, today)
    rows = {part: sheet.rows for part, sheet in sheets.items()}
    number, places = count(1), queries.known_places()
    plans: list[Plan] = []
    for part in ORGANISATIONS:
        plans += plan_places(part, rows.get(part, []), places, number)
    plans += _people_and_cases(rows, places, number)
    unread = [one.name for one in book if not (_part_of(one) or one.hidden or one.name == NOTES) and one.rows]
    notes = [f"没有读取这些工作表：{'、'.join(unread)}。"] if unread else []
    for sheet in sheets.values():
        if sheet.unknown:
            notes.append(f"“{sheet.name}”表没有读取这些栏目：{'、'.join(sheet.unknown)}。")
    return Preview(plans, {sheet.name: sheet.head for sheet in sheets.values()}, notes)


def _people_and_cases(rows: dict[Part, list[ReadRow]], places: Places, number: Iterator[int]) -> Iterator[Plan]:
    if not any(rows.get(part) for part in (Part.MEMBERS, Part.REGISTRATIONS, Part.RECORDS)):
        return
    people = queries.known_people()
    yield from plan_members(
        rows.get(Part.MEMBERS, []), places, queries.homes_of(places), people, _known, rosters.on_other_rosters, number
    )
    scheme = queries.known_scheme(places, people, bool(rows.get(Part.RECORDS)))
    yield from plan_registrations(rows.get(Part.REGISTRATIONS, []), scheme, number)
    yield from plan_services(rows.get(Part.RECORDS, []), scheme, number)


def _known(unit: int) -> Known:
    """The members of a unit; a unit that this workbook brings has none."""
    none: list[Member] = []
    return rosters.known_members(unit) if unit > 0 else Known(none)


def _part_of(sheet: Sheet) -> Part | None:
    return Part.by_label(clean(sheet.name))


def _sheets(book: Sequence[Sheet], today: dt.date) -> dict[Part, ReadSheet]:
    found: dict[Part, ReadSheet] = {}
    for sheet in book:
        part = _part_of(sheet)
        if part and not sheet.hidden and any(any(cell != "" for cell in row) for row in sheet.rows):
            found[part] = read_sheet(sheet, LAYOUTS[part], today)
    if not found:
        names = "、".join(part.label for part in Part)
        raise NoHead(f"没有找到名为{names}的工作表，请下载模板对照。")
    if not any(sheet.rows for sheet in found.values()):
        raise NoHead("各工作表的表头下面都没有内容，请填写后再上传。")
    return found
