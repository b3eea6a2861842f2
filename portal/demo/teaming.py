"""Volunteer teams of the demonstration: three in each community, one without a leader, one disbanded."""

import datetime as dt

from sqlalchemy import bindparam, or_, update

from portal import clock
from portal.actors import Role
from portal.demo.county import County, Person, Place
from portal.demo.telling import Telling
from portal.demo.writing import write
from portal.extensions import db
from portal.labels import Category
from portal.registrations.models import CURRENT, Registration
from portal.teams.models import JoinedBy, Team, TeamMember, TeamState
from portal.teams.workflow import appoint, end, join, recommend

S = TeamState
# Name, category, skills, the place of its grid among the community's (None: everywhere).
KINDS = (
    ("便民维修服务队", Category.CONVENIENCE, "水电维修、家电维修", 0),
    ("政策法律宣讲队", Category.LEGAL, "法律咨询、写作宣传", None),
    ("环境保护服务队", Category.ENVIRONMENT, None, 1),
)
DISBANDED = ("节日文艺队", Category.CULTURE, "音乐舞蹈", None)
MOST = 12  # in a team; every fourth member is in none
AT_RECEPTION = 2  # of each team, whom the community assigned when it received them


def settle(county: County) -> None:
    """Write the teams with their members and what was done with them."""
    teams: list[dict] = []
    members: list[dict] = []
    telling = Telling()
    for number, place in enumerate(county.places):
        people = county.registered_in[place.id]
        for turn, kind in enumerate(KINDS):
            # Nobody leads the last team of the second community.
            _found(county, telling, teams, members, place, kind, people[turn::4][:MOST], led=(number, turn) != (1, 2))
    place = county.places[0]
    _found(county, telling, teams, members, place, DISBANDED, county.registered_in[place.id][3::4][:4], led=True)
    _disband(county, telling, teams[-1], [row for row in members if row["team_id"] == teams[-1]["id"]])
    write(Team, teams)
    write(TeamMember, members)
    _assign_at_reception(members)
    telling.write()


def _found(county: County, telling: Telling, teams: list, members: list, place: Place, kind, people, led: bool) -> None:
    name, category, skills, grid = kind
    founded = dt.date(county.year - 1, 3, 10)
    team = {
        "id": county.ids.next(Team), "state": S.ACTIVE, "community_id": place.id, "name": name, "category": category,
        "grid_id": None if grid is None else place.grids[grid][0], "skills": skills, "founded_on": founded,
        "ended_on": None, "version": 1,
    }  # fmt: skip
    teams.append(team)
    _tell(county, telling, team, place, founded, "found", "组建", before=None)
    for turn, person in enumerate(people):
        members.append(_member(county, telling, team, place, person, turn))
    if led and people:
        members[-len(people)]["leads"] = True
        _tell(county, telling, team, place, people[0].registered_on, appoint.verb, appoint.label)


def _member(county: County, telling: Telling, team: dict, place: Place, person: Person, turn: int) -> dict:
    """The first ones were assigned when they were received; of the rest every other one came by free choice."""
    chose = turn >= AT_RECEPTION and turn % 2 == 1
    since = max(person.registered_on, team["founded_on"])
    if chose:
        who = (f"{person.unit.name} {person.name}", Role.MEMBER)
        _tell(county, telling, team, place, since, join.verb, join.label, who=who)
    else:
        why = "接洽报到时编入" if turn < AT_RECEPTION else "推荐 1 人"
        _tell(county, telling, team, place, since, recommend.verb, recommend.label, why=why)
    return {
        "id": county.ids.next(TeamMember), "team_id": team["id"], "member_id": person.id,
        "how": JoinedBy.CHOSEN if chose else JoinedBy.RECOMMENDED, "since": since, "until": None, "leads": False,
    }  # fmt: skip


def _disband(county: County, telling: Telling, team: dict, members: list[dict]) -> None:
    day = county.days_ago(2)
    team |= {"state": S.ENDED, "ended_on": day}
    for row in members:
        row |= {"until": max(day, row["since"]), "leads": False}
    place = county.places[0]
    _tell(county, telling, team, place, day, end.verb, end.label, after=S.ENDED, why="并入便民维修服务队")


def _tell(county, telling, team, place, day, verb, label, before=S.ACTIVE, after=S.ACTIVE, who=None, why=None) -> None:
    name, role = who or (f"{place.name} {county.clerks[place.id][0][1]}", Role.CLERK)
    at = min(clock.start_of(day) + dt.timedelta(hours=9), clock.now())
    telling.tell(Team, team["id"], at, verb, label, (before, after), name, role, why)


def _assign_at_reception(members: list[dict]) -> None:
    """The receipts of the first members of each team name it."""
    first: dict[int, list[int]] = {}
    for row in members:
        first.setdefault(row["team_id"], []).append(row["member_id"])
    named = [{"of": one, "team": team} for team, people in first.items() for one in people[:AT_RECEPTION]]
    rows = Registration.__table__
    assigned = rows.c.member_id == bindparam("of"), or_(*(rows.c.state == state for state in CURRENT))
    db.session.execute(update(rows).where(*assigned).values(team_id=bindparam("team")), named)
