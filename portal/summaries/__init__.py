"""The room `summaries`: the yearly summary in official layout, its figures set in from the tables."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages."""
