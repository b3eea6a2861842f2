"""The room `teams`: volunteer teams of a community, who belongs to them and who leads them."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages."""
    from portal.teams import routes, workflow  # noqa: F401

    app.register_blueprint(routes.bp)
