"""Asked for and able (供需对照): what residents ask for, and who could do it."""

from flask import Blueprint, abort, render_template, request, url_for

from portal import clock, web
from portal.actors import Actor, Role
from portal.doors import for_roles
from portal.paging import page_of
from portal.people.models import Member
from portal.scheme import queries as scheme
from portal.wishes import gap, narrowing
from portal.wishes.forms import GapFilters

bp = Blueprint("gap", __name__, url_prefix="/wishes/gap")
OFFICES = (Role.CLERK, Role.TOWN, Role.COUNTY)


@bp.route("")
@for_roles(*OFFICES)
def index():
    """Wishes that wait beside members who could, by category and by craft; each number opens its list."""
    form = _filters(web.me())
    days = scheme.year_of(clock.today()).wish_fitting_days
    lines = gap.lines(web.me(), form.community.data)
    return render_template("wishes/gap.html", form=form, lines=lines, days=days, chosen=form.chosen)


@bp.route("/members")
@for_roles(*OFFICES)
def members():
    """The members whom a line counts, by name; their cards are read by their community and the county."""
    form = _filters(web.me())
    kind = form.craft.data or form.category.data or abort(404)
    rows = gap.members(web.me(), kind, form.community.data, bool(form.idle.data))
    found = page_of(rows, request.args.get("after"), Member.pinyin)
    more = url_for("gap.members", **form.chosen, after=found.next) if found.next else ""
    return render_template(
        "wishes/gap_members.html", kind=kind, rows=found.rows, next=more, idle=bool(form.idle.data),
        reads_cards=web.me().is_in(Role.CLERK, Role.COUNTY),
    )  # fmt: skip


def _filters(by: Actor) -> GapFilters:
    form = GapFilters()
    form.community.offer(narrowing.communities_of(by))
    return form
