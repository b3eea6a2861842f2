"""The room `evaluations`: what a community says of a member, yearly and at once, and what the unit made of it."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages, and what leaving and a change of unit do to drafts."""
    from portal.evaluations import bulk_routes, following, grade_routes, note_routes, routes  # noqa: F401

    following.register()
    app.register_blueprint(routes.bp)
