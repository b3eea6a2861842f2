"""The room `registrations`: certificate, info card and receipt as one case; report-in rates; urging."""

from flask import Flask

from portal import web


def register(app: Flask) -> None:
    """Add this room's pages."""
    from portal.registrations import (  # noqa: F401
        bulk_routes,
        card_routes,
        deferment_routes,
        deferments,
        exemption_routes,
        exemptions,
        file_routes,
        grouping_routes,
        leaving_routes,
        rate_routes,
        routes,
        sheet_routes,
        teaming,
        transfer_routes,
        transfers,
        workflow,
    )
    from portal.rosters.workflow import when_written

    app.register_blueprint(routes.bp)
    app.jinja_env.globals["deferments_of"] = lambda member: deferments.of_member(member, web.me())
    when_written(transfers.ask_for_those_elsewhere, transfers.withdraw_those_of)
    workflow.when_ended(transfers.close_with, transfers.foreseen)
    workflow.when_ended(exemptions.end_with, exemptions.foreseen)
    workflow.when_ended(deferments.end_with, deferments.foreseen)
    teaming.register()
