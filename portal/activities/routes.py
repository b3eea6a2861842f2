"""Pages of activities: the list, one activity with its moves, drafting and changing one, the roll, a member's own."""

from flask import Blueprint, abort, render_template, request, url_for
from flask_login import current_user

from portal import sought, web
from portal.activities import asking, listing, queries, rights, shelves, workflow
from portal.activities.models import Activity, ActivityState
from portal.actors import Role
from portal.doors import for_roles, public, signed_in
from portal.edits import edit
from portal.errors import Refused
from portal.extensions import db

bp = Blueprint("activities", __name__, url_prefix="/activities")
READERS = (
    Role.MEMBER, Role.GRID_WORKER, Role.CLERK, Role.LIAISON, Role.TOWN, Role.DEPARTMENT, Role.COMMITTEE, Role.COUNTY,
)  # fmt: skip
ORGANISERS = (Role.CLERK, Role.COUNTY)
ROLL_TAKERS = (*ORGANISERS, Role.GRID_WORKER)


@bp.route("")
@for_roles(*READERS)
def index():
    """The activities by day, narrowed by the address: to members what they may still sign up for, the next on top."""
    return render_template("activities/index.html", **shelves.index(web.me(), request.args.get("after")))


@bp.route("/mine")
@for_roles(Role.MEMBER)
def mine():
    """A member's own sign-ups: what is ahead, and what was."""
    return render_template("activities/mine.html", **shelves.mine(web.me(), request.args.get("after")))


@bp.route("/<number:activity>")
@public
def page(activity: str):
    """One activity: its public face for everybody, with the member's own sign-up or the office's list as may be."""
    if not current_user.is_authenticated:
        card = listing.one(activity) or abort(404)
        return render_template("activities/shown.html", card=card)
    found = web.find(queries.visible_to(web.me()), activity)
    return render_template("activities/page.html", **shelves.whole(found, web.me()))


@bp.route("/<number:activity>/roll")
@for_roles(*ROLL_TAKERS)
def roll(activity: str):
    """The roll on a phone: one tap a name; who came without having signed up is looked up below."""
    found = _of_roll_taker(activity)
    return render_template("activities/roll.html", **shelves.roll(found, web.me(), sought.words()))


@bp.route("/<number:activity>/enter")
@for_roles(*ORGANISERS)
def enter(activity: str):
    """A clerk looks up the member without a login whom they sign up."""
    found = _of_organiser(activity)
    words = sought.words()
    return render_template("activities/enter.html", **shelves.enter(found, words))


@bp.route("/new", methods=["GET", "POST"])
@for_roles(*ORGANISERS)
def new():
    """A clerk drafts an activity of the own community, the county office one of the whole county."""
    form = asking.activity_form(web.me())
    shown = {"title": "发起活动", "crumbs": shelves.crumbs(), "row": None, "form": form, "back": url_for(".index"),
             "lead": "先存为草稿，核对以后再发布。", "submit": "存为草稿"}  # fmt: skip
    if not form.validate_on_submit():
        return render_template("edit.html", differences=[], **shown), 422 if form.errors else 200
    try:
        made = workflow.draft(web.me(), workflow.Facts(**form.asked()))
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return render_template("edit.html", differences=[], **shown), refusal.status
    return web.done(web.address_of(made), "已存为草稿，核对以后请发布。")


@bp.route("/<number:activity>/edit", methods=["GET", "POST"])
@for_roles(*ORGANISERS)
def change(activity: str):
    """The organiser changes a draft, or what harms nobody after publishing."""
    found = _of_organiser(activity)
    back, draft = web.address_of(found), found.state is ActivityState.DRAFT
    form = asking.activity_form(web.me(), found) if draft else asking.correct_form(found)

    def save(**asked) -> None:
        if draft:
            workflow.change(found, web.me(), workflow.Facts(**asked))
        else:
            workflow.correct(found, web.me(), **asked)

    return edit(found, form, save, back, title="修改活动", crumbs=[*shelves.crumbs(), (found.title, back)])


@bp.route(f"/<number:activity>/<any({','.join(asking.VERBS)}):verb>", methods=["GET", "POST"])
@signed_in
def move(activity: str, verb: str):
    """Any move of an activity: GET asks, POST does; the roll's moves lead back to the roll."""
    found = web.find(queries.visible_to(web.me()), activity)
    then = url_for(".roll", activity=activity) if verb in asking.OF_ROLL else ""
    return web.do_move(found, verb, asking.ASKS.get(verb), then=then)


def _of_roll_taker(number: str) -> Activity:
    found = web.find(queries.visible_to(web.me()), number)
    return found if rights.roll_taker(found, web.me()) else abort(404)


def _of_organiser(number: str) -> Activity:
    found = web.find(queries.visible_to(web.me()), number)
    return found if rights.organiser(found, web.me()) else abort(404)
