"""The room `scheme`."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages and commands."""
    from portal.scheme import commands, routes

    app.register_blueprint(routes.bp)
    app.cli.add_command(commands.scheme)
