"""Pages of corrections in a closed year: the list, opening a record again, one correction and its moves."""

from flask import Blueprint, abort, render_template, request, url_for

from portal import paging, web
from portal.actors import Role
from portal.closing import adding, correcting, queries
from portal.closing.forms import AddForm, ReopenForm
from portal.closing.models import Correction, CorrectionState
from portal.closing.routes import YEAR
from portal.closing.routes import bp as closing
from portal.doors import for_roles
from portal.errors import Refused, RuleBroken
from portal.extensions import db
from portal.records import queries as records
from portal.registrations import queries as registrations
from portal.registrations.models import Registration

bp = Blueprint("corrections", __name__, url_prefix="/corrections")


@bp.route("")
@for_roles(Role.COUNTY)
def index():
    """The corrections of all closed years (更正清单), the latest first."""
    rows, state = queries.corrections_visible_to(web.me()), CorrectionState.of(request.args.get("state"))
    if state:
        rows = rows.where(Correction.state == state)
    shown = paging.page_of(rows, request.args.get("after"), newest_first=True)
    asked = {"state": state.value} if state else {}
    following = url_for(".index", after=shown.next, **asked) if shown.next else ""
    return render_template(
        "closing/corrections.html", rows=shown.rows, state=state, states=CorrectionState, next_page=following
    )


@bp.route("/to-enter")
@for_roles(Role.CLERK)
def to_enter():
    """The services of closed years that the county lets this community enter, each with its way to the form."""
    shown = paging.page_of(adding.to_enter(web.me()), request.args.get("after"))
    following = url_for(".to_enter", after=shown.next) if shown.next else ""
    return render_template("closing/to_enter.html", rows=shown.rows, next_page=following)


@bp.route("/new/<row:record>", methods=["GET", "POST"])
@for_roles(Role.COUNTY)
def reopen(record: int):
    """The county opens one record of a closed year again, saying why."""
    found, form = web.find(records.visible_to(web.me()), record), ReopenForm()
    if not form.validate_on_submit():
        if not correcting.may_reopen(found, web.me()):
            abort(404)
        return render_template("closing/reopen.html", form=form, record=found), 422 if form.errors else 200
    try:
        row = correcting.reopen(found, web.me(), form.reason.data)
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        found = web.find(records.visible_to(web.me()), record)
        return render_template("closing/reopen.html", form=form, record=found), refusal.status
    return web.done(web.address_of(row), "已开放，请社区作废或重写这条记录，由第二人确认后完成更正。")


@bp.route(f"/add/<{YEAR}:year>", methods=["GET", "POST"])
@for_roles(Role.COUNTY)
def add(year: int):
    """The county lets a community enter a service of a closed year that was never recorded."""
    form = AddForm()
    if not form.validate_on_submit():
        if not queries.is_closed(year):
            abort(404)
        return render_template("closing/add.html", form=form, year=year), 422 if form.errors else 200
    try:
        row = _admit(year, form)
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return render_template("closing/add.html", form=form, year=year), refusal.status
    return web.done(web.address_of(row), f"已开放，{row.place.name}的待办里有“补记”；由第二人确认后完成更正。")


def _admit(year: int, form: AddForm) -> Correction:
    found = db.session.scalar(registrations.visible_to(web.me()).where(Registration.number == form.number.data))
    if found is None:
        raise RuleBroken("没有这个编号的报到证明信，请核对。")
    return adding.admit(year, found.member, found.community, web.me(), form.reason.data)


@bp.route("/<row:correction>")
@for_roles(Role.COUNTY)
def page(correction: int):
    """One correction: the record, why, and what became of it."""
    found = web.find(queries.corrections_visible_to(web.me()), correction)
    return render_template("closing/correction.html", correction=found)


@bp.route("/<row:correction>/<verb>", methods=["GET", "POST"])
@for_roles(Role.COUNTY)
def move(correction: int, verb: str):
    """Any move of a correction: GET asks, POST does."""
    return web.do_move(web.find(queries.corrections_visible_to(web.me()), correction), verb)


closing.register_blueprint(bp)
