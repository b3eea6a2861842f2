"""Pages of members: the list of one's scope, one member, adding and correcting one, a look with a reason."""

from flask import Blueprint, render_template, request, session, url_for
from sqlalchemy import select

from portal import clock, web
from portal.actors import Role
from portal.doors import for_roles, signed_in
from portal.edits import edit
from portal.errors import Refused
from portal.extensions import db
from portal.paging import page_of
from portal.people import contacts, listing, queries, workflow
from portal.people.forms import LookForm, MemberForm
from portal.people.models import Community, Member, Unit

bp = Blueprint("people", __name__, url_prefix="/members")
READERS = (Role.LIAISON, Role.CLERK, Role.TOWN, Role.DEPARTMENT, Role.COMMITTEE, Role.COUNTY)
SECONDS_SHOWN = 120


@bp.route("")
@for_roles(*READERS)
def index():
    """The members of one's scope, by name; filters in the address."""
    filters = listing.members_filter(web.me())
    shown = page_of(listing.members(web.me(), filters), request.args.get("after"), Member.pinyin)
    return render_template("people/index.html", filters=filters, shown=shown, sight=_sight)


@bp.route("/<row:member>")
@signed_in
def page(member: int):
    """One member as the roster knows them."""
    found = web.find(queries.visible_to(web.me()), member)
    looked = _take_look(member) and _sight(found) is contacts.Sight.LOOK
    sight = contacts.Sight.CLEAR if looked else _sight(found)
    return render_template("people/page.html", member=found, sight=sight, looked=looked, form=LookForm(formdata=None))


@bp.route("/new", methods=["GET", "POST"])
@for_roles(Role.LIAISON)
def new():
    """Put one more member on the own unit's roster."""
    form = MemberForm()
    form.community_id.offer(_communities())
    shown = {"title": "新增党员", "crumbs": _crumbs(), "row": None, "form": form, "back": url_for("people.index")}
    if not form.validate_on_submit():
        return render_template("edit.html", differences=[], **shown), 422 if form.errors else 200
    try:
        member = workflow.add_member(web.me(), db.session.get_one(Unit, web.me().unit_id), **form.asked())
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return render_template("edit.html", differences=[], **shown), refusal.status
    return web.done(url_for("people.page", member=member.id), f"已把{member.name}列入名册。")


@bp.route("/<row:member>/edit", methods=["GET", "POST"])
@for_roles(Role.LIAISON)
def change(member: int):
    """Correct a member of the own unit's roster."""
    found = web.find(queries.visible_to(web.me()), member)
    form = MemberForm(obj=found)
    form.community_id.offer(_communities())
    back = url_for("people.page", member=member)
    crumbs = [*_crumbs(), (found.name, back)]
    return edit(
        found, form, lambda **facts: workflow.change_member(web.me(), found, **facts), back,
        title="修改党员信息", crumbs=crumbs,
    )  # fmt: skip


@bp.route("/<row:member>/look", methods=["POST"])
@for_roles(Role.COUNTY)
def look(member: int):
    """See a member's phone and address once, for a reason that stays in the audit trail."""
    found = web.find(queries.visible_to(web.me()), member)
    form = LookForm()
    if not form.validate():
        shown = {"member": found, "sight": _sight(found), "looked": False, "form": form}
        return render_template("people/page.html", **shown), 422
    contacts.look(found, web.me(), form.reason.data)
    session["member_look"] = [member, int(clock.now().timestamp()) + SECONDS_SHOWN]
    return web.done(url_for("people.page", member=member))


def _take_look(member: int) -> bool:
    """Whether this page may show what was looked up; true once."""
    kept = session.get("member_look")
    if not kept or kept[0] != member:
        return False
    session.pop("member_look")
    return clock.now().timestamp() < kept[1]


def _sight(member: Member) -> contacts.Sight:
    return contacts.sight(member, web.me())


def _crumbs() -> list[tuple[str, str]]:
    return [("工作台", "/desk"), ("党员", url_for("people.index"))]


def _communities() -> list[tuple[int, str]]:
    rows = db.session.execute(select(Community.id, Community.name).order_by(Community.name))
    return [(row.id, row.name) for row in rows]
