"""Pages of doubles: whom the rosters show to be alike, one pair side by side, and its moves."""

from flask import Blueprint, render_template, request

from portal import paging, web
from portal.actors import Role
from portal.doors import for_roles
from portal.doubles import joining, queries, sides, workflow
from portal.doubles.forms import LookIntoForm, MergeForm
from portal.doubles.models import Double, DoubleState
from portal.errors import Refused
from portal.extensions import db
from portal.people.queries import visible_to as members

bp = Blueprint("doubles", __name__, url_prefix="/doubles")
ASKS = {"merge": lambda row: _merge_form(row)}


@bp.route("")
@for_roles(Role.COUNTY)
def index():
    """The pairs to look at; by `state` those that were settled, the latest first."""
    return _index()


def _index(refusal: str = "") -> str:
    state = DoubleState.of(request.args.get("state"))
    if state in (None, DoubleState.SUSPECTED):
        waiting = queries.to_look_at(web.me())
        return render_template("doubles/index.html", waiting=waiting, state=None, states=DoubleState, refusal=refusal)
    rows = queries.visible_to(web.me()).where(Double.state == state)
    shown = paging.page_of(rows, request.args.get("after"), newest_first=True)
    return render_template("doubles/index.html", shown=shown, state=state, states=DoubleState, refusal=refusal)


@bp.route("/open", methods=["POST"])
@for_roles(Role.COUNTY)
def look_into():
    """Open a pair that the list names."""
    form = LookIntoForm()
    if not form.validate():
        return _index("请从名单中选择一对记录。"), 422
    seen = members(web.me())
    first, second = (web.find(seen, member_id) for member_id in (form.first.data, form.second.data))
    try:
        row = workflow.look_into(first, second, web.me())
    except Refused as refusal:
        db.session.rollback()
        return _index(refusal.sentence), refusal.status
    return web.done(web.address_of(row))


@bp.route("/<row:double>")
@for_roles(Role.COUNTY)
def page(double: int):
    """One pair side by side, with its history."""
    row = web.find(queries.visible_to(web.me()), double)
    lines, counts, best = sides.compared(row), sides.counted(row), sides.suggested(row)
    return render_template("doubles/page.html", double=row, lines=lines, counts=counts, suggested=best)


@bp.route("/<row:double>/<verb>", methods=["GET", "POST"])
@for_roles(Role.COUNTY)
def move(double: int, verb: str):
    """Any move: GET asks, POST does."""
    return web.do_move(web.find(queries.visible_to(web.me()), double), verb, ASKS.get(verb))


def _merge_form(row: Double) -> MergeForm:
    """The form of a merging, with what would follow if the row that was chosen stays."""
    form = MergeForm()
    asked = form.kept_id.data if request.method == "POST" else request.args.get("keep", type=int)
    kept = next((each for each in row.pair if each.id == asked), None) or sides.suggested(row)
    form.kept, form.gone = kept, row.other_than(kept.id)
    form.follows = joining.foreseen(form.kept, form.gone)
    form.mark = workflow.mark_of(form.follows)
    if request.method == "GET":
        form.kept_id.data, form.seen.data = kept.id, form.mark
    return form
