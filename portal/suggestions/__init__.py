"""The room `suggestions`: what members propose to their community or its town, and what came of it."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages."""
    from portal.suggestions import routes, workflow  # noqa: F401

    app.register_blueprint(routes.bp)
