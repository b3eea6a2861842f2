"""What a member's own page shows under 待办: the next seven days, the year so far, wishes that would fit."""

from dataclasses import dataclass

from portal import clock
from portal.actors import Actor
from portal.menu import own
from portal.menu.taken_on import Own
from portal.records import queries as records
from portal.wishes import suited

FITTING = 3


@dataclass(frozen=True)
class OwnPage:
    """What is on in the next seven days; the member's confirmed services and half hours of the year, fitting wishes,
    and where registered.
    """

    soon: list[Own]
    services: int
    half_hours: int
    fitting: list[suited.Suited]
    registered_in: str


def own_page(by: Actor, year: int) -> OwnPage:
    """The member's year so far and what would fit."""
    services, half_hours = records.year_total(by.member_id or 0, year)
    profile = suited.profile_of(by)
    return OwnPage(
        soon=own.soon(by, clock.today()),
        services=services,
        half_hours=half_hours,
        fitting=suited.wishes_for(profile, FITTING) if profile else [],
        registered_in=profile.community if profile else "",
    )
