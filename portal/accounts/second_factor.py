"""The pages of the second factor: the code asked at login, and binding a phone app (county and admin)."""

import segno
from flask import current_app, redirect, render_template, request, session, url_for
from flask_login import current_user

from portal import clock, cookie_seal, web
from portal.accounts import lockout, totp, workflow
from portal.accounts.entering import asked_for_code, enter
from portal.accounts.forms import CodeForm
from portal.accounts.models import User
from portal.accounts.rights import OFFICES
from portal.accounts.routes import bp
from portal.doors import entrance, for_roles
from portal.errors import Refused
from portal.extensions import db

_PENDING = "new_second_factor"


@bp.route("/login/code", methods=["GET", "POST"])
@entrance
def code():
    """The second step of signing in: six digits from the phone app."""
    asked = asked_for_code()
    if asked is None:
        return redirect(url_for("accounts.login"), 303)
    form = CodeForm()
    if not form.validate_on_submit():
        return _code_page(form, 422 if form.errors else 200)
    try:
        user = _shown(asked["user"], form)
        if user is not None:
            return enter(user, asked["next"])
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return _code_page(form, refusal.status)
    form.code.errors = ["动态口令不正确或已用过，请等下一个。"]
    return _code_page(form, 422)


@bp.route("/second-factor", methods=["GET", "POST"])
@for_roles(*OFFICES)
def second_factor():
    """Bind a phone app to one's own login, or let it go; both by a code from the app."""
    user = db.session.get_one(User, current_user.user_id)
    secret = user.totp or _pending_secret(user.id)
    form = CodeForm()
    if form.validate_on_submit():
        step = totp.step_of(secret, form.code.data, clock.now().timestamp(), user.totp_step)
        if step is not None:
            return _bound(user, None if user.totp_sealed else secret, step)
        form.code.errors = ["动态口令不正确。请核对手机的时间，填写最新的 6 位数字。"]
    name = current_app.config["SCHEME_NAME"]
    qr = segno.make(totp.address_for(secret, name, user.username), error="m").svg_data_uri(scale=5, border=2)
    shown = {"form": form, "bound": bool(user.totp_sealed), "secret": secret, "qr": qr}
    return render_template("accounts/second_factor.html", **shown), 422 if form.errors else 200


def _bound(user: User, secret: str | None, step: int):
    workflow.set_second_factor(web.me(), user, secret, step)
    session.pop(_PENDING, None)
    done = "已绑定。下次登录时会询问动态口令。" if secret else "已解除绑定。登录时不再询问动态口令。"
    return web.done(url_for("accounts.second_factor"), done)


def _pending_secret(user_id: int) -> str:
    """The secret that is being bound, sealed in the browser's cookie until it is confirmed by a code."""
    purpose = f"{_PENDING}:{user_id}"
    if kept := session.get(_PENDING):
        return cookie_seal.unseal(kept, purpose)
    secret = totp.new_secret()
    session[_PENDING] = cookie_seal.seal(secret, purpose)
    return secret


def _shown(user_id: int, form: CodeForm) -> User | None:
    """The login, when the code is right; each try is counted like a password's."""
    user = db.session.get_one(User, user_id)
    tried, address = f"{user.username} code", request.remote_addr or ""
    lockout.count_try(tried, user.id, address)
    web.keep()
    user = db.session.get_one(User, user_id, with_for_update=True)
    step = totp.step_of(user.totp or "", form.code.data, clock.now().timestamp(), user.totp_step) if user.totp else None
    if step is None:
        return None
    user.totp_step = step
    lockout.forgive_try(tried, address)
    return user


def _code_page(form: CodeForm, status: int):
    return render_template("accounts/code.html", form=form), status
