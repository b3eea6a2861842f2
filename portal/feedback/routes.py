"""Pages of the quarterly bulletins: the list with its acts on many, one bulletin and its moves."""

from flask import Blueprint, abort, flash, render_template, request, url_for
from sqlalchemy import Select, select

from portal import bulk, paging, web
from portal.actors import Actor, Role
from portal.bulk import BulkAct
from portal.choices import row_id
from portal.doors import for_roles, signed_in
from portal.errors import Refused
from portal.extensions import db
from portal.feedback import queries, striking, workflow
from portal.feedback.forms import BulletinFilter, RemarkForm
from portal.feedback.models import Bulletin, BulletinLine, BulletinState, Part
from portal.feedback.quarters import QuarterOf
from portal.people.models import Member

bp = Blueprint("feedback", __name__, url_prefix="/feedback")
MOST = 500
RECORDS = 100  # records of one kind that a page names; the rest stand on the members' cards
DOING = (Role.CLERK, Role.LIAISON)


@bp.route("")
@for_roles(*queries.READERS)
def index():
    """The bulletins of one's scope, the latest first; those that wait for this office have a tick."""
    by = web.me()
    form, rows, of = narrowed(by)
    shown = paging.page_of(rows, request.args.get("after"), newest_first=True)
    tickable = {row.id for row in shown.rows if any(move.open_to(row, by) for move in _bulk_moves(by))}
    return render_template(
        "feedback/index.html", shown=shown, form=form, total=queries.count(rows), states=BulletinState,
        counts=queries.counts_by_state(by, of), of=of, tickable=tickable, sends=by.is_in(Role.CLERK),
        waiting=queries.count(_waiting(by, of)) if by.is_in(*DOING) else 0, remark_letters=workflow.REMARK_LETTERS,
        shows_unit=not by.is_in(Role.LIAISON), shows_community=not by.is_in(Role.CLERK),
    )  # fmt: skip


@bp.route("/bulk", methods=["POST"])
@for_roles(*DOING)
def many():
    """A clerk writes one text on many bulletins or sends them, a liaison acknowledges; each refusal is named."""
    by, verb = web.me(), request.form.get("verb", "")
    move = next((move for move in _bulk_moves(by) if move.verb == verb), None) or abort(404)
    asked = {}
    if verb == workflow.remark.verb:
        form = RemarkForm()
        if not form.validate():
            return _refused("；".join(form.remark.errors) or "请重新打开本页再试。")
        try:
            workflow.check_remark(form.remark.data)
        except Refused as refusal:
            return _refused(refusal.sentence)
        asked = form.asked()
    rows = db.session.scalars(_chosen(by).limit(MOST)).unique().all()
    made = bulk.run(by, move.label, rows, lambda row: move(row, by, **asked), _words, pause=web.keep)
    kind = "warning" if made.refused or not made.lines else "success"
    return web.done(url_for(".result", act=made.id), made.summary, kind)


@bp.route("/results/<row:act>")
@for_roles(*DOING)
def result(act: int):
    """What came of one's own act on many, row by row."""
    mine = select(BulkAct).where(BulkAct.by_user_id == web.me().user_id)
    return render_template("result.html", act=web.find(mine, act), back=("季度反馈", url_for(".index")))


@bp.route("/<number:bulletin>")
@for_roles(*queries.READERS)
def page(bulletin: str):
    """One bulletin: its members with their numbers, what was told late or taken back, the community's text."""
    found = web.find(queries.visible_to(web.me()), bulletin)
    lines = queries.lines_of([found.id])
    shown = paging.page_of(lines, request.args.get("after"), Member.pinyin)
    parts = [(part, queries.records_of(found, part, RECORDS)) for part in (Part.LATE, Part.TAKEN_BACK)]
    return render_template(
        "feedback/page.html", bulletin=found, shown=shown, sums=queries.sums_of(found), parts=parts, most=RECORDS,
        total=queries.count(select(BulletinLine).where(BulletinLine.bulletin_id == found.id)),
        struck=striking.waiting(found)[:RECORDS],
    )  # fmt: skip


@bp.route("/<number:bulletin>/<verb>", methods=["GET", "POST"])
@signed_in
def move(bulletin: str, verb: str):
    """Any move of a bulletin: GET asks, POST does."""
    return web.do_move(web.find(queries.visible_to(web.me()), bulletin), verb, ASKS.get(verb))


def narrowed(by: Actor) -> tuple[BulletinFilter, Select, QuarterOf | None]:
    """The filters as the address has them, the rows, and the quarter chosen."""
    form, known = BulletinFilter(), queries.quarters(by)
    form.quarter.offer((_key(of), of.words) for of in known)
    form.unit.offer(queries.units_told(by))
    form.community.offer(queries.communities_telling(by))
    of = next((each for each in known if _key(each) == form.quarter.data), None)
    return form, queries.listed(by, of, form.state.data, form.unit.data, form.community.data), of


def _bulk_moves(by: Actor) -> tuple:
    return (workflow.remark, workflow.send) if by.is_in(Role.CLERK) else (workflow.acknowledge,)


def _waiting(by: Actor, of: QuarterOf | None = None) -> Select:
    rows = queries.to_send(by) if by.is_in(Role.CLERK) else queries.to_acknowledge(by)
    return rows.where(Bulletin.year == of.year, Bulletin.quarter == of.quarter) if of else rows


def _chosen(by: Actor) -> Select:
    """The ticked bulletins, or all that wait, of the quarter that the page showed."""
    if "all" in request.form:
        known = {_key(of): of for of in queries.quarters(by)}
        return _waiting(by, known.get(row_id(request.form.get("quarter")) or 0)).order_by(Bulletin.id)
    ids = [key for key in map(row_id, request.form.getlist("row")[:MOST]) if key]
    return queries.visible_to(by).where(Bulletin.id.in_(ids)).order_by(Bulletin.id)


def _refused(sentence: str):
    """The list again with the sentence on top; what was typed stays in the box."""
    flash(sentence, "error")
    return index(), 422


def _words(row: Bulletin) -> tuple[str, str]:
    return f"{row.unit.name}　{row.community.name}（{row.number}）", web.address_of(row)


def _key(of: QuarterOf) -> int:
    """A quarter as the address holds it: 20261."""
    return of.year * 10 + of.quarter


def _remark_form(row: Bulletin) -> RemarkForm:
    return RemarkForm(data={"remark": row.remark})


ASKS = {"remark": _remark_form}
