"""The county's own pages of the handing in: the whole table, beginning earlier, urging many."""

from flask import abort, render_template, request, url_for

from portal import clock, web
from portal.actors import Role
from portal.choices import row_id
from portal.doors import for_roles
from portal.extensions import db
from portal.reports import comparing, opening, queries, workflow
from portal.reports.counting import WHOLE
from portal.reports.frozen_routes import list_page
from portal.reports.models import Report, ReportKind
from portal.reports.routes import bp


@bp.route("/whole")
@for_roles(Role.COUNTY)
def whole():
    """The whole county from what was handed in, beside what is counted now; differences by name."""
    year, kind, number = _asked()
    found = comparing.whole_of(year, kind, number, clock.today())
    return render_template(
        "reports/whole.html", whole=found, year=year, kind=kind, number=number, kinds=ReportKind,
        linked={row.key for row in (*found.now.rows, found.now.total)}, lists=_lists(found, year, kind),
    )  # fmt: skip


def _lists(found: comparing.Whole, year: int, kind: ReportKind) -> dict[int, str]:
    """By row of the table that was handed in, the address of its lists; the column is still to be added."""
    table = found.then.number
    addresses = {WHOLE: url_for(".whole_behind", year=year, kind=kind.value, table=table)}
    for report, source in found.sources:
        here: dict = {"report": report.number, "edition": source.snapshot.edition, "table": str(table)}
        if kind is ReportKind.OWN:
            addresses[report.supervisor_id] = url_for(".frozen_behind", row=WHOLE, **here)
        else:
            addresses |= {row.key: url_for(".frozen_behind", row=row.key, **here) for row in source.table.rows}
    return addresses


@bp.route("/whole/behind")
@for_roles(Role.COUNTY)
def whole_behind():
    """What a total of the county was counted from, as the bodies handed it in; what several share once, by name."""
    year, kind, number = _asked()
    then, handed_in = comparing.handed_in(year, kind, number, clock.today())
    here: dict = {"year": year, "kind": kind.value, "table": number}
    return list_page(
        [source for _, source in handed_in], then, then.total, url_for(".whole_behind", **here),
        [("全县汇总", url_for(".whole", **here))], "各单位上报时的明细，之后的变动不在里面。",
    )  # fmt: skip


def _asked() -> tuple[int, ReportKind, int]:
    """The year, the kind of reports and the table that the address names."""
    year = row_id(request.args.get("year")) or clock.today().year
    if not 2014 <= year <= 2099:
        abort(404)
    kind = ReportKind.of(request.args.get("kind")) or ReportKind.OWN
    return year, kind, 7 if kind is ReportKind.LEAD and request.args.get("table") == "7" else 6


@bp.route("/open", methods=["POST"])
@for_roles(Role.COUNTY)
def open_year():
    """The county office begins this year's collection earlier than by itself."""
    year = clock.today().year
    opened = opening.open_year(year, web.me())
    words = f"{year}年度上报已经开始，{opened} 份待上报。" if opened else f"{year}年度上报已经开始过。"
    return web.done(url_for(".index", year=year), words, "success" if opened else "info")


@bp.route("/urge", methods=["POST"])
@for_roles(Role.COUNTY)
def urge_all():
    """The county office urges all bodies that have not handed in, each at most once a day."""
    by, year = web.me(), row_id(request.form.get("year")) or clock.today().year
    rows = queries.listed(by, year).where(Report.state.in_(workflow.UNSENT)).order_by(Report.id)
    urged = [workflow.urge(row, by) for row in db.session.scalars(rows).all() if workflow.urge.open_to(row, by)]
    words = f"已催报 {len(urged)} 个单位。" if urged else "没有需要催报的单位，或今天已经催过。"
    return web.done(url_for(".index", year=year), words, "success" if urged else "info")
