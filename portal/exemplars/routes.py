"""Pages of model volunteers: the list of a year, one nomination and its moves, nominating."""

from flask import Blueprint, render_template, request

from portal import clock, paging, web
from portal.actors import Actor, Role
from portal.choices import row_id
from portal.doors import for_roles, signed_in
from portal.errors import Refused
from portal.exemplars import evidence, queries, workflow
from portal.exemplars.forms import DeedsForm, ListFilter, WhomForm
from portal.exemplars.models import Exemplar
from portal.exemplars.workflow import Deeds
from portal.extensions import db
from portal.people.models import Member
from portal.registrations import offers

bp = Blueprint("exemplars", __name__, url_prefix="/exemplars")


def wanted() -> tuple[ListFilter, dict]:
    """The filters of the list as the address has them, and what they narrow it to."""
    form = ListFilter()
    years = queries.years()
    form.year.offer((year, f"{year}年") for year in years)
    form.community.offer(offers.communities())
    year = form.year.data if form.year.data in years else None
    chosen = {"year": year, "state": form.state.data, "lead": form.lead.data, "community_id": form.community.data}
    return form, chosen


@bp.route("")
@for_roles(*queries.READERS)
def index():
    """Those of one's scope and whom the county confirmed, the newest first."""
    by = web.me()
    form, chosen = wanted()
    rows = queries.listed(by, **chosen)
    shown = paging.page_of(rows, request.args.get("after"), newest_first=True)
    return render_template(
        "exemplars/index.html", shown=shown, total=queries.count(rows), form=form, nominates=by.is_in(Role.CLERK)
    )


@bp.route("/new", methods=["GET", "POST"])
@for_roles(Role.CLERK)
def new():
    """A clerk chooses a member, looks at the year's records, and nominates."""
    by, whom, form = web.me(), WhomForm(), DeedsForm()
    years = workflow.years_open(clock.today())
    whom.member.offer(queries.to_nominate(by))
    whom.year.offer((year, f"{year}年") for year in years)
    year = whom.year.data if whom.year.data in years else years[0]
    member = _chosen(by, whom)
    if member is None or not form.validate_on_submit():
        return _page(whom, form, member, year), 422 if form.errors else 200
    try:
        row = workflow.nominate(member, year, by, Deeds(form.leads.data, form.deeds.data))
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return _page(whom, form, member, year), refusal.status
    return web.done(web.address_of(row), "已推荐，报县委组织部确认；党员所在单位也收到消息。")


def _chosen(by: Actor, whom: WhomForm) -> Member | None:
    """The member whom the address names, if it is one to nominate."""
    asked = row_id(request.args.get("member"))
    return db.session.get(Member, asked) if asked in {key for key, _ in queries.to_nominate(by)} else None


def _page(whom: WhomForm, form: DeedsForm, member: Member | None, year: int) -> str:
    told = evidence.of(member.id, year) if member else None
    standing = queries.standing(member.id, year) if member else None
    return render_template(
        "exemplars/new.html", whom=whom, form=form, member=member, year=year, told=told, standing=standing
    )


@bp.route("/<number:exemplar>")
@for_roles(*queries.READERS)
def page(exemplar: str):
    """One nomination: the leads, the deeds, and what the records say."""
    by = web.me()
    found = web.find(queries.visible_to(by), exemplar)
    told = evidence.of(found.member_id, found.year) if queries.reads_evidence(found, by) else None
    whole = told is not None and not by.is_in(Role.MEMBER)
    return render_template("exemplars/page.html", exemplar=found, told=told, history_shown=whole)


@bp.route("/<number:exemplar>/<verb>", methods=["GET", "POST"])
@signed_in
def move(exemplar: str, verb: str):
    """Any move of a nomination: GET asks, POST does."""
    found = web.find(queries.visible_to(web.me()), exemplar)
    return web.do_move(found, verb, ASKS.get(verb))


def _amend_form(row: Exemplar) -> DeedsForm:
    return DeedsForm(data={"leads": row.leads, "deeds": row.deeds})


ASKS = {"amend": _amend_form}
