"""Pages of pledges: the public one, one pledge and its moves, a member's own, and writing one."""

from flask import Blueprint, render_template, request, url_for
from flask_login import current_user

from portal import clock, faces, web
from portal.actors import Role
from portal.choices import row_id
from portal.doors import for_roles, public, signed_in
from portal.errors import Refused
from portal.extensions import db
from portal.people.models import Member
from portal.pledges import board, holding, progress, queries, workflow
from portal.pledges.forms import BoardFilter, PledgeForm, filled
from portal.pledges.models import Pledge, PledgeState
from portal.pledges.workflow import Item
from portal.registrations import offers
from portal.registrations import queries as registrations

bp = Blueprint("pledges", __name__, url_prefix="/pledges")


@bp.route("")
@public
def index():
    """The pledges of this year that are shown: 姓某某, and full names for who is signed in on an office's face."""
    form = BoardFilter()
    form.community.offer(offers.communities())
    wanted = board.Wanted(clock.today().year, form.community.data, form.category.data)
    full_names = current_user.is_authenticated and faces.here().is_inside
    shown = board.board(wanted, request.args.get("after"), full_names)
    return render_template("pledges/index.html", form=form, board=shown, year=wanted.year)


@bp.route("/<number:pledge>")
@signed_in
def page(pledge: str):
    """One pledge: its promises, how far they are kept, its card and its history."""
    found = web.find(queries.visible_to(web.me()), pledge)
    return render_template("pledges/page.html", pledge=found, keeping=progress.of([found])[found.id],
                           write_at=_write_address(found), posts=holding.posts_of(found))  # fmt: skip


@bp.route("/<number:pledge>/<verb>", methods=["GET", "POST"])
@signed_in
def move(pledge: str, verb: str):
    """Any move of a pledge: GET asks, POST does."""
    return web.do_move(web.find(queries.visible_to(web.me()), pledge), verb)


@bp.route("/mine")
@for_roles(Role.MEMBER)
def mine():
    """A member's own pledge of this year, how far it is kept, and those of earlier years."""
    by, year = web.me(), clock.today().year
    own = list(db.session.scalars(queries.visible_to(by).order_by(Pledge.year.desc())))
    row = own[0] if own and own[0].year == year else None
    return render_template(
        "pledges/mine.html",
        pledge=row, keeping=progress.of([row])[row.id] if row else None, year=year, earlier=own[1:] if row else own,
        registration=registrations.current_of(by.member_id), states=PledgeState,
        posts=holding.posts_of(row) if row else [],
    )  # fmt: skip


@bp.route("/mine/write", methods=["GET", "POST"])
@for_roles(Role.MEMBER)
def write_own():
    """A member writes this year's pledge."""
    return _write(db.session.get_one(Member, web.me().member_id), url_for(".mine"))


@bp.route("/members/<row:member>/write", methods=["GET", "POST"])
@for_roles(Role.LIAISON)
def write(member: int):
    """A liaison writes the pledge of a member who has no login, in their place."""
    found = web.find(registrations.members_of(web.me()), member)
    return _write(found, url_for(".missing"))


def _write(member: Member, back: str):
    year = clock.today().year
    row = queries.of_member(member.id, year)
    before = row or queries.last_before(member.id, year)
    version = str(row.version if row else 0)
    form = PledgeForm(data={"promises": filled(before.items if before else [], year), "version": version})
    posts = holding.offered(member.id, year)
    _ask_of_posts(form, posts, row)
    shown = {"form": form, "member": member, "row": row, "before": None if row else before, "back": back, "year": year}
    if not form.validate_on_submit():
        return render_template("pledges/write.html", **shown), 422 if form.errors else 200
    try:
        items = [Item(**promise) for promise in form.items]
        kept = form.kept_posts.data if posts else None
        row = workflow.write(member, web.me(), items, row_id(form.version.data) or 0, kept)
        if "submit" in request.form:
            workflow.submit(row, web.me())
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        shown["row"] = row = queries.of_member(member.id, year)
        # What somebody else saved stands beside; sending the form again overwrites it knowingly.
        clash = row is not None and str(row.version) != form.version.data
        form.version.data = str(row.version if row else 0)
        return render_template("pledges/write.html", **shown, clash=clash), refusal.status
    to = url_for(".mine") if web.me().is_in(Role.MEMBER) else web.address_of(row)
    return web.done(to, workflow.submit.done if row.state is PledgeState.SUBMITTED else "已保存，还没有提交。")


def _ask_of_posts(form: PledgeForm, posts: list[tuple[int, str]], row: Pledge | None) -> None:
    """Ask which posts of earlier years are kept: all, until the member says otherwise."""
    if not posts:
        del form.kept_posts
        return
    form.kept_posts.offer(posts)
    if not form.is_submitted():
        form.kept_posts.data = holding.kept_before(row, [key for key, _ in posts])


def _write_address(row: Pledge) -> str:
    """Where this person changes the words of this pledge; '' for those who only read, or when it is not open."""
    if not row.is_open or row.year != clock.today().year:
        return ""
    if workflow.the_member(row, web.me()):
        return url_for(".write_own")
    return url_for(".write", member=row.member_id) if workflow.standing_in(row, web.me()) else ""
