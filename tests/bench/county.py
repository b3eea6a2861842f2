"""A county to measure on: a database of its own with the cast, and more."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask, g

from portal import create_app
from portal.extensions import db
from tests import postgres
from tests.cast import Cast

DATABASES = ("sqlite", "postgresql")


@contextmanager
def county(folder: Path, kind: str) -> Iterator[tuple[Flask, Cast]]:
    """An application on an empty database of this kind, whose files lie in the folder, and its cast."""
    folder.mkdir(exist_ok=True)
    uri = f"sqlite:///{folder / 'portal.db'}" if kind == "sqlite" else postgres.database(folder.name)
    app = create_app({"INSTANCE_DIR": str(folder), "SQLALCHEMY_DATABASE_URI": uri, "LOG_REQUESTS": False})
    # Requests share this app context; what one left in g (who is signed in) must not reach the next.
    app.teardown_request(lambda _error: g.__dict__.clear())
    with app.app_context():
        db.create_all()
        yield app, Cast.settle()
        db.session.remove()
        db.engine.dispose()
