"""The room `desks`: the public home, help, each role's first page, and what an office did lately."""

from flask import Flask
from flask_login import current_user


def register(app: Flask) -> None:
    """Add this room's pages, and the navigation that every page shows."""
    from portal import list_sheets
    from portal.desks import finding_routes, handover, list_routes, nav, undo_routes  # noqa: F401
    from portal.desks.routes import bp

    app.register_blueprint(bp)
    app.register_blueprint(list_routes.bp)
    app.jinja_env.globals.update(
        public_nav=nav.public_nav,
        staff_nav=lambda: nav.staff_nav(current_user),
        list_here=lambda: nav.list_here(current_user if current_user.is_authenticated else None),
        may_export=list_sheets.may_export,
        export_url=list_sheets.export_url,
        handover_of=lambda place: handover.address_for(place, current_user),
    )
