"""Pages of opening logins for many offices at once, and of giving many logins a new one-time password."""

from flask import abort, render_template, request, url_for

from portal import web
from portal.accounts import offices, opening, rights
from portal.accounts.routes import bp
from portal.actors import Role
from portal.doors import for_roles
from portal.errors import RuleBroken
from portal.extensions import db, reading
from portal.people.names import tidy_name

MANAGERS = tuple(rights.GIVES)


@bp.route("/accounts/offices", methods=["GET", "POST"])
@for_roles(*offices.OPENERS)
def office_logins():
    """Open logins for ticked places of one's scope where nobody holds an office yet, each with a name."""
    by = web.me()
    gives = [role for role in rights.GIVES[by.role] if role in offices.OFFICES]
    role = Role.of(request.args["role"]) if "role" in request.args else gives[0]
    if role not in gives:
        abort(404)
    if request.method == "GET":
        return _offices_page(role, gives), 200
    ticked = opening.ticked(request.form.getlist("place"))
    if not ticked:
        return web.done(url_for("accounts.office_logins", role=role.value), "请先勾选要开通账号的单位或网格。", "error")
    try:
        with reading():
            made = offices.wanted(ticked, lambda place: tidy_name(request.form.get(f"name-{place}", "")))
        return opening.show_once(offices.open_offices(web.me(), role, made))
    except RuleBroken as refusal:
        db.session.rollback()
        return _offices_page(role, gives, refusal.sentence), 422


@bp.route("/accounts/resets", methods=["GET", "POST"])
@for_roles(*MANAGERS)
def resets():
    """New one-time passwords for ticked logins that never used theirs (slips lost, never handed out)."""
    if request.method == "GET":
        return render_template("accounts/resets.html", users=offices.unused(web.me()), most=opening.AT_ONCE)
    ids = opening.ticked(request.form.getlist("user"))
    if not ids:
        return web.done(url_for("accounts.resets"), "请先勾选要重置密码的账号。", "error")
    with reading():
        made = opening.first_passwords(ids)
    return opening.show_once(offices.reset_many(web.me(), made))


def _offices_page(role: Role, gives: list[Role], trouble: str = ""):
    vacant = offices.vacancies(web.me(), role)
    typed = {one.id: request.form.get(f"name-{one.id}", one.likely)[: offices.NAME] for one in vacant}
    shown = {"role": role, "gives": gives, "vacant": vacant, "typed": typed, "trouble": trouble}
    ticked = set(opening.ticked(request.form.getlist("place")))
    return render_template("accounts/offices.html", ticked=ticked, most=opening.AT_ONCE, **shown)
