"""Pages on which tables 6 and 7 are printed as they stand: drafts, up to a day, of the reader's own scope."""

import datetime as dt

from flask import Response

from portal import clock, web
from portal.doors import for_roles
from portal.papers import answers, long_registers
from portal.papers.catalogue import PAPERS, Paper
from portal.papers.routes import bp
from portal.papers.yearly_tables import KINDS, PrintedRegister, PrintedTable, foot_of
from portal.reports import registers
from portal.reports.table_filter import filter_form, read
from portal.reports.table_routes import NUMBER, READERS


@bp.route(f"/papers/tables/{NUMBER}")
@for_roles(*READERS)
def draft_table(table: str) -> str:
    """Table 6 or 7 as it would be printed now, with the filters of its page."""
    return answers.preview(*_table(table))


@bp.route(f"/papers/tables/{NUMBER}.pdf")
@for_roles(*READERS)
def draft_table_pdf(table: str) -> Response:
    """The same as PDF."""
    return answers.pdf(*_table(table), web.me())


@bp.route("/papers/tables/register/<row:community>")
@for_roles(*READERS)
def draft_register(community: int) -> str:
    """The register of one community (附件7乙) as it stands now."""
    return answers.preview(*_register(community))


@bp.route("/papers/tables/register/<row:community>.pdf")
@for_roles(*READERS)
def draft_register_pdf(community: int) -> Response:
    """The same as PDF."""
    paper, printed = _register(community)
    if len(printed.lines) > long_registers.PART:
        return long_registers.pdf(paper, printed, web.me())
    return answers.pdf(paper, printed, web.me())


def _table(number: str) -> tuple[Paper, PrintedTable]:
    chosen = read(filter_form(), web.me())
    counted = chosen.table(int(number))
    foot = foot_of(web.me(), chosen.day)
    return PAPERS[KINDS[int(number)]], PrintedTable(row=None, year=chosen.year, table=counted, foot=foot)


def _register(community_id: int) -> tuple[Paper, PrintedRegister]:
    community = web.find(registers.communities(web.me()), community_id)
    today: dt.date = clock.today()
    lines = tuple(registers.lines(community.id))
    printed = PrintedRegister(
        row=None, year=today.year, community=community.name, lines=lines, total=len(lines), until=today,
        foot=foot_of(web.me(), today),
    )  # fmt: skip
    return PAPERS["registration-table"], printed
