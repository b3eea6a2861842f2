"""The 社区联系方式一览表: whom to call in each community, for every office; a sheet of no case, without a number."""

import datetime as dt
from dataclasses import dataclass

from flask import current_app, render_template, url_for
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal import clock, web
from portal.doors import for_roles
from portal.extensions import db
from portal.feedback.contact_log import OFFICES
from portal.filters import NOTHING, day
from portal.papers.catalogue import Paper
from portal.papers.compose import Sheet, compose, print_html
from portal.papers.render import print_room
from portal.papers.routes import bp
from portal.people.models import Community

KIND, TITLE = "contacts", "社区联系方式一览表"


@dataclass(frozen=True)
class ContactList:
    """What the sheet is printed from: the communities, and the day on which they stood so."""

    communities: list[Community]
    on: dt.date
    number: str = NOTHING
    state: None = None


def contact_list(row: ContactList, full: bool) -> dict:
    """Of each community its town, head, receptionist, telephone, address and estates."""
    return {
        "issuer": current_app.config["OFFICE_NAME"],
        "filed_as": day(row.on),
        "until": day(row.on),
        "rows": [_line(each) for each in row.communities],
    }


# Of no case, so it stands in no catalogue of those: nobody asks for it by a number.
PAPER = Paper("10", TITLE, KIND, lambda by: select(Community), None, contact_list)


@bp.route("/papers/contacts")
@for_roles(*OFFICES)
def contacts():
    """The list as it will be printed."""
    sheet = _sheet()
    return render_template(
        PAPER.template,
        frame="papers/_preview.html",
        sheet=sheet,
        cells=sheet.cells,
        masked=False,
        is_kept=False,
        years=[],
        of_year="",
    )


@bp.route("/papers/contacts.pdf")
@for_roles(*OFFICES)
def contacts_pdf():
    """The same as PDF."""
    sheet = _sheet()
    page = print_html(PAPER, sheet)
    web.note(web.me(), f"papers.print.{KIND}")
    return web.download(print_room(current_app.config["INSTANCE_DIR"]).print_one(page), sheet.file_name)


def address() -> str:
    """Where the sheet is, for the page with the same list."""
    return url_for("papers.contacts")


def _sheet() -> Sheet:
    rows = select(Community).join(Community.town).order_by(Community.town_id, Community.name)
    rows = rows.options(selectinload(Community.town), selectinload(Community.estates))
    return compose(PAPER, ContactList(list(db.session.scalars(rows)), clock.today()), full=True)


def _line(row: Community) -> tuple[str, ...]:
    facts = (row.town.name, row.head, row.receptionist, row.phone, row.address)
    return row.name, *(fact or NOTHING for fact in facts), "、".join(each.name for each in row.estates) or NOTHING
