"""Pages of managing logins: the list, one login, opening one, one-time passwords, further appointments."""

from flask import abort, redirect, render_template, request, url_for

from portal import clock, web
from portal.accounts import listing, lockout, offices, opening, passwords, queries, rights, scopes, workflow
from portal.accounts.forms import NewLoginForm, RenameForm, ScopeForm
from portal.accounts.models import User
from portal.accounts.routes import bp
from portal.accounts.workflow import Slip
from portal.actors import Role
from portal.doors import for_roles
from portal.edits import edit
from portal.errors import Refused
from portal.extensions import db, reading
from portal.forms import ChineseForm
from portal.paging import page_of

MANAGERS = tuple(rights.GIVES)


@bp.route("/accounts")
@for_roles(*MANAGERS)
def index():
    """The logins that this person manages, by name; filters in the address."""
    filters = listing.filters(web.me())
    shown = page_of(listing.rows(web.me(), filters), request.args.get("after"), User.pinyin)
    more = {
        "locked_out": listing.locked_out(shown.rows),
        "waiting": db.session.scalars(queries.waiting_for_second_person(web.me())).all(),
        "without": listing.without_login(web.me()),
        "opens_offices": web.me().role in offices.OPENERS,
    }
    return render_template("accounts/index.html", filters=filters, shown=shown, **more)


@bp.route("/accounts/<row:user>")
@for_roles(*MANAGERS)
def page(user: int):
    """One login: its appointments, failures and history."""
    found = web.find(queries.visible_to(web.me()), user)
    may = {name: getattr(rights, f"may_{name}")(found, web.me()) for name in ("reset", "administer", "appoint")}
    may["join"] = web.me().role is Role.COUNTY and may["appoint"] and found.member_id is None
    return render_template("accounts/page.html", user=found, failures=lockout.failures(found.id), may=may)


@bp.route("/accounts/new", methods=["GET", "POST"])
@for_roles(*MANAGERS)
def new():
    """Open a login with its first appointment; the answer leads to the slip with the one-time password."""
    role = _role_asked()
    if role is None:
        gives = rights.GIVES[web.me().role]
        return render_template("accounts/choose_role.html", gives=gives, to="accounts.new", given={})
    if role is Role.MEMBER and "member" not in request.args:
        return redirect(url_for("accounts.members" if web.me().role is Role.LIAISON else "people.index"))
    member = opening.member_asked(web.me(), request.args["member"]) if role is Role.MEMBER else None
    form = opening.form_for(role, web.me(), member)
    if not form.validate_on_submit():
        return _new_page(form, role, member), 422 if form.errors else 200
    with reading():
        password = passwords.first_password()
        hashed = passwords.hash_password(password)
    try:
        appointment = opening.open_one(web.me(), role, form, hashed, member.id if member else None)
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return _new_page(form, role, member), refusal.status
    user = appointment.user
    return opening.show_once([Slip(user.name, appointment.office_name or role.label, user.username, password)])


@bp.route("/accounts/<row:user>/reset", methods=["GET", "POST"])
@for_roles(*MANAGERS)
def reset(user: int):
    """Give a login a new one-time password."""
    found = web.find(queries.visible_to(web.me()), user)
    if not rights.may_reset(found, web.me()):
        raise Refused("这个账号的密码由它的上一级重置；本人兼有其他身份的，请联系县委组织部。")
    form = ChineseForm()
    if not form.validate_on_submit():
        return render_template("accounts/reset.html", user=found, form=form)
    with reading():
        password = passwords.first_password()
        hashed = passwords.hash_password(password)
    found = web.find(queries.visible_to(web.me()), user)
    workflow.reset_password(web.me(), found, hashed)
    office = "、".join(filter(None, (held.office_name for held in queries.appointments_of(user, clock.today()))))
    return opening.show_once([Slip(found.name, office, found.username, password)])


@bp.route("/accounts/<row:user>/forgive", methods=["POST"])
@for_roles(*MANAGERS)
def forgive(user: int):
    """Let a login try again that typed a wrong password five times."""
    found = web.find(queries.visible_to(web.me()), user)
    workflow.forgive(web.me(), found)
    return web.done(url_for("accounts.page", user=user), "已解除，可以再登录。")


@bp.route("/accounts/<row:user>/rename", methods=["GET", "POST"])
@for_roles(*MANAGERS)
def rename(user: int):
    """Correct the name of a login."""
    found = web.find(queries.visible_to(web.me()), user)
    back = url_for("accounts.page", user=user)
    crumbs = [("账号", url_for("accounts.index")), (found.name, back)]
    form = RenameForm(obj=found)
    return edit(found, form, lambda name: workflow.rename(web.me(), found, name), back, title="修改姓名", crumbs=crumbs)


@bp.route("/accounts/<row:user>/appoint", methods=["GET", "POST"])
@for_roles(*MANAGERS)
def appoint(user: int):
    """Give a login a further appointment."""
    found, role = web.find(queries.visible_to(web.me()), user), _role_asked()
    gives = [each for each in rights.GIVES[web.me().role] if each is not Role.MEMBER or found.member_id]
    if role is None:
        return render_template("accounts/choose_role.html", gives=gives, to="accounts.appoint", given={"user": user})
    form = ScopeForm(data={"starts_on": clock.today()})
    scopes.prepare(form, role, web.me())
    if form.validate_on_submit():
        try:
            dates = {"starts_on": form.starts_on.data, "ends_on": form.ends_on.data}
            made = workflow.appoint(web.me(), found, role=role, **scopes.scope_of(form), **dates)
            return web.done(url_for("accounts.page", user=user), f"已任命，{made.state.label}。")
        except Refused as refusal:
            db.session.rollback()
            form.form_errors.append(refusal.sentence)
    shown = {"form": form, "user": found, "role": role, "needs_second": role in rights.NEED_SECOND}
    return render_template("accounts/appoint.html", **shown), 422 if form.errors or form.form_errors else 200


@bp.route("/accounts/<row:user>/<verb>", methods=["GET", "POST"])
@for_roles(*MANAGERS)
def move(user: int, verb: str):
    """Stop a login or let it be used again."""
    return web.do_move(web.find(queries.visible_to(web.me()), user), verb)


def _role_asked() -> Role | None:
    """The role in the address; the only one that this person gives, when they give one only."""
    gives = rights.GIVES[web.me().role]
    if "role" not in request.args:
        return gives[0] if len(gives) == 1 else None
    role = Role.of(request.args["role"])
    return role if role in gives else abort(404)


def _new_page(form: NewLoginForm, role: Role, member):
    shown = {"form": form, "role": role, "member": member, "needs_second": role in rights.NEED_SECOND}
    return render_template("accounts/new.html", **shown)
