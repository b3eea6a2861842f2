"""What stands in each cell of the 在职党员服务情况季度反馈表: one list a unit and community, as it was sent.

The unit signs for it by hand on the sheet; that it acknowledged it here stands on the page.
"""

from flask import url_for

from portal.extensions import db
from portal.feedback import queries as feedback
from portal.feedback.models import Bulletin, BulletinLine
from portal.feedback.workflow import KIND
from portal.filters import NOTHING, day, hours
from portal.papers.catalogue import paper


@paper("5", "在职党员进社区服务情况季度反馈表", kind=KIND, who=feedback.visible_to)
def bulletin(row: Bulletin, full: bool) -> dict:
    """The quarter of a unit's members in one community, by name; sent to the unit.  [三2]"""
    lines = list(db.session.scalars(feedback.lines_of([row.id])))
    sums = feedback.sums_of(row)
    return {
        "issuer": row.community.name,
        "filed_as": f"{row.period} {row.number}",
        "period": row.period,
        "unit": row.unit.name,
        "community": row.community.name,
        "registered": f"{row.registered}人",
        "served": f"{sums['served']}人",
        "people": [_line(line) for line in lines],
        "sums": [_count(sums["times"]), hours(sums["half_hours"]),
                 *(_count(sums[name]) for name in ("activities", "wishes", "visits", "suggestions")),
                 _late(sums["late_times"], sums["late_half_hours"]),
                 _late(sums["back_times"], sums["back_half_hours"], "−")],
        "words": [(line.member.name, line.words) for line in lines if line.words_sealed],
        "remark": row.remark,
        "compiled_on": day(row.compiled_on),
        "sent_on": day(row.sent_on),
    }  # fmt: skip


def paper_at(row: Bulletin) -> str:
    """The address of a bulletin's paper; a draft until it is sent."""
    return url_for("papers.preview_of", kind=KIND, number=row.number)


def _line(line: BulletinLine) -> tuple[str, ...]:
    """Name, times, hours, activities, wishes, visits, suggestions, what was told late, what is taken back."""
    counts = (line.activities, line.wishes, line.visits, line.suggestions)
    return (
        line.member.name, _count(line.times), hours(line.half_hours) if line.half_hours else NOTHING,
        *map(_count, counts), _late(line.late_times, line.late_half_hours),
        _late(line.back_times, line.back_half_hours, "−"),
    )  # fmt: skip


def _count(number: int) -> str:
    return str(number) if number else NOTHING


def _late(times: int, half_hours: int, sign: str = "") -> str:
    return f"{sign}{times}次\n{sign}{hours(half_hours)}小时" if times else NOTHING
