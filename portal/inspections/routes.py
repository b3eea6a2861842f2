"""Pages of inspections: the list, planning one, one inspection with its targets and moves, who inspects whom."""

from flask import Blueprint, abort, render_template, request, url_for
from sqlalchemy import or_, select

from portal import clock, paging, web
from portal.accounts.models import User
from portal.actors import Role
from portal.doors import for_roles
from portal.edits import edit
from portal.errors import Refused, RuleBroken
from portal.extensions import db
from portal.inspections import checking, listing, queries, rights, workflow
from portal.inspections.forms import CandidateFilter, ChangePlanForm, InspectorForm, ListFilter, PlanForm
from portal.inspections.kinds import InspectionState, TargetKind
from portal.inspections.models import Checklist, Inspection
from portal.inspections.workflow import Plan
from portal.people.models import Supervisor

bp = Blueprint("inspections", __name__, url_prefix="/inspections")
PLAN = ("title", "about", "starts_on", "ends_on", "fix_by")


@bp.route("")
@for_roles(*rights.READERS)
def index():
    """The inspections that one sees, the newest first."""
    by, form = web.me(), ListFilter()
    rows = queries.listed(by, form.state.data)
    shown = paging.page_of(rows, request.args.get("after"), newest_first=True)
    return render_template(
        "inspections/index.html", shown=shown, total=queries.count(rows), form=form, states=InspectionState,
        numbers=listing.numbers_of([row.id for row in shown.rows]), plans=by.is_in(Role.COUNTY), today=clock.today(),
        inspecting=by.is_in(Role.COUNTY, Role.INSPECTOR),
    )  # fmt: skip


@bp.route("/new", methods=["GET", "POST"])
@for_roles(Role.COUNTY)
def new():
    """The county plans an inspection from one of its checklists."""
    form = PlanForm()
    offered = list(db.session.scalars(listing.checklists()))
    form.checklist_id.offer((each.id, f"{each.title}（{each.kind.label}）") for each in offered)
    shown = {"form": form, "lacking": not offered}
    if not form.validate_on_submit():
        return render_template("inspections/new.html", **shown), 422 if form.errors else 200
    checklist = db.session.get_one(Checklist, form.checklist_id.data)
    try:
        made = workflow.plan(web.me(), checklist.kind, checklist, Plan(**{name: form[name].data for name in PLAN}))
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return render_template("inspections/new.html", **shown), refusal.status
    sentence = "方案已制定，对象是全部镇和部门。" if made.is_assessment else "方案已制定，请选定督查对象。"
    return web.done(web.address_of(made), sentence)


@bp.route("/<number:inspection>")
@for_roles(*rights.READERS)
def page(inspection: str):
    """One inspection: what it is about, its targets as far as one sees them, and what can be done with it."""
    found, by = _one(inspection), web.me()
    unvisited = request.args.get("left") == "1"
    rows = listing.targets_of(found, by, unvisited)
    shown = paging.page_of(rows, request.args.get("after"), listing.NAME)
    return render_template(
        "inspections/page.html", inspection=found, shown=shown, total=queries.count(rows), unvisited=unvisited,
        findings=listing.findings_at([target.id for target in shown.rows]), inspecting=rights.inspects(found, by),
        notice=db.session.scalar(queries.notices_visible_to(by).filter_by(inspection_id=found.id)),
        today=clock.today(),
    )  # fmt: skip


@bp.route("/<number:inspection>/edit", methods=["GET", "POST"])
@for_roles(Role.COUNTY)
def change(inspection: str):
    """The county changes the plan before the findings are sent."""
    found = _one(inspection)
    _check_form(found)
    back = web.address_of(found)

    def save(**asked) -> None:
        workflow.change(found, web.me(), Plan(**asked))

    return edit(found, ChangePlanForm(obj=found), save, back, title="修改方案", crumbs=_crumbs(found))


@bp.route("/<number:inspection>/choose", methods=["GET", "POST"])
@for_roles(Role.COUNTY)
def choose(inspection: str):
    """The county chooses whom to inspect, from a list narrowed by kind, body above and name."""
    found, form = _one(inspection), CandidateFilter()
    _check_form(found)
    bodies = db.session.execute(select(Supervisor.id, Supervisor.name).order_by(Supervisor.name))
    form.body.offer((key, name) for key, name in bodies)
    kind = form.kind.data
    if request.method == "POST":
        ids = [int(each) for each in request.form.getlist("id") if each.isascii() and each.isdigit()]
        try:
            count = workflow.choose(found, web.me(), kind or abort(404), ids)
        except Refused as refusal:
            db.session.rollback()
            return _choose_page(found, form, refusal.sentence), refusal.status
        return web.done(url_for(".choose", inspection=inspection, **form.chosen), f"选定 {count} 个，已加入名单。")
    return _choose_page(found, form)


@bp.route("/<number:inspection>/inspectors", methods=["GET", "POST"])
@for_roles(Role.COUNTY)
def inspectors(inspection: str):
    """The county names an inspector for this inspection, whom a second person approves."""
    found, form = _one(inspection), InspectorForm()
    _check_form(found)
    shown = {"inspection": found, "form": form}
    if not form.validate_on_submit():
        return render_template("inspections/inspectors.html", **shown), 422 if form.errors else 200
    try:
        made = workflow.appoint(found, web.me(), _user(form.login.data))
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return render_template("inspections/inspectors.html", **shown), refusal.status
    return web.done(
        web.address_of(found), f"已提名{made.appointment.user.name}，由县委组织部另一位同志在“账号”里核准。"
    )


@bp.route("/<number:inspection>/refresh", methods=["POST"])
@for_roles(Role.COUNTY)
def refresh(inspection: str):
    """The county sets the figures of today into an assessment once more."""
    found = _one(inspection)
    checking.refresh(found, web.me())
    return web.done(web.address_of(found), "已按今天的数据重新取数。")


@bp.route("/<number:inspection>/<verb>", methods=["GET", "POST"])
@for_roles(*rights.READERS)
def move(inspection: str, verb: str):
    """Any move of an inspection: GET asks, POST does."""
    return web.do_move(_one(inspection), verb)


def _check_form(found: Inspection) -> None:
    """Refuse the form of a change that would be refused."""
    if request.method == "GET":
        workflow.check_plan(found, web.me(), held=False)


def _one(number: str) -> Inspection:
    return web.find(queries.visible_to(web.me()), number)


def _crumbs(inspection: Inspection) -> list[tuple[str, str]]:
    return [("工作台", "/desk"), ("督查", url_for("inspections.index")), (inspection.title, web.address_of(inspection))]


def _choose_page(found: Inspection, form: CandidateFilter, sentence: str = ""):
    kind = form.kind.data or (TargetKind.DEPARTMENT if found.is_assessment else None)
    offered = []
    if kind:
        column = workflow.COLUMN.get(kind, "supervisor_id")
        chosen = {getattr(target, column) for target in found.targets if target.kind is kind}
        rows = db.session.execute(listing.candidates(kind, form.body.data, form.q.data or ""))
        offered = [(key, name) for key, name in rows if key not in chosen]
    return render_template(
        "inspections/choose.html", inspection=found, form=form, kind=kind, offered=offered, refused=sentence
    )


def _user(login: str) -> User:
    """The login of this user name, or the only one of this name. Raises RuleBroken."""
    rows = select(User).where(or_(User.username == login.lower(), User.name == login)).limit(2)
    found = db.session.scalars(rows.order_by(User.id)).all()
    if not found:
        raise RuleBroken("没有这个用户名或姓名的账号，请先在“账号”里为抽调人员开通。")
    if len(found) > 1:
        raise RuleBroken(f"叫“{login}”的账号不止一个，请填写用户名。")
    return found[0]
