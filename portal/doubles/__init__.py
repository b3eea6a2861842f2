"""The room `doubles`: rows of the rosters that may be one person, their merging and its reversal."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages, what every room says of its rows when two persons are one, and what time forgets."""
    from portal import queue
    from portal.accounts import merging as logins
    from portal.doubles import joining, routes, sweeps
    from portal.pairings import merging as pairings
    from portal.pledges import merging as pledges
    from portal.posts import merging as posts
    from portal.records import merging as records
    from portal.registrations import merging as registrations
    from portal.remarks import merging as remarks
    from portal.rosters import merging as rosters
    from portal.suggestions import merging as suggestions
    from portal.teams import merging as teams
    from portal.wishes import merging as wishes

    for room in (
        logins, rosters, pairings, records, teams, registrations, posts, pledges, wishes, remarks, suggestions, joining,
    ):  # fmt: skip
        room.register()
    app.register_blueprint(routes.bp)
    queue.sweep(sweeps.forget_ledgers)
