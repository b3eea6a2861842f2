"""The last steps of signing in: the second factor's question, and the session with its new identity."""

from flask import redirect, request, session, url_for
from flask_login import login_user

from portal import clock, web
from portal.accounts import signed_in, workflow
from portal.accounts.models import User

SECONDS_TO_ANSWER = 5 * 60
_ASKED = "second_factor"


def enter(user: User, goal: str | None, sentence: str = ""):
    """Open the session of a login that has shown who it is, with a new identity, and lead on."""
    token = workflow.sign_in(user, request.remote_addr or "", session.get("_user_id"))
    session.clear()
    answer = web.done(web.safe_next(goal, url_for("desks.desk")), sentence)
    login_user(signed_in.load(token))
    return answer


def ask_for_code(user: User, goal: str | None):
    """The password was right: lead to the page that asks for the code, within five minutes."""
    session[_ASKED] = {"user": user.id, "until": clock.now().timestamp() + SECONDS_TO_ANSWER, "next": goal or ""}
    return redirect(url_for("accounts.code"), 303)


def asked_for_code() -> dict | None:
    """Whom this browser is asked for a code (user, next); None when nobody, or too long ago."""
    asked = session.get(_ASKED)
    if asked and asked["until"] >= clock.now().timestamp():
        return asked
    session.pop(_ASKED, None)
    return None
