"""One paper as an answer: its preview page, or its PDF with a note in the audit trail."""

from typing import Any

from flask import current_app, render_template

from portal import web
from portal.actors import Actor
from portal.papers.catalogue import Paper
from portal.papers.compose import compose, may_see_contact, print_html
from portal.papers.render import print_room
from portal.registrations.models import Registration


def preview(paper: Paper, row: Any) -> str:
    """The paper on the screen; phone and address stay masked, since a page that is only read leaves no trace.

    Only of their own paper do members see all.
    """
    own = isinstance(row, Registration) and web.me().is_self(row.member_id)
    sheet = compose(paper, row, full=own)
    return render_template(
        paper.template,
        frame="papers/_preview.html",
        sheet=sheet,
        cells=sheet.cells,
        masked=isinstance(row, Registration) and not own,
    )


def pdf(paper: Paper, row: Any, by: Actor, **shown_once: str):
    """The paper as a file to download, drawn by the printing process while no transaction is open."""
    full = may_see_contact(by, row)
    sheet = compose(paper, row, full, **shown_once)
    page = print_html(paper, sheet)
    web.note(by, f"papers.print.{paper.kind}", row, fields=("phone", "address") if full else ())
    drawn = print_room(current_app.config["INSTANCE_DIR"]).print_one(page)
    return web.download(drawn, sheet.file_name)
