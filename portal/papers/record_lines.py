"""A service as a line of the 写实登记卡."""

from collections.abc import Sequence

from portal.filters import NOTHING, hours
from portal.records.checks import end_of
from portal.records.models import ServiceRecord, Source
from portal.registrations.models import Registration

# What a service came from, beside its category; one written down by hand came from nothing else.
SOURCES = {
    Source.WISH: ("微心愿",), Source.ACTIVITY: ("活动",), Source.POST: ("岗位",), Source.VISIT: ("走访",),
}  # fmt: skip


def line_of(record: ServiceRecord, of: Registration) -> tuple[str, ...]:
    """Day, from–to, hours, kind, what and where, for whom, evidence and its confirmer, recorded by.

    What the head of the card names is not said again: the place, where it was in that community, and of who confirmed
    and recorded it the office, where it is that community or that unit.
    """
    place, own = _place(record, of), (of.community.name, of.unit.name)
    recorded_by = _without(own, record.recorded_by)
    confirmed_by = record.confirmed_by and _without(own, record.confirmed_by)
    return (
        f"{record.day:%-m月%-d日}",
        _time(record),
        hours(record.half_hours),
        "\n".join((record.category.label, *SOURCES.get(record.source, ()))),
        f"{record.what}{place}",
        record.for_whom or NOTHING,
        "，".join(filter(None, (record.evidence.label, confirmed_by, "期初" if record.opening else ""))),
        f"{recorded_by}（代办）" if record.stand_in else recorded_by,
    )


def _time(record: ServiceRecord) -> str:
    """From when to when; what counts no hours (重温入党誓词) has no end."""
    if record.starts is None:
        return NOTHING
    ends = f"–{end_of(record.starts, record.half_hours):%H:%M}" if record.half_hours else ""
    return f"{record.starts:%H:%M}{ends}"


def _place(record: ServiceRecord, of: Registration) -> str:
    """Where it was, unless in the community that the card names; the member's own one of that day is none elsewhere."""
    if record.place_id == of.community_id:
        return ""
    away = "，外社区" if record.place_id != record.community_id else ""
    return f"（{record.place.name}{away}）"


def _without(offices: Sequence[str], who: str) -> str:
    """The name alone of somebody of one of these offices (儒林社区 王秀兰 → 王秀兰); others stay as they are."""
    office, _, name = who.rpartition(" ")
    return name if office in offices else who
