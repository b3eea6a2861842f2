"""Refusals as pages: one Chinese page for each kind of error, and an expired form comes back with its text."""

from flask import Flask, g, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException, SecurityError

from portal.errors import Refused
from portal.extensions import db, login_manager
from portal.logs import fault, log

PAGES = (400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503)
_TAKEN = (1555, 2067, "23505")  # a row of this key is there already, as SQLite and PostgreSQL say it
_NEVER_SHOWN = ("csrf_token", "once", "password", "new_password", "again", "code")


def register(app: Flask) -> None:
    """Answer every error with a page of the house."""
    app.register_error_handler(Refused, refused)
    app.register_error_handler(CSRFError, expired)
    app.register_error_handler(401, expired)
    app.register_error_handler(IntegrityError, overtaken)
    app.register_error_handler(OperationalError, database_away)
    app.register_error_handler(SecurityError, foreign_host)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, unexpected)


def refused(refusal: Refused):
    """The refusal's own sentence."""
    db.session.rollback()
    return error_page(refusal.status, refusal.sentence)


def expired(_error):
    """The login or the form is too old: what was typed is shown again, to be copied or sent once more."""
    db.session.rollback()
    return render_template("errors/expired.html", typed=_typed()), 401


def overtaken(error: IntegrityError):
    """Two did at once what can be done once: the later one is told, and what was typed is shown again.

    The rooms look first and say it more exactly; this is what the database's own keys answer in the moment between.
    """
    code = getattr(error.orig, "sqlite_errorcode", None) or getattr(error.orig, "sqlstate", None)
    if code not in _TAKEN:
        return unexpected(error)
    log.warning("overtaken", endpoint=request.endpoint)
    db.session.rollback()
    return render_template("errors/overtaken.html", typed=_typed()), 409


def _typed() -> list[tuple[str, str]]:
    """What stood in the form that could not be taken, to be copied or sent once more; nothing for a foreign site."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return []
    return [(k, v) for k, v in request.form.items(multi=True) if k not in _NEVER_SHOWN and v]


def database_away(error: OperationalError):
    """The database is busy, away or full: refused in words, nothing acknowledged."""
    log.error("database away", error=type(error.orig).__name__)
    db.session.rollback()
    _as_a_visitor()
    return error_page(503)


def foreign_host(_error: SecurityError):
    """A host name that is not ours: no page, since no address can be made for it."""
    return "请求的主机名不在允许之列。", 400, {"Content-Type": "text/plain; charset=utf-8"}


def http_error(error: HTTPException):
    """Werkzeug's own errors, in Chinese; an answer that is no error (a redirect) stays as it is."""
    if error.code is None or error.code < 400:
        return error
    answer = error_page(error.code)
    return (*answer, {"Allow": ", ".join(getattr(error, "valid_methods", None) or [])}) if error.code == 405 else answer


def unexpected(error: Exception):
    """A fault of ours: logged without personal data, said in one calm page."""
    fault("fault", error)
    try:
        db.session.rollback()
    except Exception as failure:
        fault("rollback failed", failure)
    _as_a_visitor()
    return error_page(500)


def _as_a_visitor() -> None:
    # The page and its headers ask who is signed in; answering that may need the very database that is away.
    g._login_user = login_manager.anonymous_user()


def error_page(status: int, sentence: str = ""):
    """The page of a status, with a sentence of its own where there is one."""
    page = status if status in PAGES else (500 if status >= 500 else 400)
    return render_template("errors/page.html", status=page, sentence=sentence), status
