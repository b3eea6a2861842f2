"""Pages of service records: the list of each role, one record, writing one by hand, and its moves."""

from flask import Blueprint, abort, render_template, request

from portal import sought, web
from portal.actors import Role
from portal.doors import for_roles, signed_in
from portal.errors import Refused
from portal.extensions import db
from portal.people.models import Community, Member
from portal.records import listing, queries, workflow
from portal.records.forms import AnswerForm, PlacedServiceForm, RewriteForm, ServiceForm, WordsForm
from portal.records.models import Evidence, ServiceRecord

bp = Blueprint("records", __name__, url_prefix="/records")
READERS = (
    Role.MEMBER, Role.CLERK, Role.GRID_WORKER, Role.LIAISON, Role.TOWN, Role.DEPARTMENT, Role.COMMITTEE, Role.COUNTY,
)  # fmt: skip
ASKS = {"object": WordsForm}


@bp.route("")
@for_roles(*READERS)
def index():
    """The records of one's scope, by state and year, newest first; what waits for a second person can be ticked."""
    return render_template("records/index.html", **listing.page(web.me(), request.args))


@bp.route("/<row:record>")
@signed_in
def page(record: int):
    """One record with its history, what it overlaps and what was objected."""
    return render_template("records/page.html", record=web.find(queries.visible_to(web.me()), record))


@bp.route("/<row:record>/<verb>", methods=["GET", "POST"])
@signed_in
def move(record: int, verb: str):
    """Any move of a record: GET asks, POST does."""
    return web.do_move(web.find(queries.visible_to(web.me()), record), verb, ASKS.get(verb))


@bp.route("/<row:record>/objection/<verb>", methods=["GET", "POST"])
@for_roles(Role.CLERK)
def answer(record: int, verb: str):
    """A clerk answers the open objection to a record."""
    found = web.find(queries.visible_to(web.me()), record)
    objection = found.objections[-1] if found.objections else abort(404)
    return web.do_move(objection, verb, AnswerForm)


@bp.route("/confirm", methods=["POST"])
@for_roles(Role.CLERK, Role.GRID_WORKER, Role.TOWN)
def confirm_many():
    """Confirm the ticked records; each that is refused is named with its reason, the others go through."""
    ids = [int(ticked) for ticked in request.form.getlist("record")[:200] if ticked.isdecimal() and len(ticked) < 10]
    rows = list(db.session.scalars(queries.visible_to(web.me()).where(ServiceRecord.id.in_(ids))))
    if not rows:
        return web.done(listing.to_confirm_address(), "请先勾选要确认的记录。", "error")
    refusals = []
    for record in rows:
        try:
            with db.session.begin_nested():
                workflow.confirm(record, web.me())
        except Refused as refusal:
            refusals.append(f"{record.member.name}：{refusal.sentence}")
    sentence = f"已确认 {len(rows) - len(refusals)} 条。" + "".join(refusals[:20])
    return web.done(listing.to_confirm_address(), sentence, "warning" if refusals else "success")


@bp.route("/new")
@for_roles(Role.CLERK)
def choose():
    """A clerk looks up the member whose service is to be written down."""
    q = sought.words()
    return render_template("records/choose.html", q=q, members=listing.members(web.me(), q))


@bp.route("/new/<row:member>", methods=["GET", "POST"])
@for_roles(Role.CLERK)
def new(member: int):
    """A clerk writes down a service; another person confirms it."""
    subject = web.find(listing.members_of(web.me()), member)
    place = db.session.get_one(Community, web.me().community_id)
    home = None if subject.community_id else place  # of one who left since, asked for in a closed year
    return _write(subject, ServiceForm(), lambda form: place, home)


@bp.route("/mine/new", methods=["GET", "POST"])
@for_roles(Role.MEMBER)
def new_own():
    """A member writes down an own service; the community confirms it."""
    subject = db.session.get_one(Member, web.me().member_id)
    form = PlacedServiceForm(data=None if request.form else {"place": subject.community_id})
    form.place.choices = listing.communities()
    return _write(subject, form, lambda form: db.session.get_one(Community, form.place.data))


@bp.route("/<row:record>/rewrite", methods=["GET", "POST"])
@for_roles(Role.CLERK)
def rewrite(record: int):
    """A clerk voids a wrong record and writes it anew."""
    old = web.find(queries.visible_to(web.me()), record)
    form = RewriteForm(obj=old)
    if not form.validate_on_submit():
        return render_template("records/rewrite.html", form=form, record=old), 422 if form.errors else 200
    try:
        service = _service(form, old.member, old.place)
        anew = workflow.write_anew(old, web.me(), form.reason.data, service, form.evidence.data)
    except Refused as refusal:
        return _refused(form, refusal, "records/rewrite.html", record=old)
    return web.done(web.address_of(anew), "原记录已作废，新记录等待另一人确认。")


def _write(subject: Member, form: ServiceForm, place_of, home: Community | None = None):
    page = "records/new.html"
    if not form.validate_on_submit():
        return render_template(page, form=form, member=subject), 422 if form.errors else 200
    try:
        service = _service(form, subject, place_of(form), home)
        record = workflow.record_service(service, web.me(), Evidence(form.evidence.data))
    except Refused as refusal:
        return _refused(form, refusal, page, member=subject)
    return web.done(web.address_of(record), "已登记，等待另一人确认后计入。")


def _service(form: ServiceForm, subject: Member, place: Community, home: Community | None = None) -> workflow.Service:
    facts = {name: form[name].data for name in ("day", "starts", "half_hours", "category", "what", "for_whom", "note")}
    return workflow.Service(member=subject, place=place, home=home, **facts)


def _refused(form: ServiceForm, refusal: Refused, page: str, **shown):
    db.session.rollback()
    form.form_errors.append(refusal.sentence)
    return render_template(page, form=form, **shown), refusal.status
