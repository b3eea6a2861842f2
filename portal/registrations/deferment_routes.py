"""Pages of 暂缓: the list, one, asking for one, and its moves."""

from flask import Blueprint, render_template, request

from portal import paging, web
from portal.actors import Role
from portal.doors import for_roles
from portal.errors import Refused
from portal.extensions import db
from portal.registrations import deferments, queries
from portal.registrations.exemption_routes import READERS
from portal.registrations.forms import DeferForm
from portal.registrations.models import Deferment, DefermentState
from portal.registrations.routes import bp as registrations

bp = Blueprint("deferments", __name__, url_prefix="/deferments")


@bp.route("")
@for_roles(*READERS)
def index():
    """What was asked in one's scope, by state, newest first."""
    state = DefermentState.of(request.args.get("state"))
    rows = deferments.visible_to(web.me())
    if state:
        rows = rows.where(Deferment.state == state)
    shown = paging.page_of(rows, request.args.get("after"), newest_first=True)
    return render_template("registrations/deferments.html", shown=shown, state=state, states=DefermentState)


@bp.route("/<row:deferment>")
@for_roles(*READERS)
def page(deferment: int):
    """One of them with its history."""
    return render_template("registrations/deferment.html", deferment=web.find(_seen(), deferment))


@bp.route("/<row:deferment>/<verb>", methods=["GET", "POST"])
@for_roles(*READERS)
def move(deferment: int, verb: str):
    """Any move: GET asks, POST does."""
    return web.do_move(web.find(_seen(), deferment), verb)


@bp.route("/ask/<row:member>", methods=["GET", "POST"])
@for_roles(Role.LIAISON)
def ask(member: int):
    """A liaison asks that nothing is asked of a member for some months."""
    found = web.find(queries.members_of(web.me()), member)
    form = DeferForm()
    if not form.validate_on_submit():
        return render_template("registrations/defer.html", form=form, member=found), 422 if form.errors else 200
    try:
        row = deferments.ask(found, web.me(), **form.asked())
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return render_template("registrations/defer.html", form=form, member=found), refusal.status
    return web.done(web.address_of(row), "已申请，等主管部门审核。")


def _seen():
    return deferments.visible_to(web.me())


registrations.register_blueprint(bp)
