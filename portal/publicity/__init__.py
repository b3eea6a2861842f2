"""The room `publicity`: stories of service for everybody, and notices to a scope."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages."""
