"""The room `reports`: tables 6 and 7, whose every number opens its list, and their handing in."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages, and what time does to reports."""
    from portal.reports import county_routes, frozen_routes, part_routes, routes, sweeps  # noqa: F401

    app.register_blueprint(routes.bp)
    sweeps.register()
