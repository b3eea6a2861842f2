"""A community's part of the county town's report: what it has to confirm, and confirming it."""

from flask import Blueprint, flash, render_template, request

from portal import clock, paging, web
from portal.actors import Role
from portal.doors import for_roles
from portal.errors import TooLate
from portal.extensions import reading
from portal.forms import ReasonForm
from portal.reports import confirming, content, freezing, queries, tables
from portal.reports.confirming import Change
from portal.reports.forms import ConfirmForm
from portal.reports.models import Report, ReportPart
from portal.reports.routes import bp as reports
from portal.reports.routes import workdays_left
from portal.reports.scopes import By, Scope
from portal.reports.tables import Table

bp = Blueprint("parts", __name__, url_prefix="/parts")
READERS = (Role.CLERK, Role.TOWN, Role.COUNTY)
MOVED_ON = "数字刚才又有变动，请看过现在的数字再确认。"


@bp.route("")
@for_roles(Role.CLERK)
def index():
    """A community's parts, the latest year first."""
    shown = paging.page_of(queries.parts(web.me()), request.args.get("after"), newest_first=True)
    return render_template("reports/parts.html", shown=shown, today=clock.today())


@bp.route("/<row:part>")
@for_roles(*READERS)
def page(part: int):
    """One community's numbers, beside those it confirmed, and the button to confirm them."""
    found = web.find(queries.parts(web.me()), part)
    return _page(found, _tables(found))


@bp.route("/<row:part>/<verb>", methods=["GET", "POST"])
@for_roles(*READERS)
def move(part: int, verb: str):
    """Any move of a part: GET asks, POST does."""
    found = web.find(queries.parts(web.me()), part)
    if verb not in ("confirm", "confirm_for"):
        return web.do_move(found, verb)
    with reading():
        counted = _tables(found)
        figures = confirming.figures_of(counted, found.community_id)
    if verb == "confirm" and request.method == "GET":
        confirming.confirm.check_open(found, web.me())
        return _page(found, counted)
    form = ConfirmForm()
    if verb == "confirm" and form.seen.data != confirming.fingerprint(figures):
        confirming.confirm.check_open(found, web.me())
        flash(MOVED_ON, "error")
        return _page(found, counted), TooLate.status
    return web.do_move(found, verb, lambda _row: _Asks(figures, reason=verb == "confirm_for"))


class _Asks(ReasonForm):
    """The reason, where it is asked for; the numbers are those that were counted just now."""

    def __init__(self, figures: str, reason: bool):
        super().__init__()
        self.figures = figures
        if not reason:
            del self.reason

    def asked(self) -> dict:
        """What was asked for, and the numbers."""
        return super().asked() | {"figures": self.figures}


def _tables(part: ReportPart) -> list[Table]:
    """The tables of the report narrowed to one community, as they stand now, or as they were handed in."""
    report, day = part.report, content.until(part.report, clock.today())
    if not report.is_unsent and (handed_in := queries.standing_of(report.id)):
        return freezing.read(handed_in).tables
    scope = Scope(community_id=part.community_id)
    return [tables.six(By.COMMUNITIES, scope, report.year, day), tables.seven(scope, report.year, day)]


def _page(part: ReportPart, counted: list[Table]):
    changed: list[Change] = confirming.changes_since(part, counted)
    rows = [(table, row) for table in counted for row in table.rows if row.key == part.community_id]
    figures = confirming.figures_of(counted, part.community_id)
    return render_template(
        "reports/part.html",
        part=part, rows=rows, changed={(each.table, each.label): each for each in changed}, today=clock.today(),
        seen=confirming.fingerprint(figures), left=workdays_left(clock.today(), part.report.due_on),
    )  # fmt: skip


@reports.route("/<number:report>/urge-parts", methods=["POST"])
@for_roles(Role.TOWN)
def urge_parts(report: str):
    """The leading town urges all communities that have not confirmed, each at most once a day."""
    by = web.me()
    found: Report = web.find(queries.visible_to(by), report)
    waiting = [part for part in queries.parts_of(found) if confirming.urge.open_to(part, by)]
    for part in waiting:
        confirming.urge(part, by)
    words = f"已催 {len(waiting)} 个社区核对。" if waiting else "没有需要催的社区，或今天已经催过。"
    return web.done(web.address_of(found), words, "success" if waiting else "info")


reports.register_blueprint(bp)
