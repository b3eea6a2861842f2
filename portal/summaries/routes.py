"""Pages of a yearly summary: as it will be handed in, writing it, and the file for Word and WPS."""

from types import SimpleNamespace

from flask import Blueprint, render_template, url_for

from portal import clock, web
from portal.actors import Role
from portal.doors import for_roles
from portal.edits import Difference, between, hold
from portal.errors import Refused, TooLate
from portal.extensions import db
from portal.reports import content, queries
from portal.reports import workflow as reports
from portal.reports.counting import WHOLE
from portal.reports.models import Report
from portal.reports.queries import BODIES
from portal.summaries import document, drafting, workflow
from portal.summaries.forms import SummaryForm
from portal.summaries.setting import offered

READERS = (*BODIES, Role.COMMITTEE, Role.COUNTY)
bp = Blueprint("summaries", __name__, url_prefix="/summaries")


@bp.route("/<number:report>")
@for_roles(*READERS)
def page(report: str):
    """The summary of a report, each figure with the list that it was counted from."""
    found = web.find(queries.visible_to(web.me()), report)
    writes = found.is_unsent and reports.sender_of(found, web.me())
    return render_template(
        "summaries/page.html", report=found, said=workflow.read(found), writes=writes, whole=WHOLE,
        unwritten=drafting.still_to_write(workflow.words_of(found)) if writes else [],
    )  # fmt: skip


@bp.route("/<number:report>/edit", methods=["GET", "POST"])
@for_roles(*BODIES)
def change(report: str):
    """The sender writes the summary; the figures are named, never typed."""
    by = web.me()
    found = web.find(queries.visible_to(by), report)
    reports.submit.check_open(found, by)
    form = SummaryForm(obj=_stored(found))
    if not form.validate_on_submit():
        return _edit(found, form), 422 if form.errors else 200
    if not _hold(found, form.version.data):
        return _clash(found, form)
    try:
        workflow.write(found, by, form.asked())
    except TooLate:
        return _clash(found, form)
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return _edit(found, form), refusal.status
    return web.done(url_for(".page", report=found.number), "已保存。")


def _stored(report: Report) -> SimpleNamespace:
    """The words as they stand, as the form takes them; version 0 before anybody has written any."""
    row, words = workflow.summary_of(report), workflow.words_of(report)
    return SimpleNamespace(
        version=str(row.version) if row else "0", **{each.value: text for each, text in words.items()}
    )


def _hold(report: Report, version: str | None) -> bool:
    row = workflow.summary_of(report)
    return hold(row, version) if row else version == "0"


def _clash(report: Report, form: SummaryForm):
    """Somebody else has written meanwhile: both texts, and the newer version in the form."""
    db.session.rollback()
    stored = SummaryForm(formdata=None, obj=_stored(report))
    form.version.data = form.version.raw_data = stored.version.data
    return _edit(report, form, between(form, stored)), TooLate.status


def _edit(report: Report, form: SummaryForm, differences: list[Difference] | None = None) -> str:
    back = url_for(".page", report=report.number)
    listed = url_for("reports.index", year=report.year)
    crumbs = [("工作台", "/desk"), ("年度上报", listed), (report.number, web.address_of(report)), ("年度总结", back)]
    return render_template(
        "summaries/edit.html", title="写总结", crumbs=crumbs, row=report, form=form, back=back,
        differences=differences or [], figures=offered(content.counted(report, clock.today())),
        lead="数字不用打：写它的名字，如〔已报到〕，系统从汇总表里取，数据变了跟着变。",
    )  # fmt: skip


@bp.route("/<number:report>.docx")
@for_roles(*READERS)
def docx(report: str):
    """The summary as a file that Word and WPS open."""
    found = web.find(queries.visible_to(web.me()), report)
    said = workflow.read(found)
    return web.download(document.file_of(said, f"{found.title} {found.number}"), f"{said.title}.docx")
