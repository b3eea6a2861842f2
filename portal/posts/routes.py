"""Pages of posts: the list of each role, one post and its moves, opening one, also like another, and correcting it."""

from flask import Blueprint, render_template, request, url_for
from sqlalchemy import Select

from portal import clock, paging, web
from portal.actors import Actor, Role
from portal.doors import for_roles, signed_in
from portal.edits import edit
from portal.errors import Refused
from portal.extensions import db
from portal.people.models import Community
from portal.posts import offers, queries, serving, workflow
from portal.posts.forms import CloseForm, EndClaimForm, ListFilter, PostForm, SignUpForm
from portal.posts.models import Post, PostState
from portal.posts.workflow import Duty
from portal.records.models import ServiceRecord

bp = Blueprint("posts", __name__, url_prefix="/posts")
READERS = (
    Role.MEMBER, Role.GRID_WORKER, Role.CLERK, Role.LIAISON, Role.TOWN, Role.DEPARTMENT, Role.COMMITTEE, Role.COUNTY,
)  # fmt: skip
COPIED = ("title", "category", "duty", "place", "times", "free_times", "capacity", "grid_id", "team_id")


@bp.route("")
@for_roles(*READERS)
def index():
    """The posts of one's scope by title; a member's own first, then those of the home community, claimed by a click."""
    by = web.me()
    rows, form = narrowed(by)
    shown = paging.page_of(rows, request.args.get("after"), Post.title)
    return render_template(
        "posts/index.html", form=form, shown=shown, total=queries.count(rows), opens=by.is_in(Role.CLERK),
        mine=offers.held_by(by.member_id), claimable=_claimable(shown.rows, by),
        holders={post.id: offers.names_in_list(post, by) for post in shown.rows},
    )  # fmt: skip


def narrowed(by: Actor) -> tuple[Select, ListFilter]:
    """The posts that the address leaves, and its filters."""
    form = ListFilter()
    form.community.offer(offers.listed_communities(by))
    return queries.filtered(by, _wanted(form, by)), form


def _wanted(form: ListFilter, by: Actor) -> queries.Filters:
    """What the list is narrowed to: members read what is open, offices what they ask for."""
    state = PostState.OPEN if by.is_in(Role.MEMBER) else form.state.data
    ticks = bool(form.vacant.data), bool(form.unheld.data)
    return queries.Filters(state, form.category.data, form.community.data, *ticks)


def _claimable(posts: list[Post], by: Actor) -> set[int]:
    """The ids of those of these posts that this member may claim."""
    if not by.is_in(Role.MEMBER):
        return set()
    homes = {home for home in {post.community_id for post in posts} if offers.received(by.member_id, home)}
    free = (post for post in posts if post.places_left and not post.claim_of(by.member_id))
    return {post.id for post in free if post.community_id in homes}


@bp.route("/<number:post>")
@signed_in
def page(post: str):
    """One post: what is done, who holds it, and what was done on it this year."""
    by, year, after = web.me(), clock.today().year, request.args.get("after")
    found = web.find(queries.visible_to(by), post)
    services = paging.page_of(serving.services_of(found, by, year), after, ServiceRecord.day, newest_first=True)
    return render_template(
        "posts/page.html", post=found, year=year, services=services, done=serving.year_of_each(found, by, year),
        edits=workflow.clerk_of(found, by), enters=serving.may_enter(found, by) and bool(found.claims),
        serves=by.is_in(Role.MEMBER) and bool(serving.claims_for(found, by.member_id)),
        holders=offers.holders(found, by), former=offers.former(found, by), whole=offers.reads_history(found, by),
    )  # fmt: skip


@bp.route("/<number:post>/<verb>", methods=["GET", "POST"])
@signed_in
def move(post: str, verb: str):
    """Any move of a post: GET asks, POST does."""
    return web.do_move(web.find(queries.visible_to(web.me()), post), verb, ASKS.get(verb))


@bp.route("/new", methods=["GET", "POST"])
@for_roles(Role.CLERK)
def new():
    """A clerk opens a post of the own community, as an earlier one was where the address names it."""
    community = db.session.get_one(Community, web.me().community_id)
    form = _post_form(community, like=_like(request.args.get("like", "")))
    shown = {"title": "开设服务岗位", "crumbs": _crumbs(), "row": None, "back": url_for(".index"), "submit": "开设"}
    if not form.validate_on_submit():
        return render_template("edit.html", form=form, differences=[], **shown), 422 if form.errors else 200
    try:
        post = workflow.open_(community, web.me(), Duty(**form.asked()))
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return render_template("edit.html", form=form, differences=[], **shown), refusal.status
    return web.done(web.address_of(post), "已开设，党员可以认领；也可以替没有账号的党员登记认岗。")


def _like(number: str) -> Post | None:
    """The post that a new one is to be like; None where the address names none of one's own."""
    return db.session.scalar(queries.visible_to(web.me()).where(Post.number == number)) if number else None


@bp.route("/<number:post>/edit", methods=["GET", "POST"])
@for_roles(Role.CLERK)
def change(post: str):
    """A clerk says anew what a post is."""
    found = web.find(queries.visible_to(web.me()), post)
    back = web.address_of(found)
    return edit(
        found, _post_form(found.community, found), lambda **asked: workflow.change(found, web.me(), Duty(**asked)),
        back, title="修改岗位", crumbs=[*_crumbs(), (found.title, back)],
    )  # fmt: skip


def _crumbs() -> list[tuple[str, str]]:
    return [("工作台", "/desk"), ("服务岗位", url_for(".index"))]


def _post_form(community: Community, post: Post | None = None, like: Post | None = None) -> PostForm:
    copied = {name: getattr(like, name) for name in COPIED} if like else None
    form = PostForm(obj=post, data=copied)
    form.grid_id.offer((grid.id, grid.name) for grid in community.grids)
    form.team_id.offer(offers.teams(community.id, post or like))
    return form


def _sign_up_form(post: Post) -> SignUpForm:
    form = SignUpForm(data={"since": clock.today()})
    form.people.offer(offers.to_sign_up(post))
    return form


def _end_claim_form(post: Post) -> EndClaimForm:
    form = EndClaimForm()
    form.member_id.offer((each.member_id, offers.name_of(each)) for each in post.active_claims)
    return form


def _close_form(post: Post) -> CloseForm:
    form = CloseForm()
    form.follows = workflow.foreseen(post)
    return form


ASKS = {"sign_up": _sign_up_form, "end_claim": _end_claim_form, "close": _close_form}
