"""The page on which a liaison takes a member off the unit's roster."""

from flask import redirect, render_template, url_for
from wtforms import SelectChoice

from portal import web
from portal.actors import Role
from portal.doors import for_roles
from portal.errors import Refused
from portal.extensions import db
from portal.people.models import Member
from portal.registrations import leaving, queries
from portal.registrations.forms import EndForm
from portal.registrations.routes import bp
from portal.registrations.workflow import LEAVING


@bp.route("/members/<row:member>/leave", methods=["GET", "POST"])
@for_roles(Role.LIAISON)
def leave(member: int):
    """A member who is registered nowhere leaves the roster; a registered one by the end of the registration."""
    found = web.find(queries.members_of(web.me()), member)
    if current := queries.current_of(found.id):
        return redirect(web.move_address(current, "end"))
    form = EndForm()
    form.kind.choices = [SelectChoice(kind.value, kind.label) for kind in LEAVING]
    if not form.validate_on_submit():
        return _ask(found, form), 422 if form.errors else 200
    try:
        leaving.leave(found, web.me(), form.kind.data, form.reason.data)
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return _ask(found, form), refusal.status
    return web.done(url_for("people.page", member=found.id), f"{found.name}已离册。")


def _ask(member: Member, form: EndForm) -> str:
    return render_template("registrations/leave.html", form=form, member=member, follows=leaving.preview(member))
