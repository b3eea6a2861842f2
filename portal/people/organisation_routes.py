"""Pages of organisations: supervisors, units and communities, and a community's grids and estates."""

from flask import Blueprint, abort, render_template, request, url_for
from sqlalchemy import func, select

from portal import web
from portal.actors import Role
from portal.doors import for_roles
from portal.edits import edit
from portal.errors import Refused
from portal.extensions import db
from portal.paging import page_of
from portal.people import queries, workflow
from portal.people.forms import EstateForm, GridForm
from portal.people.models import Estate, Grid, Member, MemberStatus
from portal.people.organisations import KINDS, WORDS, filter_for, form_for, kinds_for, listed

bp = Blueprint("organisations", __name__, url_prefix="/organisations")
READERS = (Role.CLERK, Role.TOWN, Role.DEPARTMENT, Role.COMMITTEE, Role.COUNTY, Role.ADMIN)
KEEPERS = (Role.CLERK, Role.COUNTY, Role.ADMIN)


@bp.route("")
@bp.route(f"/<{WORDS}:kind>")
@for_roles(*READERS)
def index(kind: str | None = None):
    """The organisations of one kind in one's scope, by name."""
    tabs = kinds_for(web.me())
    chosen = KINDS[kind] if kind else tabs[0]
    if chosen not in tabs:
        abort(404)
    filters = filter_for(chosen)
    shown = page_of(listed(chosen, web.me(), filters), request.args.get("after"), chosen.model.name)
    return render_template("organisations/index.html", kind=chosen, tabs=tabs, filters=filters, shown=shown)


@bp.route(f"/<{WORDS}:kind>/<row:place>")
@for_roles(*READERS)
def page(kind: str, place: int):
    """One organisation: what is known of it, and for a community its grids and estates."""
    found = web.find(KINDS[kind].rows(web.me()), place)
    shown = {"place": found, "kind": KINDS[kind], "members": _members(kind, place), "keeps": web.me().is_in(*KEEPERS)}
    return render_template("organisations/page.html", estate_form=EstateForm(formdata=None), **shown)


@bp.route(f"/<{WORDS}:kind>/new", methods=["GET", "POST"])
@for_roles(*workflow.OFFICES)
def new(kind: str):
    """A new organisation."""
    chosen = KINDS[kind]
    form, back = form_for(chosen), url_for("organisations.index", kind=kind)
    shown = {"title": f"新增{chosen.title}", "crumbs": _crumbs(kind), "row": None, "form": form, "back": back}
    if not form.validate_on_submit():
        return render_template("edit.html", differences=[], **shown), 422 if form.errors else 200
    try:
        place = workflow.add_place(web.me(), chosen.model, **form.asked())
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return render_template("edit.html", differences=[], **shown), refusal.status
    return web.done(url_for("organisations.page", kind=kind, place=place.id), f"已新增{place.name}。")


@bp.route(f"/<{WORDS}:kind>/<row:place>/edit", methods=["GET", "POST"])
@for_roles(*workflow.OFFICES)
def change(kind: str, place: int):
    """Correct an organisation."""
    found = web.find(KINDS[kind].rows(web.me()), place)
    back = url_for("organisations.page", kind=kind, place=place)
    crumbs = [*_crumbs(kind), (found.name, back)]
    return edit(
        found, form_for(KINDS[kind], found), lambda **values: workflow.change_place(web.me(), found, **values), back,
        title=f"修改{KINDS[kind].title}", crumbs=crumbs,
    )  # fmt: skip


@bp.route("/communities/<row:place>/grids/new", methods=["GET", "POST"])
@for_roles(*KEEPERS)
def new_grid(place: int):
    """A new grid of a community."""
    community = web.find(queries.communities(web.me()), place)
    form, back = GridForm(), url_for("organisations.page", kind="communities", place=place)
    crumbs = [*_crumbs("communities"), (community.name, back)]
    shown = {"title": "新增网格", "crumbs": crumbs, "row": None, "form": form, "back": back, "differences": []}
    if not form.validate_on_submit():
        return render_template("edit.html", **shown), 422 if form.errors else 200
    try:
        grid = workflow.save_grid(web.me(), community, Grid(), **form.asked())
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return render_template("edit.html", **shown), refusal.status
    return web.done(back, f"已新增{grid.name}。")


@bp.route("/communities/<row:place>/grids/<row:grid>/edit", methods=["GET", "POST"])
@for_roles(*KEEPERS)
def change_grid(place: int, grid: int):
    """Correct a grid: its worker, phone, name."""
    community = web.find(queries.communities(web.me()), place)
    found = web.find(select(Grid).where(Grid.community_id == community.id), grid)
    back = url_for("organisations.page", kind="communities", place=place)
    crumbs = [*_crumbs("communities"), (community.name, back)]
    return edit(
        found, GridForm(obj=found), lambda **values: workflow.save_grid(web.me(), community, found, **values), back,
        title=f"修改{found.name}", crumbs=crumbs,
    )  # fmt: skip


@bp.route("/communities/<row:place>/estates", methods=["POST"])
@for_roles(*KEEPERS)
def add_estate(place: int):
    """A further estate of a community."""
    community = web.find(queries.communities(web.me()), place)
    form, back = EstateForm(), url_for("organisations.page", kind="communities", place=place)
    if not form.validate():
        shown = {"place": community, "kind": KINDS["communities"], "members": _members("communities", place)}
        return render_template("organisations/page.html", keeps=True, estate_form=form, **shown), 422
    estate = workflow.add_estate(web.me(), community, form.name.data)
    return web.done(back, f"已加上小区“{estate.name}”。")


@bp.route("/communities/<row:place>/estates/<row:estate>/remove", methods=["POST"])
@for_roles(*KEEPERS)
def remove_estate(place: int, estate: int):
    """Take an estate away that nothing refers to."""
    community = web.find(queries.communities(web.me()), place)
    found = web.find(select(Estate).where(Estate.community_id == community.id), estate)
    workflow.remove_estate(web.me(), found)
    return web.done(url_for("organisations.page", kind="communities", place=place), "已删除小区。")


def _crumbs(kind: str) -> list[tuple[str, str]]:
    return [("工作台", "/desk"), (KINDS[kind].title, url_for("organisations.index", kind=kind))]


def _members(kind: str, place: int) -> int | None:
    """How many members stand on a unit's roster, or live in a community; None for a supervisor."""
    of = {"units": Member.unit_id, "communities": Member.community_id}.get(kind)
    if of is None:
        return None
    return db.session.scalar(select(func.count()).where(of == place, Member.status == MemberStatus.ACTIVE))
