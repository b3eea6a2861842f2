"""The room `rosters`: a unit's members from a spreadsheet, previewed, written, undone as a whole."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages and commands."""
    from portal import queue
    from portal.rosters import sweeps
    from portal.rosters.commands import roster_group
    from portal.rosters.routes import bp

    app.register_blueprint(bp)
    app.cli.add_command(roster_group)
    for sweep in (sweeps.remove_unfinished, sweeps.drop_unanswered, sweeps.forget_written):
        queue.sweep(sweep)
