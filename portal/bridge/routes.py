"""Pages of the exports for other platforms: the templates, one with its columns, and sending a list by it."""

from flask import Blueprint, render_template, request, url_for
from sqlalchemy import Select, select

from portal import clock, web
from portal.actors import Role
from portal.bridge import workflow
from portal.bridge.catalogue import fields_of
from portal.bridge.columns import Chosen, FileFormat
from portal.bridge.forms import KindForm, SendForm, template_form
from portal.bridge.models import BridgeKind, BridgeTemplate
from portal.doors import for_roles
from portal.edits import edit
from portal.errors import Refused
from portal.extensions import db, one_reading, reading
from portal.registrations import offers

bp = Blueprint("bridge", __name__, url_prefix="/bridge")


@bp.route("")
@for_roles(Role.COUNTY)
def index():
    """The templates, those in use first."""
    rows = select(BridgeTemplate).order_by(BridgeTemplate.active.desc(), BridgeTemplate.name)
    return render_template("bridge/index.html", templates=list(db.session.scalars(rows)))


@bp.route("/new", methods=["GET", "POST"])
@for_roles(Role.COUNTY)
def new():
    """A new template: its name and kind; all fields stand in it, to be thinned out."""
    form = KindForm()
    shown = {"title": "新增导出模板", "crumbs": _crumbs(), "row": None, "back": url_for(".index"), "submit": "下一步"}
    if not form.validate_on_submit():
        return render_template("edit.html", form=form, differences=[], **shown), 422 if form.errors else 200
    template = BridgeTemplate(kind=form.kind.data)
    try:
        workflow.save(web.me(), template, form.name.data, _all_of(form.kind.data))
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return render_template("edit.html", form=form, differences=[], **shown), refusal.status
    return web.done(url_for(".change", template=template.id), "已建立，请核对要导出的列和标题。")


def _all_of(kind: BridgeKind) -> list[Chosen]:
    fields = [field for field in fields_of(kind).values() if field.label[0] != "（"]
    return [Chosen(place, field.key, field.label) for place, field in enumerate(fields, 1)]


@bp.route("/<row:template>")
@for_roles(Role.COUNTY)
def page(template: int):
    """One template: its columns, and the form that sends a list by it."""
    found = web.find(_rows(), template)
    return render_template("bridge/page.html", template=found, fields=fields_of(found.kind), form=_send_form())


@bp.route("/<row:template>/edit", methods=["GET", "POST"])
@for_roles(Role.COUNTY)
def change(template: int):
    """Say anew which columns a template has, and what they are called there."""
    found = web.find(_rows(), template)
    back = url_for(".page", template=found.id)
    return edit(
        found, template_form(found), lambda **asked: workflow.save(web.me(), found, **asked), back, "bridge/edit.html",
        title="修改导出模板", crumbs=[*_crumbs(), (found.name, back)], fields=fields_of(found.kind),
    )  # fmt: skip


@bp.route("/<row:template>/send", methods=["POST"])
@for_roles(Role.COUNTY)
def send(template: int):
    """Send the list of a template as a file; the trail says who took it."""
    found, form, by = web.find(_rows(), template), _send_form(), web.me()
    if not form.validate():
        return render_template("bridge/page.html", template=found, fields=fields_of(found.kind), form=form), 422
    year, file = form.year.data, form.file.data
    with reading(), one_reading() as let_go:
        found = web.find(_rows(), template)
        sheet = workflow.sheet_of(found, year, form.community.data)
        data, count = workflow.made(by, found, sheet, file, let_go)
    workflow.note(by, web.find(_rows(), template), count, f"（{year}年，{file.label}）")
    web.keep()
    return web.download(data, f"{found.name}{clock.today():%Y%m%d}.{file.value}")


def _send_form() -> SendForm:
    this = clock.today().year
    form = SendForm(data=None if request.method == "POST" else {"year": this, "file": FileFormat.XLSX})
    form.year.offer((year, f"{year}年") for year in range(this, this - 5, -1))
    form.community.offer(offers.communities())
    return form


def _rows() -> Select:
    return select(BridgeTemplate)


def _crumbs() -> list[tuple[str, str]]:
    return [("工作台", "/desk"), ("对接导出", url_for(".index"))]
