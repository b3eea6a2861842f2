"""Pages of changes of unit: what was asked from and to one's own unit, one, asking by hand, and its moves."""

from flask import Blueprint, render_template, request

from portal import paging, web
from portal.actors import Role
from portal.doors import for_roles
from portal.errors import Refused
from portal.extensions import db
from portal.people.models import Unit
from portal.registrations import transfers
from portal.registrations.exemption_routes import READERS
from portal.registrations.forms import TransferForm
from portal.registrations.models import TransferRequest, TransferState
from portal.registrations.routes import bp as registrations
from portal.scheme import queries as scheme

bp = Blueprint("transfers", __name__, url_prefix="/transfers")


@bp.route("")
@for_roles(*READERS)
def index():
    """The requests from and to the units of one's scope, by state, newest first; `late` those that wait too long."""
    state, late = TransferState.of(request.args.get("state")), "late" in request.args
    rows = transfers.visible_to(web.me())
    if state:
        rows = rows.where(TransferRequest.state == state)
    if late:
        rows = rows.where(TransferRequest.asked_on <= transfers.late_since())
    shown = paging.page_of(rows, request.args.get("after"), newest_first=True)
    return render_template("registrations/transfers.html", shown=shown, state=state, late=late, states=TransferState)


@bp.route("/<row:transfer>")
@for_roles(*READERS)
def page(transfer: int):
    """One request with its history."""
    found = web.find(transfers.visible_to(web.me()), transfer)
    days = scheme.year_of(found.asked_on).transfer_release_days
    return render_template("registrations/transfer.html", transfer=found, days=days)


@bp.route("/<row:transfer>/<verb>", methods=["GET", "POST"])
@for_roles(*READERS)
def move(transfer: int, verb: str):
    """Any move: GET asks, POST does."""
    return web.do_move(web.find(transfers.visible_to(web.me()), transfer), verb)


@bp.route("/ask", methods=["GET", "POST"])
@for_roles(Role.LIAISON)
def ask():
    """A liaison asks by hand for a member whom another unit's roster names."""
    form = TransferForm()
    if not form.validate_on_submit():
        return render_template("registrations/transfer_ask.html", form=form), 422 if form.errors else 200
    try:
        member = transfers.find(**form.asked())
        row = transfers.ask(member, db.session.get_one(Unit, web.me().unit_id), web.me())
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return render_template("registrations/transfer_ask.html", form=form), refusal.status
    waits = row.state is TransferState.REQUESTED
    return web.done(web.address_of(row), "已申请，等原单位放行。" if waits else "原单位已办理离册，已转入本单位名册。")


registrations.register_blueprint(bp)
