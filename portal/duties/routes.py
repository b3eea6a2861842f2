"""Pages of the five ones: how many have done what, who lacks it, and one member's own."""

from flask import Blueprint, abort, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal import clock, doors, paging, web
from portal.actors import Role
from portal.choices import row_id
from portal.doors import for_roles, signed_in
from portal.duties import five_ones, progress, tally
from portal.duties.five_ones import Status, Step
from portal.duties.forms import ListFilter
from portal.duties.tally import Person, Wanted
from portal.extensions import db
from portal.people import queries as members
from portal.people.models import Member
from portal.pledges.models import FiveOne
from portal.registrations import queries as registrations
from portal.registrations import rates
from portal.registrations.models import Registration
from portal.registrations.rates import Grouping

bp = Blueprint("duties", __name__, url_prefix="/duties")
READERS = (Role.CLERK, Role.LIAISON, Role.TOWN, Role.DEPARTMENT, Role.COMMITTEE, Role.COUNTY)
# Where a member goes for each step; a page that this process does not serve is no link.
STEPS = {
    Step.VISIT: "households.mine",
    Step.KEEP: "pledges.mine",
    Step.CLAIM: "posts.index",
    Step.ON_POST: "posts.index",
    Step.JOIN: "activities.index",
    Step.SERVE: "wishes.wall",
    Step.SUGGEST: "suggestions.new",
}


@bp.route("")
@for_roles(*READERS)
def index():
    """How many registered members of one's scope have each of the five ones done: by unit, supervisor or community."""
    by, grouping = web.me(), chosen_grouping()
    return render_template(
        "duties/index.html",
        table=tally.table(by, grouping, clock.today()), grouping=grouping, groupings=rates.groupings(by),
        ones=FiveOne, statuses=Status,
    )  # fmt: skip


@bp.route("/people")
@for_roles(*READERS)
def people():
    """The members behind a number, by name: who has done, or lacks, which of the five."""
    form, found = ListFilter(), behind_the_number()
    shown, after = _page(found, row_id(request.args.get("after")))
    ids = [person.id for person in shown]
    rows = select(Member).where(Member.id.in_(ids)).options(joinedload(Member.unit))
    named = {member.id: member for member in db.session.scalars(rows)}
    homes = {row.member_id: row for row in _registrations(ids)}
    standing = progress.of(select(Member.id).where(Member.id.in_(ids)), clock.today())
    ids = [key for key in ids if key in standing]  # whose registration ended a moment ago stands no more
    return render_template(
        "duties/people.html",
        form=form, ids=ids, named=named, homes=homes, total=len(found), next=after, grouping=chosen_grouping(),
        where=rates.line_name(chosen_grouping(), row_id(request.args.get("line"))), here=_here(form), ones=FiveOne,
        standing=standing,
    )  # fmt: skip


@bp.route("/<row:member>")
@signed_in
def page(member: int):
    """The five ones of one member: what is done, what is missing, what would help."""
    found = web.find(members.visible_to(web.me()), member)
    told = progress.of_member(found.id, clock.today())
    return render_template(
        "duties/page.html", member=found, facts=told[0] if told else None, ones=told[1] if told else {},
        next=five_ones.next_step(told[1]) if told else None, year=clock.today().year,
    )  # fmt: skip


def behind_the_number() -> list[Person]:
    """The members that the address names, by name."""
    by, grouping, form = web.me(), chosen_grouping(), ListFilter()
    wanted = Wanted(
        form.one.data, form.status.data, bool(form.whole.data), bool(form.leading.data),
        row_id(request.args.get("line")), grouping,
    )  # fmt: skip
    found = [person for person in tally.people(by, grouping, clock.today()) if wanted(person)]
    if form.q.data:
        rows = tally.ids(by, grouping).where(members.named(Member, form.q.data))
        like = set(db.session.scalars(rows))
        found = [person for person in found if person.id in like]
    return found


def chosen_grouping() -> Grouping:
    """The grouping of the address where this role has it, else the role's first."""
    offered = rates.groupings(web.me()) or abort(404)
    asked = Grouping.of(request.args.get("by"))
    return asked if asked in offered else offered[0]


def address_of_step(step: Step | None) -> str:
    """For templates: the address of the page where this step is taken; '' where there is none."""
    endpoint = STEPS[step] if step else ""
    return url_for(endpoint) if endpoint and doors.serves(endpoint) else ""


def _page(found: list[Person], after: int | None) -> tuple[list[Person], int | None]:
    """The members of one page, and the id after which the next one begins; those before may have gone since."""
    places = [person.id for person in found]
    start = places.index(after) + 1 if after in places else 0
    shown = found[start : start + paging.ROWS]
    return shown, shown[-1].id if start + paging.ROWS < len(found) else None


def _registrations(ids: list[int]) -> list[Registration]:
    rows = select(Registration).where(Registration.member_id.in_(ids), Registration.state.in_(registrations.CURRENT))
    return list(db.session.scalars(rows.options(joinedload(Registration.community))))


def _here(form: ListFilter) -> dict:
    line = row_id(request.args.get("line"))
    return {"by": chosen_grouping().value} | ({"line": line} if line else {}) | form.chosen
