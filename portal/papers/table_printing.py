"""Pages on which tables 6 and 7 are printed as they stand: drafts, up to a day, of the reader's own scope."""

from flask import Response, render_template, url_for

from portal import web
from portal.doors import for_roles
from portal.extensions import db
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
def draft_register_pdf(community: int) -> Response | str:
    """The same as PDF; of a long one the page on which the worker is asked for it."""
    paper, printed = _register(community)
    if long_registers.is_long(printed):
        return render_template("papers/long_register.html", community=community, printed=printed)
    return answers.pdf(paper, printed, web.me())


@bp.route("/papers/tables/register/<row:community>/print", methods=["POST"])
@for_roles(*READERS)
def print_register(community: int) -> Response:
    """Let the worker print a long register."""
    job = long_registers.ask(web.find(registers.communities(web.me()), community), web.me())
    db.session.flush()
    return web.done(url_for("papers.job", job=job.id), "已提交打印，可以离开本页，稍后回来下载。")


def _table(number: str) -> tuple[Paper, PrintedTable]:
    chosen = read(filter_form(), web.me())
    counted = chosen.table(int(number))
    foot = foot_of(web.me(), chosen.day)
    return PAPERS[KINDS[int(number)]], PrintedTable(row=None, year=chosen.year, table=counted, foot=foot)


def _register(community: int) -> tuple[Paper, PrintedRegister]:
    found = web.find(registers.communities(web.me()), community)
    return PAPERS[long_registers.PAPER], long_registers.register_of(found, web.me())
