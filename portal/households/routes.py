"""Pages of households: the lists of each role, one household, a look at its file, and the moves of it."""

import datetime as dt

from flask import Blueprint, render_template, request, url_for
from sqlalchemy import Select

from portal import clock, paging, web
from portal.actors import Actor, Role
from portal.doors import for_roles, signed_in
from portal.households import listing, looks, missing, queries, rights, showing
from portal.households.forms import CloseForm, ConsentForm, ListFilter, LookForm
from portal.households.kinds import HouseholdKind
from portal.households.models import Household
from portal.people.models import Member
from portal.wishes import pocket

bp = Blueprint("households", __name__, url_prefix="/households")
LISTED_TO = (Role.CLERK, Role.GRID_WORKER, Role.COUNTY)


@bp.route("")
@for_roles(*LISTED_TO)
def index():
    """The households of one's community, grid or county, masked; by kind, state, need, and what they lack."""
    by, today = web.me(), clock.today()
    rows, form = narrowed(by)
    shown = paging.page_of(rows, request.args.get("after"), newest_first=True)
    return render_template(
        "households/index.html", form=form, shown=shown, total=queries.count(rows), enters=by.is_in(*LISTED_TO[:2]),
        months=missing.of_households([each.id for each in shown.rows], today.year, today), today=today,
        shows_place=by.is_in(Role.COUNTY),
    )  # fmt: skip


def narrowed(by: Actor) -> tuple[Select, ListFilter]:
    """The households that the address leaves, and its filters."""
    form = _filter_form(by)
    return listing.filtered(by, _filters(form, clock.today())), form


def _filter_form(by: Actor) -> ListFilter:
    form = ListFilter()
    if by.is_in(Role.CLERK):
        form.grid.offer(listing.grids_of(by.community_id))
    if by.is_in(Role.COUNTY):
        form.community.offer((place.id, place.name) for place, _ in listing.counts(by))
    return form


def _filters(form: ListFilter, today: dt.date) -> listing.Filters:
    lacking = form.month.data.month(today) if form.month.data else None
    return listing.Filters(
        form.state.data, form.kind.data, form.need.data, form.grid.data, form.community.data, bool(form.without.data),
        lacking, form.q.data or "",
    )  # fmt: skip


@bp.route("/counts")
@for_roles(Role.TOWN, Role.COUNTY)
def counts():
    """How many households each community supports now, by kind; no list of households for the towns."""
    rows = listing.counts(web.me())
    lists = web.me().is_in(Role.COUNTY)
    return render_template("households/counts.html", rows=rows, kinds=HouseholdKind, lists=lists)


@bp.route("/unit")
@for_roles(Role.LIAISON)
def unit():
    """The households that members of a liaison's unit support: family name, kind, and the months visited."""
    today = clock.today()
    shown = paging.page_of(queries.of_unit(web.me()), request.args.get("after"), Member.pinyin)
    found = missing.of_households({each.household_id for each in shown.rows}, today.year, today)
    return render_template("households/unit.html", shown=shown, months=found, year=today.year)


@bp.route("/mine")
@for_roles(Role.MEMBER)
def mine():
    """The households that a member supports, with their twelve months; what was proposed; those of before."""
    return render_template("households/mine.html", **showing.mine(web.me()))


@bp.route("/<number:household>")
@signed_in
def page(household: str):
    """One household: its file masked, who supports it, the months and visits of a year."""
    found = web.find(queries.visible_to(web.me()), household)
    clear = pocket.take_look(look_key(found))
    shown = showing.page(found, web.me(), clear, request.args.get("year"))
    return render_template("households/page.html", crumbs=[*crumbs(), (found.number, "")], **shown)


@bp.route("/<number:household>/look", methods=["POST"])
@signed_in
def look(household: str):
    """Look at a file, or open it for a change; the look is audited, and the next page shows it once."""
    found, form = web.find(queries.visible_to(web.me()), household), LookForm()
    form.validate()
    changes = form.then.data == "change" and rights.enters(found, web.me())
    looks.look(found, web.me(), (form.reason.data or "")[:100])
    pocket.allow_look(look_key(found, changes))
    return web.done(url_for("households.change", household=household) if changes else web.address_of(found))


@bp.route("/<number:household>/<verb>", methods=["GET", "POST"])
@signed_in
def move(household: str, verb: str):
    """Any move of a household: GET asks, POST does."""
    return web.do_move(web.find(queries.visible_to(web.me()), household), verb, ASKS.get(verb))


def look_key(household: Household, changes: bool = False) -> str:
    """What the browser carries from a look to the page that shows what was looked at."""
    return f"household/{household.number}{'/change' if changes else ''}"


def crumbs(household: Household | None = None) -> list[tuple[str, str]]:
    """The way to a page of this room, over the page of one household where there is one."""
    by = web.me()
    first = {Role.MEMBER: "mine", Role.LIAISON: "unit"}.get(by.role, "index")
    title = "联系对象" if first == "index" else "结对帮扶"
    way = [("工作台", "/desk"), (title, url_for(f"households.{first}"))]
    return [*way, (household.number, web.address_of(household))] if household else way


def _consent_form(_household: Household) -> ConsentForm:
    return ConsentForm(data={"consent_on": clock.today(), "consent_taken_by": web.me().name})


ASKS = {"activate": _consent_form, "close": CloseForm}
