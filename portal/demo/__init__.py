"""The room `demo`: made-up but life-like data, the same each time, for showing, training and measuring."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's command."""
    from portal.demo.commands import demo_command

    app.cli.add_command(demo_command)
