"""The room `firstday`: the running scheme's data from one workbook (期初), and the handover sheet of an office."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages and commands."""
    from portal import queue
    from portal.firstday import sweeps
    from portal.firstday.commands import firstday_group
    from portal.firstday.routes import bp

    app.register_blueprint(bp)
    app.cli.add_command(firstday_group)
    for sweep in (sweeps.remove_unfinished, sweeps.drop_unanswered, sweeps.forget_written):
        queue.sweep(sweep)
