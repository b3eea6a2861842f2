"""Uploading the running scheme's data, looking at what they would change, and having them written."""

import functools

from flask import Blueprint, abort, render_template, request, url_for

from portal import web
from portal.actors import Role
from portal.doors import for_roles, takes_uploads
from portal.errors import Refused
from portal.extensions import reading
from portal.firstday import queries, workflow, writing
from portal.firstday.forms import UploadForm, WriteForm
from portal.firstday.models import RESULTS, FirstdayImport, Part, RowResult
from portal.firstday.template_book import template_book
from portal.flow import open_moves
from portal.paging import page_of
from portal.text import MAX_INT

bp = Blueprint("firstday", __name__)


@bp.route("/firstday")
@for_roles(Role.COUNTY)
def index():
    """The imports of the running scheme's data."""
    found = page_of(queries.visible_to(web.me()), request.args.get("after"), newest_first=True)
    following = url_for(".index", after=found.next) if found.next else ""
    return render_template("firstday/index.html", imports=found.rows, next_page=following)


@bp.route("/firstday/template.xlsx")
@for_roles(Role.COUNTY)
def template():
    """The workbook to fill in, with drop-downs and notes."""
    return web.download(template_book(queries.known_places()), "期初数据模板.xlsx")


@bp.route("/firstday/new", methods=["GET", "POST"])
@for_roles(Role.COUNTY)
@takes_uploads
def new():
    """Upload a workbook; what it would change is shown before anything is written."""
    form = UploadForm()
    if not form.validate_on_submit():
        return render_template("firstday/new.html", form=form), 422 if form.errors else 200
    by, file = web.me(), form.file.data
    data = file.read()
    try:
        preview = workflow.examine(data)
    except Refused as refusal:
        form.file.errors = [refusal.sentence]
        return render_template("firstday/new.html", form=form), 422
    firstday = web.keep_each(workflow.stage(preview, by, file.filename or "期初数据", data))
    workflow.preview(firstday, by)
    return web.done(web.address_of(firstday), "已读取文件，尚未写入：请核对后提交。", "info")


@bp.route("/firstday/<row:firstday>")
@for_roles(Role.COUNTY)
def page(firstday: int):
    """One import: counts by sheet and result, and the rows of one kind."""
    found = web.find(queries.visible_to(web.me()), firstday)
    return render_template(
        "firstday/page.html",
        firstday=found,
        results=RESULTS,
        moves_now=_fitting_moves(found),
        markable=found.kept and found.count(RowResult.BAD, RowResult.TWICE) and queries.file_of(found) is not None,
        **_shown_rows(found),
    )


@bp.route("/firstday/<row:firstday>/marked.xlsx")
@for_roles(Role.COUNTY)
def marked(firstday: int):
    """The sender's own workbook with a column 错误原因."""
    found = web.find(queries.visible_to(web.me()), firstday)
    name = found.file_name.rsplit(".", 1)[0]
    return web.download(workflow.marked_file(found) or abort(404), f"{name}-错误原因.xlsx")


@bp.route("/firstday/<row:firstday>/<verb>", methods=["GET", "POST"])
@for_roles(Role.COUNTY)
def move(firstday: int, verb: str):
    """Any move of an import: GET asks, POST does."""
    found = web.find(queries.visible_to(web.me()), firstday)
    if verb != "write" or request.method == "GET":
        return web.do_move(found, verb)
    with reading():
        lines = writing.lines_of(firstday)
    return web.do_move(web.find(queries.visible_to(web.me()), firstday), verb, functools.partial(_with_lines, lines))


def _with_lines(lines: writing.Lines, _firstday: FirstdayImport) -> WriteForm:
    form = WriteForm()
    form.lines = lines
    return form


def _shown_rows(firstday: FirstdayImport) -> dict:
    """The rows of the kind asked for, or of the first kind that has any; none once they are forgotten."""
    part = Part.of(request.args.get("part"))
    first = next((result for result in RESULTS if firstday.count(result)), RowResult.SAME)
    shown = RowResult.of(request.args.get("show")) or first
    after = min(max(request.args.get("after", 0, type=int), 0), MAX_INT)
    rows = queries.rows_of(firstday, shown, part, after) if firstday.kept else []
    following = rows[-1]["position"] if len(rows) == queries.PAGE else None
    asked = {"show": shown.value, "part": part.value if part else None}
    next_page = url_for(".page", firstday=firstday.id, after=following, **asked) if following else ""
    return {"part": part, "shown": shown, "rows": rows, "next_page": next_page}


def _fitting_moves(firstday: FirstdayImport) -> list:
    """The open moves without those that this import's rows leave no reason for."""
    unfit = set() if firstday.count(*workflow.CHANGES) else {"submit", "submit_right"}
    unfit.add("submit" if firstday.count(RowResult.BAD) else "submit_right")
    return [move for move in open_moves(firstday, web.me()) if move.verb not in unfit]
