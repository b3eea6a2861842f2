"""The room `menu`: what members can do, from what other rooms hold; it only reads."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages."""
    from portal.menu import routes

    app.register_blueprint(routes.bp)
