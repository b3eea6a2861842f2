"""Pages of the service days: a year's four for everybody, its calendar file, and the county's own setting of one."""

from types import SimpleNamespace
from typing import Any

from flask import Blueprint, abort, current_app, render_template, url_for

from portal import clock, web
from portal.doors import for_roles, public
from portal.edits import edit
from portal.errors import Refused
from portal.extensions import db
from portal.ics import Event
from portal.scheme import queries, service_days, workflow
from portal.scheme.forms import ServiceDaysForm
from portal.scheme.routes import YEAR
from portal.scheme.service_days import ServiceDays

bp = Blueprint("service_days", __name__, url_prefix="/service-days")
QUARTER = "int(min=1,max=4)"


@bp.route("")
@bp.route(f"/<{YEAR}:year>")
@public
def page(year: int | None = None):
    """The four service days of a year, and why they are these."""
    today = clock.today()
    year = year or today.year
    return render_template("scheme/service_days.html", year=year, found=queries.service_days_of(year), today=today)


@bp.route(f"/<{YEAR}:year>.ics")
@public
def calendar_file(year: int):
    """The service days of a year for the calendar of a phone."""
    name = f"{current_app.config['SCHEME_NAME']}服务日"
    events = [_event(days, name) for days in queries.service_days_of(year)]
    return web.calendar_download(f"{year}年{name}", events, f"{year}年服务日.ics")


@bp.route(f"/<{YEAR}:year>/<{QUARTER}:quarter>", methods=["GET", "POST"])
@for_roles(*workflow.KEEPERS)
def change(year: int, quarter: int):
    """Set other days than the rule's for a quarter, or correct those set before."""
    row, back = queries.override_of(year, quarter), url_for(".page", year=year)
    rule = service_days.by_rule(year, quarter, queries.calendar(year, year))
    form = ServiceDaysForm(obj=row or SimpleNamespace(starts_on=rule.first, ends_on=rule.last))
    shown: dict[str, Any] = {
        "title": f"确定{year}年{rule.quarter_words}服务日", "lead": f"按规则是{rule.words}。",
        "crumbs": [("工作台", "/desk"), ("年度", url_for("scheme.index")), (f"{year}年服务日", back)],
    }  # fmt: skip
    if row:
        return edit(row, form, lambda **asked: _set(year, quarter, asked), back, **shown)
    shown |= {"row": None, "form": form, "back": back, "differences": []}
    if not form.validate_on_submit():
        return render_template("edit.html", **shown), 422 if form.errors else 200
    try:
        _set(year, quarter, form.asked())
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return render_template("edit.html", **shown), refusal.status
    return web.done(back, "已保存。各处显示的服务日随之改变。")


@bp.route(f"/<{YEAR}:year>/<{QUARTER}:quarter>/drop", methods=["POST"])
@for_roles(*workflow.KEEPERS)
def drop(year: int, quarter: int):
    """Let the rule say a quarter's days again."""
    workflow.drop_service_days(web.me(), queries.override_of(year, quarter) or abort(404))
    return web.done(url_for(".page", year=year), "已恢复按规则推算。")


def _set(year: int, quarter: int, asked: dict) -> None:
    workflow.set_service_days(web.me(), year, quarter, **asked)


def _event(days: ServiceDays, name: str) -> Event:
    uid = f"service-days-{days.year}-{days.quarter}"
    title = f"{name}（暂估）" if days.provisional else name
    return Event(uid, title, days.first, days.last, words=days.why)
