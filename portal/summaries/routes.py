"""Pages of a yearly summary: as it will be handed in, writing it, and the file for Word and WPS."""

from types import SimpleNamespace

from flask import Blueprint, render_template, url_for

from portal import clock, web
from portal.actors import Role
from portal.doors import for_roles
from portal.edits import hold
from portal.errors import Refused
from portal.extensions import db
from portal.reports import content, queries
from portal.reports import workflow as reports
from portal.reports.counting import WHOLE
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
    row, words = workflow.summary_of(found), workflow.words_of(found)
    version = str(row.version) if row else "0"
    form = SummaryForm(obj=SimpleNamespace(version=version, **{each.value: text for each, text in words.items()}))
    figures = offered(content.counted(found, clock.today()))
    shown = {"report": found, "form": form, "figures": figures, "back": url_for(".page", report=found.number)}
    if not form.validate_on_submit():
        return render_template("summaries/edit.html", **shown), 422 if form.errors else 200
    if (row and not hold(row, form.version.data)) or (row is None and form.version.data != "0"):
        form.version.data = form.version.raw_data = version
        form.form_errors.append("您填写时，另一位同志已保存过。请核对后再按一次“保存”，即以您填写的为准。")
        return render_template("summaries/edit.html", **shown), 409
    try:
        workflow.write(found, by, form.asked())
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return render_template("summaries/edit.html", **shown), refusal.status
    return web.done(shown["back"], "已保存。")


@bp.route("/<number:report>.docx")
@for_roles(*READERS)
def docx(report: str):
    """The summary as a file that Word and WPS open."""
    found = web.find(queries.visible_to(web.me()), report)
    said = workflow.read(found)
    return web.download(document.file_of(said, f"{found.title} {found.number}"), f"{said.title}.docx")
