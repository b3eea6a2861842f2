"""The room `evaluations`: what a community says of a member, yearly and at once, and what the unit made of it."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages."""
