"""How a record counts in a member's line of a bulletin: of its quarter by kind, or as told late."""

from typing import Any

from portal.records.models import Source

_AS = {Source.ACTIVITY: "activities", Source.WISH: "wishes", Source.VISIT: "visits"}
COUNTED = ("times", "half_hours", *_AS.values(), "late_times", "late_half_hours")
Cases = set[tuple[int, Source, int]]


def count(numbers: dict[str, int], record: Any, late: bool, cases: Cases) -> None:
    """Add a record (its member, source, half hours) to a line's numbers; `cases` are those that others came from."""
    numbers["late_times" if late else "times"] += 1
    numbers["late_half_hours" if late else "half_hours"] += record.half_hours
    kind, case = _AS.get(record.source), (record.member_id, record.source, record.source_id)
    # Of an activity or a wish one has a record each; one written anew for the same case is no second one.
    if not late and kind and (record.source_id is None or case not in cases):
        numbers[kind] += 1
        cases.add(case)
