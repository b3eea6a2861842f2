"""Whether the portal can serve: for operators and load balancers, without anything personal."""

import shutil
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from portal.extensions import db, journal_mode, migrate

LEAST_FREE_BYTES = 500 * 1024 * 1024


def check() -> dict:
    """Each thing that serving needs as true or false, `ready` for all of them, and the journal mode in use."""
    parts = {
        "database": _database_answers(),
        "migrations": _is_migrated(),
        "disk": shutil.disk_usage(Path(current_app.config["INSTANCE_DIR"])).free > LEAST_FREE_BYTES,
    }
    mode = journal_mode() if db.engine.dialect.name == "sqlite" else db.engine.dialect.name
    return {"ready": all(parts.values()), **parts, "journal_mode": mode}


def _database_answers() -> bool:
    try:
        return db.session.scalar(db.text("SELECT 1")) == 1
    except SQLAlchemyError:
        db.session.rollback()
        return False


def _is_migrated() -> bool:
    try:
        there = MigrationContext.configure(db.session.connection()).get_current_revision()
    except SQLAlchemyError:
        db.session.rollback()
        return False
    return there == ScriptDirectory.from_config(migrate.get_config()).get_current_head()
