"""The room `posts`."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages."""
