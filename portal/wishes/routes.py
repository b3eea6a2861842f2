"""The wall, one wish, its moves, and the lists that offices and members work from."""

from flask import Blueprint, abort, make_response, render_template, request, session, url_for
from flask_login import current_user

from portal import clock, web
from portal.actors import Role
from portal.doors import for_roles, hidden_from_strangers, public, signed_in, takes_uploads
from portal.paging import page_of
from portal.wishes import asking, narrowing, proposing, queries, rights, shelves, teaming, waiting, wall_cache

bp = Blueprint("wishes", __name__, url_prefix="/wishes")
REVIEWERS = (Role.CLERK, Role.GRID_WORKER)
REVIEWED_AT_ONCE = 5
VERBS = tuple(teaming.flow.all_moves | proposing.flow.all_moves)  # one life cycle, to which each of them adds its moves


@bp.route("")
@public
def wall():
    """The wall (心愿墙), newest first; members find their own community's wishes before all others."""
    if current_user.is_authenticated or session.get("_flashes"):
        return _wall()
    body, mark = wall_cache.recent(shelves.page_key(), lambda: wall_cache.fingerprinted(_wall()))
    answer = make_response(body)
    answer.set_etag(mark)
    return answer.make_conditional(request)


@bp.route("/<number:wish>")
@public
def page(wish: str):
    """One wish: the whole case for those who handle it, the public face for everybody else."""
    if current_user.is_authenticated:
        found = web.find(queries.visible_to(web.me()), wish)
        if rights.reads_whole(found, web.me()):
            return render_template("wishes/page.html", wish=found, **shelves.case(found, web.me()))
        return render_template("wishes/shown.html", **shelves.shown(found, web.me()))
    return render_template("wishes/shown.html", **(shelves.shown_to_all(wish) or abort(404)))


@bp.route("/<number:wish>/finish", methods=["GET", "POST"], defaults={"verb": "finish"})
@signed_in
@takes_uploads
def finish(wish: str, verb: str):
    """The leader reports a wish done, with photos."""
    return move(wish, verb)


@bp.route("/<number:wish>/confirm", methods=["GET", "POST"], defaults={"verb": "confirm"})
@bp.route("/<number:wish>/reopen", methods=["GET", "POST"], defaults={"verb": "reopen"})
@bp.route("/<number:wish>/withdraw", methods=["GET", "POST"], defaults={"verb": "withdraw"})
@hidden_from_strangers
def resident_move(wish: str, verb: str):
    """A clerk's move that residents make too: they do it from the follow page, with number and code."""
    return move(wish, verb)


@bp.route(f"/<number:wish>/<any({','.join(VERBS)}):verb>", methods=["GET", "POST"])
@signed_in
def move(wish: str, verb: str):
    """Any move of a wish: GET asks, POST does."""
    found = web.find(queries.visible_to(web.me()), wish)
    return web.do_move(found, verb, asking.form_of(verb), asking.leads_to(verb, web.me()))


@bp.route("/review")
@for_roles(*REVIEWERS)
def review():
    """The wishes that wait for a review, oldest first, each with its form."""
    found = queries.to_review(web.me(), REVIEWED_AT_ONCE)
    waits = waiting.lines(web.me(), clock.today()).to_review
    return render_template(
        "wishes/review.html", reviews=[asking.review_of(wish, web.me()) for wish in found], waits=waits
    )


@bp.route("/cases")
@for_roles(*REVIEWERS, Role.TOWN, Role.COUNTY)
def cases():
    """The wishes of an office, newest first, by state, words and lateness."""
    form, today = narrowing.filters_form(web.me()), clock.today()
    rows = narrowing.filtered(web.me(), narrowing.filters_of(form), waiting.is_late(today))
    found = page_of(rows, request.args.get("after"), newest_first=True)
    return render_template(
        "wishes/cases.html", form=form, rows=found.rows, reviews=web.me().is_in(*REVIEWERS),
        compares=not web.me().is_in(Role.GRID_WORKER),
        next=url_for("wishes.cases", **form.chosen, after=found.next) if found.next else "",
        late=waiting.late_among(found.rows, today),
        may_open={wish.id for wish in found.rows if wish.is_shown or rights.reads_whole(wish, web.me())},
    )  # fmt: skip


@bp.route("/mine")
@for_roles(Role.MEMBER)
def mine():
    """A member's own: what is in hand, what fits, what came of the rest."""
    return render_template("wishes/mine.html", **shelves.mine(web.me()))


@bp.route("/unit")
@for_roles(Role.LIAISON)
def unit():
    """What the liaison's unit has in hand, and what has waited long where its members live.  [二(三)3]"""
    return render_template("wishes/group.html", **shelves.of_group(web.me()))


@bp.route("/team")
@for_roles(Role.MEMBER)
def team():
    """What the teams that a member leads have in hand, and what has waited long in their community.  [二(二)3]"""
    return render_template("wishes/group.html", **shelves.of_group(web.me()))


def _wall() -> str:
    return render_template("wishes/wall.html", **shelves.wall_page(web.me()))
