"""最近办理: what one's office did in the last day and may take back, one by one or many at once."""

from flask import abort, render_template, request, url_for
from sqlalchemy import select

from portal import bulk, web
from portal.bulk import BulkAct
from portal.choices import row_id
from portal.desks import lately
from portal.desks.lately import OFFICES, Done
from portal.desks.routes import bp
from portal.doors import for_roles
from portal.extensions import db
from portal.flow import flow_of
from portal.undo import model_of


@bp.route("/undo", methods=["GET", "POST"], endpoint="lately")
@for_roles(*OFFICES)
def done_lately():
    """The office's acts of the last day that nobody has acted after; POST takes back the ticked ones."""
    by = web.me()
    found = lately.acts_of(by)
    if request.method == "GET":
        return render_template("desks/lately.html", acts=found)
    ticked = {row_id(key) for key in request.form.getlist("row")}
    chosen = [act for act in found if act.note.id in ticked]
    lines = {act.case: str(act.line.id) for act in chosen}
    words = {act.case: _words(act) for act in chosen}
    made = bulk.run(
        by,
        "撤销",
        lines,
        lambda case: flow_of(case).undo(case, by, line=lines[case]),
        words.__getitem__,
        pause=web.keep,
    )
    kind = "warning" if made.refused or not made.lines else "success"
    return web.done(url_for(".undone", act=made.id), made.summary, kind)


@bp.route("/undo/<row:note>", methods=["GET", "POST"])
@for_roles(*OFFICES)
def undo(note: int):
    """Take back one act of the office, also where the case is out of its sight by it (passed on, handed back)."""
    found = web.find(lately.notes_of(web.me()), note)
    case = db.session.get(model_of(found.line.kind), found.line.row_id) or abort(404)
    return web.do_move(case, "undo", then=url_for(".lately"), back=url_for(".lately"))


@bp.route("/undo/results/<row:act>")
@for_roles(*OFFICES)
def undone(act: int):
    """What came of taking back many acts, one by one."""
    mine = select(BulkAct).where(BulkAct.by_user_id == web.me().user_id)
    return render_template("result.html", act=web.find(mine, act), back=("最近办理", url_for(".lately")))


def _words(act: Done) -> tuple[str, str]:
    return f"{act.about}（{act.line.label}）"[:80], web.address_of(act.case)
