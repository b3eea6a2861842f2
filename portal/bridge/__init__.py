"""The room `bridge`: exports whose headings are those of another platform's import, by templates of the county."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages."""
    from portal.bridge.routes import bp

    app.register_blueprint(bp)
