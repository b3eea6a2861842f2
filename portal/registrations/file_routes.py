"""The community's file of in-service members (在职党员信息库)."""

from flask import flash, render_template, request
from sqlalchemy import Select

from portal import paging, web
from portal.actors import Role
from portal.choices import row_id
from portal.doors import for_roles
from portal.errors import BadValue, Refused
from portal.extensions import db
from portal.people.models import Member
from portal.registrations import member_file, offers, queries
from portal.registrations.bulk_routes import MOST
from portal.registrations.forms import SKILLS, FileFilter
from portal.registrations.models import Registration
from portal.registrations.routes import bp
from portal.teams import queries as teams
from portal.teams import workflow
from portal.teams.models import Team


@bp.route("/file")
@for_roles(Role.CLERK)
def member_file_page():
    """Who is registered in the community, by skill, intention, free time, grid, team and name."""
    form, offered = FileFilter(), offers.teams(web.me().community_id)
    form.grid.offer(offers.grids(web.me().community_id))
    form.team.offer(offered)
    rows = listed(form)
    shown = paging.page_of(rows, request.args.get("after"), Member.pinyin)
    return render_template(
        "registrations/file.html", form=form, shown=shown, total=queries.count(rows), skills=SKILLS, teams=offered,
        teams_of=teams.names_of([row.member_id for row in shown.rows]),
    )  # fmt: skip


@bp.route("/file/team", methods=["POST"])
@for_roles(Role.CLERK)
def into_team():
    """A clerk recommends the ticked members of the file for a team: one act, and they are in at once."""
    ids = [key for key in map(row_id, request.form.getlist("row")[:MOST]) if key]
    ticked = queries.visible_to(web.me()).where(Registration.id.in_(ids))
    people = [row.member_id for row in db.session.scalars(ticked).unique()]
    try:
        team = _team(row_id(request.form.get("team_id")))
        workflow.recommend(team, web.me(), people=people, reason=f"推荐 {len(people)} 人")
    except Refused as refusal:
        db.session.rollback()
        flash(refusal.sentence, "error")
        return member_file_page(), refusal.status
    return web.done(web.address_of(team), workflow.recommend.done)


def _team(team_id: int | None) -> Team:
    team = db.session.scalar(teams.visible_to(web.me()).where(Team.id == team_id))
    if team is None:
        raise BadValue("请选择编入哪支服务队。")
    return team


def listed(form: FileFilter) -> Select:
    """The registrations that the file shows for these filters."""
    skill, words = (form.skill.data or "")[:20], (form.q.data or "")[:40]
    wanted = member_file.Wanted(
        words, skill, form.intention.data, form.free_time.data, form.grid.data, form.team.data,
        bool(form.unplaced.data),
    )  # fmt: skip
    return member_file.listed(web.me(), wanted)
