"""The cast of this room's tests: registered members, and teams of community1."""

import pytest

from portal import history
from portal.actors import Role
from portal.extensions import db
from portal.labels import Category
from portal.teams import workflow
from portal.teams.models import Team
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


def a_team(cast, *names: str, leader: str = "", name: str = "水电维修服务队", **more) -> Team:
    """A team of community1 with these members, recommended by a clerk; one of them may lead."""
    team = workflow.found(
        cast.community1, cast.by("clerk1"), **({"name": name, "category": Category.CONVENIENCE} | more)
    )
    if names:
        workflow.recommend(team, cast.by("clerk1"), people=ids(cast, *names))
    if leader:
        workflow.appoint(team, cast.by("clerk1"), member_id=ids(cast, leader)[0])
    db.session.commit()
    return team


def ids(cast, *names: str) -> list[int]:
    return [cast.places[f"{name}_row"].id for name in names]


def names(team: Team) -> list[str]:
    """Who belongs to the team now, who came first on top."""
    return [each.member.name for each in team.current]


def traced(row) -> list[tuple[str, str, str | None]]:
    """(verb, who, why) of each line of the case's history."""
    return [(line.verb, line.by_name, line.reason) for line in history.of(row)]
