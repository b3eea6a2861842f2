"""Pages of contact points: the list of one's scope, one (the leader reads their own), proposing one, and its moves."""

from flask import Blueprint, render_template, request, url_for
from sqlalchemy import select

from portal import paging, web
from portal.actors import Role
from portal.doors import for_roles, signed_in
from portal.extensions import db
from portal.pairings import contact_points, queries
from portal.pairings.contact_points import PROPOSERS
from portal.pairings.forms import PointForm, PointsFilter
from portal.pairings.models import ContactPoint
from portal.pairings.routes import READERS, asked_for, crumbs, opened
from portal.pairings.routes import bp as pairings
from portal.people.models import Community, Member

bp = Blueprint("contact_points", __name__, url_prefix="/contact-points")


@bp.route("")
@for_roles(*READERS)
def index():
    """The contact points of one's scope, newest first, by state or those that wait for one's own agreement."""
    by, form = web.me(), PointsFilter()
    agrees = by.is_in(Role.CLERK)
    rows = queries.points_waiting(by) if form.mine.data and agrees else queries.contact_points(by)
    if form.state.data:
        rows = rows.where(ContactPoint.state == form.state.data)
    shown = paging.page_of(rows, request.args.get("after"), newest_first=True)
    return render_template(
        "pairings/contact_points.html", form=form, shown=shown, agrees=agrees, proposes=by.is_in(*PROPOSERS)
    )


@bp.route("/<row:point>")
@signed_in
def page(point: int):
    """One contact point with its history."""
    return render_template("pairings/contact_point.html", point=web.find(queries.contact_points(web.me()), point))


@bp.route("/<row:point>/<verb>", methods=["GET", "POST"])
@signed_in
def move(point: int, verb: str):
    """Any move of a contact point: GET asks, POST does."""
    return web.do_move(web.find(queries.contact_points(web.me()), point), verb)


@bp.route("/propose", methods=["GET", "POST"])
@for_roles(*PROPOSERS)
def propose():
    """A liaison or supervisor proposes that a leading member adopts a community."""
    by = web.me()
    leaders = {
        member.id: f"{member.name}（{member.unit.name}）" for member in db.session.scalars(contact_points.leaders(by))
    }
    form = PointForm(data={"member_id": asked_for("member", set(leaders))})
    form.member_id.offer(leaders.items())
    places = db.session.execute(select(Community.id, Community.name).order_by(Community.name))
    form.community_id.offer((place.id, place.name) for place in places)

    def make(member_id: int, community_id: int):
        member, community = db.session.get_one(Member, member_id), db.session.get_one(Community, community_id)
        return contact_points.propose(member, community, by)

    return opened(form, make, "已提出，等社区同意。", title="提出领导联系点", submit="提出联系点",
                  crumbs=[*crumbs(), ("领导联系点", url_for(".index"))], back=url_for(".index"),
                  lead="党员领导干部联系一个社区；名册上标为领导干部的列在这里。")  # fmt: skip


pairings.register_blueprint(bp)
