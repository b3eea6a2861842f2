"""The room `reports`: tables 6 and 7, whose every number opens its list, and their handing in."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages, and what time does to reports."""
    from portal.reports import (  # noqa: F401
        county_routes,
        frozen_routes,
        part_routes,
        routes,
        sweeps,
        table_routes,
        table_sheets,
    )

    app.register_blueprint(table_routes.bp)
    app.register_blueprint(routes.bp)
    sweeps.register()
