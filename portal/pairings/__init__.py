"""The room `pairings`: units and communities that build together, and the contact points of leaders."""

from flask import Flask

from portal import web


def register(app: Flask) -> None:
    """Add this room's pages, and what the pages of organisations and members show of it."""
    from portal.pairings import action_routes, contact_point_routes, project_routes, queries, routes  # noqa: F401

    app.register_blueprint(routes.bp)
    app.jinja_env.globals.update(
        pairings_at=lambda place: queries.live_at(place, web.me()),
        contact_points_at=lambda community: queries.points_at(community, web.me()),
        contact_points_of=lambda member: queries.points_of(member, web.me()),
    )
