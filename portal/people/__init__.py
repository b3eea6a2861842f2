"""The room `people`."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages and commands."""
    from portal.people import organisation_routes, routes

    app.register_blueprint(routes.bp)
    app.register_blueprint(organisation_routes.bp)
