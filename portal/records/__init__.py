"""The room `records`: service records (写实记录) and their two-person rule."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages."""
    from portal.records.routes import bp

    app.register_blueprint(bp)
