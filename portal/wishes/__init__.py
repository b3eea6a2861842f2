"""The room `wishes`."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages and commands."""
    from portal.wishes import workflow  # noqa: F401  (declares the moves)
    from portal.wishes.routes import bp

    app.register_blueprint(bp)
