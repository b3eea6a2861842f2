"""Pages of pairings: the list, one with its three lists, proposing one, and its moves."""

import datetime as dt
from collections.abc import Callable

from flask import Blueprint, render_template, request, url_for

from portal import clock, paging, web
from portal.actors import Role
from portal.choices import row_id
from portal.doors import for_roles
from portal.errors import Refused
from portal.extensions import db
from portal.forms import ChineseForm
from portal.pairings import queries, workflow
from portal.pairings.forms import NeedForm, PairingsFilter, ProposeForm, ResourceForm, StrikeForm
from portal.pairings.models import ItemKind, Pairing
from portal.pairings.sides import side_of
from portal.people.models import Community, Unit

bp = Blueprint("pairings", __name__, url_prefix="/pairings")
SIDES = (Role.LIAISON, Role.CLERK)
READERS = (*SIDES, Role.TOWN, Role.DEPARTMENT, Role.COMMITTEE, Role.COUNTY)


@bp.route("")
@for_roles(*READERS)
def index():
    """The pairings of one's scope, newest first, by state or those that wait for one's own agreement."""
    by, form = web.me(), PairingsFilter()
    rows = queries.waiting(by) if form.mine.data and by.is_in(*SIDES) else queries.visible_to(by)
    if form.state.data:
        rows = rows.where(Pairing.state == form.state.data)
    shown = paging.page_of(queries.with_tallies(rows), request.args.get("after"), newest_first=True)
    return render_template("pairings/index.html", form=form, shown=shown, proposes=by.is_in(*SIDES))


@bp.route("/<row:pairing>")
@for_roles(*READERS)
def page(pairing: int):
    """One pairing with its three lists, what was done together, and its history."""
    row, by = web.find(queries.visible_to(web.me()), pairing), web.me()
    answered: dict[int, list] = {item.id: [] for item in row.items}
    for project in row.projects:
        for item in filter(None, (project.need, project.resource)):
            answered[item.id].append(project)
    return render_template(
        "pairings/page.html", pairing=row, side=side_of(row, by), kinds=ItemKind, answered=answered,
        strikable={item.id for item in row.items if workflow.may_strike(item, by)},
    )  # fmt: skip


@bp.route("/<row:pairing>/<verb>", methods=["GET", "POST"])
@for_roles(*READERS)
def move(pairing: int, verb: str):
    """Any move of a pairing: GET asks, POST does."""
    return web.do_move(web.find(queries.visible_to(web.me()), pairing), verb, ASKS.get(verb))


@bp.route("/propose", methods=["GET", "POST"])
@for_roles(*SIDES)
def propose():
    """A liaison asks a community, or a clerk a unit, to build together."""
    by, form = web.me(), ProposeForm()
    form.place_id.label.text = "结对的社区" if by.is_in(Role.LIAISON) else "结对的单位"
    form.place_id.offer(queries.unpaired(by))

    def make(place_id: int, aim: str):
        unit = db.session.get_one(Unit, by.unit_id if by.is_in(Role.LIAISON) else place_id)
        community = db.session.get_one(Community, place_id if by.is_in(Role.LIAISON) else by.community_id)
        return workflow.propose(unit, community, by, aim)

    return opened(form, make, "已提出，等对方同意。", title="提出结对共建", submit="提出结对", crumbs=crumbs(),
                  lead="对方同意以后，双方列需求、列资源、商定项目。", back=url_for("pairings.index"))  # fmt: skip


def opened(form: ChineseForm, make: Callable, said: str, **shown):
    """A form that opens a new case by `make(**asked)` and leads to its page; refusals stand above what was typed."""
    shown |= {"form": form, "row": None, "differences": []}
    if not form.validate_on_submit():
        return render_template("edit.html", **shown), 422 if form.errors else 200
    try:
        row = make(**form.asked())
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return render_template("edit.html", **shown), refusal.status
    return web.done(web.address_of(row), said)


def crumbs(row: Pairing | None = None) -> list[tuple[str, str]]:
    """The way to a page of this room, over the page of one pairing where there is one."""
    way = [("工作台", "/desk"), ("结对共建", url_for("pairings.index"))]
    return [*way, (f"{row.unit.name} · {row.community.name}", web.address_of(row))] if row else way


def asked_for(name: str, offered: set[int]) -> int | None:
    """The row that the address names beforehand, when it is one of those offered."""
    key = row_id(request.args.get(name))
    return key if key in offered else None


def in_a_month() -> dt.date:
    """A day in a month, as a first guess of when a thing should be done."""
    return clock.today() + dt.timedelta(days=30)


def _strike_form(row: Pairing) -> StrikeForm:
    lines = [(item.id, f"{item.kind.label}：{item.what}") for item in row.items if workflow.may_strike(item, web.me())]
    form = StrikeForm(data={"item_id": asked_for("item", {key for key, _ in lines})})
    form.item_id.offer(lines)
    return form


ASKS = {"add_need": NeedForm, "add_resource": ResourceForm, "strike": _strike_form}
