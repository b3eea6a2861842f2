"""The room `pledges`: what members promise each year, its approval and showing, and how far it is kept."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages, and what time, leaving and moving do to pledges."""
    from portal import queue
    from portal.pledges import following, list_routes, routes  # noqa: F401
    from portal.registrations.transfers import when_carried_over
    from portal.registrations.workflow import accept, when_accepted, when_ended

    app.register_blueprint(routes.bp)
    queue.sweep(following.show_due)
    when_ended(following.end_with, following.foreseen)
    when_accepted(following.go_along)
    accept.stays_if(following.pledged_since)
    when_carried_over(following.change_unit)
