"""A correction may add a service of a closed year that was never recorded

Revision: 0054, after 0053
"""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

PLACES = {"member_id": "members", "place_id": "communities"}
OF_A_RECORD = "ck_corrections_of_a_record"


def upgrade():
    with op.batch_alter_table("corrections") as table:
        table.add_column(sa.Column("adds", sa.Boolean(), nullable=False, server_default=sa.false()))
        for name, of in PLACES.items():
            table.add_column(sa.Column(name, sa.Integer(), nullable=True))
            table.create_foreign_key(op.f(f"fk_corrections_{name}_{of}"), of, [name], ["id"])
        table.alter_column("record_id", existing_type=sa.Integer(), nullable=True)
    for name in PLACES:
        of_record = f"SELECT {name} FROM service_records WHERE service_records.id = corrections.record_id"
        op.execute(f"UPDATE corrections SET {name} = ({of_record})")
    with op.batch_alter_table("corrections") as table:
        table.alter_column("adds", existing_type=sa.Boolean(), existing_nullable=False, server_default=None)
        for name in PLACES:
            table.alter_column(name, existing_type=sa.Integer(), nullable=False)
            table.create_index(op.f(f"ix_corrections_{name}"), [name])
        table.create_check_constraint(op.f(OF_A_RECORD), "record_id IS NOT NULL OR (adds AND state <> 'done')")


def downgrade():
    op.execute("DELETE FROM corrections WHERE record_id IS NULL")
    with op.batch_alter_table("corrections") as table:
        table.drop_constraint(op.f(OF_A_RECORD), type_="check")
        for name, of in PLACES.items():
            table.drop_index(op.f(f"ix_corrections_{name}"))
            table.drop_constraint(op.f(f"fk_corrections_{name}_{of}"), type_="foreignkey")
            table.drop_column(name)
        table.drop_column("adds")
        table.alter_column("record_id", existing_type=sa.Integer(), nullable=False)
