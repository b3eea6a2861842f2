"""Migrations up and down with data, on the suite's database; what they build is what the models say."""

import uuid
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, select

from portal import create_app
from portal.demo import commands
from portal.demo.scale import SMALL
from portal.extensions import Base, db
from tests.conftest import FIELD_KEY

BEFORE_LAST = "-1"


@pytest.fixture
def bare(request, tmp_path):
    """The application on a new database without a table."""
    uri = f"sqlite:///{tmp_path / 'bare.db'}"
    if request.config.getoption("--database") == "postgresql":
        from tests.postgres import database

        uri = database(f"bare_{uuid.uuid4().hex[:12]}")
    app = create_app(
        {"SQLALCHEMY_DATABASE_URI": uri, "SECRET_KEY": "s" * 40, "FIELD_KEY": FIELD_KEY, "INSTANCE_DIR": str(tmp_path)}
    )
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def guards() -> set[str]:
    if db.engine.dialect.name == "sqlite":
        return set(db.session.scalars(db.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")))
    return set(db.session.scalars(db.text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")))


def test_the_migrations_build_what_the_models_say(bare):
    upgrade()
    context = MigrationContext.configure(db.session.connection(), opts={"compare_type": True})
    assert compare_metadata(context, Base.metadata) == []
    wanted = {"sqlite": {"audit_no_update", "audit_no_delete", "audit_no_insert_between"},
              "postgresql": {"audit_no_change", "audit_no_truncate"}}  # fmt: skip
    assert guards() == wanted[db.engine.dialect.name]


def test_a_table_that_gives_no_number_twice_still_counts(bare):
    """On SQLite a table made anew forgets to, unless its migration says so; PostgreSQL's sequences never go back."""
    if db.engine.dialect.name == "postgresql":
        return
    upgrade()
    wanted = {table.name for table in Base.metadata.sorted_tables if table.dialect_options["sqlite"]["autoincrement"]}
    found = db.session.execute(db.text("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'"))
    assert set(found.scalars()) == wanted > {"members"}


SEEDED = {"evaluation_grades"}


def rows_of(names) -> dict[str, int]:
    tables = [table for table in Base.metadata.sorted_tables if table.name in names]
    found = {table.name: db.session.scalar(select(func.count()).select_from(table)) for table in tables}
    db.session.rollback()
    return found


def test_one_step_down_and_up_again_loses_no_row(bare):
    """Of the tables that were there before the last step; those it made come back empty, or as it seeds them."""
    upgrade()
    commands.load(SMALL)
    db.session.commit()
    rows, claims = rows_of(Base.metadata.tables), Base.metadata.tables["claims"]
    people = Base.metadata.tables["claim_people"]
    of_team = select(func.count()).select_from(claims).where(claims.c.team_id.is_not(None))
    of_teams = {"claims": db.session.scalar(of_team), "claim_people": db.session.scalar(of_team.join(people))}
    of_no_member = db.session.scalar(select(func.count()).select_from(claims).where(claims.c.member_id.is_(None)))
    db.session.rollback()
    downgrade(revision=BEFORE_LAST)
    before = set(db.inspect(db.engine).get_table_names())
    assert {"wishes", "registrations", "service_records", "audit"} <= before
    # Places of units and organisations, which the schema before 0013 cannot hold, go with that step.
    columns = {column["name"] for column in db.inspect(db.engine).get_columns("claims")}
    if "organisation" not in columns:
        rows["claims"] -= of_no_member
    elif "team_id" not in columns:  # those of teams, and who comes for them, go with 0017
        rows |= {name: rows[name] - lost for name, lost in of_teams.items()}
    upgrade()
    kept = {name: count for name, count in rows.items() if name in before}
    assert rows_of(before) == kept
    assert not any(rows_of(set(rows) - before - SEEDED).values())


def test_all_the_way_down_leaves_nothing_and_up_again_works(bare):
    upgrade()
    commands.load(SMALL)
    db.session.commit()
    downgrade(revision="base")
    assert not set(db.inspect(db.engine).get_table_names()) - {"alembic_version"}
    upgrade()
    commands.load(SMALL)


def test_each_migration_says_what_it_is_for():
    for path in Path("migrations/versions").glob("*.py"):
        first = path.read_text().splitlines()[0]
        assert first.startswith('"""') and len(first) > 10, path.name
