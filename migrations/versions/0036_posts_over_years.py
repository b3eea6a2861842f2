"""Which posts of earlier years the pledge of a new year does not keep

Revision: 0036, after 0035
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "pledge_dropped_posts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pledge_id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pledge_id"], ["pledges.id"], name=op.f("fk_pledge_dropped_posts_pledge_id_pledges"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["post_claims.id"], name=op.f("fk_pledge_dropped_posts_claim_id_post_claims"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pledge_dropped_posts")),
        sa.UniqueConstraint("pledge_id", "claim_id", name=op.f("uq_pledge_dropped_posts_pledge_id_claim_id")),
    )  # fmt: skip
    op.create_index(op.f("ix_pledge_dropped_posts_claim_id"), "pledge_dropped_posts", ["claim_id"])


def downgrade():
    op.drop_table("pledge_dropped_posts")
