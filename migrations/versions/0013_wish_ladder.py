"""The wish's ladder: levels with their day, units and organisations as helpers, the county's limit

Revision: 0013, after 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0010"
branch_labels = None
depends_on = None

OPEN = sa.text("state = 'open'")
RAISED = sa.text("level IN ('town', 'county')")
ONE_HELPER = (
    "(member_id IS NOT NULL AND unit_id IS NULL AND organisation IS NULL) "
    "OR (member_id IS NULL AND unit_id IS NOT NULL AND organisation IS NULL) "
    "OR (member_id IS NULL AND unit_id IS NULL AND organisation IS NOT NULL)"
)


def upgrade():
    op.add_column("scheme_years", sa.Column("wish_county_days", sa.Integer(), nullable=False, server_default="15"))
    with op.batch_alter_table("scheme_years") as table:
        table.alter_column("wish_county_days", server_default=None)
    op.add_column("wishes", sa.Column("level_at", sa.DateTime(timezone=True), nullable=True))
    # Before the review a wish of a grid is its grid worker's, who may now hand it up.
    op.execute("UPDATE wishes SET level = 'grid' WHERE state = 'submitted' AND grid_id IS NOT NULL")
    op.create_index("ix_wishes_level", "wishes", ["level", "state"], sqlite_where=RAISED, postgresql_where=RAISED)
    _widen_claims()
    op.create_table(
        "claim_people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("half_hours", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "half_hours IS NULL OR half_hours BETWEEN 1 AND 48", name=op.f("ck_claim_people_half_hours_of_a_day")
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_claim_people_claim_id_claims")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_claim_people_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_people")),
        sa.UniqueConstraint("claim_id", "member_id", name=op.f("uq_claim_people_claim_id_member_id")),
    )
    op.create_index(op.f("ix_claim_people_member_id"), "claim_people", ["member_id"])


def _widen_claims():
    with op.batch_alter_table("claims") as table:
        table.add_column(sa.Column("unit_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("organisation", sa.String(60), nullable=True))
        table.add_column(sa.Column("task", sa.String(200), nullable=True))
        table.add_column(sa.Column("heads", sa.Integer(), nullable=False, server_default="1"))
        table.alter_column("member_id", nullable=True)
        table.alter_column("slot", nullable=True)
        table.create_foreign_key(op.f("fk_claims_unit_id_units"), "units", ["unit_id"], ["id"])
        table.create_check_constraint(op.f("ck_claims_heads_sane"), "heads BETWEEN 0 AND 20")
        table.create_check_constraint(op.f("ck_claims_one_helper"), ONE_HELPER)
        table.create_check_constraint(op.f("ck_claims_slot_of_member"), "(slot IS NULL) = (member_id IS NULL)")
    with op.batch_alter_table("claims") as table:
        table.alter_column("heads", server_default=None)
    op.create_index(
        "uq_claims_unit", "claims", ["wish_id", "unit_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.create_index("ix_claims_unit_state", "claims", ["unit_id", "state"])


def downgrade():
    op.drop_table("claim_people")
    op.drop_index("ix_claims_unit_state", "claims")
    op.drop_index("uq_claims_unit", "claims")
    # What the earlier schema cannot hold: places of units and organisations. Their wishes wait on the wall again.
    op.execute("DELETE FROM claims WHERE member_id IS NULL")
    op.execute(
        "UPDATE wishes SET state = 'published', claimed_at = NULL, finish_by = NULL WHERE state = 'claimed' "
        "AND NOT EXISTS (SELECT 1 FROM claims WHERE claims.wish_id = wishes.id AND claims.state = 'open')"
    )
    with op.batch_alter_table("claims") as table:
        for name in ("slot_of_member", "one_helper", "heads_sane"):
            table.drop_constraint(op.f(f"ck_claims_{name}"), type_="check")
        table.drop_constraint(op.f("fk_claims_unit_id_units"), type_="foreignkey")
        table.alter_column("slot", nullable=False)
        table.alter_column("member_id", nullable=False)
        for name in ("heads", "task", "organisation", "unit_id"):
            table.drop_column(name)
    op.drop_index("ix_wishes_level", "wishes")
    op.execute("UPDATE wishes SET level = 'community' WHERE level = 'grid'")
    op.drop_column("wishes", "level_at")
    op.drop_column("scheme_years", "wish_county_days")
