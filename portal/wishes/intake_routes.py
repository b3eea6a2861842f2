"""Pages for clerks and grid workers: take down a wish for a resident, print a new code, call back, look."""

from flask import Blueprint, flash, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal import web
from portal.actors import Role
from portal.doors import for_roles, signed_in
from portal.errors import NotYours, Refused
from portal.extensions import db
from portal.people.models import Community, Grid
from portal.wishes import estates, looks, new_code, pocket, queries, rights, submitting, waiting
from portal.wishes.intake_forms import LookForm, NewCodeForm, TakeDownForm
from portal.wishes.models import Wish, WishSource

bp = Blueprint("intake", __name__, url_prefix="/wishes")


@bp.route("/take-down", methods=["GET", "POST"])
@for_roles(Role.CLERK, Role.GRID_WORKER)
def take_down():
    """Take down a wish from the box, a call or a visit; the slip is printed for the resident.  [二(二)2]"""
    form = _form()
    if request.method == "GET":
        pocket.open_slip()
        return render_template("wishes/take_down.html", form=form)
    if not form.validate():
        return render_template("wishes/take_down.html", form=form), 422
    try:
        wish = submitting.submit(_asked(form), web.me(), _source(form), pocket.slip_secret())
    except Refused as refusal:
        db.session.rollback()
        flash(refusal.sentence, "error")
        return render_template("wishes/take_down.html", form=form), refusal.status
    return web.done(url_for("resident.slip", number=wish.number), "已登记，请把受理单打印或抄给居民。")


@bp.route("/<number:number>/code", methods=["GET", "POST"])
@for_roles(Role.CLERK)
def code(number: str):
    """Give a resident who lost the slip a new code, after name and phone were compared."""
    wish = web.find(queries.visible_to(web.me()), number)
    if not rights.clerk(wish, web.me()):
        raise NotYours("查询码由心愿所在社区的专干补发。")
    form = NewCodeForm()
    if request.method == "GET":
        pocket.open_slip()
        return render_template("wishes/new_code.html", form=form, wish=wish)
    if not form.validate():
        return render_template("wishes/new_code.html", form=form, wish=wish), 422
    try:
        new_code.check(wish, form.name.data, form.phone.data or "")
    except Refused as refusal:
        web.keep()
        form.name.errors = [refusal.sentence]
        return render_template("wishes/new_code.html", form=form, wish=wish), refusal.status
    new_code.give(wish, web.me(), pocket.slip_secret())
    return web.done(url_for("resident.slip", number=number), "已补发，旧的查询码作废。")


@bp.route("/callbacks")
@for_roles(Role.CLERK, Role.GRID_WORKER)
def callbacks():
    """Residents without a phone who have still to be told how their wish stands (待回访)."""
    mine = select(Wish).where(queries.is_office_case(web.me()), waiting.is_untold())
    rows = db.session.scalars(mine.options(joinedload(Wish.grid)).order_by(Wish.ended_at, Wish.id))
    return render_template("wishes/callbacks.html", rows=list(rows))


@bp.route("/<number:number>/look", methods=["POST"])
@signed_in
def look(number: str):
    """Look at the requester's data; the look is audited, and the next page shows them once."""
    wish = web.find(queries.visible_to(web.me()), number)
    form = LookForm()
    form.validate()
    looks.look(wish, web.me(), (form.reason.data or "")[:100])
    pocket.allow_look(wish.number)
    return web.done(web.address_of(wish))


def contact_of(wish: Wish) -> looks.Contact | None:
    """For templates: the requester's data of this wish, in the clear on the one page after a look."""
    shown = looks.contact(wish, web.me(), False)
    return looks.contact(wish, web.me(), True) if shown and pocket.take_look(wish.number) else shown


def _form() -> TakeDownForm:
    form = TakeDownForm(source=WishSource.BOX.value)
    if web.me().is_in(Role.GRID_WORKER):
        del form.source, form.grid
    else:
        form.grid.offer((grid.id, grid.name) for grid in estates.grids(web.me().community_id))
    return form


def _source(form: TakeDownForm) -> WishSource:
    return form.source.data if "source" in form else WishSource.VISIT


def _asked(form: TakeDownForm) -> submitting.Asked:
    me = web.me()
    grid_id = form.grid.data if "grid" in form else me.grid_id
    return submitting.Asked(
        **form.told(),
        community=db.session.get_one(Community, me.community_id),
        grid=db.session.scalar(select(Grid).where(Grid.id == grid_id, Grid.community_id == me.community_id)),
        note=form.note.data or "",
    )
