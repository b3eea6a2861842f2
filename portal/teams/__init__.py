"""The room `teams`: volunteer teams of a community, who belongs to them and who leads them."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages."""
    from portal.teams import queries, routes, workflow  # noqa: F401

    app.jinja_env.globals["memberships_of"] = queries.current_of
    app.register_blueprint(routes.bp)
