"""The forms by which a liaison claims for the unit and a leader for a team: who will come."""

from portal import web
from portal.teams import queries as teams
from portal.wishes import forms, groups
from portal.wishes.models import Wish


def for_unit(_wish: Wish) -> forms.ForUnitForm:
    """The members of the unit who may come."""
    form = forms.ForUnitForm()
    form.people.offer(groups.may_come(web.me().unit_id))
    return form


def for_team(_wish: Wish) -> forms.ForTeamForm:
    """The members of the team one leads; of several, each with the name of theirs, once for all."""
    led = teams.teams_led_by(web.me().member_id)
    form = forms.ForTeamForm(data={"team_id": led[0].id if len(led) == 1 else None})
    form.team_id.offer((team.id, team.name) for team in led)
    people: dict[int, str] = {}
    for team in led:
        for key, name in groups.may_come_for_team(team.id):
            people.setdefault(key, name if len(led) == 1 else f"{name}（{team.name}）")
    form.people.offer(people.items())
    return form
