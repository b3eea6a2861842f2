"""Pages of supports: whom to ask, with why they fit, and the moves of a support, on the household's page."""

from flask import render_template, request, url_for

from portal import sought, web
from portal.actors import Role
from portal.doors import for_roles, signed_in
from portal.errors import RuleBroken
from portal.extensions import db
from portal.households import candidates, queries, supporting
from portal.households.forms import DeclineForm, ProposeForm, ReplaceForm, SupportEndForm
from portal.households.models import Household, Support
from portal.households.routes import bp, crumbs
from portal.people.models import Member


@bp.route("/<number:household>/propose", methods=["GET", "POST"])
@for_roles(Role.CLERK)
def propose(household: str):
    """A clerk asks a member to support a household: those whom it fits stand first, each with the reasons."""
    found, words = web.find(queries.visible_to(web.me()), household), sought.words()
    offered = candidates.who_may_be_asked(found, web.me(), words)
    if request.method == "POST":
        return _propose(found)
    shown = offered[: candidates.SHOWN]
    return render_template(
        "households/propose.html", household=found, offered=shown, q=words, more=len(offered) - len(shown),
        crumbs=crumbs(found),
    )  # fmt: skip


def _propose(household: Household):
    form = ProposeForm()
    offered = {each.id: each for each in candidates.who_may_be_asked(household, web.me())}
    form.member_id.offer((key, each.name) for key, each in offered.items())
    chosen = offered.get(form.member_id.data) if form.validate() else None
    if chosen is None:
        raise RuleBroken("请从列出的党员中选择；可能刚被别人请过。")
    member = db.session.get_one(Member, chosen.id)
    support = supporting.propose(household, member, web.me(), chosen.why, chosen.willing)
    said = "已请其结对，等本人答复。" if support.since is None else "已按本人意愿代为办理结对。"
    return web.done(web.address_of(household), said)


@bp.route("/<number:household>/supports/<row:support>/<verb>", methods=["GET", "POST"])
@signed_in
def support_move(household: str, support: int, verb: str):
    """Any move of a support: GET asks, POST does; who leaves goes on to their own page."""
    by = web.me()
    found = web.find(queries.visible_to(by), household)
    row = web.find(queries.supports(by).where(Support.household_id == found.id), support)
    leaves = by.is_in(Role.MEMBER) and verb in ("decline", "end")
    return web.do_move(row, verb, ASKS.get(verb), url_for("households.mine") if leaves else "")


def _replace_form(support: Support) -> ReplaceForm:
    form = ReplaceForm()
    offered = candidates.who_may_be_asked(support.household, web.me())
    words = {each.id: "；".join(filter(None, (each.unit, each.why))) for each in offered}
    form.member_id.offer((each.id, f"{each.name}（{words[each.id]}）") for each in offered)
    return form


ASKS = {"decline": DeclineForm, "end": SupportEndForm, "replace": _replace_form}
