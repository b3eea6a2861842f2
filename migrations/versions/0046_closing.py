"""The closing of a year, its recounts, and corrections in a closed year

Revision: 0046, after 0045
"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

CLOSINGS = ("proposed", "running", "stopped", "closed", "withdrawn")
STANDS = sa.text("state <> 'withdrawn'")
IS_OPEN = sa.text("state = 'open'")


def upgrade():
    with op.batch_alter_table("scheme_years") as table:
        table.add_column(sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True))
    _closings()
    op.create_table(
        "recounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("closing_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("by", _one_of("by", ("supervisors", "units", "communities", "county")), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("plain", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["closing_id"], ["closings.id"], name=op.f("fk_recounts_closing_id_closings")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recounts")),
        sa.UniqueConstraint("closing_id", "number", "by", name=op.f("uq_recounts_closing_id_number_by")),
    )
    _corrections()


def _closings():
    op.create_table(
        "closings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", _one_of("closing_state", CLOSINGS), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.String(120), nullable=False),
        sa.Column("proposed_by_user_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.String(120), nullable=True),
        sa.Column("confirmed_by_user_id", sa.Integer(), nullable=True),
        sa.Column("foreseen", sa.String(2000), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sha256", sa.String(64), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("confirmed_by_user_id IS NULL OR proposed_by_user_id <> confirmed_by_user_id",
                           name=op.f("ck_closings_two_people")),
        sa.CheckConstraint("state NOT IN ('running', 'stopped', 'closed') OR confirmed_at IS NOT NULL",
                           name=op.f("ck_closings_confirmed")),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_closings_closed_at_a_moment")),
        sa.CheckConstraint("state <> 'closed' OR sha256 IS NOT NULL", name=op.f("ck_closings_closed_with_a_recount")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closings")),
    )  # fmt: skip
    op.create_index("uq_closings_year", "closings", ["year"], unique=True, sqlite_where=STANDS, postgresql_where=STANDS)


def _corrections():
    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", _one_of("correction_state", ("open", "done", "withdrawn")), nullable=False),
        sa.Column("closing_id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("anew_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.String(120), nullable=False),
        sa.Column("opened_by_user_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(120), nullable=True),
        sa.Column("half_hours_before", sa.Integer(), nullable=False),
        sa.Column("half_hours_after", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'done') = (half_hours_after IS NOT NULL)",
                           name=op.f("ck_corrections_done_with_its_hours")),
        sa.ForeignKeyConstraint(["closing_id"], ["closings.id"], name=op.f("fk_corrections_closing_id_closings")),
        sa.ForeignKeyConstraint(["record_id"], ["service_records.id"],
                                name=op.f("fk_corrections_record_id_service_records")),
        sa.ForeignKeyConstraint(["anew_id"], ["service_records.id"],
                                name=op.f("fk_corrections_anew_id_service_records")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
    )  # fmt: skip
    op.create_index("uq_corrections_one_open", "corrections", ["record_id"], unique=True, sqlite_where=IS_OPEN,
                    postgresql_where=IS_OPEN)  # fmt: skip
    op.create_index("ix_corrections_closing", "corrections", ["closing_id", "id"])
    op.create_index("ix_corrections_record_id", "corrections", ["record_id"])
    op.create_index("ix_corrections_anew_id", "corrections", ["anew_id"])


def _one_of(name, values):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def downgrade():
    for table in ("corrections", "recounts", "closings"):
        op.drop_table(table)
    with op.batch_alter_table("scheme_years") as table:
        table.drop_column("locked_at")
