"""What a report says in full: a table, the list behind a number, the sender's words, and the year before beside it."""

from flask import abort, render_template, request, url_for

from portal import clock, web
from portal.choices import row_id
from portal.doors import for_roles
from portal.edits import between
from portal.errors import RuleBroken, TooLate
from portal.extensions import db
from portal.filters import moment
from portal.reports import behind, comparing, content, freezing, frozen, naming, queries, registers, workflow
from portal.reports import words as table_words
from portal.reports.counting import WHOLE
from portal.reports.forms import words_form
from portal.reports.frozen import Source
from portal.reports.models import Report
from portal.reports.routes import READERS, bp, linked, said_by
from portal.reports.scopes import By
from portal.reports.tables import Column, Row, Table
from portal.reports.tallies import tally_of

ROWS = 100
WORDS_LEAD = "数字不用填。哪一行需要说明（如单位撤并、数字特殊），写在这里，随表上报；不写的留空。"


@bp.route("/<number:report>/tables/<any('6', '7'):table>/behind")
@for_roles(*READERS)
def frozen_behind(report: str, table: str):
    """What a number was counted from, as it was when the report was handed in."""
    found = web.find(queries.visible_to(web.me()), report)
    snapshot = queries.snapshot_of(found, row_id(request.args.get("edition"))) or abort(404)
    shown = freezing.read(snapshot).table(int(table)) or abort(404)
    row = comparing.row_of(shown, _row_key())
    if row.key not in linked(found, [shown], frozen=True):
        abort(404)
    here: dict = {"report": report, "table": table, "edition": snapshot.edition, "row": row.key}
    return list_page(
        [frozen.Source(snapshot, shown, row.key)], shown, row, url_for(".frozen_behind", **here),
        [(found.number, url_for(".page", report=report, edition=snapshot.edition))],
        f"{moment(snapshot.taken_at)} 第 {snapshot.edition} 次上报时的明细，之后的变动不在里面。",
    )  # fmt: skip


def list_page(sources: list[Source], table: Table, row: Row, here: str, crumbs: list[tuple[str, str]], lead: str):
    """The page of a list that was handed in, of the column that the address names; 404 of none such.

    A link stands only where this person may open the page of the thing now.
    """
    column = next((each for each in table.columns if each.key == request.args.get("column")), None) or abort(404)
    shared, here = "shared" in request.args, f"{here}&column={column.key}"
    part = frozen.part(sources, column, request.args.get("after"), ROWS, shared)
    here += "&shared=1" if shared else ""
    return render_template(
        "reports/frozen_behind.html",
        table=table, row=row, column=column, part=part, here=here, shared=shared, lead=lead,
        crumbs=[("工作台", "/desk"), ("年度上报", url_for(".index", year=table.year)), *crumbs],
        open=_open(table, column, [line.key for line in part.lines]),
    )  # fmt: skip


def _open(table: Table, column: Column, ids: list[int]) -> set[int]:
    """Those of the things on this page that this person may open; none of a column that is counted no more."""
    tally = tally_of(table.number, By(table.by), column.key)
    return behind.open_of(naming.THINGS[tally.book], ids, web.me()) if tally and tally.book else set()


@bp.route("/<number:report>/register/<row:community>")
@for_roles(*READERS)
def frozen_register(report: str, community: int):
    """The register of one community (附件7乙), as it was when the report was handed in."""
    found = web.find(queries.visible_to(web.me()), report)
    snapshot = queries.snapshot_of(found, row_id(request.args.get("edition"))) or abort(404)
    lines = frozen.register_of(snapshot, community)
    table = freezing.read(snapshot).table(7)
    if lines is None or table is None:
        abort(404)
    return render_template(
        "reports/frozen_register.html", report=found, snapshot=snapshot, lines=lines, heads=registers.HEADS,
        name=comparing.row_of(table, community).name,
    )  # fmt: skip


@bp.route("/<number:report>/compare/<any('6', '7'):table>")
@for_roles(*READERS)
def compare(report: str, table: str):
    """A row of a table beside the year before."""
    found = web.find(queries.visible_to(web.me()), report)
    said, _ = said_by(found)
    shown = said.table(int(table)) or abort(404)
    beside = comparing.with_last_year(found, shown, _row_key())
    return render_template("reports/compare.html", report=found, table=shown, beside=beside, row_key=_row_key())


@bp.route("/<number:report>/words/<any('6', '7'):table>", methods=["GET", "POST"])
@for_roles(*queries.BODIES)
def words(report: str, table: str):
    """The sender's words on the rows of a table (备注); of two who write at once the second sees both texts."""
    by, number = web.me(), int(table)
    found = web.find(queries.visible_to(by), report)
    workflow.submit.check_open(found, by)
    rows = content.rows_of(found, number, clock.today()) or abort(404)
    form, back = words_form(rows, queries.words_on(found, number)), web.address_of(found)
    shown = {"title": f"填写附件{number}备注", "lead": WORDS_LEAD, "crumbs": _crumbs(found), "row": found, "back": back}
    if not form.validate_on_submit():
        return render_template("edit.html", form=form, differences=[], **shown), 422 if form.errors else 200
    try:
        if table_words.write(found, by, number, form.asked(), form.version.data):
            return web.done(back, "备注已保存。")
    except RuleBroken as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return render_template("edit.html", form=form, differences=[], **shown), refusal.status
    stored = words_form(rows, queries.words_on(found, number), formdata=None)
    differences = between(form, stored)
    db.session.rollback()
    form.version.data = form.version.raw_data = stored.version.data
    return render_template("edit.html", form=form, differences=differences, **shown), TooLate.status


def _crumbs(report: Report) -> list[tuple[str, str]]:
    listed = url_for("reports.index", year=report.year)
    return [("工作台", "/desk"), ("年度上报", listed), (report.number, web.address_of(report))]


def _row_key() -> int:
    """The row of the address; the total where it names none."""
    typed = request.args.get("row")
    return 0 if typed == "0" else row_id(typed) or WHOLE
