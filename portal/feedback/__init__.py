"""The room `feedback`: the quarterly bulletins, the contact log of unit and community, and members' difficulties."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages."""
