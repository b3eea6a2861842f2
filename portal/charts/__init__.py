"""The room `charts`: pictures of the figures, each with the table it was drawn from."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages."""
    from portal.charts import routes

    app.register_blueprint(routes.bp)
