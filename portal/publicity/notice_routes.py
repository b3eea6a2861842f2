"""Pages of notices: the list, one notice with its files and answers, sending one, taking note, answering."""

from flask import Blueprint, abort, flash, render_template, request
from sqlalchemy import select

from portal import clock, history, once, paging, uploads, web
from portal.actors import Actor, Role
from portal.doors import for_roles, takes_uploads
from portal.errors import Refused
from portal.extensions import db
from portal.people import queries as people
from portal.people.models import Community, Member, Supervisor, Unit
from portal.publicity import audience, notice_queries, notices, receipts
from portal.publicity.audience import Audience
from portal.publicity.models import Notice
from portal.publicity.notice_forms import AnswerForm, NoticeFilter, NoticeForm
from portal.publicity.notices import Letter
from portal.publicity.offices import WRITERS

bp = Blueprint("notices", __name__, url_prefix="/notices")
READERS = (Role.MEMBER, Role.GRID_WORKER, *WRITERS)
WORDS = ("title", "body", "until", "asks_answer", "answer_by")


@bp.route("")
@for_roles(*READERS)
def index():
    """The notices to oneself and those of the own office, the newest first."""
    by, form, today = web.me(), NoticeFilter(), clock.today()
    rows = notice_queries.listed(by, today, form.own.data, form.past.data)
    shown = paging.page_of(rows, request.args.get("after"), newest_first=True)
    seen, answered = notice_queries.states_for(shown.rows, by)
    return render_template(
        "notices/index.html", form=form, shown=shown, total=notice_queries.count(rows), seen=seen, answered=answered,
        sends=by.is_in(*WRITERS), reads=audience.is_reader(by.role),
        wrote={each.id for each in shown.rows if notices.sender_of(each, by)},
    )  # fmt: skip


@bp.route("/new", methods=["GET", "POST"])
@takes_uploads
@for_roles(*WRITERS)
def new():
    """An office sends a notice to its scope, in the words of an earlier one where the address names it."""
    by = web.me()
    form = _form(by, _like(request.args.get("like", "")))
    if not form.validate_on_submit():
        return _write(form, 0), 422 if form.errors else 200
    to, letter = _audience(form), Letter(**{name: form[name].data for name in WORDS})
    try:
        if (many := notices.asks_too_many(by, to, letter)) and not form.sure.data:
            return _write(form, many), 422
        notice = notices.send(by, to, letter, form.files.data)
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return _write(form, 0), refusal.status
    return web.done(web.address_of(notice), f"已发给{notice.to}。")


def _write(form: NoticeForm, many: int) -> str:
    return render_template("notices/new.html", form=form, many=many)


@bp.route("/<number:notice>")
@for_roles(*READERS)
def page(notice: str):
    """One notice: as its readers see it, and for who sent it how far the answers have come."""
    return _shown(web.find(notice_queries.visible_to(web.me()), notice), AnswerForm(formdata=None))


def _shown(found: Notice, form: AnswerForm, unsent: str = "") -> str:
    """The page of a notice, with what was typed for an answer; `unsent` could not be taken any more."""
    by = web.me()
    if not notices.may_read(found, by):
        return render_template("notices/withdrawn.html", notice=found, line=history.last(found))
    sent = notices.sender_of(found, by) or by.is_in(Role.COUNTY)
    return render_template(
        "notices/page.html", notice=found, mine=notice_queries.goes_to(found, by), today=clock.today(), sent=sent,
        seen=notice_queries.is_seen(found, by), answer=notice_queries.answer_of(found, by), files=uploads.of(found),
        receipts=receipts.of(found) if sent and found.asks_answer else None, form=form, unsent=unsent,
    )  # fmt: skip


@bp.route("/<number:notice>/files/<file>")
@for_roles(*READERS)
def file(notice: str, file: str):
    """A file of a notice."""
    by = web.me()
    found = web.find(notice_queries.visible_to(by), notice)
    return uploads.answer(found, file) if notices.may_read(found, by) else abort(404)


@bp.route("/<number:notice>/members")
@for_roles(*WRITERS)
def members(notice: str):
    """For who sent it: the members who have not answered, or those who have; by name."""
    found, given = web.find(_sent(web.me()), notice), request.args.get("given") == "1"
    after = request.args.get("after")
    rows = receipts.members_given(found) if given else receipts.members_missing(found)
    shown = paging.page_of(rows, after) if given else paging.page_of(rows, after, Member.pinyin)
    return render_template("notices/members.html", notice=found, shown=shown, given=given)


@bp.route("/<number:notice>/note", methods=["POST"])
@for_roles(*READERS)
def note(notice: str):
    """Take note of a notice: it goes from one's own desk, and nobody else is told."""
    found = web.find(notice_queries.visible_to(web.me()), notice)
    notices.note(found, web.me())
    return web.done(web.address_of(found), "知道了，待办里不再提醒。")


@bp.route("/<number:notice>/answer", methods=["POST"])
@for_roles(*READERS)
def answer(notice: str):
    """Answer a notice that asks for it; what can't be taken is said on the notice's page, with what was typed."""
    found, form = web.find(notice_queries.visible_to(web.me()), notice), AnswerForm()
    if not form.validate():
        return _shown(found, form), 422
    try:
        notices.answer(found, web.me(), form.words.data)
    except Refused as refusal:
        db.session.rollback()
        if first := once.first_answer():
            return first
        flash(refusal.sentence, "error")
        return _shown(found, form, form.words.data or ""), refusal.status
    return web.done(web.address_of(found), "已回执。")


@bp.route("/<number:notice>/<verb>", methods=["GET", "POST"])
@for_roles(*READERS)
def move(notice: str, verb: str):
    """Any move of a notice: GET asks, POST does."""
    return web.do_move(web.find(notice_queries.visible_to(web.me()), notice), verb)


def _sent(by: Actor):
    return notice_queries.sent(by)


def _like(number: str) -> Notice | None:
    return db.session.scalar(_sent(web.me()).where(Notice.number == number)) if number else None


def _form(by: Actor, like: Notice | None) -> NoticeForm:
    copied = {"title": like.title, "body": like.body} if like else {}
    form = NoticeForm(data=copied | {"until": clock.today() + notices.USUAL})
    form.roles.offer(audience.MAY_REACH[by.role])
    bodies = people.supervisors(by) if by.is_in(Role.COUNTY) else None
    units = people.units(by) if by.is_in(Role.TOWN, Role.DEPARTMENT, Role.COMMITTEE) else None
    communities = people.communities(by) if by.is_in(Role.COUNTY, Role.TOWN) else None
    for name, rows, model in (
        ("bodies", bodies, Supervisor), ("units", units, Unit), ("communities", communities, Community),
    ):  # fmt: skip
        offered = [] if rows is None else db.session.execute(_names(rows, model)).all()
        if offered:
            form[name].offer((key, label) for key, label in offered)
        else:
            del form[name]
    return form


def _names(rows, model):
    return select(model.id, model.name).where(model.id.in_(rows.with_only_columns(model.id))).order_by(model.name)


def _audience(form: NoticeForm) -> Audience:
    chosen = {}
    for name in ("bodies", "units", "communities"):
        if name in form:
            names = {choice.value: choice.label for choice in form[name].choices}
            chosen[name] = {key: names[str(key)] for key in form[name].data}
    return Audience(tuple(form.roles.data), **chosen)
