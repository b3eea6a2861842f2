"""The room `doubles`: rows of the rosters that may be one person, their merging and its reversal."""

from importlib import import_module

from flask import Flask

# The rooms that say what becomes of their rows when two persons are one, each in its `merging`, in this order.
NAME_MEMBERS = (
    "accounts", "rosters", "pairings", "records", "teams", "registrations", "posts", "pledges", "wishes", "remarks",
    "activities", "households", "suggestions", "evaluations", "feedback", "exemplars", "publicity",
)  # fmt: skip


def register(app: Flask) -> None:
    """Add this room's pages, what every room says of its rows when two persons are one, and what time forgets."""
    from portal import queue
    from portal.doubles import joining, routes, sweeps

    for room in NAME_MEMBERS:
        import_module(f"portal.{room}.merging").register()
    joining.register()
    app.register_blueprint(routes.bp)
    queue.sweep(sweeps.forget_ledgers)
