"""The database goes away: people who are signed in read a calm sentence too, and all is well when it is back."""

import pytest

from portal import create_app
from portal.extensions import db
from tests.cast import Cast, sign_in
from tests.conftest import FIELD_KEY


@pytest.fixture
def own_app(tmp_path):
    """An application whose database file a test may take away."""
    app = create_app(
        {
            "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path / 'portal.db'}",
            "SECRET_KEY": "test-" + "s" * 40,
            "FIELD_KEY": FIELD_KEY,
            "INSTANCE_DIR": str(tmp_path),
        }
    )
    yield app
    close(app)


def close(app) -> None:
    """Let go of every connection to the database."""
    with app.app_context():
        db.engine.dispose()


def test_refused_in_words_while_away_and_served_again_when_back(own_app, tmp_path):
    with own_app.app_context():
        db.create_all()
        browser = sign_in(own_app, Cast.settle().users["clerk1"])
    assert browser.get("/records").status_code == 200
    close(own_app)
    (tmp_path / "portal.db").rename(tmp_path / "elsewhere.db")
    (tmp_path / "portal.db").mkdir()  # an empty file would be created anew
    for address in ("/records", "/", "/help"):
        answer = browser.get(address)
        assert answer.status_code == 503
        assert "系统正忙" in answer.text
        assert answer.headers["Cache-Control"] == "no-store, private"
    (tmp_path / "portal.db").rmdir()
    (tmp_path / "elsewhere.db").rename(tmp_path / "portal.db")
    assert browser.get("/records").status_code == 200
