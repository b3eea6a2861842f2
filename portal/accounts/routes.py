"""Signing in and out, the switcher of appointments, and one's own password and second factor."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_login import current_user, logout_user

from portal import web
from portal.accounts import lockout, passwords, queries, workflow
from portal.accounts.entering import ask_for_code, enter
from portal.accounts.forms import FirstPasswordForm, LoginForm, PasswordForm
from portal.accounts.models import User, UserState
from portal.doors import entrance, inside, signed_in_first
from portal.errors import Refused, Throttled
from portal.extensions import db, reading

bp = Blueprint("accounts", __name__)


@bp.route("/login", methods=["GET", "POST"])
@entrance
def login():
    """Sign in by user name and password; the second factor, where there is one, is asked next."""
    if request.method == "GET" and current_user.is_authenticated:
        return redirect(web.safe_next(request.args.get("next"), url_for("desks.desk")))
    form = LoginForm(data={"next": request.args.get("next", "")})
    if not form.validate_on_submit():
        return _login_page(form, 422 if form.errors else 200)
    try:
        user = _checked(form.username.data, form.password.data)
        if user is None:
            form.password.errors = ["用户名或密码不正确。"]
            return _login_page(form, 422)
        if user.totp_sealed:
            return ask_for_code(user, form.next.data)
        return enter(user, form.next.data)
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return _login_page(form, refusal.status)


@bp.route("/logout", methods=["POST"])
@signed_in_first
def logout():
    """Sign out; the browser forgets everything of the portal."""
    workflow.sign_out(web.me(), current_user.session_id)
    logout_user()
    session.clear()
    answer = web.done(url_for("accounts.login"))
    answer.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return answer


@bp.route("/appointments/<row:appointment>/use", methods=["POST"])
@inside
@signed_in_first
def use(appointment: int):
    """Act in another of one's own appointments."""
    workflow.switch(web.me(), current_user.session_id, appointment)
    return web.done(url_for("desks.desk"), "已切换身份。")


@bp.route("/password", methods=["GET", "POST"])
@signed_in_first
def password():
    """Change one's own password; after a one-time password it must be."""
    form = FirstPasswordForm() if current_user.must_change_password else PasswordForm()
    if not form.validate_on_submit():
        return _password_page(form, 422 if form.errors else 200)
    try:
        hashed = _new_hash(form)
    except Throttled as refusal:
        form.form_errors.append(refusal.sentence)
        return _password_page(form, refusal.status)
    if hashed is None:
        return _password_page(form, 422)
    user = db.session.get_one(User, current_user.user_id)
    workflow.change_password(web.me(), user, hashed)
    return enter(user, None, "密码已修改，其他地方的登录已退出。")


def _login_page(form: LoginForm, status: int):
    return render_template("accounts/login.html", form=form), status


def _password_page(form: FirstPasswordForm, status: int):
    return render_template("accounts/password.html", form=form), status


def _checked(username: str, password: str) -> User | None:
    """The login whose name and password these are; None for a wrong one and for one that does not exist."""
    username, address = username.lower(), request.remote_addr or ""
    found = queries.user_named(username)
    user_id, password_hash = (found.id, found.password_hash) if found else (None, None)
    lockout.count_try(username, user_id, address)
    web.keep()
    with reading():
        right = passwords.verify(password_hash, password)
    if not right or user_id is None:
        return None
    lockout.forgive_try(username, address)
    web.keep()
    user = db.session.get_one(User, user_id)
    if user.state is UserState.LOCKED:
        raise Refused("这个账号已停用，请联系为您开通账号的同志。")
    return user


def _new_hash(form: FirstPasswordForm) -> str | None:
    """The hash of the new password; None when it is weak or the old one is wrong, with the sentence on the form."""
    user = db.session.get_one(User, current_user.user_id)
    username, user_id, old_hash, address = user.username, user.id, user.password_hash, request.remote_addr or ""
    old = form["old"].data if "old" in form else None
    if old is not None:
        lockout.count_try(username, user_id, address)
        web.keep()
    with reading():
        if old is not None and not passwords.verify(old_hash, old):
            form["old"].errors = ["原密码不正确。"]
            return None
        if weak := passwords.weakness(form.password.data, username, old_hash):
            form.password.errors = [weak]
        hashed = None if weak else passwords.hash_password(form.password.data)
    if old is not None:
        lockout.forgive_try(username, address)
        web.keep()
    return hashed
