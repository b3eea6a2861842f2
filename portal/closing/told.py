"""What the page of a case says of its closed year, and of a correction for which the county opened it."""

from dataclasses import dataclass

from flask import url_for

from portal import web, years
from portal.closing import correcting, queries
from portal.flow import flow_of
from portal.records.models import ServiceRecord


@dataclass(frozen=True)
class Told:
    """Why a record is open for a correction ("" where it is not), and where the county goes on with it."""

    reason: str
    label: str
    url: str


def closed_words(row) -> str:
    """The sentence that nothing of this case may be changed any more, "" where it may."""
    return years.why_closed(flow_of(row).of_year(row), row)


def correction_told(record: ServiceRecord) -> Told | None:
    """What the page of a record of a closed year says of corrections; None where there is nothing to say."""
    if not years.why_closed(record.day.year):
        return None
    by, found = web.me(), queries.open_correction(record.id)
    if found is not None:
        url = url_for("closing.corrections.page", correction=found.id)
        return Told(found.reason, "办理更正", url if correcting.county_of(found, by) else "")
    if correcting.may_reopen(record, by):
        return Told("", "开放更正", url_for("closing.corrections.reopen", record=record.id))
    return None
