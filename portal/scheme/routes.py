"""Pages of the scheme year and of the calendar of days off."""

from flask import Blueprint, abort, render_template, url_for
from sqlalchemy import select

from portal import clock, web
from portal.doors import for_roles
from portal.edits import edit
from portal.errors import Refused
from portal.extensions import db
from portal.scheme import queries, workflow
from portal.scheme.forms import DayForm, PasteForm, YearForm
from portal.scheme.models import CalendarDay, SchemeYear
from portal.scheme.service_days import of_quarter

bp = Blueprint("scheme", __name__, url_prefix="/scheme")
YEAR = "int(min=2014,max=2099,fixed_digits=4)"


@bp.route("")
@for_roles(*workflow.KEEPERS)
def index():
    """The years, newest first, and those that can be opened."""
    years = db.session.scalars(select(SchemeYear).order_by(SchemeYear.year.desc())).all()
    opened = {row.year for row in years}
    this = clock.today().year
    missing = [year for year in (this, this + 1) if year not in opened]
    return render_template("scheme/index.html", years=years, missing=missing)


@bp.route(f"/<{YEAR}:year>")
@for_roles(*workflow.KEEPERS)
def page(year: int):
    """One year: its dates, limits, minimum duties and service days."""
    found, calendar = _year(year), queries.calendar(year, year)
    shown = {
        "year": found,
        "form": YearForm(formdata=None, obj=found),
        "groups": YearForm.GROUPS,
        "service_days": [of_quarter(year, quarter, calendar) for quarter in (1, 2, 3, 4)],
        "provisional": calendar.is_provisional(year),
    }
    return render_template("scheme/page.html", **shown)


@bp.route(f"/<{YEAR}:year>/open", methods=["POST"])
@for_roles(*workflow.KEEPERS)
def open_year(year: int):
    """Store a year, with the notice's dates and the default limits."""
    if year > clock.today().year + 1:
        abort(404)
    workflow.open_year(web.me(), year)
    return web.done(url_for("scheme.page", year=year), f"已开设{year}年度，日期和期限按通知的默认值，可以修改。")


@bp.route(f"/<{YEAR}:year>/edit", methods=["GET", "POST"])
@for_roles(*workflow.KEEPERS)
def change(year: int):
    """Change a year's dates, limits or minimum duties."""
    found, back = _year(year), url_for("scheme.page", year=year)
    crumbs = [("工作台", "/desk"), ("年度", url_for("scheme.index")), (f"{year}年度", back)]
    form = YearForm(obj=found)
    return edit(
        found, form, lambda **values: workflow.change_year(web.me(), found, **values), back, "scheme/edit.html",
        title=f"修改{year}年度", crumbs=crumbs, groups=YearForm.GROUPS,
    )  # fmt: skip


@bp.route("/calendar")
@bp.route(f"/calendar/<{YEAR}:year>")
@for_roles(*workflow.KEEPERS)
def calendar(year: int | None = None):
    """The days of a year that are not what their weekdays say."""
    return _calendar_page(year or clock.today().year, DayForm(formdata=None), PasteForm(formdata=None))


@bp.route(f"/calendar/<{YEAR}:year>/add", methods=["POST"])
@for_roles(*workflow.KEEPERS)
def add_day(year: int):
    """Enter or correct one day."""
    form = DayForm()
    if not form.validate():
        return _calendar_page(year, form, PasteForm(formdata=None)), 422
    typed = form.asked()
    workflow.set_days(web.me(), {typed["day"]: (typed["kind"], typed["note"])})
    return web.done(url_for("scheme.calendar", year=typed["day"].year), "已保存。")


@bp.route(f"/calendar/<{YEAR}:year>/paste", methods=["POST"])
@for_roles(*workflow.KEEPERS)
def paste(year: int):
    """Enter many days at once, as copied from a spreadsheet."""
    form = PasteForm()
    if not form.validate():
        return _calendar_page(year, DayForm(formdata=None), form), 422
    try:
        changed = workflow.set_days(web.me(), workflow.read_pasted(form.lines.data))
    except Refused as refusal:
        db.session.rollback()
        form.lines.errors = [refusal.sentence]
        return _calendar_page(year, DayForm(formdata=None), form), 422
    return web.done(url_for("scheme.calendar", year=year), f"已保存，{changed} 天有变化。")


@bp.route(f"/calendar/<{YEAR}:year>/seed", methods=["POST"])
@for_roles(*workflow.KEEPERS)
def seed(year: int):
    """Take the State Council's days of this year from the library."""
    changed = workflow.set_days(web.me(), workflow.known_days(year))
    return web.done(url_for("scheme.calendar", year=year), f"已载入{year}年的安排，{changed} 天有变化，请与通知核对。")


@bp.route("/calendar/days/<row:day>/remove", methods=["POST"])
@for_roles(*workflow.KEEPERS)
def remove_day(day: int):
    """Let a day be what its weekday says again."""
    found = web.find(select(CalendarDay), day)
    year = found.day.year
    workflow.remove_day(web.me(), found)
    return web.done(url_for("scheme.calendar", year=year), "已删除。")


def _year(year: int) -> SchemeYear:
    return db.session.scalar(select(SchemeYear).where(SchemeYear.year == year)) or abort(404)


def _calendar_page(year: int, day_form: DayForm, paste_form: PasteForm) -> str:
    days = queries.days_of(year)
    known = year in workflow.KNOWN_YEARS
    forms = {"day_form": day_form, "paste_form": paste_form}
    return render_template("scheme/calendar.html", year=year, days=days, known=known, **forms)
