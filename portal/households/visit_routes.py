"""Pages of visits: those that wait or stood, one visit and its moves, and writing one down."""

from flask import Blueprint, render_template, request

from portal import clock, paging, web
from portal.actors import Role
from portal.doors import for_roles, signed_in
from portal.errors import NotYours, Refused
from portal.extensions import db
from portal.households import counting, queries, rights, visiting
from portal.households.forms import VisitForm, VisitsFilter
from portal.households.models import Household, Visit, VisitState
from portal.households.routes import bp as households
from portal.households.routes import crumbs

bp = Blueprint("visits", __name__, url_prefix="/visits")
RECORD = (Role.MEMBER, Role.CLERK, Role.GRID_WORKER)


@bp.route("")
@for_roles(*RECORD)
def index():
    """The visits of one's community, grid or own, the latest first, by state."""
    form, by = VisitsFilter(), web.me()
    rows = queries.visits(by)
    if form.state.data:
        rows = rows.where(Visit.state == form.state.data)
    shown = paging.page_of(rows, request.args.get("after"), Visit.day, newest_first=True)
    return render_template(
        "households/visits.html", form=form, shown=shown, total=queries.count(rows), crumbs=crumbs(),
        states=VisitState,
    )  # fmt: skip


@bp.route("/<row:visit>")
@signed_in
def page(visit: int):
    """One visit with its history."""
    found = web.find(queries.visits(web.me()), visit)
    seen = queries.visible_to(web.me()).where(Household.id == found.household_id)
    return render_template(
        "households/visit.html", visit=found, crumbs=crumbs(), opens_file=bool(queries.count(seen)),
        is_void=counting.is_void(found),
    )  # fmt: skip


@bp.route("/<row:visit>/<verb>", methods=["GET", "POST"])
@signed_in
def move(visit: int, verb: str):
    """Any move of a visit: GET asks, POST does."""
    return web.do_move(web.find(queries.visits(web.me()), visit), verb)


@households.route("/<number:household>/record", methods=["GET", "POST"])
@for_roles(*RECORD)
def record(household: str):
    """Write down a visit: a supporter their own, clerk or grid worker for one without a login."""
    by = web.me()
    found = web.find(queries.visible_to(by), household)
    if not visiting.may_record(found, by):
        raise NotYours("走访由这一户的帮扶人登记；没有账号的帮扶人，由社区专干或网格管理员代为登记。")
    form = _visit_form(found)
    shown = {"form": form, "household": found, "crumbs": crumbs(found), "stand_in": not rights.supports(found, by)}
    if not form.validate_on_submit():
        return render_template("households/record.html", **shown), 422 if form.errors else 200
    try:
        visit = visiting.record(found, by, **form.asked())
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return render_template("households/record.html", **shown), refusal.status
    return web.done(web.address_of(visit), "已登记，等社区另一人确认后计入。")


def _visit_form(household: Household) -> VisitForm:
    by = web.me()
    able = household.active_supports
    own = rights.supports(household, by)
    first = [by.member_id] if own else [each.member_id for each in visiting.without_login(household)][:1]
    form = VisitForm(data={"day": clock.today(), "people": first} if request.method == "GET" else None)
    form.people.offer((each.member_id, f"{each.member.name}（{each.member.unit.name}）") for each in able)
    return form


households.register_blueprint(bp)
