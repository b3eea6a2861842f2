"""Pages of the file: entering a household, and changing its file, which only who looked at it may open."""

from typing import Any

from flask import flash, redirect, render_template, url_for

from portal import web
from portal.actors import Role
from portal.doors import for_roles
from portal.edits import edit
from portal.errors import NotYours, Refused
from portal.extensions import db
from portal.households import listing, looks, queries, rights, workflow
from portal.households.forms import FileForm
from portal.households.models import Household
from portal.households.routes import bp, crumbs, look_key
from portal.people.models import Community
from portal.wishes import pocket

ENTER = (Role.CLERK, Role.GRID_WORKER)
SAID = {
    Role.CLERK: "已登记。本人或监护人同意以后，请建档。",
    Role.GRID_WORKER: "已提出，由社区核实、征得同意后建档。",
}


@bp.route("/new", methods=["GET", "POST"])
@for_roles(*ENTER)
def new():
    """A clerk enters a household, a grid worker proposes one of the own grid."""
    community, form = db.session.get_one(Community, web.me().community_id), _file_form(None)
    shown: dict[str, Any] = {"form": form, "row": None, "differences": [], "title": "登记联系对象",
                             "back": url_for("households.index"), "crumbs": crumbs(), "submit": "登记"}  # fmt: skip
    if not form.validate_on_submit():
        return render_template("households/edit.html", **shown), 422 if form.errors else 200
    try:
        household = workflow.enter(community, web.me(), **form.asked())
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return render_template("households/edit.html", **shown), refusal.status
    return web.done(web.address_of(household), SAID[web.me().role])


@bp.route("/<number:household>/change", methods=["GET", "POST"])
@for_roles(*ENTER)
def change(household: str):
    """Change a file: opened by a look, which is audited; the history names the fields that were changed."""
    by = web.me()
    found = web.find(queries.visible_to(by), household)
    if not rights.enters(found, by):
        raise NotYours("结束帮扶以后，或别人登记的，不能修改。")
    form = _file_form(found)
    if not form.is_submitted() and not pocket.take_look(look_key(found, changes=True)):
        flash("请按“修改档案”打开；打开档案会记入日志。", "warning")
        return redirect(web.address_of(found), 303)
    if form.is_submitted() and str(found.version) != form.version.data:
        web.note(by, "households.look", found, tuple(looks.LABELS))  # what somebody else has written stands on the page
        found = web.find(queries.visible_to(by), household)
    back = web.address_of(found)
    return edit(
        found, form, lambda **asked: workflow.change(found, by, **asked), back, "households/edit.html",
        title="修改档案", crumbs=crumbs(found), submit="保存",
    )  # fmt: skip


def _file_form(household: Household | None) -> FileForm:
    form = FileForm(obj=household)
    if web.me().is_in(Role.GRID_WORKER):
        del form.grid_id
    else:
        form.grid_id.offer(listing.grids_of(web.me().community_id))
    return form
