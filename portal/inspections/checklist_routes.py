"""Pages of the county's checklists: all of them, one with its lines, a line."""

from flask import Blueprint, abort, render_template, url_for

from portal import web
from portal.actors import Role
from portal.doors import for_roles
from portal.edits import edit
from portal.errors import Refused
from portal.extensions import db
from portal.inspections import checklists, listing
from portal.inspections.forms import ChecklistForm, ItemForm, NewChecklistForm
from portal.inspections.models import Checklist, ChecklistItem

bp = Blueprint("checklists", __name__, url_prefix="/inspections/checklists")


@bp.route("", methods=["GET", "POST"])
@for_roles(Role.COUNTY)
def index():
    """The checklists; a new one is begun below them."""
    form = NewChecklistForm()
    if form.validate_on_submit():
        try:
            made = checklists.open_new(web.me(), form.title.data, form.kind.data)
            return web.done(url_for(".page", checklist=made.id), "已建立，请逐项填写。")
        except Refused as refusal:
            db.session.rollback()
            form.form_errors.append(refusal.sentence)
    rows = db.session.scalars(listing.checklists(active=False)).all()
    lacking = {title for title, *_ in checklists.STANDARD} - {row.title for row in rows}
    return render_template("inspections/checklists.html", rows=rows, form=form, lacking=lacking), (
        422 if form.errors or form.form_errors else 200
    )


@bp.route("/standard", methods=["POST"])
@for_roles(Role.COUNTY)
def standard():
    """The county takes the lists that follow the notice."""
    made = checklists.take_standard(web.me())
    return web.done(url_for(".index"), f"已采用通用清单 {len(made)} 份，可以按本县情况修改。")


@bp.route("/<row:checklist>")
@for_roles(Role.COUNTY)
def page(checklist: int):
    """One checklist, line by line."""
    return render_template("inspections/checklist.html", checklist=_one(checklist))


@bp.route("/<row:checklist>/edit", methods=["GET", "POST"])
@for_roles(Role.COUNTY)
def change(checklist: int):
    """The county renames a list or takes it out of use."""
    found = _one(checklist)
    form, back = ChecklistForm(obj=found), url_for(".page", checklist=found.id)
    crumbs = [*_crumbs(), (found.title, back)]
    return edit(found, form, lambda **asked: checklists.change(found, web.me(), **asked), back, title="修改清单",
                crumbs=crumbs)  # fmt: skip


@bp.route("/<row:checklist>/items/new", methods=["GET", "POST"])
@for_roles(Role.COUNTY)
def new_item(checklist: int):
    """The county adds a line."""
    return _item(_one(checklist), None)


@bp.route("/<row:checklist>/items/<row:item>", methods=["GET", "POST"])
@for_roles(Role.COUNTY)
def item(checklist: int, item: int):
    """The county words a line anew or puts it elsewhere."""
    return _item(*_line(checklist, item))


@bp.route("/<row:checklist>/items/<row:item>/remove", methods=["POST"])
@for_roles(Role.COUNTY)
def remove(checklist: int, item: int):
    """The county takes a line off the list."""
    found, line = _line(checklist, item)
    checklists.remove_item(line, web.me())
    return web.done(url_for(".page", checklist=found.id), "已删去这一项。")


def _crumbs() -> list[tuple[str, str]]:
    return [("工作台", "/desk"), ("督查", url_for("inspections.index")), ("督查清单", url_for(".index"))]


def _one(key: int) -> Checklist:
    return db.session.get(Checklist, key) or abort(404)


def _line(checklist: int, item: int) -> tuple[Checklist, ChecklistItem]:
    found = _one(checklist)
    return found, next((each for each in found.items if each.id == item), None) or abort(404)


def _item(found: Checklist, line: ChecklistItem | None):
    form = ItemForm(obj=line)
    back = url_for(".page", checklist=found.id)
    crumbs = [*_crumbs(), (found.title, back)]

    def save(**asked) -> None:
        checklists.set_item(found, web.me(), line, **asked)

    if line is not None:
        return edit(line, form, save, back, title="修改这一项", crumbs=crumbs)
    shown = {"title": "增加一项", "row": None, "form": form, "back": back, "crumbs": crumbs}
    if not form.validate_on_submit():
        return render_template("edit.html", differences=[], **shown), 422 if form.errors else 200
    try:
        save(**form.asked())
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return render_template("edit.html", differences=[], **shown), refusal.status
    return web.done(back, "已保存。")
