"""The county portal 在职党员进社区: one factory that puts the rooms of the house together."""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import bulk, clock, config, doors, filters, headers, logs, numbers, once, refusals, throttle, undo  # noqa: F401
from portal.extensions import csrf, db, login_manager, migrate, prepare_engine
from portal.web import NumberConverter, RowConverter

TOP = Path(__file__).parent.parent
# In the order in which they may know each other: never one after it.
ROOMS = (
    "people", "accounts", "rosters", "scheme", "messages", "pairings", "records", "teams", "registrations", "posts",
    "pledges", "wishes", "remarks", "activities", "households", "suggestions", "duties", "menu", "evaluations",
    "feedback", "exemplars", "work", "publicity", "inspections", "reports", "summaries", "closing", "bridge",
    "firstday", "doubles", "papers", "archives", "seals", "charts", "desks", "demo",
)  # fmt: skip


def create_app(overrides: dict | None = None) -> Flask:
    """The application, set up from the environment; `overrides` wins over it (tests)."""
    app = doors.Portal(__name__, template_folder=str(TOP / "templates"), static_folder=str(TOP / "static"))
    config.load(app, overrides)
    clock.set_zone(app.config["TIMEZONE"])
    if app.config["PROXY_HOPS"]:
        hops = app.config["PROXY_HOPS"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    _open_database(app)
    app.url_map.converters.update(number=NumberConverter, row=RowConverter)
    logs.register(app)
    headers.register(app)
    doors.register(app)
    csrf.init_app(app)
    app.before_request(once.first_answer)
    filters.register(app)
    refusals.register(app)
    _move_in(app)
    return app


def _open_database(app: Flask) -> None:
    db.init_app(app)
    migrate.init_app(app, db, directory=str(TOP / "migrations"), render_as_batch=True)
    login_manager.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)


def _move_in(app: Flask) -> None:
    from portal import cli

    for room in ROOMS:
        if find_spec(f"portal.{room}.models"):
            import_module(f"portal.{room}.models")
        import_module(f"portal.{room}").register(app)
        if find_spec(f"portal.{room}.exports"):  # its lists as spreadsheets
            import_module(f"portal.{room}.exports")
    cli.register(app)
