"""Pictures instead of lists: a page of figures with their tables, each picture as SVG, all of them as PDF."""

import datetime as dt

from flask import Blueprint, Response, abort, render_template, request

from portal import clock, web
from portal.actors import Role
from portal.charts import drawing, printing
from portal.charts.asked import Asked
from portal.charts.counting import FIGURES
from portal.charts.forms import ChartFilter
from portal.doors import for_roles
from portal.reports.scopes import By, offered, scope_of

bp = Blueprint("charts", __name__, url_prefix="/charts")
READERS = (Role.COUNTY, Role.COMMITTEE, Role.DEPARTMENT, Role.TOWN, Role.LIAISON, Role.CLERK)
YEARS = 5  # so many back from this one


@bp.route("")
@for_roles(*READERS)
def index():
    """The figures of one's scope as pictures, each with the table it was drawn from."""
    form, what = _chosen()
    figures = [count(what) for count in FIGURES.values()]
    here = {"by": what.grouping.value, "year": what.year}
    return render_template("charts/index.html", figures=figures, form=form, asked=what, here=here)


@bp.route("/<key>.svg")
@for_roles(*READERS)
def picture(key: str):
    """One picture; `part` is its number where a figure takes several."""
    count = FIGURES.get(key) or abort(404)
    typed = request.args.get("part", "0")
    part = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 0
    figure = count(_chosen()[1])
    if part >= figure.pictures:
        abort(404)
    return Response(drawing.draw(figure.part(part)), mimetype="image/svg+xml")


@bp.route("/all.pdf")
@for_roles(*READERS)
def pdf():
    """All figures with their tables as a file to print."""
    what = _chosen()[1]
    page = printing.page([count(what) for count in FIGURES.values()], what)
    web.note(web.me(), "charts.print")
    return web.download(printing.draw(page), f"{what.title}.pdf")


def _chosen() -> tuple[ChartFilter, Asked]:
    """The filters of the address, and what they ask for within what this person may see."""
    form, by, today = ChartFilter(), web.me(), clock.today()
    groupings = [each for each in offered(by) if each is not By.COUNTY]
    years = [str(year) for year in range(today.year, today.year - YEARS, -1)]
    form.by.choices = [(each.value, each.label) for each in groupings]
    form.year.choices = [(year, f"{year}年") for year in years]
    form.validate()
    grouping = form.by.data if form.by.data in groupings else groupings[0]
    year = int(form.year.data) if form.year.data in years else today.year
    form.by.data, form.year.data = grouping, str(year)
    return form, Asked(by, grouping, scope_of(by, grouping), year, min(today, dt.date(year, 12, 31)))
