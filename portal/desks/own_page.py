"""What a member's own page shows under 待办: the year so far, the five ones, wishes that would fit."""

from dataclasses import dataclass, field

from portal import clock
from portal.actors import Actor
from portal.duties import five_ones, progress
from portal.duties.five_ones import One
from portal.records import queries as records
from portal.wishes import suited

FITTING = 3


@dataclass(frozen=True)
class OwnPage:
    """The member's confirmed services and half hours of the year, the five ones and the next useful step, fitting
    wishes, and where registered; who is not registered is asked for none of the five.
    """

    services: int
    half_hours: int
    fitting: list[suited.Suited]
    registered_in: str
    ones: list[One] = field(default_factory=list)
    next: One | None = None


def own_page(by: Actor, year: int) -> OwnPage:
    """The member's year so far and what would fit."""
    told = progress.of_member(by.member_id, clock.today())
    facts, ones = told if told else (None, {})
    done = (facts.services, facts.half_hours) if facts else records.year_total(by.member_id or 0, year)
    profile = suited.profile_of(by)
    return OwnPage(
        *done,
        fitting=suited.wishes_for(profile, FITTING) if profile else [],
        registered_in=profile.community if profile else "",
        ones=list(ones.values()),
        next=five_ones.next_step(ones),
    )
