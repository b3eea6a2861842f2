"""The room `households`: households in difficulty, who supports them, and each visit."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages, and say what a member's leaving means for the households they support."""
    from portal.households import counting, file_routes, leaving, routes, support_routes, visit_routes, workflow  # noqa: F401

    leaving.register()
    counting.register()
    app.register_blueprint(routes.bp)
