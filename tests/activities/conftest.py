"""The cast of this room's tests, on a Saturday morning: registered members of two communities, one without a login,
and one who has not reported.
"""

import pytest

from portal import clock
from portal.actors import Role
from tests.cast import Cast, make_member
from tests.wishes.making import register

MORNING = clock.moment_of("2026-06-20T08:00")


@pytest.fixture
def county(cast, time_machine) -> Cast:
    """The cast with five registered members and the newcomer, at eight o'clock on 20 June 2026; the clock runs."""
    time_machine.move_to(MORNING, tick=True)
    newcomer = make_member(cast.unit2, cast.community1, "史珍香", "13891701009")
    cast.places["newcomer_row"] = newcomer
    cast.appoint("newcomer", "史珍香", Role.MEMBER, member=newcomer, unit=cast.unit2)
    cast.places["paper_row"] = make_member(cast.unit2, cast.community1, "解玉珍", "13891701010")
    register(cast, "member1", "member2", "member3", "dual", "paper")
    return cast
