"""The room `work`: what units and supervisors do themselves: plans, meetings, discussions."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages."""
