"""The room `closing`: closing a year and opening the next."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages."""
