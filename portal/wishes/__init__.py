"""The room `wishes`."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages and commands."""
    from portal import queue
    from portal.registrations.workflow import when_ended
    from portal.wishes import (
        follow_routes,
        intake_routes,
        photos,
        places,
        resident_routes,
        routes,
        sweeps,
        workflow,
    )

    for pages in (routes, resident_routes, follow_routes, intake_routes):
        app.register_blueprint(pages.bp)
    app.jinja_env.globals["contact_of"] = intake_routes.contact_of
    queue.sweep(sweeps.lapse_unanswered)
    queue.sweep(sweeps.raise_unclaimed)
    queue.sweep(sweeps.archive_ended)
    queue.sweep(sweeps.index_phones)
    queue.sweep(photos.sweep)
    when_ended(workflow.give_back_all, places.foreseen)
