"""Pages of notes (重要情况随时反馈): the list, one note and its moves, choosing a member and writing one."""

from flask import Blueprint, render_template, request
from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload

from portal import clock, numbers, paging, web
from portal.actors import Actor, Role
from portal.doors import for_roles, signed_in
from portal.errors import Refused
from portal.evaluations import noting, queries
from portal.evaluations.forms import NoteForm, NotesFilter, ReplyForm, SlipForm, WhoFilter
from portal.evaluations.models import Note, NoteState
from portal.evaluations.noting import Happened
from portal.evaluations.routes import READERS
from portal.evaluations.routes import bp as evaluations
from portal.extensions import db
from portal.people.models import Member
from portal.people.queries import named
from portal.registrations.models import CURRENT, Registration
from portal.registrations.queries import count

bp = Blueprint("notes", __name__, url_prefix="/notes")
ASKS = {"reply": ReplyForm, "acknowledge": SlipForm}


@bp.route("")
@for_roles(*READERS)
def index():
    """The notes of one's scope, the latest first, by state."""
    form, by = NotesFilter(), web.me()
    rows = queries.notes_visible_to(by)
    if form.state.data:
        rows = rows.where(Note.state == form.state.data)
    shown = paging.page_of(rows, request.args.get("after"), newest_first=True)
    return render_template("evaluations/notes.html", form=form, shown=shown, total=count(rows), states=NoteState,
                           writes=by.is_in(Role.CLERK))  # fmt: skip


@bp.route("/new")
@for_roles(Role.CLERK)
def choose():
    """A clerk looks up the member whom the note is about."""
    form = WhoFilter()
    rows = received_by(web.me())
    if form.q.data:
        rows = rows.where(named(Member, form.q.data))
    shown = paging.page_of(rows, request.args.get("after"), Member.pinyin)
    return render_template("evaluations/note_who.html", form=form, shown=shown)


@bp.route("/new/<row:registration>", methods=["GET", "POST"])
@for_roles(Role.CLERK)
def new(registration: int):
    """A clerk writes down what happened; it is sent at once."""
    found, form = web.find(received_by(web.me()), registration), NoteForm(data={"day": clock.today()})
    shown = {"form": form, "registration": found}
    if not form.validate_on_submit():
        return render_template("evaluations/note_new.html", **shown), 422 if form.errors else 200
    try:
        row = noting.send(found, web.me(), Happened(**form.asked()))
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return render_template("evaluations/note_new.html", **shown), refusal.status
    return web.done(web.address_of(row), "已反馈给单位和主管部门，本人同时收到。")


@bp.route("/<number:note>")
@signed_in
def page(note: str):
    """One note: what happened, the member's reply, the unit's slip."""
    row = web.find(queries.notes_visible_to(web.me()), note)
    return render_template("evaluations/note.html", note=row, card=numbers.official_number(noting.CARD, row.number))


@bp.route("/<number:note>/<verb>", methods=["GET", "POST"])
@signed_in
def move(note: str, verb: str):
    """Any move of a note: GET asks, POST does."""
    return web.do_move(web.find(queries.notes_visible_to(web.me()), note), verb, ASKS.get(verb))


def received_by(by: Actor) -> Select:
    """The registrations of those whom the clerk's community has received, without the clerk's own."""
    here = (Registration.community_id == by.community_id, Registration.state.in_(CURRENT))
    rows = select(Registration).join(Registration.member).where(*here)
    shown = (contains_eager(Registration.member), joinedload(Registration.unit), joinedload(Registration.community))
    return rows.where(Registration.member_id.is_distinct_from(by.self_member_id)).options(*shown)


evaluations.register_blueprint(bp)
