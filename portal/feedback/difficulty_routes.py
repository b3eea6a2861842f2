"""Pages of members' difficulties: the list, one difficulty and its moves, asking, and the county's numbers."""

from flask import Blueprint, Response, render_template, request, url_for

from portal import clock, paging, web
from portal.actors import Role
from portal.doors import for_roles, signed_in
from portal.errors import Refused
from portal.extensions import db
from portal.feedback import asking
from portal.feedback import difficulty_queries as queries
from portal.feedback.forms import AnswerForm, AskForm, DifficultyFilter, HandOnForm, UnsolvedForm
from portal.feedback.models import DifficultyState
from portal.feedback.queries import count
from portal.people.models import Member
from portal.registrations import queries as registrations

bp = Blueprint("difficulties", __name__, url_prefix="/feedback/difficulties")
READERS = (Role.MEMBER, *queries.HOLDERS)


@bp.after_request
def store_nowhere(answer: Response) -> Response:
    """What a member entrusts to an office stays in no cache of a computer that others use too."""
    answer.headers["Cache-Control"] = "no-store, private"
    return answer


@bp.route("")
@for_roles(*READERS)
def index():
    """The difficulties that one asked for, or that lie with one's office, the latest first."""
    by, form, today = web.me(), DifficultyFilter(), clock.today()
    rows = queries.listed(by, form.state.data, today if form.late.data else None)
    shown = paging.page_of(rows, request.args.get("after"), newest_first=True)
    return render_template(
        "difficulties/index.html", shown=shown, form=form, total=count(rows), states=DifficultyState, today=today,
        own=by.is_in(Role.MEMBER),
    )  # fmt: skip


@bp.route("/new", methods=["GET", "POST"])
@for_roles(Role.MEMBER)
def new():
    """A member asks the unit or the community for help."""
    by = web.me()
    member = db.session.get_one(Member, by.member_id)
    form = AskForm(data={"to": next(iter(asking.sides_of(member)), None)})
    current = registrations.current_of(member.id)
    place = {"unit": member.unit, "community": current.community if current else None}
    if not form.validate_on_submit():
        return render_template("difficulties/ask.html", form=form, **place), 422 if form.errors else 200
    try:
        row = asking.ask(member, by, **form.asked())
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return render_template("difficulties/ask.html", form=form, **place), refusal.status
    return web.done(web.address_of(row), f"已收到，编号 {row.number}；答复以后会告诉您。")


@bp.route("/counts")
@for_roles(Role.COUNTY)
def counts():
    """How many difficulties were asked and answered in a year: numbers only."""
    today = clock.today()
    chosen = request.args.get("year", "")
    year = int(chosen) if chosen in {str(today.year - 1), str(today.year)} else today.year
    years = (today.year, today.year - 1)
    return render_template("difficulties/counts.html", rows=queries.counts(year, today), year=year, years=years)


@bp.route("/<number:difficulty>")
@for_roles(*READERS)
def page(difficulty: str):
    """One difficulty, step by step."""
    return render_template(
        "difficulties/page.html", difficulty=web.find(queries.visible_to(web.me()), difficulty), today=clock.today()
    )


@bp.route("/<number:difficulty>/<verb>", methods=["GET", "POST"])
@signed_in
def move(difficulty: str, verb: str):
    """Any move of a difficulty: GET asks, POST does; handed on, it is out of the office's sight."""
    found = web.find(queries.visible_to(web.me()), difficulty)
    then = url_for(".index") if verb == asking.hand_on.verb else ""
    return web.do_move(found, verb, ASKS.get(verb), then=then)


ASKS = {"answer": AnswerForm, "hand_on": HandOnForm, "reopen": UnsolvedForm}
