"""The room `exemplars`: model volunteers of a year, nominated by communities and confirmed by the county."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages."""
    from portal.exemplars import queries, routes, workflow  # noqa: F401

    app.register_blueprint(routes.bp)
    app.jinja_env.globals["exemplar_years_of"] = queries.confirmed_years
