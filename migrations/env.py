"""Migrations on SQLite and PostgreSQL alike."""

from logging.config import fileConfig

from alembic import context
from flask import current_app
from sqlalchemy import text

from portal.clock import Moment
from portal.text import Text

config = context.config
if config.config_file_name is not None:
    fileConfig(config.config_file_name, disable_existing_loggers=False)
db = current_app.extensions["migrate"].db


def render_item(kind: str, item, autogen_context):
    """Our own column types in a migration: what the database stores, without the code of the day."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Text):
        return f"sa.String({item.length})"
    return False


def run() -> None:
    """Upgrade or downgrade in one transaction; on SQLite with foreign keys off, and checked afterwards."""
    with db.engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            # A batch change copies a parent table; with the keys on, a CASCADE would delete every child.
            # Detached, so that this connection is closed afterwards: none without keys goes back to the pool.
            connection.detach()
            connection.connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            render_item=render_item,
            compare_type=True,
            transaction_per_migration=False,
        )
        with context.begin_transaction():
            context.run_migrations()
            if is_sqlite:
                broken = connection.execute(text("PRAGMA foreign_key_check")).all()
                if broken:
                    raise RuntimeError(f"foreign keys broken by the migration: {broken[:5]}")


run()
