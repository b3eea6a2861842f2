"""Report-in rates, the names behind each number, and urging with one click."""

from flask import abort, render_template, request, url_for
from sqlalchemy import Select, select

from portal import paging, web
from portal.actors import Role
from portal.choices import row_id
from portal.doors import for_roles
from portal.extensions import db
from portal.people.models import Member, Unit
from portal.registrations import queries, rates, urging
from portal.registrations.rates import Grouping, Standing
from portal.registrations.routes import OFFICES, bp


@bp.route("/rates")
@for_roles(*OFFICES)
def rates_page():
    """The report-in rates of one's scope: by unit, supervisor or community; leading members on a line of their own."""
    by, grouping = web.me(), chosen_grouping()
    table = rates.table(by, grouping)
    units = [line.key for line in table.lines] if grouping is Grouping.UNIT else []
    return render_template(
        "registrations/rates.html",
        table=table, grouping=grouping, groupings=rates.groupings(by), standings=Standing,
        urgeable=by.is_in(*urging.ABOVE_UNITS) and grouping is Grouping.UNIT, urged=urging.last_by_unit(units),
        shows_exemptions=not by.is_in(Role.CLERK),
        own_urge=urging.last_of_unit(by.unit_id) if by.is_in(Role.LIAISON) else None,
    )  # fmt: skip


@bp.route("/people")
@for_roles(*OFFICES)
def people():
    """The names behind one number of the rates."""
    by, grouping, standing = web.me(), chosen_grouping(), chosen_standing()
    line, leading = request.args.get("line"), "leading" in request.args
    rows = behind_the_number()
    shown = paging.page_of(rows, request.args.get("after"), Member.pinyin)
    ids = [member.id for member in shown.rows]
    return render_template(
        "registrations/people.html",
        shown=shown, standing=standing, grouping=grouping, leading=leading, total=queries.count(rows),
        where=rates.line_name(grouping, row_id(line)), found=rates.registrations_of(by, ids),
        urged=urging.last_by_member(ids), urges=by.is_in(Role.LIAISON) and standing not in rates.ARRIVED,
        liaisons=queries.liaisons_among(ids) if by.is_in(Role.DEPARTMENT, Role.TOWN) else set(),
        here={"by": grouping.value, "standing": standing.value} | ({"line": line} if line else {})
        | ({"leading": 1} if leading else {}),
    )  # fmt: skip


@bp.route("/urge/members", methods=["POST"])
@for_roles(Role.LIAISON)
def urge_members():
    """A liaison urges the ticked members who have not reported, or all of them."""
    rows = rates.people(web.me(), Grouping.UNIT, Standing.MISSING)
    if "all" not in request.form:
        rows = rows.where(Member.id.in_([key for key in map(row_id, request.form.getlist("row")) if key]))
    urged = urging.urge_members(db.session.scalars(rows), web.me())
    back = url_for(".people", by=Grouping.UNIT.value, standing=Standing.MISSING.value)
    return web.done(back, urged.sentence, "success" if urged.now else "info")


@bp.route("/urge/units", methods=["POST"])
@for_roles(*urging.ABOVE_UNITS)
def urge_units():
    """Supervisor, work committee or county urge one unit, or all that have members not yet reported."""
    lacking = [line.key for line in rates.table(web.me(), Grouping.UNIT).lines if not line.complete]
    if "all" not in request.form:
        lacking = [key for key in lacking if key == row_id(request.form.get("unit"))]
    urged = urging.urge_units(db.session.scalars(select(Unit).where(Unit.id.in_(lacking))), web.me())
    back = url_for(".rates_page", by=Grouping.UNIT.value)
    return web.done(back, urged.sentence, "success" if urged.now else "info")


def behind_the_number() -> Select:
    """The members behind the number that the address names."""
    line = request.args.get("line")
    key = 0 if line == "0" else row_id(line)
    return rates.people(web.me(), chosen_grouping(), chosen_standing(), key, "leading" in request.args)


def chosen_standing() -> Standing:
    """The standing of the address; who has not reported where it names none."""
    return Standing.of(request.args.get("standing")) or Standing.MISSING


def chosen_grouping() -> Grouping:
    """The grouping of the address where this role has it, else the role's first."""
    offered = rates.groupings(web.me()) or abort(404)
    asked = Grouping.of(request.args.get("by"))
    return asked if asked in offered else offered[0]
