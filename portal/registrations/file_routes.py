"""The community's file of in-service members (在职党员信息库)."""

from flask import render_template, request
from sqlalchemy import Select

from portal import paging, web
from portal.actors import Role
from portal.doors import for_roles
from portal.people.models import Member
from portal.registrations import member_file, offers, queries
from portal.registrations.forms import SKILLS, FileFilter
from portal.registrations.routes import bp


@bp.route("/file")
@for_roles(Role.CLERK)
def member_file_page():
    """Who is registered in the community, by skill, intention, free time, grid and name."""
    form = FileFilter()
    form.grid.offer(offers.grids(web.me().community_id))
    rows = listed(form)
    return render_template(
        "registrations/file.html",
        form=form, shown=paging.page_of(rows, request.args.get("after"), Member.pinyin), total=queries.count(rows),
        skills=SKILLS,
    )  # fmt: skip


def listed(form: FileFilter) -> Select:
    """The registrations that the file shows for these filters."""
    skill, words = (form.skill.data or "")[:20], (form.q.data or "")[:40]
    wanted = member_file.Wanted(words, skill, form.intention.data, form.free_time.data, form.grid.data)
    return member_file.listed(web.me(), wanted)
