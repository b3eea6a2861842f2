"""One act on many evaluations: grade alike, send, return the same slip; with the result by row."""

from flask import abort, flash, render_template, request, url_for
from sqlalchemy import Select, select

from portal import bulk, web
from portal.actors import Role
from portal.bulk import BulkAct
from portal.choices import row_id
from portal.doors import for_roles
from portal.evaluations import evidence, queries, workflow
from portal.evaluations.forms import UseForm
from portal.evaluations.models import Evaluation, Grade
from portal.evaluations.routes import SLIPS, bp, listed, year_acted_on
from portal.extensions import db

MOST = 500


@bp.route("/bulk", methods=["POST"])
@for_roles(Role.CLERK)
def many():
    """A clerk gives the ticked drafts one grade, or sends them, those of a unit, or all that are ready."""
    by = web.me()
    if "grade" in request.form:
        grade = _grade_for_many()
        return _run(f"评为{grade.label}", _ticked(), lambda row: workflow.grade_alike(row, by, grade))
    rows = _ticked()
    if "all" in request.form:
        rows = queries.ready(by, year_acted_on())
        if unit := row_id(request.form.get("unit")):
            rows = rows.where(Evaluation.unit_id == unit)
    return _run(workflow.send.label, rows, lambda row: workflow.send(row, by), ahead=True)


def _grade_for_many() -> Grade:
    grade = db.session.get(Grade, row_id(request.form.get("grade")) or 0)
    return grade if grade is not None and grade.in_bulk and grade.active else abort(404)


@bp.route("/bulk/acknowledge", methods=["POST"])
@for_roles(*SLIPS)
def acknowledge_many():
    """A liaison returns the same slip for the ticked evaluations; what is missing is said and the rest stays."""
    form, by = UseForm(), web.me()
    if not form.validate():
        flash("".join(str(error) for errors in form.errors.values() for error in errors), "error")
        return listed(form), 422
    return _run(workflow.acknowledge.label, _ticked(), lambda row: workflow.acknowledge(row, by, **form.asked()))


@bp.route("/results/<row:act>")
@for_roles(Role.CLERK, *SLIPS)
def result(act: int):
    """What came of one's own act on many, row by row."""
    mine = select(BulkAct).where(BulkAct.by_user_id == web.me().user_id)
    return render_template("result.html", act=web.find(mine, act), back=("现实表现评议", url_for(".index")))


def _ticked() -> Select:
    ids = [key for key in map(row_id, request.form.getlist("row")[:MOST]) if key]
    return queries.visible_to(web.me()).where(Evaluation.id.in_(ids)).order_by(Evaluation.id)


def _run(label: str, rows: Select, act, ahead: bool = False):
    waiting = db.session.scalars(rows.limit(MOST)).unique().all()
    made = bulk.run(web.me(), label, evidence.ahead(waiting) if ahead else waiting, act, _words, pause=web.keep)
    kind = "warning" if made.refused or not made.lines else "success"
    return web.done(url_for(".result", act=made.id), made.summary, kind)


def _words(row: Evaluation) -> tuple[str, str]:
    return f"{row.member.name}（{row.unit.name}）", web.address_of(row)
