"""Uploading a roster, looking at what it would change, and writing it."""

import json

from flask import Blueprint, abort, render_template, request, url_for

from portal import web
from portal.actors import Role
from portal.doors import for_roles, takes_uploads
from portal.errors import Refused
from portal.flow import open_moves
from portal.paging import page_of
from portal.rosters import queries, workflow
from portal.rosters.forms import UploadForm
from portal.rosters.models import ImportState, RosterImport, RowResult
from portal.rosters.template_book import template_book
from portal.text import MAX_INT

bp = Blueprint("rosters", __name__)
MISSING = "missing"
ALWAYS = ("bad", "new", "changed", "same")  # counts that are told even when they are 0


@bp.route("/rosters")
@for_roles(Role.LIAISON, Role.COUNTY)
def index():
    """The imports of the own unit, for the county of all."""
    found = page_of(queries.visible_to(web.me()), request.args.get("after"), newest_first=True)
    following = url_for(".index", after=found.next) if found.next else ""
    return render_template("rosters/index.html", rosters=found.rows, next_page=following)


@bp.route("/rosters/template.xlsx")
@for_roles(Role.LIAISON, Role.COUNTY)
def template():
    """The workbook to fill in, with drop-downs and notes."""
    return web.download(template_book(queries.known_homes()), "在职党员名册模板.xlsx")


@bp.route("/rosters/new", methods=["GET", "POST"])
@for_roles(Role.LIAISON)
@takes_uploads
def new():
    """Upload a roster; what it would change is shown before anything is written."""
    form = UploadForm()
    if not form.validate_on_submit():
        return render_template("rosters/new.html", form=form), 422 if form.errors else 200
    by, file = web.me(), form.file.data
    data = file.read()
    try:
        preview = workflow.examine(by.unit_id, data)
    except Refused as refusal:
        form.file.errors = [refusal.sentence]
        return render_template("rosters/new.html", form=form), 422
    roster = web.keep_each(workflow.stage(preview, by.unit_id, by, file.filename or "名册", data))
    workflow.preview(roster, by)
    return web.done(web.address_of(roster), "已读取文件，尚未写入名册：请核对后再写入。", "info")


@bp.route("/rosters/<row:roster>")
@for_roles(Role.LIAISON, Role.COUNTY)
def page(roster: int):
    """One import: counts, and the rows of one kind."""
    found = web.find(queries.visible_to(web.me()), roster)
    missing = queries.missing_from(found) if found.state == ImportState.PREVIEWED else []
    return render_template(
        "rosters/page.html",
        roster=found,
        tiles=_tiles(found, len(missing)),
        missing=missing,
        moves_now=_fitting_moves(found),
        markable=found.kept and (found.bad or (found.elsewhere + found.twice and found.state == ImportState.PREVIEWED)),
        whole=web.me().is_in(Role.LIAISON),
        **_shown_rows(found),
    )


@bp.route("/rosters/<row:roster>/marked.xlsx")
@for_roles(Role.LIAISON)
def marked(roster: int):
    """The sender's own file with a column 错误原因."""
    found = web.find(queries.visible_to(web.me()), roster)
    name = found.file_name.rsplit(".", 1)[0]
    return web.download(workflow.marked_file(found) or abort(404), f"{name}-错误原因.xlsx")


@bp.route("/rosters/<row:roster>/<verb>", methods=["GET", "POST"])
@for_roles(Role.LIAISON, Role.COUNTY)
def move(roster: int, verb: str):
    """Any move of an import: GET asks, POST does."""
    return web.do_move(web.find(queries.visible_to(web.me()), roster), verb)


def _shown_rows(roster: RosterImport) -> dict:
    """The rows of the kind asked for, or of the first kind that has any; none once they are forgotten."""
    first = next((result for result in RowResult if roster.count(result)), RowResult.SAME)
    asked = request.args.get("show", "")
    shown = None if asked == MISSING else RowResult.of(asked) or first
    after = min(max(request.args.get("after", 0, type=int), 0), MAX_INT)
    rows = queries.rows_of(roster, shown, after) if roster.kept and shown else []
    following = rows[-1]["position"] if shown and len(rows) == queries.PAGE else None
    sheets = len(json.loads(roster.heads))
    next_page = url_for(".page", roster=roster.id, show=shown.value, after=following) if following else ""
    return {"shown": shown, "rows": rows, "sheets": sheets, "next_page": next_page}


def _tiles(roster: RosterImport, missing: int) -> list[tuple]:
    """The counts, each leading to its rows while these are kept."""
    counts = [(result.value, roster.count(result), result.label) for result in RowResult]
    counts.append((MISSING, missing, "不在文件中"))
    return [
        (
            number,
            "行",
            label,
            url_for(".page", roster=roster.id, show=value, _anchor="rows") if number and roster.kept else "",
        )
        for value, number, label in counts
        if number or value in ALWAYS
    ]


def _fitting_moves(roster: RosterImport) -> list:
    """The open moves without those that this import's rows leave no reason for."""
    unfit = set() if roster.new + roster.changed + roster.elsewhere else {"write", "write_right"}
    unfit.add("write" if roster.bad else "write_right")
    return [move for move in open_moves(roster, web.me()) if move.verb not in unfit]
