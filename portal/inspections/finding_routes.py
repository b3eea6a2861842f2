"""Pages of findings: the list, one finding with its moves, wording one anew before it is sent."""

from collections.abc import Callable

from flask import Blueprint, abort, render_template, request, url_for
from flask_wtf import FlaskForm

from portal import clock, paging, uploads, web
from portal.actors import Role
from portal.doors import for_roles, takes_uploads
from portal.edits import edit
from portal.file_edits import offer_removal
from portal.inspections import listing, mending, queries, rights, workflow
from portal.inspections.forms import AnswerForm, ChangeFindingForm, FindingFilter, FixByForm
from portal.inspections.kinds import FindingState
from portal.inspections.models import Finding

bp = Blueprint("findings", __name__, url_prefix="/inspections/findings")


def _answer_form(finding: Finding) -> AnswerForm:
    """What was done, with files; those of an answer that was sent back can be taken away."""
    form = AnswerForm()
    offer_removal(form, uploads.of(finding))
    return form


ASKS: dict[str, type[FlaskForm] | Callable] = {"answer": _answer_form, "send_back": FixByForm, "extend": FixByForm}


@bp.route("")
@for_roles(*rights.READERS)
def index():
    """The findings that one sees, what is unsettled and due soonest first; those of one's own body are answered."""
    by, form, today = web.me(), FindingFilter(), clock.today()
    rows = queries.listed_findings(by, form.state.data, today if form.late.data else None)
    shown = paging.page_of(rows, request.args.get("after"), *listing.DUE)
    own = {row.id for row in shown.rows if rights.office_of(row.target).is_office_of(by)}
    return render_template(
        "inspections/findings.html", shown=shown, total=queries.count(rows), form=form, today=today, own=own,
        states=[state for state in FindingState if by.is_in(Role.COUNTY) or state is not FindingState.WITHDRAWN],
    )  # fmt: skip


@bp.route("/<row:finding>")
@for_roles(*rights.READERS)
def page(finding: int):
    """One finding: what was found with its evidence, what is demanded, what was done about it."""
    found = web.find(queries.findings_visible_to(web.me()), finding)
    may_change = not found.inspection.is_sent and rights.found_or_county(found, web.me())
    files = uploads.of(found) if rights.reads_files(found, web.me()) else []
    return render_template(
        "inspections/finding.html", finding=found, files=files, today=clock.today(), may_change=may_change
    )


@bp.route("/<row:finding>/files/<name>")
@for_roles(*rights.READERS)
def file(finding: int, name: str):
    """A file of an answer, for who inspects and for the office that answered."""
    found = web.find(queries.findings_visible_to(web.me()), finding)
    return uploads.answer(found, name) if rights.reads_files(found, web.me()) else abort(404)


@bp.route("/<row:finding>/edit", methods=["GET", "POST"])
@for_roles(Role.INSPECTOR, Role.COUNTY)
def change(finding: int):
    """Whoever found it words a finding anew before it is sent."""
    found = web.find(queries.findings_visible_to(web.me()), finding)
    if request.method == "GET":
        mending.check_change(found, web.me(), held=False)
    else:
        workflow.hold(found.inspection)  # before the finding, as every act on it does
    back = web.address_of(found)

    def save(**asked) -> None:
        mending.change(found, web.me(), **asked)

    crumbs = [("工作台", "/desk"), ("督查", url_for("inspections.index")), (found.target.name, back)]
    return edit(found, ChangeFindingForm(obj=found), save, back, title="修改问题", crumbs=crumbs)


@bp.route("/<row:finding>/<verb>", methods=["GET", "POST"])
@takes_uploads
@for_roles(*rights.READERS)
def move(finding: int, verb: str):
    """Any move of a finding: GET asks, POST does."""
    by = web.me()
    found = web.find(queries.findings_visible_to(by), finding)
    if request.method == "GET":
        mending.check_form(found, verb, by)
    elif verb == "answer" and not rights.answers_for(found, by):
        mending.answer.check_open(found, by)  # refuses before a file is read
    return web.do_move(found, verb, ASKS.get(verb))
