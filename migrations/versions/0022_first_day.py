"""Data from before the portal (期初): imports of them, the mark and the old numbers of registrations and services

Revision: 0022, after 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0018"
branch_labels = None
depends_on = None

STATES = ("staging", "previewed", "submitted", "written", "undone", "dropped")
PARTS = ("supervisors", "units", "communities", "grids", "estates", "members", "registrations", "service_records")
RESULTS = ("bad", "new", "changed", "same", "elsewhere", "twice")
HAS_OLD = sa.text("old_number IS NOT NULL")


def upgrade():
    _create_imports()
    _create_rows()
    # An import that is undone deletes what it brought: on SQLite no id may come back, so the tables are made anew.
    for name in ("registrations", "service_records"):
        with op.batch_alter_table(name, recreate="auto", table_kwargs={"sqlite_autoincrement": True}) as table:
            table.add_column(sa.Column("opening", sa.Boolean(), nullable=False, server_default=sa.false()))
            if name == "registrations":
                table.add_column(sa.Column("old_number", sa.String(40), nullable=True))
                table.add_column(sa.Column("old_receipt_number", sa.String(40), nullable=True))
        with op.batch_alter_table(name, table_kwargs={"sqlite_autoincrement": True}) as table:
            table.alter_column("opening", server_default=None)
    op.create_index(
        "ix_registrations_old_number", "registrations", ["old_number"], sqlite_where=HAS_OLD, postgresql_where=HAS_OLD
    )


def _create_imports():
    op.create_table(
        "firstday_imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", _one_of("firstday_state", STATES), nullable=False),
        sa.Column("file_name", sa.String(120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_name", sa.String(120), nullable=False),
        sa.Column("by_user_id", sa.Integer(), nullable=True),
        sa.Column("by_appointment_id", sa.Integer(), nullable=True),
        sa.Column("by_role", sa.String(32), nullable=False),
        sa.Column("heads", sa.String(1000), nullable=False),
        sa.Column("counts", sa.String(2000), nullable=False),
        sa.Column("notes", sa.String(1000), nullable=False),
        sa.Column("file_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_firstday_imports")),
    )


def _create_rows():
    op.create_table(
        "firstday_rows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("firstday_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("part", _one_of("part", PARTS), nullable=False),
        sa.Column("sheet", sa.String(60), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("result", _one_of("row_result", RESULTS), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=True),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("facts_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("seal_id", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["firstday_id"], ["firstday_imports.id"], name=op.f("fk_firstday_rows_firstday_id_firstday_imports")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_firstday_rows")),
        sa.UniqueConstraint("firstday_id", "position", name=op.f("uq_firstday_rows_firstday_id_position")),
    )
    op.create_index("ix_firstday_rows_result", "firstday_rows", ["firstday_id", "part", "result", "position"])


def downgrade():
    op.drop_index("ix_registrations_old_number", table_name="registrations")
    with op.batch_alter_table("service_records") as table:
        table.drop_column("opening")
    with op.batch_alter_table("registrations") as table:
        table.drop_column("old_receipt_number")
        table.drop_column("old_number")
        table.drop_column("opening")
    op.drop_table("firstday_rows")
    op.drop_table("firstday_imports")


def _one_of(name, values):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
