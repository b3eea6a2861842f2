"""Pages of suggestions: the list, one suggestion and its moves, writing one, those that were adopted."""

from flask import Blueprint, render_template, request, url_for
from sqlalchemy import Select

from portal import clock, paging, web
from portal.actors import Actor, Role
from portal.choices import row_id
from portal.doors import for_roles, signed_in
from portal.errors import Refused
from portal.extensions import db
from portal.people.models import Member
from portal.registrations import offers
from portal.registrations import queries as registrations
from portal.suggestions import queries, workflow
from portal.suggestions.forms import AdoptedFilter, AnswerForm, ForwardForm, ListFilter, StandInForm, WriteForm
from portal.suggestions.models import Suggestion, SuggestionState
from portal.suggestions.workflow import Proposal

bp = Blueprint("suggestions", __name__, url_prefix="/suggestions")
READERS = (Role.MEMBER, Role.CLERK, Role.LIAISON, Role.TOWN, Role.DEPARTMENT, Role.COUNTY)


@bp.route("")
@for_roles(*READERS)
def index():
    """The suggestions of one's scope, the newest first."""
    by, today = web.me(), clock.today()
    rows, form = narrowed(by)
    shown = paging.page_of(rows, request.args.get("after"), newest_first=True)
    registered = by.is_in(Role.MEMBER) and registrations.current_of(by.member_id) is not None
    return render_template(
        "suggestions/index.html", shown=shown, total=queries.count(rows), form=form, states=SuggestionState,
        writes=registered, stands_in=by.is_in(Role.CLERK), own=by.is_in(Role.MEMBER), today=today,
    )  # fmt: skip


def narrowed(by: Actor) -> tuple[Select, ListFilter]:
    """The suggestions that the address leaves, and its filters."""
    form = ListFilter()
    return queries.listed(by, form.state.data, clock.today() if form.late.data else None), form


@bp.route("/adopted")
@for_roles(*READERS)
def adopted():
    """What was proposed and adopted, the newest first; without who proposed it."""
    form = AdoptedFilter()
    form.community.offer(offers.communities())
    rows = queries.adopted(form.community.data)
    shown = paging.page_of(rows, request.args.get("after"), newest_first=True)
    return render_template("suggestions/adopted.html", shown=shown, total=queries.count(rows), form=form)


@bp.route("/new", methods=["GET", "POST"])
@for_roles(Role.MEMBER)
def new():
    """A member proposes something; a suggestion that was withdrawn may be begun from."""
    by = web.me()
    before = _withdrawn(request.args.get("again"))
    form = WriteForm(obj=before)
    registration = registrations.current_of(by.member_id)
    shown = {"title": "提一条建议", "place": registration.community if registration else None}
    return _write(form, db.session.get_one(Member, by.member_id), shown)


@bp.route("/stand-in", methods=["GET", "POST"])
@for_roles(Role.CLERK)
def stand_in():
    """A clerk writes down what a member without a login proposes."""
    offered = queries.without_login(web.me().community_id)
    form = StandInForm(data={"member_id": row_id(request.args.get("member"))})
    form.member_id.offer(offered)
    member = db.session.get(Member, form.member_id.data) if form.member_id.data in dict(offered) else None
    return _write(form, member, {"title": "代党员提建议", "place": None})


@bp.route("/<number:suggestion>")
@signed_in
def page(suggestion: str):
    """One suggestion: what is proposed, to whom, and the answer."""
    found = web.find(queries.visible_to(web.me()), suggestion)
    return render_template("suggestions/page.html", suggestion=found, today=clock.today())


@bp.route("/<number:suggestion>/<verb>", methods=["GET", "POST"])
@signed_in
def move(suggestion: str, verb: str):
    """Any move of a suggestion: GET asks, POST does."""
    found = web.find(queries.visible_to(web.me()), suggestion)
    # What is handed back is out of the body's sight.
    return web.do_move(found, verb, ASKS.get(verb), then=url_for(".index") if verb == "hand_back" else "")


def _write(form: WriteForm, member: Member | None, shown: dict):
    if not form.validate_on_submit() or member is None:
        return render_template("suggestions/new.html", form=form, **shown), 422 if form.errors else 200
    asked = {name: form[name].data for name in ("addressed_to", "title", "body", "category")}
    try:
        row = workflow.submit(member, web.me(), Proposal(**asked))
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return render_template("suggestions/new.html", form=form, **shown), refusal.status
    return web.done(web.address_of(row), f"已提给{row.addressee}，受理和答复您都能看到。")


def _withdrawn(number: str | None) -> Suggestion | None:
    if not number:
        return None
    rows = queries.listed(web.me(), SuggestionState.WITHDRAWN).where(Suggestion.number == number)
    return db.session.scalar(rows)


def _forward_form(row: Suggestion) -> ForwardForm:
    form = ForwardForm()
    form.forwarded_to_id.offer(queries.bodies_for(row))
    return form


ASKS = {"forward": _forward_form, "answer": AnswerForm}
