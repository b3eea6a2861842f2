"""Pages of the projects of pairings: the list of one's scope, one, agreeing on one, and its moves."""

from flask import Blueprint, render_template, request

from portal import clock, paging, web
from portal.doors import for_roles
from portal.pairings import projects, queries
from portal.pairings.forms import FinishForm, PlanForm, PostponeForm, ProjectsFilter
from portal.pairings.models import ItemKind, Pairing, PairingProject
from portal.pairings.routes import READERS, SIDES, asked_for, crumbs, in_a_month, opened
from portal.pairings.routes import bp as pairings

bp = Blueprint("projects", __name__, url_prefix="/projects")
ASKS = {"finish": FinishForm, "postpone": PostponeForm}


@bp.route("")
@for_roles(*READERS)
def index():
    """The projects of one's scope by the day they are due, by state or those whose day has passed."""
    by, form = web.me(), ProjectsFilter()
    rows = queries.overdue(by, clock.today()) if form.late.data else queries.projects(by)
    if form.state.data:
        rows = rows.where(PairingProject.state == form.state.data)
    shown = paging.page_of(rows, request.args.get("after"), PairingProject.due_on)
    return render_template("pairings/projects.html", form=form, shown=shown)


@bp.route("/<row:project>")
@for_roles(*READERS)
def page(project: int):
    """One project: from which need and resource, who answers for it, what was done for it, its history."""
    row = web.find(queries.projects(web.me()), project)
    done = [action for action in row.pairing.actions if action.project_id == row.id]
    return render_template("pairings/project.html", project=row, actions=done)


@bp.route("/<row:project>/<verb>", methods=["GET", "POST"])
@for_roles(*READERS)
def move(project: int, verb: str):
    """Any move of a project: GET asks, POST does."""
    return web.do_move(web.find(queries.projects(web.me()), project), verb, ASKS.get(verb))


@pairings.route("/<row:pairing>/plan", methods=["GET", "POST"])
@for_roles(*SIDES)
def plan(pairing: int):
    """Agree on something to do, from a need, a resource or both."""
    row = web.find(queries.visible_to(web.me()), pairing)
    form = _plan_form(row)
    return opened(form, lambda **asked: projects.plan(row, web.me(), **asked), "已列入项目清单。", title="商定项目",
                  submit="列入项目清单", crumbs=crumbs(row), back=web.address_of(row))  # fmt: skip


def _plan_form(row: Pairing) -> PlanForm:
    lists = {kind: {item.id: item.what for item in row.listed(kind)} for kind in ItemKind}
    need, resource = (asked_for(kind.value, set(lists[kind])) for kind in (ItemKind.NEED, ItemKind.RESOURCE))
    words = lists[ItemKind.NEED].get(need or 0) or lists[ItemKind.RESOURCE].get(resource or 0)
    form = PlanForm(data={"need_id": need, "resource_id": resource, "what": words, "due_on": in_a_month()})
    form.need_id.offer(lists[ItemKind.NEED].items())
    form.resource_id.offer(lists[ItemKind.RESOURCE].items())
    return form


pairings.register_blueprint(bp)
