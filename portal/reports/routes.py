"""Pages of the handing in: a year's reports, one report, and handing it in."""

import datetime as dt

from flask import Blueprint, abort, render_template, request, url_for

from portal import clock, paging, web
from portal import years as closing_years
from portal.actors import Role
from portal.choices import row_id
from portal.doors import for_roles
from portal.errors import Refused
from portal.extensions import db, reading
from portal.people import queries as people
from portal.people.models import Supervisor, Unit
from portal.reports import confirming, content, freezing, opening, queries, submissions, submitting, workflow
from portal.reports.content import Content
from portal.reports.counting import WHOLE
from portal.reports.forms import ListFilter, SubmitForm
from portal.reports.models import Report, ReportKind, ReportState
from portal.reports.tables import Table
from portal.scheme import queries as scheme

bp = Blueprint("reports", __name__, url_prefix="/reports")
READERS = (Role.TOWN, Role.DEPARTMENT, Role.COMMITTEE, Role.COUNTY)


@bp.route("")
@for_roles(*READERS)
def index():
    """The reports of one's scope: who has handed in, who has not, who is late."""
    by, form, today = web.me(), ListFilter(), clock.today()
    years = queries.years(by)
    usual = today.year if today.year in years or not years else years[0]
    year = form.year.data if form.year.data in (*years, today.year) else usual
    rows = queries.listed(by, year, form.state.data, today if form.late.data else None)
    shown = paging.page_of(rows, request.args.get("after"), Supervisor.code)
    return render_template(
        "reports/index.html",
        shown=shown, form=form, year=year, years=sorted({*years, today.year}, reverse=True), states=ReportState,
        total=queries.count(rows), numbers=queries.by_state(by, year), today=today, opens_on=opening.opens_on(year),
        left=workdays_left, collects=by.is_in(Role.COUNTY), closed=bool(closing_years.why_closed(year)),
        late=queries.count(queries.listed(by, year, late_on=today)),
        freezing=submissions.running([row.id for row in shown.rows]),
    )  # fmt: skip


@bp.route("/<number:report>")
@for_roles(*READERS)
def page(report: str):
    """One report: its tables as they were handed in, or as they are counted now, and what is still in the way."""
    found = web.find(queries.visible_to(web.me()), report)
    said, edition = said_by(found, row_id(request.args.get("edition")))
    today = clock.today()
    return render_template(
        "reports/page.html",
        report=found, said=said, edition=edition, today=today, left=workdays_left(today, found.due_on),
        snapshots=queries.snapshots_of(found), can_send=workflow.sender_of(found, web.me()),
        parts=confirming.standing_of(found, said.tables) if found.kind is ReportKind.LEAD else [],
        in_the_way=workflow.in_the_way(found) if found.is_unsent else [],
        linked=linked(found, said.tables, edition is not None),
        submission=submissions.latest(found.id) if found.is_unsent else None,
    )  # fmt: skip


@bp.route("/<number:report>/submit", methods=["GET", "POST"])
@for_roles(*queries.BODIES)
def submit(report: str):
    """Ask to hand a report in: what does not match is looked at first, then the worker freezes everything."""
    by = web.me()
    found = web.find(queries.visible_to(by), report)
    workflow.submit.check_open(found, by)
    if request.method == "GET":
        return _ask(found, content.live(found, by.name, clock.today()))
    with reading():
        said = content.live(found, by.name, clock.today())
    form = SubmitForm()
    form.ask(bool(said.breaches), bool(said.changes))
    if not form.validate():
        return _ask(found, said, form), 422
    try:
        submitting.ask(found, by, submitting.mark_of(said))
    except Refused as refusal:
        return web.refused_move(workflow.submit, found, None, refusal)
    return web.done(url_for(".submission", report=report), submitting.ASKED, "info")


@bp.route("/<number:report>/submission")
@for_roles(*READERS)
def submission(report: str):
    """How far a handing in has come, or what stopped it; found again on the report's page."""
    found = web.find(queries.visible_to(web.me()), report)
    asked = submissions.latest(found.id) or abort(404)
    return render_template("reports/submission.html", report=found, submission=asked)


@bp.route("/<number:report>/<verb>", methods=["GET", "POST"])
@for_roles(*READERS)
def move(report: str, verb: str):
    """Any other move of a report: GET asks, POST does."""
    return web.do_move(web.find(queries.visible_to(web.me()), report), verb)


def workdays_left(today: dt.date, due: dt.date) -> int:
    """How many working days are left until a report is due."""
    return scheme.calendar_around(due.year).workdays_between(today, due)


def linked(report: Report, shown: list[Table], frozen: bool) -> set[int]:
    """The keys of the rows whose lists this person opens: 县直机关工委 those of 机关.

    What is counted now is counted over the own scope: behind the county's total would be the whole county.
    """
    by, keys = web.me(), {row.key for table in shown for row in table.rows}
    if by.is_in(Role.COMMITTEE):
        return keys & set(db.session.scalars(people.units(by).with_only_columns(Unit.id)))
    return keys | {WHOLE} if frozen or workflow.sender_of(report, by) else keys


def said_by(report: Report, edition: int | None = None) -> tuple[Content, int | None]:
    """What a report says: as it was handed in (at this turn, or as it stands), else as it is counted now."""
    snapshot = queries.snapshot_of(report, edition) if edition else None
    if snapshot is None and not report.is_unsent:
        snapshot = queries.standing_of(report.id)
    if snapshot is not None:
        return freezing.read(snapshot), snapshot.edition
    compiler = web.me().name if workflow.sender_of(report, web.me()) else ""
    return content.live(report, compiler, clock.today()), None


def _ask(report: Report, said: Content, form: SubmitForm | None = None):
    if form is None:
        form = SubmitForm()
        form.ask(bool(said.breaches), bool(said.changes))
    return render_template(
        "reports/submit.html", report=report, said=said, form=form, in_the_way=workflow.in_the_way(report),
        edition=report.edition + 1,
    )  # fmt: skip
