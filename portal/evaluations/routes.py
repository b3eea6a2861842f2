"""Pages of evaluations: the list of each role, one evaluation with its evidence and moves, a member's own, opening."""

from flask import Blueprint, flash, redirect, render_template, request, url_for

from portal import clock, numbers, paging, web
from portal.actors import Role
from portal.choices import row_id
from portal.doors import for_roles, signed_in
from portal.errors import Refused
from portal.evaluations import behind, evidence, opening, queries, workflow
from portal.evaluations.forms import AnswerForm, AssessForm, GradeForm, ListFilter, ReplyForm, UseForm
from portal.evaluations.models import Evaluation, EvaluationState
from portal.evaluations.queries import Filters
from portal.extensions import db
from portal.people.models import Member
from portal.registrations import offers
from portal.registrations.queries import count

bp = Blueprint("evaluations", __name__, url_prefix="/evaluations")
READERS = (Role.CLERK, Role.LIAISON, Role.TOWN, Role.DEPARTMENT, Role.COMMITTEE, Role.COUNTY)
SLIPS = (Role.LIAISON, Role.DEPARTMENT, Role.TOWN)


@bp.route("")
@for_roles(*READERS)
def index():
    """The evaluations of a year in one's scope, by name; a clerk grades and sends from here, a liaison acknowledges."""
    return listed(UseForm(formdata=None))


def listed(slip: UseForm) -> str:
    """The list, with what was filled in of the slip for many."""
    by, form = web.me(), list_filter()
    year = year_of(form)
    filters = Filters(year, form.state.data, form.grade.data, form.unit.data, form.community.data, form.lacking.data,
                      form.q.data or "")  # fmt: skip
    rows = queries.filtered(by, filters)
    shown = paging.page_of(rows, request.args.get("after"), Member.pinyin)
    return render_template(
        "evaluations/index.html",
        form=form, shown=shown, year=year, total=count(rows), states=EvaluationState,
        counts=queries.counts_by_state(by, year), grades=queries.grades(), spread=queries.counts_by_grade(by, year),
        facts=evidence.of(shown.rows), slip=slip, tickable=queries.awaiting(by, shown.rows),
        past_year=past_year(), **_to_do(year),
    )  # fmt: skip


def _to_do(year: int) -> dict:
    """What this person can do with the list: numbers of what waits, None where it is not theirs to do."""
    by, today = web.me(), clock.today()
    own = by.is_in(Role.CLERK)
    return {
        "grades_here": own,
        "missing": len(opening.missing(by.community_id, year, today)) if own and year in opening.years(today) else 0,
        "ungraded": count(queries.to_grade(by, year)) if own else 0,
        "ready": count(queries.ready(by, year)) if own else 0,
        "waiting": count(queries.to_acknowledge(by)) if by.is_in(*SLIPS) else 0,
    }


@bp.route("/open", methods=["POST"])
@for_roles(Role.CLERK)
def open_year():
    """A clerk opens the shown year's drafts for everybody who was registered for six months and has none yet."""
    by, year, back = web.me(), year_acted_on(), url_for(".index", year=past_year())
    try:
        opened = web.keep_each(opening.open_all(by, year)) or 0
    except Refused as refusal:
        db.session.rollback()
        return web.done(back, refusal.sentence, "error")
    words = f"已为 {opened} 人发起{year}年度评议。" if opened else "没有需要新发起的：满 6 个月的都已发起。"
    return web.done(back, words)


@bp.route("/next")
@for_roles(Role.CLERK)
def next_draft():
    """On to the next draft without a grade, by name; back to the list where none is left."""
    by, year = web.me(), year_acted_on()
    found = paging.page_of(queries.to_grade(by, year), request.args.get("after"), Member.pinyin, size=1).rows
    if not found:
        flash("后面没有等着评定的了。", "info")
        return redirect(url_for(".index", year=past_year()))
    return redirect(url_for(".grade_next", evaluation=found[0].number))


@bp.route("/<number:evaluation>/next", methods=["GET", "POST"])
@for_roles(Role.CLERK)
def grade_next(evaluation: str):
    """Grade a draft and go on to the next one: for the many of a whole community."""
    row = web.find(queries.visible_to(web.me()), evaluation)
    form, move = grade_form(row), workflow.grade
    then = url_for(".next_draft", after=row.id, year=row.year)
    shown = {"row": row, "form": form, "facts": evidence.of_one(row), "skip": then,
             "left": count(queries.to_grade(web.me(), row.year))}  # fmt: skip
    if request.method == "GET":
        move.check_open(row, web.me())
    if not form.validate_on_submit():
        return render_template("evaluations/next.html", **shown), 422 if form.errors else 200
    try:
        move(row, web.me(), **form.asked())
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return render_template("evaluations/next.html", **shown), refusal.status
    return web.done(then, f"{row.member.name}：{row.grade.label}。")


@bp.route("/mine")
@for_roles(Role.MEMBER)
def mine():
    """A member's own evaluations, and what was fed back on them at once."""
    own = db.session.scalars(queries.visible_to(web.me()).order_by(Evaluation.year.desc(), Evaluation.id.desc()))
    notes = db.session.scalars(queries.notes_visible_to(web.me()).order_by(None))
    return render_template("evaluations/mine.html", rows=own.unique().all(), notes=notes.unique().all())


@bp.route("/<number:evaluation>")
@signed_in
def page(evaluation: str):
    """One evaluation: the year's numbers, residents' words, the grade, the slip, what the member had to say."""
    row = web.find(queries.visible_to(web.me()), evaluation)
    card = numbers.latest(workflow.CARD, row.id)
    return render_template(
        "evaluations/page.html", evaluation=row, facts=evidence.of_one(row), shows_grade=may_read_grade(row),
        card=numbers.official_number(workflow.CARD, card.number) if card else "", successor=queries.successor_of(row),
    )  # fmt: skip


@bp.route("/<number:evaluation>/evidence")
@signed_in
def evidence_page(evaluation: str):
    """What each number of an evaluation was counted from."""
    row = web.find(queries.visible_to(web.me()), evaluation)
    facts = evidence.of_one(row)
    return render_template("evaluations/evidence.html", evaluation=row, facts=facts,
                           sections=behind.sections(row, facts, web.me()))  # fmt: skip


@bp.route("/<number:evaluation>/<verb>", methods=["GET", "POST"])
@signed_in
def move(evaluation: str, verb: str):
    """Any move of an evaluation: GET asks, POST does."""
    return web.do_move(web.find(queries.visible_to(web.me()), evaluation), verb, ASKS.get(verb))


def may_read_grade(row: Evaluation) -> bool:
    """Whether the grade and its words may be shown: to the member only once they were sent."""
    return row.sent_on is not None or not web.me().is_in(Role.MEMBER)


def grade_form(row: Evaluation) -> GradeForm:
    """The form of a grade, with what was written before; only grades in use are offered."""
    words = {"grade_id": row.grade_id, "performance": row.performance, "advice": row.advice}
    form = GradeForm(data=words)
    form.grade_id.offer((each.id, each.label) for each in queries.grades() if each.active)
    return form


def _assess_form(row: Evaluation) -> AssessForm:
    return AssessForm(data={"self_assessment": row.self_assessment})


def list_filter() -> ListFilter:
    """The filters of the list, with what this person may choose from."""
    by, form, current = web.me(), ListFilter(), opening.current(clock.today())
    form.grade.offer((each.id, each.label) for each in queries.grades())
    form.year.offer((year, f"{year}年") for year in (current - 1, current - 2))
    form.unit.offer(queries.units_in(by, year_of(form)))
    form.community.offer(offers.listed_communities(by))
    return form


def year_of(form: ListFilter) -> int:
    """The year that the address names, of the three that can be looked at."""
    current = opening.current(clock.today())
    return form.year.data if form.year.data in (current - 1, current - 2) else current


def past_year() -> int | None:
    """The year before the current one that the address names, None where it names none of them."""
    year, current = row_id(request.args.get("year")), opening.current(clock.today())
    return year if year in (current - 1, current - 2) else None


def year_acted_on() -> int:
    """The year of the list on which a button stood: what it told and what it does are of the same year."""
    return past_year() or opening.current(clock.today())


ASKS = {
    "grade": grade_form,
    "assess": _assess_form,
    "reply": ReplyForm,
    "answer": AnswerForm,
    "acknowledge": UseForm,
}
