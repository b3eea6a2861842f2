"""The room `remarks`: what residents say of a service, praise or concern, and what came of it."""

from flask import Flask

from portal import web


def register(app: Flask) -> None:
    """Add this room's pages."""
    from portal.remarks import looks, resident_routes, routes, workflow  # noqa: F401

    app.register_blueprint(resident_routes.bp)
    app.register_blueprint(routes.bp)
    app.jinja_env.globals["remarker_of"] = routes.contact_of
    app.jinja_env.globals["answers_resident_of"] = lambda remark: looks.may_look(remark, web.me())
