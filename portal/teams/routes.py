"""Pages of teams: the list, one team and its moves, founding one, correcting what it is called."""

from flask import Blueprint, render_template, request, url_for
from sqlalchemy import Select

from portal import paging, web
from portal.actors import Actor, Role
from portal.doors import for_roles, signed_in
from portal.edits import edit
from portal.errors import Refused
from portal.extensions import db
from portal.people.models import Community
from portal.teams import queries, workflow
from portal.teams.forms import AppointForm, EndForm, ListFilter, RecommendForm, RemoveForm, TeamForm
from portal.teams.models import Team, TeamState

bp = Blueprint("teams", __name__, url_prefix="/teams")
READERS = (
    Role.MEMBER, Role.GRID_WORKER, Role.CLERK, Role.LIAISON, Role.TOWN, Role.DEPARTMENT, Role.COMMITTEE, Role.COUNTY,
)  # fmt: skip


@bp.route("")
@for_roles(*READERS)
def index():
    """The teams of one's scope by name; members see those that serve, and join one by one click."""
    by = web.me()
    rows, form = narrowed(by)
    shown = paging.page_of(rows, request.args.get("after"), Team.name)
    return render_template(
        "teams/index.html", form=form, shown=shown, total=queries.count(rows), states=TeamState,
        founds=by.is_in(Role.CLERK), joinable=_joinable(shown.rows, by),
    )  # fmt: skip


def narrowed(by: Actor) -> tuple[Select, ListFilter]:
    """The teams that the address leaves, and its filters."""
    form = ListFilter()
    form.community.offer(queries.listed_communities(by))
    state = TeamState.ACTIVE if by.is_in(Role.MEMBER) else form.state.data
    return queries.filtered(by, queries.Filters(state, form.community.data, bool(form.vacant.data))), form


def _joinable(teams: list[Team], by: Actor) -> set[int]:
    """The ids of those of these teams that this member may join."""
    if not by.is_in(Role.MEMBER):
        return set()
    homes = {home for home in {team.community_id for team in teams} if queries.received(by.member_id, home)}
    outside = [team for team in teams if team.state is TeamState.ACTIVE and not team.membership_of(by.member_id)]
    return {team.id for team in outside if team.community_id in homes}


@bp.route("/<row:team>")
@signed_in
def page(team: int):
    """One team: what it is good at, who leads it and who belongs to it, now and before."""
    found = web.find(queries.visible_to(web.me()), team)
    edits = found.state is TeamState.ACTIVE and workflow.clerk_of(found, web.me())
    return render_template("teams/page.html", team=found, edits=edits)


@bp.route("/<row:team>/<verb>", methods=["GET", "POST"])
@signed_in
def move(team: int, verb: str):
    """Any move of a team: GET asks, POST does."""
    return web.do_move(web.find(queries.visible_to(web.me()), team), verb, ASKS.get(verb))


@bp.route("/new", methods=["GET", "POST"])
@for_roles(Role.CLERK)
def new():
    """A clerk founds a team of the own community."""
    community = db.session.get_one(Community, web.me().community_id)
    form = _team_form(community)
    shown = {"title": "组建服务队", "crumbs": _crumbs(), "row": None, "form": form, "back": url_for(".index")}
    if not form.validate_on_submit():
        return render_template("edit.html", differences=[], **shown), 422 if form.errors else 200
    try:
        team = workflow.found(community, web.me(), **form.asked())
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return render_template("edit.html", differences=[], **shown), refusal.status
    return web.done(web.address_of(team), "已组建。请推荐队员，再任命队长。")


@bp.route("/<row:team>/edit", methods=["GET", "POST"])
@for_roles(Role.CLERK)
def change(team: int):
    """A clerk corrects what the team is called, what it is good at, and its grid."""
    found = web.find(queries.visible_to(web.me()), team)
    back = web.address_of(found)
    return edit(
        found, _team_form(found.community, found), lambda **asked: workflow.change(found, web.me(), **asked), back,
        title="修改服务队资料", crumbs=[*_crumbs(), (found.name, back)],
    )  # fmt: skip


def _crumbs() -> list[tuple[str, str]]:
    return [("工作台", "/desk"), ("服务队", url_for(".index"))]


def _team_form(community: Community, team: Team | None = None) -> TeamForm:
    form = TeamForm(obj=team)
    form.grid_id.offer((grid.id, grid.name) for grid in community.grids)
    return form


def _recommend_form(team: Team) -> RecommendForm:
    form = RecommendForm()
    form.people.offer(queries.to_recommend(team))
    return form


def _appoint_form(team: Team) -> AppointForm:
    form = AppointForm()
    form.member_id.offer(_members(team))
    return form


def _remove_form(team: Team) -> RemoveForm:
    form = RemoveForm()
    form.member_id.offer(_members(team))
    return form


def _members(team: Team) -> list[tuple[int, str]]:
    return [(each.member_id, f"{each.member.name}（{each.member.unit.name}）") for each in team.current]


def _end_form(team: Team) -> EndForm:
    form = EndForm()
    form.follows = workflow.foreseen(team)
    return form


ASKS = {"recommend": _recommend_form, "appoint": _appoint_form, "remove": _remove_form, "end": _end_form}
