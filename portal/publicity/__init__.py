"""The room `publicity`: stories of service for everybody, and notices to a scope."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages."""
    from portal.publicity import notice_routes, photo_routes, story_routes

    for routes in (photo_routes, story_routes, notice_routes):
        app.register_blueprint(routes.bp)
