"""The room `desks`: the public home, help, and each role's first page; it only reads."""

from flask import Flask
from flask_login import current_user


def register(app: Flask) -> None:
    """Add this room's pages, and the navigation that every page shows."""
    from portal.desks import handover, nav
    from portal.desks.routes import bp

    app.register_blueprint(bp)
    app.jinja_env.globals.update(
        public_nav=nav.public_nav,
        staff_nav=lambda: nav.staff_nav(current_user),
        handover_of=lambda place: handover.address_for(place, current_user),
    )
