"""The room `reports`: tables 6 and 7, whose every number opens its list, and their handing in."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages."""
