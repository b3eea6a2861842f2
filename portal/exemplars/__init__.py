"""The room `exemplars`: model volunteers (服务标兵), nominated and confirmed."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages."""
