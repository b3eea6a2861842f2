"""The room `reports`: tables 6 and 7, whose every number opens its list, and their handing in."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages."""
    from portal.reports import table_routes, table_sheets  # noqa: F401

    app.register_blueprint(table_routes.bp)
