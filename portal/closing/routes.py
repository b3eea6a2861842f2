"""Pages of closing a year, for the county: what it will do, the act of two persons, its progress, what was stored."""

from typing import Any

from flask import Blueprint, abort, render_template, request, url_for

from portal import clock, web
from portal.actors import Role
from portal.closing import preview, queries, recounting, rejecting, workflow
from portal.closing.forms import RejectForm
from portal.closing.kinds import KINDS, Fate
from portal.closing.models import Closing, ClosingState
from portal.doors import for_roles
from portal.errors import Refused
from portal.extensions import db
from portal.scheme import queries as scheme
from portal.scheme.models import SchemeYear

bp = Blueprint("closing", __name__, url_prefix="/closing")
YEAR = "int(min=2014,max=2099,fixed_digits=4)"


@bp.route("")
@for_roles(Role.COUNTY)
def index():
    """The years up to this one and how their closing stands, the latest first."""
    opened = db.select(SchemeYear).where(SchemeYear.year <= clock.today().year).order_by(SchemeYear.year.desc())
    years = db.session.scalars(opened).all()
    closings = db.session.scalars(queries.visible_to(web.me()).where(Closing.state != ClosingState.WITHDRAWN))
    return render_template(
        "closing/index.html", years=years, closings={row.year: row for row in closings}, opens_on=queries.opens_on
    )


@bp.route(f"/<{YEAR}:closing>")
@for_roles(Role.COUNTY)
def page(closing: int):
    """One year: before its closing what it will do, then how far it has come, afterwards what was stored."""
    year, row = _opened(closing), queries.of_year(closing)
    first = queries.opens_on(closing)
    shown: dict[str, Any] = {"year": year, "closing": row, "opens_on": first}
    if row is None or row.state is ClosingState.PROPOSED:
        found = preview.found(closing)
        shown["groups"] = preview.by_fate(found)
        shown["blocked"] = any(each.count for each in found if each.kind.fate is Fate.IN_THE_WAY)
        shown["works"] = [(label, count) for label, count in workflow.foreseen(closing) if count]
        shown["may_propose"] = row is None and clock.today() >= first
    else:
        shown["corrections"] = queries.corrections_of(row)
    shown["next_open"] = scheme.is_open(closing + 1)
    return render_template("closing/page.html", **shown)


@bp.route(f"/<{YEAR}:closing>/list/<kind>")
@for_roles(Role.COUNTY)
def listed(closing: int, kind: str):
    """The list behind one number of the preview: what it is, with whom it lies, since when."""
    year, found = _opened(closing), KINDS.get(kind) or abort(404)
    lines, shown = preview.lines(found, closing, request.args.get("after"))
    after = url_for(".listed", closing=closing, kind=kind, after=shown.next) if shown.next else ""
    return render_template("closing/listed.html", year=year, kind=found, lines=lines, next_page=after)


@bp.route(f"/<{YEAR}:closing>/propose", methods=["POST"])
@for_roles(Role.COUNTY)
def propose(closing: int):
    """A person of the county proposes to close a year."""
    row = workflow.propose(_opened(closing).year, web.me())
    return web.done(web.address_of(row), "已提出，请另一位同志核对后确认。")


@bp.route(f"/<{YEAR}:closing>/reject", methods=["GET", "POST"])
@for_roles(Role.COUNTY)
def reject(closing: int):
    """The county refuses all of a year that no second person has confirmed, with one reason."""
    year, form = _opened(closing), RejectForm()
    counts = {each.kind.key: each.count for each in preview.in_the_way_of(closing)}
    shown = {"year": year, "form": form, "records": counts.get("records", 0), "visits": counts.get("visits", 0)}
    if not form.validate_on_submit():
        return render_template("closing/reject.html", **shown), 422 if form.errors else 200
    back = url_for(".page", closing=closing)
    try:
        done = web.keep_each(rejecting.reject_rest(closing, web.me(), form.reason.data))
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return render_template("closing/reject.html", **shown), refusal.status
    if not done:
        return web.done(back, "没有待确认的服务和走访。", "info")
    return web.done(back, f"已不予确认 {done} 件，已告诉本人和登记人。")


@bp.route(f"/<{YEAR}:closing>/<any('6', '7'):table>/<by>")
@for_roles(Role.COUNTY)
def recounted(closing: int, table: str, by: str):
    """A table as it was counted when the year was closed; what was put right since stands beside it."""
    row = _closing(closing)
    found = next((each for each in row.recounts if (str(each.number), each.by.value) == (table, by)), None) or abort(
        404
    )
    shown = {"closing": row, "recount": found, "table": recounting.read(found)}
    return render_template("closing/recounted.html", corrections=queries.corrections_of(row), **shown)


@bp.route(f"/<{YEAR}:closing>/<verb>", methods=["GET", "POST"])
@for_roles(Role.COUNTY)
def move(closing: int, verb: str):
    """Any move of a closing: GET asks, POST does."""
    return web.do_move(_closing(closing), verb)


def _opened(year: int) -> SchemeYear:
    found = queries.stored(year)
    return found if found is not None and year <= clock.today().year else abort(404)


def _closing(year: int) -> Closing:
    rows = queries.visible_to(web.me()).where(Closing.year == year)
    return db.session.scalar(rows.order_by(Closing.id.desc()).limit(1)) or abort(404)
