"""The room `seals`: the seal ledger (用印台账) of official papers, and what is missing in members' number chains."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages, and note by itself what the portal prints."""
    from portal.archives.erasing import when_erased
    from portal.papers.printed import when_printed
    from portal.seals import routes, workflow

    when_printed(workflow.note_printed)
    when_erased(workflow.take_scans_away)
    app.register_blueprint(routes.bp)
