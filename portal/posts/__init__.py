"""The room `posts`: standing duties of a community, which members claim and on which they serve (认岗、值岗)."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages."""
    from portal.posts import duty_routes, leaving, offers, receiving, routes  # noqa: F401

    app.register_blueprint(routes.bp)
    app.jinja_env.globals["posts_held_by"] = offers.held_by
    leaving.register()
    receiving.register()
