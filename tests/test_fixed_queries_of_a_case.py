"""One case's page needs no more queries with more people in it: an activity, a post, a team, a household."""

import datetime as dt

import pytest

from portal import clock
from portal.activities.models import SignUp, SignUpState
from portal.extensions import db
from portal.households.models import Visit, VisitPerson
from portal.people.models import Member
from portal.posts.models import PostClaim, PostClaimState
from portal.teams.models import JoinedBy, TeamMember
from tests import crowds
from tests.activities.making import an_activity
from tests.households.conftest import a_household, a_support
from tests.posts.conftest import a_post
from tests.teams.conftest import a_team
from tests.test_fixed_queries import counted
from tests.wishes.making import register

FEW, MANY = 3, 30


def people(cast, count: int) -> list[Member]:
    """So many further members of community1, registered."""
    users = crowds.registered_members(cast, 2 * count)
    members = [user.member for user in users]
    return [one for one in members if one.community_id == cast.community1.id]


def sign_up(activity, members) -> None:
    places = (
        SignUp(activity_id=activity.id, member_id=one.id, state=SignUpState.SIGNED_UP, at=clock.now(), place=at)
        for at, one in enumerate(members, 1)
    )
    db.session.add_all(places)


def hold(post, members) -> None:
    places = (
        PostClaim(post_id=post.id, member_id=one.id, state=PostClaimState.ACTIVE, place=at, at=clock.now(),
                  since=clock.today(), confirmed_for=clock.today().year)
        for at, one in enumerate(members, 1)
    )  # fmt: skip
    db.session.add_all(places)


def join(team, members) -> None:
    for one in members:
        db.session.add(TeamMember(team_id=team.id, member_id=one.id, how=JoinedBy.CHOSEN, since=clock.today()))


def visit(household, members) -> None:
    for number, one in enumerate(members):
        made = Visit(
            household_id=household.id, day=clock.today() - dt.timedelta(number), starts=dt.time(19), half_hours=2,
            recorded_at=clock.now(), recorded_by=one.name, recorded_by_member_id=one.id, done="陪老人说话",
            solved="米面",
        )  # fmt: skip
        made.people.append(VisitPerson(member_id=one.id))
        db.session.add(made)


def cases(cast, members: list[Member], born: str) -> dict[str, str]:
    """The addresses of a case of each kind in which these members take part."""
    activity, post = an_activity(cast, capacity=99), a_post(cast, capacity=99)
    team, household = a_team(cast, name=f"服务队{len(members)}"), a_household(cast, born=born)
    a_support(cast, household)
    for fill, row in ((sign_up, activity), (hold, post), (join, team), (visit, household)):
        fill(row, members)
    db.session.commit()
    return {
        "activity": f"/activities/{activity.number}", "roll": f"/activities/{activity.number}/roll",
        "post": f"/posts/{post.number}", "team": f"/teams/{team.id}", "household": f"/households/{household.number}",
    }  # fmt: skip


@pytest.mark.parametrize("person", ["clerk1", "member1", "liaison1", "county"])
def test_the_page_of_one_case(cast, browse, person):
    register(cast, "member1", "member2", "dual")
    crowd = people(cast, MANY)
    few, many = cases(cast, crowd[:FEW], "1941-03"), cases(cast, crowd, "1942-04")
    browser = browse(cast.users[person])
    found = {kind: (counted(browser, few[kind]), counted(browser, many[kind])) for kind in few}
    assert {kind: (less, more) for kind, (less, more) in found.items() if less != more} == {}
    opened = {kind for kind, (queries, _) in found.items() if queries > 0}
    assert opened >= {"activity", "post", "team", "household"}
