"""The cast of this room's tests."""

import pytest

from portal.actors import Role
from tests.cast import Cast, make_member
from tests.wishes.making import register


@pytest.fixture
def county(cast) -> Cast:
    """The cast with four registered members, and the newcomer of community1 who has not reported yet."""
    newcomer = make_member(cast.unit2, cast.community1, "史珍香", "13891701009")
    cast.places["newcomer_row"] = newcomer
    cast.appoint("newcomer", "史珍香", Role.MEMBER, member=newcomer, unit=cast.unit2)
    register(cast, "member1", "member2", "member3", "dual")
    return cast
