"""The room `wishes`."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages and commands."""
    from portal import queue
    from portal.registrations.workflow import accept, when_ended
    from portal.wishes import (
        follow_routes,
        gap_routes,
        intake_routes,
        leaving,
        photos,
        places,
        proposing,
        resident_routes,
        routes,
        sweeps,
    )

    for pages in (routes, resident_routes, follow_routes, intake_routes, gap_routes):
        app.register_blueprint(pages.bp)
    app.jinja_env.globals["contact_of"] = intake_routes.contact_of
    queue.sweep(sweeps.lapse_unanswered)
    queue.sweep(sweeps.end_unanswered)
    queue.sweep(sweeps.raise_unclaimed)
    queue.sweep(sweeps.archive_ended)
    queue.sweep(sweeps.index_phones)
    queue.sweep(photos.sweep)
    when_ended(leaving.give_back_all, places.foreseen)
    when_ended(proposing.end_of_member)
    accept.stays_if(places.taken_since)
    _help_by_teams(app)


def _help_by_teams(app: Flask) -> None:
    """What teams need to know of wishes: what one has in hand, what follows when somebody leaves, what stays."""
    from portal.teams.workflow import recommend, when_ended, when_left
    from portal.wishes import groups, teaming

    app.jinja_env.globals["in_hand_of_team"] = groups.of_team
    when_left(teaming.stay_away)
    when_ended(teaming.give_back, teaming.foreseen)
    recommend.stays_if(teaming.sent_since)
