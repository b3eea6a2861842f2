"""The room `accounts`: logins, appointments, signed-in sessions."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages and commands."""
    # signed_in teaches Flask-Login how to load a person; the others add their pages to the blueprint
    from portal.accounts import second_factor, signed_in  # noqa: F401
    from portal.accounts.routes import bp

    app.register_blueprint(bp)
