"""The room `work`: what units and the bodies above them did themselves, with files, and who has none."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages."""
    from portal.work import routes, workflow  # noqa: F401

    app.register_blueprint(routes.bp)
