"""The room `accounts`: logins, appointments, signed-in sessions."""

from flask import Flask

from portal import queue


def register(app: Flask) -> None:
    """Add this room's pages and commands, what falls due, and what other rooms' pages show of logins."""
    # signed_in teaches Flask-Login how to load a person; the last four add their pages to the blueprint.
    from portal.accounts import appointment_routes, commands, lockout, officers, routes, signed_in
    from portal.accounts import bulk_routes, member_routes, second_factor, user_routes  # noqa: F401  isort: skip

    app.register_blueprint(routes.bp)
    app.register_blueprint(appointment_routes.bp)
    app.cli.add_command(commands.account)
    queue.sweep(lockout.forget_old_tries)
    queue.sweep(signed_in.forget_ended_sessions)
    app.jinja_env.globals.update(officers_of=officers.officers_of, login_of=officers.login_of)
