"""One paper as an answer: its preview page, or its PDF with a note in the audit trail."""

from typing import Any

from flask import current_app, render_template

from portal import web
from portal.actors import Actor
from portal.papers.catalogue import OfYear, Paper
from portal.papers.compose import compose, may_see_all, print_html
from portal.papers.render import print_room
from portal.registrations.models import Registration


def preview(paper: Paper, case: Any) -> str:
    """The paper on the screen; what is personal stays masked, since a page that is only read leaves no trace.

    Only of their own paper do members see all.
    """
    own = isinstance(case, Registration) and web.me().is_self(case.member_id)
    sheet = compose(paper, case, full=own)
    return render_template(
        paper.template,
        frame="papers/_preview.html",
        sheet=sheet,
        cells=sheet.cells,
        masked=bool(paper.private) and not own,
    )


def pdf(paper: Paper, case: Any, by: Actor, **shown_once: str):
    """The paper as a file to download, drawn by the printing process while no transaction is open."""
    full = may_see_all(paper, case, by)
    sheet = compose(paper, case, full, **shown_once)
    page = print_html(paper, sheet)
    row = case.row if isinstance(case, OfYear) else case
    web.note(by, f"papers.print.{paper.kind}", row, fields=paper.private if full else ())
    drawn = print_room(current_app.config["INSTANCE_DIR"]).print_one(page)
    return web.download(drawn, sheet.file_name)
