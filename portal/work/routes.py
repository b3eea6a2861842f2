"""Pages of own work: the list, one entry with its files, writing it, and who has none."""

from flask import Blueprint, render_template, request, url_for

from portal import clock, file_edits, paging, uploads, web
from portal.doors import for_roles, signed_in, takes_uploads
from portal.edits import edit
from portal.errors import Refused
from portal.extensions import db
from portal.people.models import Unit
from portal.registrations import offers
from portal.work import queries, workflow
from portal.work.forms import FilesForm, LackingFilter, ListFilter, RecordForm, WorkForm
from portal.work.models import OwnWork, WorkKind
from portal.work.workflow import Done

bp = Blueprint("work", __name__, url_prefix="/work")


def wanted() -> tuple[ListFilter, dict]:
    """The filters of the list as the address has them, and what they narrow it to."""
    by, form = web.me(), ListFilter()
    form.year.offer((year, f"{year}年") for year in queries.years(by))
    form.unit.offer(offers.listed_units(by))
    chosen = {"kind": form.kind.data, "year": form.year.data, "state": form.state.data, "unit_id": form.unit.data}
    return form, chosen


@bp.route("")
@for_roles(*queries.READERS)
def index():
    """The entries of one's scope, the latest first."""
    by = web.me()
    form, chosen = wanted()
    rows = queries.listed(by, **chosen)
    shown = paging.page_of(rows, request.args.get("after"), OwnWork.day, newest_first=True)
    return render_template(
        "work/index.html", form=form, shown=shown, total=queries.count(rows), files=uploads.numbers_of(shown.rows),
        writes=by.is_in(*workflow.WRITERS), above=by.is_in(*queries.ABOVE),
        lacking=queries.own_lacking(by, clock.today().year),
    )  # fmt: skip


@bp.route("/lacking")
@for_roles(*queries.ABOVE)
def lacking():
    """The units of one's scope that have nothing of a kind in a year: whom to urge."""
    by, form = web.me(), LackingFilter()
    kind, year = lacking_wanted(form)
    rows = queries.lacking(by, kind, year)
    shown = paging.page_of(rows, request.args.get("after"), Unit.name)
    bodies = queries.lacking_bodies(by, kind, year)
    return render_template(
        "work/lacking.html", form=form, kind=kind, year=year, shown=shown, total=queries.count(rows), bodies=bodies
    )


def lacking_wanted(form: LackingFilter) -> tuple[WorkKind, int]:
    """The kind and year of which the list shows who has none."""
    this = clock.today().year
    form.year.offer((year, f"{year}年") for year in range(this, this - 5, -1))
    year = form.year.data if form.year.data and this - 5 < form.year.data <= this else this
    return form.kind.data or WorkKind.PLAN, year


@bp.route("/new", methods=["GET", "POST"])
@for_roles(*workflow.WRITERS)
@takes_uploads
def new():
    """Write down what was done, with its files."""
    form = RecordForm(data={"day": clock.today(), "kind": WorkKind.of(request.args.get("kind"))})
    form.community_id.offer(offers.communities())
    shown = {"title": "登记本单位工作", "crumbs": _crumbs(), "row": None, "back": url_for(".index"), "submit": "登记"}
    if not form.validate_on_submit():
        return render_template("edit.html", form=form, differences=[], **shown), 422 if form.errors else 200
    try:
        row = workflow.record(web.me(), Done(**form.asked()), form.files.data)
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return render_template("edit.html", form=form, differences=[], **shown), refusal.status
    return web.done(web.address_of(row), "已登记。")


@bp.route("/<row:work>")
@for_roles(*queries.READERS)
def page(work: int):
    """One entry with its files."""
    by, found = web.me(), _found(work)
    changeable = workflow.may_change(found, by)
    return render_template("work/page.html", work=found, files=uploads.of(found), changeable=changeable)


@bp.route("/<row:work>/edit", methods=["GET", "POST"])
@for_roles(*workflow.WRITERS)
def change(work: int):
    """Mend what was written."""
    found = _found(work)
    if request.method == "GET":
        workflow.check_changeable(found, web.me())
    form, back = WorkForm(obj=found), web.address_of(found)
    form.community_id.offer(offers.communities())
    return edit(
        found, form, lambda **asked: workflow.change(found, web.me(), Done(**asked)), back,
        title="修改", crumbs=[*_crumbs(), (found.title, back)],
    )  # fmt: skip


@bp.route("/<row:work>/files", methods=["GET", "POST"])
@for_roles(*workflow.WRITERS)
@takes_uploads
def change_files(work: int):
    """Add files, and take others away."""
    found = _found(work)
    workflow.check_changeable(found, web.me())  # also before a file is read
    back = web.address_of(found)

    def change(added: list, removed: list) -> None:
        workflow.change_files(_found(work), web.me(), added, removed)

    crumbs = [*_crumbs(), (found.title, back)]
    return file_edits.change_files(
        FilesForm(), uploads.of(found), change, back, "附件已更新。", title="附件", crumbs=crumbs
    )


@bp.route("/<row:work>/files/<name>")
@for_roles(*queries.READERS)
def file(work: int, name: str):
    """One file of an entry."""
    return uploads.answer(_found(work), name)


@bp.route("/<row:work>/<verb>", methods=["GET", "POST"])
@signed_in
def move(work: int, verb: str):
    """Any move of an entry: GET asks, POST does."""
    return web.do_move(_found(work), verb)


def _found(work: int) -> OwnWork:
    return web.find(queries.visible_to(web.me()), work)


def _crumbs() -> list[tuple[str, str]]:
    return [("工作台", "/desk"), ("本单位工作", url_for(".index"))]
