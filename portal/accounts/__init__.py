"""The room `accounts`: logins, appointments, signed-in sessions."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages and commands."""
    from portal.accounts import signed_in  # noqa: F401  (teaches Flask-Login how to load a person)
    from portal.accounts.routes import bp

    app.register_blueprint(bp)
