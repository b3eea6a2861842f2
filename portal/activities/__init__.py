"""The room `activities`: dated events, who signs up for them, the roll and the settling."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages, what time does to it, and what follows when a member leaves."""
    from portal import queue
    from portal.activities import copy_routes, kept_places, leaving, routes, sweeps, wishes_taken  # noqa: F401
    from portal.registrations.workflow import accept, when_ended
    from portal.teams import workflow as teaming

    app.register_blueprint(routes.bp)
    queue.sweep(sweeps.end_held)
    queue.sweep(sweeps.let_go_silent)
    queue.sweep(sweeps.free_held_places)
    wishes_taken.register()
    teaming.when_ended(kept_places.let_go_of, kept_places.kept_for)
    when_ended(leaving.cancel_all, leaving.foreseen)
    accept.stays_if(leaving.signed_up_since)
    _show(app)


def _show(app: Flask) -> None:
    """What pages, also those of other rooms, ask this room."""
    from portal import clock, web
    from portal.activities import holds, inviting, standing_in, wishes_taken

    app.jinja_env.globals |= {
        "wishes_of_activity": wishes_taken.of_activity,
        "wishes_shown_of": wishes_taken.shown,
        "activity_taking": wishes_taken.taking,
        "teams_asked": holds.of,
        "stand_ins": lambda activity: standing_in.proposed(activity, web.me()),
        "asked_to_come": lambda: inviting.invited(web.me().member_id, clock.now()),
    }
