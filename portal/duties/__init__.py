"""The room `duties`: the five ones of each member, told from the records; how many have done what, and who lacks it."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages, and where the next useful step leads."""
    from portal.duties import routes, sheet_routes  # noqa: F401

    app.register_blueprint(routes.bp)
    app.jinja_env.globals["address_of_step"] = routes.address_of_step
