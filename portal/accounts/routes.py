"""Signing in and out, and the switcher of appointments."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user
from sqlalchemy import select

from portal import web
from portal.accounts import passwords, signed_in, workflow
from portal.accounts.forms import LoginForm
from portal.accounts.models import User
from portal.doors import public, signed_in_first
from portal.extensions import db, reading

bp = Blueprint("accounts", __name__)


@bp.route("/login", methods=["GET", "POST"])
@public
def login():
    """Sign in by user name and password."""
    form = LoginForm(data={"next": request.args.get("next", "")})
    if not form.validate_on_submit():
        return render_template("accounts/login.html", form=form), 422 if form.errors else 200
    with reading():
        found = db.session.scalar(select(User).where(User.username == form.username.data))
        user_id, right = (
            found.id if found else None,
            passwords.verify(found.password_hash if found else None, form.password.data),
        )
    user = db.session.get(User, user_id) if right and user_id else None
    if user is None or user.locked_at:
        form.password.errors = ["用户名或密码不正确。"]
        return render_template("accounts/login.html", form=form), 422
    token = workflow.sign_in(user, request.remote_addr or "")
    session.clear()
    answer = web.done(web.safe_next(form.next.data, url_for("desks.desk")))
    login_user(signed_in.load(token))
    return answer


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
@signed_in_first
def use(appointment: int):
    """Act in another of one's own appointments."""
    workflow.switch(web.me(), current_user.session_id, appointment)
    return web.done(url_for("desks.desk"))


@bp.route("/password", methods=["GET", "POST"])
@signed_in_first
def password():
    """Change one's own password."""
    return redirect(url_for("desks.desk"))
