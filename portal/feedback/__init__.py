"""The room `feedback`: the quarterly bulletins, the contact log of unit and community, and members' difficulties."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages, what time compiles, and what follows when a member leaves or changes unit."""
    from portal import queue
    from portal.feedback import asking, contact_routes, difficulty_routes, routes, sweeps, workflow
    from portal.registrations.transfers import when_carried_over
    from portal.registrations.workflow import when_ended

    for pages in (routes, contact_routes, difficulty_routes):
        app.register_blueprint(pages.bp)
    queue.sweep(sweeps.compile_bulletins)
    workflow.register()
    when_ended(asking.end_with, asking.foreseen)
    when_carried_over(asking.follow_unit)
