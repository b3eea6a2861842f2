"""The seal ledger: how far each issued paper has come, and an index by year for its list

Revision: 0050, after 0049
"""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

STATES = ("generated", "printed", "signed", "stamped", "archived")
STEPS = ("printed", "signed", "stamped", "archived")


def upgrade():
    state = sa.Enum(*STATES, name="seal_state", native_enum=False, create_constraint=True, length=32)
    steps = [
        column
        for step in STEPS
        for column in (sa.Column(f"{step}_at", sa.DateTime()), sa.Column(f"{step}_by", sa.String(120)))
    ]
    op.create_table(
        "seal_entries",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", state, nullable=False),
        *steps,
        sa.Column("box", sa.String(20)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'archived') = (box IS NOT NULL)", name=op.f("ck_seal_entries_archived_in_a_box")),
        sa.ForeignKeyConstraint(["id"], ["issued_papers.id"], name=op.f("fk_seal_entries_id_issued_papers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seal_entries")),
    )
    op.create_index("ix_seal_entries_box", "seal_entries", ["box"])
    op.create_index("ix_issued_papers_year", "issued_papers", ["year", "kind", "serial", "version"])


def downgrade():
    op.drop_index("ix_issued_papers_year", "issued_papers")
    op.drop_table("seal_entries")
