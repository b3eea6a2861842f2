"""Pages of registrations: the list of each role, one registration and its moves, and finding one by its number."""

from flask import Blueprint, flash, redirect, render_template, request, url_for

from portal import audit, clock, paging, web
from portal.actors import Actor, Role
from portal.doors import for_roles, signed_in
from portal.extensions import db
from portal.filters import masked_phone
from portal.forms import ReasonForm
from portal.people.models import Member
from portal.registrations import cards, certificate_numbers, modes, offers, queries, urging
from portal.registrations.forms import WORDS, ListFilter
from portal.registrations.models import Registration, RegistrationState, ReportMode
from portal.registrations.move_forms import ASKS
from portal.registrations.workflow import flow

bp = Blueprint("registrations", __name__, url_prefix="/registrations")
OFFICES = (Role.CLERK, Role.LIAISON, Role.DEPARTMENT, Role.TOWN, Role.COMMITTEE, Role.COUNTY)
# What may be done with many at once, by role.
BULK = {Role.CLERK: ("accept",), Role.LIAISON: ("present", "file")}


@bp.route("")
@for_roles(*OFFICES)
def index():
    """The registrations of one's scope, narrowed by the address; those that can be done in bulk have a tick."""
    by = web.me()
    form = ListFilter()
    form.unit.offer(offers.listed_units(by))
    form.community.offer(offers.listed_communities(by))
    rows = queries.filtered(by, wanted(form))
    shown = paging.page_of(rows, request.args.get("after"), *([Member.pinyin] if form.sort.data else []))
    verbs = BULK.get(by.role, ())
    return render_template(
        "registrations/index.html",
        form=form, shown=shown, counts=queries.counts_by_state(by), states=RegistrationState,
        total=queries.count(rows), grids=offers.grids(by.community_id), teams=offers.teams(by.community_id),
        tickable={row.id for row in shown.rows if any(flow.moves[verb].open_to(row, by) for verb in verbs)},
        verbs=[verb for verb in verbs if any(flow.moves[verb].open_to(row, by) for row in shown.rows)],
        accepts_by_number=by.is_in(Role.CLERK), shows_unit=not by.is_in(Role.LIAISON),
        shows_community=not by.is_in(Role.CLERK), modes=_modes_to_choose(shown.rows, by),
        uncertified=queries.count(queries.without_certificate(by.unit_id)) if by.is_in(Role.LIAISON) else None,
    )  # fmt: skip


def _modes_to_choose(rows: list[Registration], by: Actor) -> list[ReportMode]:
    """How those of a page who have not reported yet may be presented by this person."""
    waiting = [row for row in rows if flow.moves["present"].open_to(row, by)] if by.is_in(Role.LIAISON) else []
    return modes.among(waiting, by) if waiting else []


def wanted(form: ListFilter) -> queries.Filters:
    """What the list is narrowed to by these filters."""
    return queries.Filters(form.state.data, _words(form.q.data), form.leading.data, form.unit.data, form.community.data)


def _words(typed: str | None) -> str:
    """What was typed to search by: a certificate's number in the form of the address, else the words as they are."""
    words = (typed or "")[:WORDS]
    number = certificate_numbers.parse(words, clock.today().year) if any(c.isdigit() for c in words) else None
    return number or words


@bp.route("/mine")
@for_roles(Role.MEMBER)
def mine():
    """A member's own way: certificate, card, reporting, receipt; and what to do next."""
    by = web.me()
    own = queries.of_member(by.member_id)
    latest = own[0] if own else None
    return render_template(
        "registrations/mine.html",
        member=db.session.get_one(Member, by.member_id), own=own, latest=latest,
        modes=modes.possible(latest, by) if latest and latest.state is RegistrationState.ISSUED else [],
        mode=modes.usual(latest, by) if latest and latest.state is RegistrationState.ISSUED else None,
        card=cards.card_of(by.member_id), must_check=cards.must_check(by.member_id),
        current=queries.current_of(by.member_id), urge=urging.last_of_member(by.member_id),
    )  # fmt: skip


@bp.route("/<number:registration>")
@signed_in
def page(registration: str):
    """One registration with its card, its papers and its history."""
    return _page(web.find(queries.visible_to(web.me()), registration))


def _page(row: Registration, seen: bool = False) -> str:
    by = web.me()
    return render_template(
        "registrations/page.html",
        registration=row, contact=contact_of(row, by, seen), may_fill=cards.may_fill(row.member, by),
        look=None if seen else _how_to_look(row, by),
    )  # fmt: skip


def _how_to_look(row: Registration, by: Actor) -> str | None:
    """How this person gets to read phone and address: by a click in an own open case, else with a reason."""
    if by.is_self(row.member_id) or not by.is_in(Role.CLERK, Role.LIAISON, Role.COUNTY):
        return None
    open_case = row.is_in_progress or row.is_current
    return "click" if open_case and not by.is_in(Role.COUNTY) else "reason"


def contact_of(row: Registration, by: Actor, seen: bool) -> tuple[str, str]:
    """Phone and address as this person sees them: in clear, masked, or nothing at all (work committee)."""
    member = row.member
    if seen or by.is_self(member.id):
        return member.phone or "", member.address or ""
    return ("（不显示）", "（不显示）") if by.is_in(Role.COMMITTEE) else (masked_phone(member.phone), "（不显示）")


@bp.route("/<number:registration>/look", methods=["GET", "POST"])
@for_roles(Role.CLERK, Role.LIAISON, Role.COUNTY)
def look(registration: str):
    """Phone and address in clear, each look audited: by one click in an own open case, else with a reason."""
    row = web.find(queries.visible_to(web.me()), registration)
    form = ReasonForm()
    if _how_to_look(row, web.me()) == "reason":
        if not form.validate_on_submit():
            return render_template("registrations/look.html", form=form, row=row), 422 if form.errors else 200
    elif request.method == "GET":
        return redirect(web.address_of(row))
    audit.write(web.me(), "registrations.look", row.member, ("phone", "address"), form.reason.data or "办理本件")
    web.keep()
    return _page(row, seen=True)


@bp.route("/<number:registration>/<verb>", methods=["GET", "POST"])
@signed_in
def move(registration: str, verb: str):
    """Any move of a registration: GET asks, POST does."""
    return web.do_move(web.find(queries.visible_to(web.me()), registration), verb, ASKS.get(verb))


@bp.route("/by-number")
@for_roles(Role.CLERK)
def by_number():
    """A clerk types the number of the paper in hand and is led to accept it."""
    number = certificate_numbers.parse(request.args.get("number", ""), clock.today().year)
    row = db.session.scalar(queries.visible_to(web.me()).where(Registration.number == (number or "")))
    if row is None:
        flash("没有寄给本社区的这个编号，请核对证明信上的编号和社区名称。", "error")
        return redirect(url_for(".index"))
    accept = flow.moves["accept"].open_to(row, web.me())
    return redirect(web.move_address(row, "accept") if accept else web.address_of(row))
