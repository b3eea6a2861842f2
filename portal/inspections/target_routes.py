"""Pages at one inspected body: the checklist with its evidence on the spot, findings, grade, and what lies behind."""

from collections.abc import Callable

from flask import abort, render_template, request, url_for

from portal import clock, web
from portal.actors import Role
from portal.doors import for_roles
from portal.edits import EditForm, edit
from portal.errors import Refused
from portal.extensions import db
from portal.inspections import behind, checking, evidence, mending, queries, rights, workflow
from portal.inspections.forms import FindForm, GradeForm, MeritForm, TickForm, VisitForm
from portal.inspections.kinds import Drawn, FindingState, InspectionState
from portal.inspections.models import Finding, InspectionItem, Target
from portal.inspections.routes import bp

INSPECTING = (Role.INSPECTOR, Role.COUNTY)


@bp.route("/<number:inspection>/targets/<row:target>")
@for_roles(*rights.READERS)
def target(inspection: str, target: int):
    """One inspected body: each item with what the portal shows for it, ticked or to be ticked, and what was found."""
    return _page(_one(inspection, target))


@bp.route("/<number:inspection>/targets/<row:target>/tick/<row:item>", methods=["POST"])
@for_roles(*INSPECTING)
def tick(inspection: str, target: int, item: int):
    """The inspector ticks one item."""
    found = _one(inspection, target)
    line = next((each for each in found.inspection.items if each.id == item), None) or abort(404)
    form = TickForm(prefix=_prefix(line))
    if not form.validate():
        return _page(found, form, line), 422
    try:
        checking.tick(found, line, web.me(), form.result.data, form.comment.data, form.version.data or "")
    except Refused as refusal:
        db.session.rollback()
        form.version.data = checking.version_of(checking.check_of(found, line))  # what is shown now, beside the form
        form.form_errors.append(refusal.sentence)
        return _page(found, form, line), refusal.status
    return web.done(f"{_address(found)}#item-{line.id}", "已记录。")


@bp.route("/<number:inspection>/targets/<row:target>/visit", methods=["GET", "POST"])
@for_roles(*INSPECTING)
def visit(inspection: str, target: int):
    """The inspector says when the body was visited and what was seen there."""
    found = _one(inspection, target)
    form = VisitForm(obj=found)
    if not form.is_submitted() and form.visited_on.data is None:
        form.visited_on.data = clock.today()
    return _edit(found, form, checking.check_open, checking.sum_up, "督查情况")


@bp.route("/<number:inspection>/targets/<row:target>/grade", methods=["GET", "POST"])
@for_roles(Role.COUNTY)
def grade(inspection: str, target: int):
    """The county grades a body in the year's assessment."""
    found = _one(inspection, target)
    return _edit(found, GradeForm(obj=found), checking.check_grade, checking.grade, "评定")


@bp.route("/<number:inspection>/targets/<row:target>/merit", methods=["GET", "POST"])
@for_roles(Role.COUNTY)
def merit(inspection: str, target: int):
    """The county decides what the result notice says of a branch."""
    found = _one(inspection, target)
    return _edit(found, MeritForm(obj=found), checking.check_name, checking.name, "通报表扬或批评")


@bp.route("/<number:inspection>/targets/<row:target>/drop", methods=["POST"])
@for_roles(Role.COUNTY)
def drop(inspection: str, target: int):
    """The county takes a body off the list."""
    found = _one(inspection, target)
    name, back = found.name, web.address_of(found.inspection)
    workflow.drop(found, web.me())
    return web.done(back, f"已移出{name}。")


@bp.route("/<number:inspection>/targets/<row:target>/find", methods=["GET", "POST"])
@for_roles(*INSPECTING)
def find(inspection: str, target: int):
    """The inspector writes down what is to be mended."""
    found = _one(inspection, target)
    if request.method == "GET":
        checking.check_open(found, web.me(), held=False)
    items = {each.id: each for each in found.inspection.items if each.asked_of.includes(found.kind)}
    form = FindForm(data={"item_id": request.args.get("item", type=int), "fix_by": found.inspection.fix_by})
    form.item_id.offer((key, f"{each.place}. {each.words}") for key, each in items.items())
    if not form.validate_on_submit():
        return _find_page(found, form), 422 if form.errors else 200
    asked = mending.Found(form.words.data, form.fix_by.data, form.demand.data or None, items.get(form.item_id.data))
    try:
        mending.find(found, web.me(), asked)
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return _find_page(found, form), refusal.status
    return web.done(f"{_address(found)}#findings", "已记录，依据一并存下。")


@bp.route("/<number:inspection>/targets/<row:target>/evidence/<drawn>")
@for_roles(*INSPECTING)
def behind_it(inspection: str, target: int, drawn: str):
    """The list behind one piece of evidence, without what is personal."""
    found, kind = _one(inspection, target), Drawn.of(drawn) or abort(404)
    until = found.inspection.counts_until(clock.today())
    listed = behind.page(found, kind, until, request.args.get("after")) or abort(404)
    shown = evidence.draw([kind], found, until)[kind]
    return render_template("inspections/evidence.html", target=found, drawn=kind, listed=listed, shown=shown)


def _one(inspection: str, target: int) -> Target:
    found: Target = web.find(queries.targets_visible_to(web.me()), target)
    return found if found.inspection.number == inspection else abort(404)


def _address(target: Target) -> str:
    return url_for("inspections.target", inspection=target.inspection.number, target=target.id)


def _prefix(item: InspectionItem) -> str:
    return f"i{item.id}-"


def _page(found: Target, sent: TickForm | None = None, at: InspectionItem | None = None) -> str:
    by, inspection = web.me(), found.inspection
    inspecting = rights.inspects(inspection, by)
    may = inspecting and rights.may_inspect(found, by)
    writes = may and inspection.state is InspectionState.UNDERWAY
    items = [each for each in inspection.items if each.asked_of.includes(found.kind)]
    checks = {check.item_id: check for check in found.checks}
    until = inspection.counts_until(clock.today())
    shown = evidence.draw([each.drawn for each in items], found, until) if inspecting else {}
    forms = {}
    for item in items if writes else ():
        given = checks.get(item.id)
        forms[item.id] = sent if at is item else TickForm(formdata=None, prefix=_prefix(item), obj=given)
    rows = queries.findings_visible_to(by).where(Finding.target_id == found.id).order_by(Finding.id)
    return render_template(
        "inspections/target.html", target=found, inspection=inspection, items=items, checks=checks, shown=shown,
        forms_of=forms, writes=writes, inspecting=inspecting, graded=inspection.is_assessment,
        county=by.is_in(Role.COUNTY),
        names=may and by.is_in(Role.COUNTY) and inspection.state in rights.NAMED_IN, today=clock.today(),
        findings=db.session.scalars(rows).all(), withdrawn=FindingState.WITHDRAWN,
    )  # fmt: skip


def _edit(found: Target, form: EditForm, check: Callable, write: Callable, title: str):
    """What is written down at a body; its form is opened only to whom `check` would not refuse it."""
    if request.method == "GET":
        check(found, web.me(), held=False)
    else:
        workflow.hold(found.inspection)  # before the body, as whoever writes there does
    back = _address(found)
    crumbs = [("工作台", "/desk"), ("督查", url_for("inspections.index")),
              (found.inspection.title, web.address_of(found.inspection)), (found.name, back)]  # fmt: skip
    return edit(found, form, lambda **asked: write(found, web.me(), **asked), back, title=title, crumbs=crumbs)


def _find_page(found: Target, form: FindForm) -> str:
    return render_template("inspections/find.html", target=found, inspection=found.inspection, form=form)
