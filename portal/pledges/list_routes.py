"""The lists of offices: a unit's to approve one by one or at once, who has none yet, a community's printed sheet."""

from flask import render_template, request, url_for
from sqlalchemy import Select, select

from portal import bulk, clock, paging, web
from portal.accounts.queries import members_with_login
from portal.actors import Actor, Role
from portal.bulk import BulkAct
from portal.choices import row_id
from portal.doors import for_roles
from portal.extensions import db
from portal.people import queries as people
from portal.people.models import Member
from portal.pledges import board, progress, queries, workflow
from portal.pledges.forms import WORDS, ListFilter
from portal.pledges.models import Pledge, PledgeState
from portal.pledges.routes import bp
from portal.pledges.todo import APPROVERS
from portal.registrations import offers
from portal.registrations.queries import count

MOST = 500
OFFICES = (Role.CLERK, Role.LIAISON, Role.DEPARTMENT, Role.TOWN, Role.COMMITTEE, Role.COUNTY)
SHEETS = (Role.CLERK, Role.TOWN, Role.COUNTY)


@bp.route("/cases")
@for_roles(*OFFICES)
def cases():
    """The pledges of one's scope by name, narrowed by the address; those that wait for approval have a tick."""
    by, this = web.me(), clock.today().year
    rows, form, year = narrowed(by)
    shown = paging.page_of(rows, request.args.get("after"), Pledge.pinyin)
    return render_template(
        "pledges/cases.html",
        form=form, shown=shown, year=year, total=count(rows), states=PledgeState,
        counts=queries.counts_by_state(by, year), keeping=progress.of(shown.rows),
        tickable={row.id for row in shown.rows if workflow.approve.open_to(row, by)},
        waiting=count(queries.to_approve(by)) if by.is_in(*APPROVERS) else 0,
        without=count(queries.without(by.unit_id, this)) if by.is_in(Role.LIAISON) else None,
        has_sheet=by.is_in(*SHEETS), shows_unit=not by.is_in(Role.LIAISON), shows_community=not by.is_in(Role.CLERK),
    )  # fmt: skip


def narrowed(by: Actor) -> tuple[Select, ListFilter, int]:
    """The pledges that the address leaves, its filters, and the year whose pledges they are."""
    form, this = ListFilter(), clock.today().year
    form.unit.offer(offers.listed_units(by))
    form.community.offer(offers.listed_communities(by))
    form.year.offer((year, f"{year}年") for year in (this - 1, this - 2))
    year = form.year.data if form.year.data in (this - 1, this - 2) else this
    words = (form.q.data or "")[:WORDS]
    wanted = queries.Filters(year, form.state.data, words, form.unit.data, form.community.data)
    return queries.filtered(by, wanted), form, year


@bp.route("/bulk", methods=["POST"])
@for_roles(*APPROVERS)
def approve_many():
    """Approve the ticked pledges, or all that wait for this person; each that is refused is named with its reason."""
    by = web.me()
    rows = queries.to_approve(by)
    if "all" not in request.form:
        ids = [key for key in map(row_id, request.form.getlist("row")[:MOST]) if key]
        rows = queries.visible_to(by).where(Pledge.id.in_(ids)).order_by(Pledge.id)
    waiting = db.session.scalars(rows.limit(MOST)).unique().all()
    label = workflow.approve.label
    made = bulk.run(by, label, waiting, lambda row: workflow.approve(row, by), _words, pause=web.keep)
    kind = "warning" if made.refused or not made.lines else "success"
    return web.done(url_for(".result", act=made.id), made.summary, kind)


@bp.route("/results/<row:act>")
@for_roles(*APPROVERS)
def result(act: int):
    """What came of one's own act on many, row by row."""
    mine = select(BulkAct).where(BulkAct.by_user_id == web.me().user_id)
    return render_template("result.html", act=web.find(mine, act), back=("服务承诺", url_for(".cases")))


@bp.route("/missing")
@for_roles(Role.LIAISON)
def missing():
    """The unit's registered members without a pledge of this year; for those without a login one may stand in."""
    by, year = web.me(), clock.today().year
    rows = queries.without(by.unit_id, year)
    shown = paging.page_of(rows, request.args.get("after"), Member.pinyin)
    sign_in = members_with_login([member.id for member in shown.rows])
    return render_template("pledges/missing.html", shown=shown, total=count(rows), year=year, sign_in=sign_in)


@bp.route("/sheet")
@for_roles(*SHEETS)
def sheet():
    """A community's pledges of this year with full names, to be printed and hung up."""
    by, year = web.me(), clock.today().year
    seen = people.communities(by)
    chosen = by.community_id if by.is_in(Role.CLERK) else row_id(request.args.get("community"))
    if chosen is None:
        return render_template("pledges/choose.html", communities=db.session.scalars(seen).all())
    community = web.find(seen, chosen)
    rows = queries.visible_to(by).where(Pledge.community_id == community.id, Pledge.year == year, board.is_shown())
    found = db.session.scalars(rows.order_by(Pledge.unit_id, Pledge.pinyin, Pledge.id)).unique().all()
    return render_template(
        "pledges/sheet.html", community=community, year=year, pledges=found, keeping=progress.of(found)
    )


def _words(row: Pledge) -> tuple[str, str]:
    return f"{row.member.name}（{row.number}）", web.address_of(row)
