"""Members' suggestions, and the working days in which they are answered

Revision: 0029, after 0028
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

OPEN = sa.text("state IN ('submitted', 'accepted', 'forwarded')")
STATES = ("submitted", "accepted", "forwarded", "answered", "withdrawn")
CATEGORIES = ("policy", "legal", "medical", "poverty", "convenience", "culture", "order", "environment")


def upgrade():
    op.create_table(
        "suggestions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", _one_of("suggestion_state", STATES), nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("addressed_to", _one_of("addressed", ("community", "town")), nullable=False),
        sa.Column("category", _one_of("category", CATEGORIES), nullable=True),
        sa.Column("title", sa.String(40), nullable=False),
        sa.Column("body", sa.String(800), nullable=False),
        sa.Column("stand_in", sa.Boolean(), nullable=False),
        sa.Column("entered_by_user_id", sa.Integer(), nullable=True),
        sa.Column("submitted_on", sa.Date(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("forwarded_to_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(800), nullable=True),
        sa.Column("adopted", sa.Boolean(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _check("forwarded_to_somebody", "state <> 'forwarded' OR forwarded_to_id IS NOT NULL"),
        _check("answered_on_a_day", "(state = 'answered') = (answered_on IS NOT NULL)"),
        _check("answered_in_writing", "state <> 'answered' OR (answer IS NOT NULL AND adopted IS NOT NULL)"),
        _check("stand_in_is_known", "stand_in = (entered_by_user_id IS NOT NULL)"),
        _names("member_id", "members"),
        _names("unit_id", "units"),
        _names("community_id", "communities"),
        _names("forwarded_to_id", "supervisors"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestions")),
        sa.UniqueConstraint("number", name=op.f("uq_suggestions_number")),
        sa.UniqueConstraint("year", "serial", name=op.f("uq_suggestions_year_serial")),
    )
    op.create_index("ix_suggestions_member", "suggestions", ["member_id", "submitted_on"])
    op.create_index("ix_suggestions_community", "suggestions", ["community_id", "addressed_to", "state"])
    op.create_index("ix_suggestions_unit", "suggestions", ["unit_id", "state"])
    op.create_index("ix_suggestions_open", "suggestions", ["answer_by"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index(op.f("ix_suggestions_forwarded_to_id"), "suggestions", ["forwarded_to_id"])
    with op.batch_alter_table("scheme_years") as table:
        table.add_column(sa.Column("suggestion_answer_workdays", sa.Integer(), nullable=False, server_default="15"))
    with op.batch_alter_table("scheme_years") as table:
        table.alter_column("suggestion_answer_workdays", server_default=None)


def downgrade():
    with op.batch_alter_table("scheme_years") as table:
        table.drop_column("suggestion_answer_workdays")
    op.drop_table("suggestions")


def _check(name, condition):
    return sa.CheckConstraint(condition, name=op.f(f"ck_suggestions_{name}"))


def _names(column, table):
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_suggestions_{column}_{table}"))


def _one_of(name, values):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
