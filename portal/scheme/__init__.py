"""The room `scheme`."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages and commands."""
    from portal import years
    from portal.scheme import calendar_routes, commands, queries, routes, service_day_routes  # noqa: F401

    years.told_by(queries.why_closed)
    app.register_blueprint(routes.bp)
    app.register_blueprint(service_day_routes.bp)
    app.cli.add_command(commands.scheme)
