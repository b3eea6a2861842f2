"""The room `registrations`: certificate, info card and receipt as one case; report-in rates; urging."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages."""
    from portal.registrations import (  # noqa: F401
        bulk_routes,
        card_routes,
        exemption_routes,
        file_routes,
        rate_routes,
        routes,
        sheet_routes,
    )

    app.register_blueprint(routes.bp)
