"""Pages of the scheme year."""

from flask import Blueprint, abort, render_template, url_for
from sqlalchemy import select

from portal import clock, web
from portal.doors import for_roles
from portal.edits import edit
from portal.extensions import db
from portal.scheme import queries, workflow
from portal.scheme.forms import YearForm
from portal.scheme.models import SchemeYear

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
    found = _year(year)
    shown = {
        "year": found,
        "form": YearForm(formdata=None, obj=found),
        "groups": YearForm.GROUPS,
        "service_days": queries.service_days_of(year),
        "provisional": queries.calendar(year, year).is_provisional(year),
    }
    return render_template("scheme/page.html", **shown)


@bp.route(f"/<{YEAR}:year>/open", methods=["POST"])
@for_roles(*workflow.KEEPERS)
def open_year(year: int):
    """Store a year, with the settings of the year before it."""
    if year > clock.today().year + 1:
        abort(404)
    workflow.open_year(web.me(), year)
    return web.done(
        url_for("scheme.page", year=year),
        f"已开设{year}年度，日期和期限沿用上一年度（首个年度按通知的默认值），可以修改。",
    )


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


def _year(year: int) -> SchemeYear:
    return db.session.scalar(select(SchemeYear).where(SchemeYear.year == year)) or abort(404)
