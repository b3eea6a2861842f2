"""The room `summaries`: the yearly summary in official layout, its figures set in from the tables."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages, and let a summary be frozen and cancelled with its report."""
    from portal.reports import workflow as reports
    from portal.summaries import routes, workflow

    reports.when_submitted(workflow.freeze)
    reports.withdraw.brings(workflow.cancel)
    reports.send_back.brings(workflow.cancel)
    app.register_blueprint(routes.bp)
