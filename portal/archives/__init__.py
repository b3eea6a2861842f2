"""The room `archives`: final papers stored once, looked at again by night, erased by law, handed over in packages."""

from flask import Flask


def register(app: Flask) -> None:
    """Let papers that become final be stored, and add this room's pages, commands and sweeps."""
    from portal import queue
    from portal.archives import building, checking, entering, kept, package_routes, routes, storing  # noqa: F401
    from portal.archives.commands import archive_group
    from portal.archives.erasing import when_erased
    from portal.archives.taking_back import take_packages_back, take_prints_back
    from portal.closing.correcting import before_opened
    from portal.closing.workflow import when_closed
    from portal.doubles.joining import before_joined
    from portal.papers.verification import copies_told_by

    entering.watch()
    when_closed("表册归档登记", entering.year_cards_left, entering.enter_year_cards, size=25)
    before_opened(entering.keep_words)
    before_joined(entering.keep_words_of)
    when_erased(take_packages_back)
    when_erased(take_prints_back)
    copies_told_by(kept.told)
    queue.step(storing.store_next)
    queue.step(building.build_next)
    queue.sweep(storing.clear_strays)
    queue.sweep(building.clear_outdated)
    queue.sweep(checking.check_some)
    app.register_blueprint(routes.bp)
    app.cli.add_command(archive_group)
