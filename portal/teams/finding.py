"""How teams are found: by name or speciality."""

from flask import url_for
from sqlalchemy import Select, or_

from portal.actors import Actor
from portal.finding import Kind, Line, Sought, joined
from portal.people.models import Community
from portal.search import contains
from portal.teams import queries
from portal.teams.models import Team


def _teams(by: Actor, sought: Sought) -> Select | None:
    fits = or_(contains(Team.name, sought.words), contains(Team.skills, sought.words))
    return queries.visible_to(by).join(Team.community).where(fits) if sought.is_text else None


def _line(key, name, skills, community, state) -> Line:
    return Line(name, url_for("teams.page", team=key), joined(community, skills), state)


TEAMS = Kind(
    "teams", "服务队", "teams.page", _teams, (Team.name, Team.skills, Community.name, Team.state), _line, (Team.name,)
)
