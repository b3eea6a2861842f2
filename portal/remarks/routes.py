"""Remarks as those see them who answer: the list, one remark and its moves, one taken down for a resident."""

from flask import Blueprint, flash, render_template, request

from portal import paging, web
from portal.actors import Role
from portal.doors import for_roles, inside, signed_in
from portal.errors import Refused
from portal.extensions import db
from portal.people.models import Community
from portal.remarks import looks, queries, workflow
from portal.remarks.forms import AboutForm, AnswerForm, DeclineForm, ListFilter, LookForm, SettleForm, TakeDownForm
from portal.remarks.models import Remark, RemarkKind, RemarkSource, RemarkState
from portal.remarks.resident_routes import told_by
from portal.wishes import pocket

bp = Blueprint("remarks", __name__, url_prefix="/remarks")


@bp.route("")
@for_roles(Role.MEMBER, Role.CLERK, Role.TOWN)
def index():
    """The remarks of one's scope, the newest first; members see what was put or passed on to them."""
    by, form = web.me(), ListFilter()
    rows = queries.in_state(by, form.state.data)
    shown = paging.page_of(rows, request.args.get("after"), newest_first=True)
    return render_template(
        "remarks/index.html", shown=shown, total=queries.count(rows), form=form, takes_down=by.is_in(Role.CLERK),
        states=queries.TOLD if by.is_in(Role.MEMBER) else tuple(RemarkState), shows_place=by.is_in(Role.TOWN),
    )  # fmt: skip


@bp.route("/take-down", methods=["GET", "POST"])
@for_roles(Role.CLERK)
def take_down():
    """A clerk takes down what a resident said by telephone or at the counter."""
    form, community = TakeDownForm(), db.session.get_one(Community, web.me().community_id)
    del form.community, form.website, form.opened
    if not form.validate_on_submit():
        return render_template("remarks/take_down.html", form=form), 422 if form.errors else 200
    try:
        remark = workflow.submit(told_by(form, community), web.me(), RemarkSource.SPOKEN)
    except Refused as refusal:
        db.session.rollback()
        flash(refusal.sentence, "error")
        return render_template("remarks/take_down.html", form=form), refusal.status
    return web.done(web.address_of(remark), "已登记。")


@bp.route("/<number:remark>")
@signed_in
def page(remark: str):
    """One remark: what was said, the member's answer, what the resident was told."""
    found = web.find(queries.visible_to(web.me()), remark)
    return render_template("remarks/page.html", remark=found)


@bp.route("/<number:remark>/look", methods=["POST"])
@inside
@signed_in
def look(remark: str):
    """Look at who made a remark; the look is audited, and the next page shows it once."""
    found, form = web.find(queries.visible_to(web.me()), remark), LookForm()
    form.validate()
    looks.look(found, web.me(), (form.reason.data or "")[:100])
    pocket.allow_look(_key(found))
    return web.done(web.address_of(found))


@bp.route("/<number:remark>/<verb>", methods=["GET", "POST"])
@signed_in
def move(remark: str, verb: str):
    """Any move of a remark: GET asks, POST does."""
    return web.do_move(web.find(queries.visible_to(web.me()), remark), verb, ASKS.get(verb))


def contact_of(remark: Remark) -> tuple[list[tuple[str, str]], bool] | None:
    """For templates: who made a remark, and whether in the clear, on the one page after a look; None for others."""
    if not looks.may_look(remark, web.me()):
        return None
    clear = pocket.take_look(_key(remark))
    return looks.contact(remark, clear), clear


def _key(remark: Remark) -> str:
    return f"remark/{remark.number}"


def _about_form(remark: Remark) -> AboutForm:
    form = AboutForm()
    form.member_id.offer(queries.may_be_about(remark))
    if not form.is_submitted():
        form.words.data = (remark.told or "")[:300]
    return form


def _settle_form(remark: Remark) -> SettleForm:
    form = SettleForm()
    if remark.kind is not RemarkKind.CONCERN or remark.member_id is None:
        del form.finding
    return form


ASKS = {
    "thank": _about_form,
    "put": _about_form,
    "answer": AnswerForm,
    "settle": _settle_form,
    "decline": DeclineForm,
}
