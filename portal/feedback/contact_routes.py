"""Pages of the contact log of units and communities, who has had no contact, and whom to call in a community."""

from flask import Blueprint, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal import clock, paging, web
from portal.actors import Actor, Role
from portal.doors import for_roles, signed_in
from portal.errors import Refused
from portal.extensions import db
from portal.feedback import contact_log, contacting, quarters
from portal.feedback.contacting import Told
from portal.feedback.forms import ContactFilter, ContactForm
from portal.feedback.models import Contact
from portal.feedback.queries import count
from portal.people.models import Community, Unit

bp = Blueprint("contacts", __name__, url_prefix="/feedback/contacts")


@bp.route("")
@for_roles(*contact_log.READERS)
def index():
    """The contacts of one's scope, the latest written first."""
    by, form, of = web.me(), ContactFilter(), quarters.of(clock.today())
    form.unit.offer(contact_log.units_to_choose(by))
    form.community.offer(contact_log.communities_to_choose(by))
    rows = contact_log.listed(by, form.how.data, form.unit.data, form.community.data)
    shown = paging.page_of(rows, request.args.get("after"), newest_first=True)
    return render_template(
        "contacts/index.html", shown=shown, form=form, total=count(rows), of=of,
        writes=by.is_in(*contact_log.WRITERS), without=count(contact_log.without_contact(by, of)),
        shows_unit=not by.is_in(Role.LIAISON), shows_community=not by.is_in(Role.CLERK),
    )  # fmt: skip


@bp.route("/without")
@for_roles(*contact_log.READERS)
def without():
    """Who has had no contact this quarter though members are registered: whom to call."""
    by, of = web.me(), quarters.of(clock.today())
    rows = contact_log.without_contact(by, of)
    name = Community.name if by.is_in(Role.LIAISON) else Unit.name
    shown = paging.page_of(rows, request.args.get("after"), name)
    return render_template(
        "contacts/without.html", shown=shown, of=of, total=count(rows), communities=by.is_in(Role.LIAISON),
        writes=by.is_in(*contact_log.WRITERS),
    )  # fmt: skip


@bp.route("/new", methods=["GET", "POST"])
@for_roles(*contact_log.WRITERS)
def new():
    """A liaison or a clerk writes down a contact."""
    by, form = web.me(), _form(web.me())
    if not form.validate_on_submit():
        if request.method == "GET":
            _begin(form)
        return render_template("contacts/new.html", form=form), 422 if form.errors else 200
    unit = by.unit_id if by.is_in(Role.LIAISON) else form.unit.data
    community = by.community_id if by.is_in(Role.CLERK) else form.community.data
    try:
        row = contacting.record(unit or 0, community or 0, by, Told(**form.asked()))
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return render_template("contacts/new.html", form=form), refusal.status
    return web.done(web.address_of(row), "已登记，对方也能看到。")


@bp.route("/communities")
@for_roles(*contact_log.OFFICES)
def communities():
    """Whom to call in a community, and which estates lead to it (社区联系方式一览表)."""
    rows = select(Community).join(Community.town).order_by(Community.town_id, Community.name)
    found = db.session.scalars(rows.options(selectinload(Community.town), selectinload(Community.estates))).all()
    log = web.me().is_in(*contact_log.READERS)
    return render_template("contacts/communities.html", communities=found, log=log)


@bp.route("/<row:contact>")
@for_roles(*contact_log.READERS)
def page(contact: int):
    """One contact, and what it corrects or was corrected by."""
    return render_template("contacts/page.html", contact=web.find(contact_log.visible_to(web.me()), contact))


@bp.route("/<row:contact>/<verb>", methods=["GET", "POST"])
@signed_in
def move(contact: int, verb: str):
    """Any move of a contact: GET asks, POST does."""
    return web.do_move(web.find(contact_log.visible_to(web.me()), contact), verb, ASKS.get(verb))


def _form(by: Actor) -> ContactForm:
    """The form of this side, which chooses the other one."""
    form = ContactForm()
    if by.is_in(Role.LIAISON):
        del form.unit
        form.community.offer(contact_log.communities_to_choose(by))
    else:
        del form.community
        form.unit.offer(contact_log.units_to_choose(by))
    return form


def _begin(form: ContactForm) -> None:
    """A form begins with today, and with the other side that the address names."""
    form.day.data = clock.today()
    other = form.unit if "unit" in form else form.community
    asked = request.args.get("with", "")
    if asked in {choice.value for choice in other.choices if choice.value}:
        other.data = int(asked)


def _told_form(row: Contact) -> ContactForm:
    told = {name: getattr(row, name) for name in ("day", "how", "about", "outcome")}
    form = ContactForm(data=told | {"present": row.people})
    del form.unit, form.community
    return form


ASKS = {"amend": _told_form, "correct": _told_form}
