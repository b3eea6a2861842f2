"""The room `charts`: pictures of the figures, each with its table."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages."""
