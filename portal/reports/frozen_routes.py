"""What a report says in full: a table, the list behind a number, the sender's words, and the year before beside it."""

from flask import abort, render_template, request

from portal import clock, web
from portal.choices import row_id
from portal.doors import for_roles
from portal.reports import comparing, content, freezing, frozen, queries, registers, workflow
from portal.reports.behind import Behind
from portal.reports.counting import WHOLE
from portal.reports.forms import ROW, words_form
from portal.reports.models import Report, Snapshot
from portal.reports.routes import READERS, bp, linked, said_by
from portal.reports.tables import Table

ROWS = 100


@bp.route("/<number:report>/tables/<any('6', '7'):table>/behind")
@for_roles(*READERS)
def frozen_behind(report: str, table: str):
    """What a number was counted from, as it was when the report was handed in."""
    found = web.find(queries.visible_to(web.me()), report)
    snapshot = queries.snapshot_of(found, row_id(request.args.get("edition"))) or abort(404)
    shown = freezing.read(snapshot).table(int(table)) or abort(404)
    row = comparing.row_of(shown, _row_key())
    column = next((each for each in shown.columns if each.key == request.args.get("column")), None) or abort(404)
    lines = _lines(found, snapshot, shown, row.key, column.key)
    start = row_id(request.args.get("after")) or 0
    return render_template(
        "reports/frozen_behind.html",
        report=found, snapshot=snapshot, table=shown, row=row, column=column, lines=lines[start : start + ROWS],
        total=len(lines), next=start + ROWS if len(lines) > start + ROWS else None,
        amount=sum(line.amount for line in lines),
    )  # fmt: skip


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
    """The sender's words on the rows of a table (备注)."""
    found = web.find(queries.visible_to(web.me()), report)
    workflow.submit.check_open(found, web.me())
    counted = content.counted(found, clock.today())
    shown = next((each for each in counted if each.number == int(table)), None) or abort(404)
    known = {key: text for (number, key), text in queries.words_of(found).items() if number == int(table)}
    form = words_form([(str(row.key), row.name) for row in shown.rows], known)
    if not form.validate_on_submit():
        return render_template("reports/words.html", report=found, table=shown, form=form), 422 if form.errors else 200
    typed = {key.removeprefix(ROW): text for key, text in form.asked().items()}
    workflow.write_words(found, web.me(), shown.number, typed)
    return web.done(web.address_of(found), "备注已保存。")


def _row_key() -> int:
    """The row of the address; the total where it names none."""
    typed = request.args.get("row")
    return 0 if typed == "0" else row_id(typed) or WHOLE


def _lines(report: Report, snapshot: Snapshot, table: Table, row_key: int, column_key: str) -> list[Behind]:
    """The list behind a number; 404 where it is not this person's to read."""
    if row_key not in linked(report, [table], frozen=True):
        abort(404)
    return frozen.behind_of(snapshot, table, row_key, column_key)
