"""The room `papers`: official printed forms, what stands on them, how they become PDF and are verified."""

from flask import Flask

from portal import queue


def register(app: Flask) -> None:
    """Add this room's pages and commands."""
    from portal.papers import merging, proof_routes, routes, year_numbers
    from portal.papers.commands import papers_group
    from portal.papers.drawing import clear_outdated, draw_next
    from portal.papers.verifying import paper_group

    _fill_the_catalogue()
    _tell_templates(app)
    merging.register()
    year_numbers.register()
    queue.step(draw_next)
    queue.sweep(clear_outdated)
    app.register_blueprint(routes.bp)
    app.register_blueprint(proof_routes.bp)
    app.cli.add_command(papers_group)
    app.cli.add_command(paper_group)


def _fill_the_catalogue() -> None:
    """Each of these files enters its kinds of papers when it is read."""
    from portal.papers import (  # noqa: F401
        bulk_routes,
        evaluation_card,
        fill,
        household_card,
        pledge_card,
        record_card,
        result_notice,
        service_proof,
        sign_in_sheet,
        summary,
        table_printing,
        yearly_tables,
    )


def _tell_templates(app: Flask) -> None:
    """Where pages of other rooms find the papers of their cases."""
    from portal.papers import bulletin, contact_list
    from portal.papers.answers import household_cards_of, record_card_at

    app.jinja_env.globals.update(record_card_at=record_card_at, household_cards_of=household_cards_of)
    app.jinja_env.globals.update(bulletin_paper_at=bulletin.paper_at, contact_list_at=contact_list.address)
