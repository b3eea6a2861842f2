"""What every test shares: the application on SQLite or PostgreSQL, a clean database, and people to act."""

import base64
import gc
import json
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from flask import current_app, g
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import text

from portal import create_app, vault
from portal.config import DEFAULTS
from portal.duties import tally
from portal.extensions import Base, db
from portal.papers import paper_keys
from portal.wishes import wall_cache
from tests import postgres
from tests.cast import Cast
from tests.kept import keep, put_back

FIELD_KEY = base64.b64encode(b"k" * 32).decode()


def pytest_addoption(parser):
    parser.addoption("--database", default="sqlite", choices=["sqlite", "postgresql"], help="run the suite on this")


def pytest_collection_finish():
    """What was imported stays to the end: the collector of circles need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


@pytest.fixture(scope="session")
def database_uri(request, tmp_path_factory) -> str:
    if request.config.getoption("--database") == "postgresql":
        return postgres.database(os.environ.get("PYTEST_XDIST_WORKER", "alone"))
    folder = tmp_path_factory.mktemp("database")
    if Path("/dev/shm").is_dir():  # memory: the suite commits thousands of times, and a test loses nothing
        folder = Path(tempfile.mkdtemp(dir="/dev/shm"))
        request.addfinalizer(lambda: shutil.rmtree(folder))
    return f"sqlite:///{folder / 'portal.db'}"


@pytest.fixture(scope="session")
def instance_dir(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("instance")


@pytest.fixture(scope="session")
def application(database_uri, instance_dir):
    app = create_app(
        {
            "TESTING": True,
            "SQLALCHEMY_DATABASE_URI": database_uri,
            "SECRET_KEY": "test-" + "s" * 40,
            "FIELD_KEY": FIELD_KEY,
            "INSTANCE_DIR": str(instance_dir),
            "WTF_CSRF_ENABLED": False,
            "LOG_REQUESTS": False,
            # The suite asks for more kinds of statements than a server does: none is compiled twice.
            "SQLALCHEMY_ENGINE_OPTIONS": DEFAULTS["SQLALCHEMY_ENGINE_OPTIONS"] | {"query_cache_size": 10_000},
        }
    )
    # Requests of a test share its app context; what a request left in g (who is signed in) must not.
    app.teardown_request(lambda _error: g.__dict__.clear())
    with app.app_context():
        upgrade()  # the schema as operators get it, guards included
        delete_all_rows()
        app.empty = keep() if db.engine.dialect.name == "sqlite" else None
    yield app
    with app.app_context():
        db.engine.dispose()  # a connection left to the garbage collector would fail the suite after its last test


@pytest.fixture
def app(application):
    """The application in an app context, on a database that the test finds empty."""
    with application.app_context():
        yield application
        db.session.rollback()
        db.session.remove()
        empty_database()


def empty_database() -> None:
    """Let the database of the application hold no row."""
    if current_app.empty is not None:
        put_back(current_app.empty)
    else:
        delete_all_rows()


def delete_all_rows() -> None:
    """Delete every row; the guards of append-only tables stand aside for this one act."""
    engine = db.engine
    tables = list(reversed(Base.metadata.sorted_tables))
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(text("SET session_replication_role = replica"))
            for table in tables:
                connection.execute(table.delete())
            connection.execute(text("SET session_replication_role = DEFAULT"))
        return
    with engine.begin() as connection:
        guards = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
        for name, _ in guards:
            connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        for table in tables:
            connection.execute(table.delete())
        for _, statement in guards:
            connection.execute(text(statement))


class Elsewhere(FlaskClient):
    """A browser before another application: the test's own session lets go of the database while it answers."""

    def open(self, *args, **kwargs):
        db.session.rollback()
        return super().open(*args, **kwargs)


@pytest.fixture
def face(application, app, tmp_path):
    """`face("member")` is the application of another face, on the same database; its keys are those of this process
    until the next one is opened.
    """
    opened = []

    def open_face(name: str):
        kept = ("TESTING", "SQLALCHEMY_DATABASE_URI", "SECRET_KEY", "WTF_CSRF_ENABLED", "LOG_REQUESTS")
        settings = {setting: application.config[setting] for setting in kept}
        vault.load_key(FIELD_KEY)
        if name == "public":
            settings["PUBLIC_KEYS"] = str(tmp_path / "public_keys.json")
            keys = vault.public_keys() | {"papers": paper_keys.public_pem().decode()}
            Path(settings["PUBLIC_KEYS"]).write_text(json.dumps(keys))
        else:
            settings["FIELD_KEY"] = FIELD_KEY
        opened.append(create_app(settings | {"INSTANCE_DIR": str(tmp_path / name), "FACE": name}))
        opened[-1].test_client_class = Elsewhere
        wall_cache.forget()
        tally.forget()
        return opened[-1]

    yield open_face
    vault.load_key(FIELD_KEY)
    wall_cache.forget()
    tally.forget()
    for each in opened:
        with each.app_context():
            db.engine.dispose()


@pytest.fixture
def cast(app) -> Cast:
    """A small county with people in every role, in the empty database."""
    return Cast.as_settled()


@pytest.fixture
def client(app):
    """A browser that is not signed in."""
    return app.test_client()


@pytest.fixture
def browse(app):
    """`browse(user)` is a browser signed in as this user (in the appointment used last)."""
    from tests.cast import sign_in

    return lambda user: sign_in(app, user)


@pytest.fixture
def county_apart(request, tmp_path):
    """An application on a new database of the kind that the suite runs on, with its cast: for a server of its own."""
    (tmp_path / "field_key").write_text(FIELD_KEY)  # for the server too
    on_files = request.config.getoption("--database") == "sqlite"
    uri = f"sqlite:///{tmp_path / 'portal.db'}" if on_files else postgres.database(f"apart_{os.getpid()}")
    app = create_app({"INSTANCE_DIR": str(tmp_path), "SQLALCHEMY_DATABASE_URI": uri})
    with app.app_context():
        db.create_all()
        yield app, Cast.settle()
        db.session.remove()
        db.engine.dispose()
