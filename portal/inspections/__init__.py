"""The room `inspections`: the county's checks, their findings and result notices, and the yearly assessment."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages."""
