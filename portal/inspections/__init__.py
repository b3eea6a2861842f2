"""The room `inspections`: the county's checks, their findings and result notices, and the yearly assessment."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages."""
    from portal.inspections import (
        checklist_routes,
        finding_routes,
        notice_routes,
        routes,
        target_routes,  # noqa: F401  (adds its pages to those of inspections)
    )

    app.register_blueprint(routes.bp)
    app.register_blueprint(finding_routes.bp)
    app.register_blueprint(notice_routes.bp)
    app.register_blueprint(checklist_routes.bp)
