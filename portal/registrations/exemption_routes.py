"""Pages of exemptions from reporting: the list, one, asking for one, and its moves."""

from flask import Blueprint, render_template, request

from portal import paging, web
from portal.actors import Role
from portal.doors import for_roles
from portal.errors import Refused
from portal.extensions import db
from portal.registrations import exemptions, queries
from portal.registrations.forms import ExemptForm
from portal.registrations.models import Exemption, ExemptionState
from portal.registrations.routes import bp as registrations

bp = Blueprint("exemptions", __name__, url_prefix="/exemptions")
READERS = (Role.LIAISON, Role.DEPARTMENT, Role.TOWN, Role.COMMITTEE, Role.COUNTY)


@bp.route("")
@for_roles(*READERS)
def index():
    """The exemptions of one's scope, by state, newest first."""
    state = ExemptionState.of(request.args.get("state"))
    rows = exemptions.visible_to(web.me())
    if state:
        rows = rows.where(Exemption.state == state)
    shown = paging.page_of(rows, request.args.get("after"), newest_first=True)
    return render_template("registrations/exemptions.html", shown=shown, state=state, states=ExemptionState)


@bp.route("/<row:exemption>")
@for_roles(*READERS)
def page(exemption: int):
    """One exemption with its history."""
    found = web.find(exemptions.visible_to(web.me()), exemption)
    return render_template("registrations/exemption.html", exemption=found)


@bp.route("/<row:exemption>/<verb>", methods=["GET", "POST"])
@for_roles(*READERS)
def move(exemption: int, verb: str):
    """Any move of an exemption: GET asks, POST does."""
    return web.do_move(web.find(exemptions.visible_to(web.me()), exemption), verb)


@bp.route("/ask/<row:member>", methods=["GET", "POST"])
@for_roles(Role.LIAISON)
def ask(member: int):
    """A liaison asks that a member of the unit need not report."""
    found = web.find(queries.members_of(web.me()), member)
    form = ExemptForm()
    if not form.validate_on_submit():
        return render_template("registrations/exempt.html", form=form, member=found), 422 if form.errors else 200
    try:
        row = exemptions.ask(found, web.me(), form.reason.data)
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return render_template("registrations/exempt.html", form=form, member=found), refusal.status
    return web.done(web.address_of(row), "已申请，等主管部门审核。")


registrations.register_blueprint(bp)
