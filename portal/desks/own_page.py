"""What a member's own page shows under 待办: the year so far, wishes that would fit."""

from dataclasses import dataclass

from portal.actors import Actor
from portal.records import queries as records
from portal.wishes import suited

FITTING = 3


@dataclass(frozen=True)
class OwnPage:
    """The member's confirmed services and half hours of the year, fitting wishes, and where registered."""

    services: int
    half_hours: int
    fitting: list[suited.Suited]
    registered_in: str


def own_page(by: Actor, year: int) -> OwnPage:
    """The member's year so far and what would fit."""
    services, half_hours = records.year_total(by.member_id or 0, year)
    profile = suited.profile_of(by)
    return OwnPage(
        services=services,
        half_hours=half_hours,
        fitting=suited.wishes_for(profile, FITTING) if profile else [],
        registered_in=profile.community if profile else "",
    )
