"""Pages about the logins of members: many opened at once, one joined to a login that is there already; the slips."""

from flask import render_template, request, url_for
from flask_login import current_user
from sqlalchemy import update

from portal import web
from portal.accounts import opening, queries, rights, workflow
from portal.accounts.forms import JoinForm
from portal.accounts.models import SignedInSession
from portal.accounts.routes import bp
from portal.actors import Role
from portal.doors import for_roles
from portal.errors import Refused
from portal.extensions import db, reading


@bp.route("/accounts/members", methods=["GET", "POST"])
@for_roles(Role.LIAISON)
def members():
    """Open logins for the ticked members of one's own unit who have none."""
    without = queries.members_without_login(web.me().unit_id)
    if request.method == "GET":
        return render_template("accounts/members.html", members=db.session.scalars(without).all(), most=opening.AT_ONCE)
    ids = opening.ticked(request.form.getlist("member"))
    if not ids:
        return web.done(url_for("accounts.members"), "请先勾选要开通账号的党员。", "error")
    with reading():
        made = opening.first_passwords(ids)
    return opening.show_once(opening.open_many(web.me(), made))


@bp.route("/accounts/slips")
@for_roles(*rights.GIVES)
def slips():
    """The one-time passwords just made, on slips to print; after a reload they are gone."""
    slips = workflow.slips_of(current_user.session_id)
    if slips:
        session = SignedInSession.id == current_user.session_id
        web.write_apart(update(SignedInSession).where(session).values(slips_sealed=None))
    return render_template("accounts/slips.html", slips=slips)


@bp.route("/accounts/<row:user>/join", methods=["GET", "POST"])
@for_roles(Role.COUNTY)
def join(user: int):
    """Say which member the person of a login is, so that nobody acts on themselves; they may act as a member too."""
    found, form = web.find(queries.visible_to(web.me()), user), JoinForm()
    if not form.validate_on_submit():
        return render_template("accounts/join.html", user=found, form=form), 422 if form.errors else 200
    try:
        member = workflow.join_member(web.me(), found, form.tail.data)
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return render_template("accounts/join.html", user=found, form=form), refusal.status
    return web.done(url_for("accounts.page", user=user), f"已关联为{member.unit.name}的党员{member.name}。")
