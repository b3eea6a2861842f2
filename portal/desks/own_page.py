"""What a member's own page shows under 待办: the year so far, wishes that would fit."""

from dataclasses import dataclass

from portal.actors import Actor
from portal.records import queries as records
from portal.registrations import queries as registrations
from portal.wishes import queries as wishes
from portal.wishes import wall

FITTING = 3


@dataclass(frozen=True)
class OwnPage:
    """The member's confirmed services and half hours of the year, fitting wishes, and where registered."""

    services: int
    half_hours: int
    fitting: list[wall.Card]
    registered_in: str


def own_page(by: Actor, year: int) -> OwnPage:
    """The member's year so far and what would fit."""
    services, half_hours = records.year_total(by.member_id or 0, year)
    current = registrations.current_of(by.member_id)
    return OwnPage(
        services=services,
        half_hours=half_hours,
        fitting=wall.waiting(current.community_id, wishes.intentions(by), FITTING) if current else [],
        registered_in=current.community.name if current else "",
    )
