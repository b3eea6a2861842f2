"""The room `closing`: closing a year and opening the next."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages, the worker's step, and what ends with a year."""
    from portal import queue
    from portal.closing import adding, correcting, correction_routes, ending, merging, routes  # noqa: F401
    from portal.closing.told import closed_words, correction_told
    from portal.closing.workflow import when_closed
    from portal.closing.working import close_next

    app.jinja_env.globals.update(closed_words=closed_words, correction_told=correction_told)
    correcting.register()
    adding.register()
    merging.register()
    when_closed("没有审定的承诺终止", ending.pledges_left, ending.end_pledges, size=10)
    when_closed("没有反馈的评议终止", ending.evaluations_left, ending.drop_evaluations, size=10)
    queue.step(close_next)
    app.register_blueprint(routes.bp)
