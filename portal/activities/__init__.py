"""The room `activities`: dated events, who signs up for them, the roll and the settling."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages, what time does to it, and what follows when a member leaves."""
    from portal import queue
    from portal.activities import leaving, routes, sweeps
    from portal.registrations.workflow import accept, when_ended

    app.register_blueprint(routes.bp)
    queue.sweep(sweeps.end_held)
    queue.sweep(sweeps.let_go_silent)
    when_ended(leaving.cancel_all, leaving.foreseen)
    accept.stays_if(leaving.signed_up_since)
