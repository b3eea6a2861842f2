"""The room `desks`: each role's first page; it only reads."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages."""
    from portal.desks.routes import bp

    app.register_blueprint(bp)
