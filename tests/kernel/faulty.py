"""The application with faults in it, for the test of the log: `gunicorn tests.kernel.faulty:app`."""

import logging

from sqlalchemy import insert

from portal import create_app
from portal.doors import public
from portal.extensions import db
from portal.people.models import Estate

app = create_app()
whole = app.wsgi_app


@app.route("/fault/<name>")
@public
def fault(name: str):
    """A fault whose message and whose local values quote what was typed."""
    raise RuntimeError(f"no such person: {name}")


@app.route("/fault/statement/<name>", methods=["POST"])
@public
def faulty_statement(name: str):
    """A statement that the database refuses, quoting in its answer the row that was typed."""
    db.session.execute(insert(Estate).values(name=name))
    return ""


@app.route("/warned/<name>")
@public
def warned(name: str):
    """What a library says that knows nothing of this house."""
    library = logging.getLogger("some.library")
    library.info("looking for %s", name)
    library.warning("gave up on %s", name)
    try:
        raise ValueError(name)
    except ValueError:
        library.exception("failed")
    return ""


def beyond_flask(environ, start_response):
    """What goes wrong outside the application reaches gunicorn."""
    if environ["PATH_INFO"].startswith("/beyond/"):
        raise RuntimeError(environ["PATH_INFO"])
    return whole(environ, start_response)


app.wsgi_app = beyond_flask
