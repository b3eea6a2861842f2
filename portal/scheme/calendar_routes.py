"""Pages of the calendar of days off: by hand, by pasting, from the library, from a spreadsheet that is shown first."""

from flask import render_template, url_for
from sqlalchemy import select

from portal import clock, web
from portal.doors import for_roles, takes_uploads
from portal.errors import Refused
from portal.extensions import db
from portal.scheme import calendar_book, queries, workflow
from portal.scheme.forms import DayForm, PasteForm, UploadForm
from portal.scheme.models import CalendarDay
from portal.scheme.routes import YEAR, bp


@bp.route("/calendar")
@bp.route(f"/calendar/<{YEAR}:year>")
@for_roles(*workflow.KEEPERS)
def calendar(year: int | None = None):
    """The days of a year that are not what their weekdays say."""
    return _calendar_page(year or clock.today().year)


@bp.route(f"/calendar/<{YEAR}:year>/add", methods=["POST"])
@for_roles(*workflow.KEEPERS)
def add_day(year: int):
    """Enter or correct one day."""
    form = DayForm()
    if not form.validate():
        return _calendar_page(year, day_form=form), 422
    typed = form.asked()
    try:
        workflow.set_days(web.me(), {typed["day"]: (typed["kind"], typed["note"])})
    except Refused as refusal:
        db.session.rollback()
        form.day.errors = [refusal.sentence]
        return _calendar_page(year, day_form=form), refusal.status
    return web.done(url_for("scheme.calendar", year=typed["day"].year), "已保存。")


@bp.route(f"/calendar/<{YEAR}:year>/paste", methods=["POST"])
@for_roles(*workflow.KEEPERS)
def paste(year: int):
    """Enter many days at once, as copied from a spreadsheet."""
    form = PasteForm()
    if not form.validate():
        return _calendar_page(year, paste_form=form), 422
    try:
        changed = workflow.set_days(web.me(), workflow.read_pasted(form.lines.data))
    except Refused as refusal:
        db.session.rollback()
        form.lines.errors = [refusal.sentence]
        return _calendar_page(year, paste_form=form), 422
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


@bp.route("/calendar/template.xlsx")
@for_roles(*workflow.KEEPERS)
def template():
    """The workbook to fill in, with drop-downs and notes."""
    return web.download(calendar_book.template_book(), "放假和调休模板.xlsx")


@bp.route(f"/calendar/<{YEAR}:year>/upload", methods=["POST"])
@for_roles(*workflow.KEEPERS)
@takes_uploads
def upload(year: int):
    """Show row by row what a spreadsheet would change, and which service days it moves; nothing is written yet.

    Nor is the file kept: whoever wants it back with the errors marked says so when sending it.
    """
    form = UploadForm()
    if not form.validate():
        return _calendar_page(year, upload_form=form), 422
    try:
        data = form.file.data.read()
        read = calendar_book.read(data, clock.today())
        if form.marked.data and (copy := calendar_book.marked(data, read)) is not None:
            return web.download(copy, "放假和调休-错误原因.xlsx")
    except Refused as refusal:
        form.file.errors = [refusal.sentence]
        return _calendar_page(year, upload_form=form), 422
    preview = calendar_book.preview(read)
    return render_template("scheme/preview.html", preview=preview, year=preview.first_year or year, back=year)


def _calendar_page(year: int, **typed) -> str:
    forms = {"day_form": DayForm, "paste_form": PasteForm, "upload_form": UploadForm}
    shown = {name: typed.get(name) or form(formdata=None) for name, form in forms.items()}
    known = year in workflow.KNOWN_YEARS
    return render_template("scheme/calendar.html", year=year, days=queries.days_of(year), known=known, **shown)
