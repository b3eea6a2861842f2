"""Pages of joint actions: the list of one's scope, one, recording one, and its moves."""

from flask import Blueprint, render_template, request

from portal import clock, paging, web
from portal.doors import for_roles
from portal.pairings import actions, queries
from portal.pairings.forms import ActionsFilter, RecordForm
from portal.pairings.models import JointAction, Pairing, ProjectState
from portal.pairings.routes import READERS, SIDES, asked_for, crumbs, opened
from portal.pairings.routes import bp as pairings

bp = Blueprint("actions", __name__, url_prefix="/actions")


@bp.route("")
@for_roles(*READERS)
def index():
    """The joint actions of one's scope, the latest first, by state or those that wait for one's own confirmation."""
    by, form = web.me(), ActionsFilter()
    rows = queries.actions_waiting(by) if form.mine.data and by.is_in(*SIDES) else queries.actions(by)
    if form.state.data:
        rows = rows.where(JointAction.state == form.state.data)
    shown = paging.page_of(rows, request.args.get("after"), JointAction.held_on, newest_first=True)
    return render_template("pairings/actions.html", form=form, shown=shown, confirms=by.is_in(*SIDES))


@bp.route("/<row:action>")
@for_roles(*READERS)
def page(action: int):
    """One joint action with its history."""
    return render_template("pairings/action.html", action=web.find(queries.actions(web.me()), action))


@bp.route("/<row:action>/<verb>", methods=["GET", "POST"])
@for_roles(*READERS)
def move(action: int, verb: str):
    """Any move of a joint action: GET asks, POST does."""
    return web.do_move(web.find(queries.actions(web.me()), action), verb)


@pairings.route("/<row:pairing>/record", methods=["GET", "POST"])
@for_roles(*SIDES)
def record(pairing: int):
    """Write down what both did on a day."""
    row = web.find(queries.visible_to(web.me()), pairing)
    return opened(_record_form(row), lambda **asked: actions.record(row, web.me(), **asked), "已登记，等对方确认。",
                  title="登记共同活动", submit="登记", crumbs=crumbs(row), back=web.address_of(row))  # fmt: skip


def _record_form(row: Pairing) -> RecordForm:
    offered = {each.id: each.what for each in row.projects if each.state is not ProjectState.DROPPED}
    project = asked_for("project", set(offered))
    form = RecordForm(data={"held_on": clock.today(), "project_id": project, "what": offered.get(project or 0)})
    form.project_id.offer(offered.items())
    return form


pairings.register_blueprint(bp)
