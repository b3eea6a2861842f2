"""The room `accounts`: logins, appointments, signed-in sessions."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages and commands."""
    # signed_in teaches Flask-Login how to load a person; the others add their pages to the blueprint
    from portal.accounts import appointment_routes, commands, routes, second_factor, signed_in, user_routes  # noqa: F401

    app.register_blueprint(routes.bp)
    app.register_blueprint(appointment_routes.bp)
    app.cli.add_command(commands.account)
