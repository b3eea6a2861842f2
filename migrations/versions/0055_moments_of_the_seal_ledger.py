"""The moments of the seal ledger know their time zone on PostgreSQL too, as every other moment does

Revision: 0055, after 0054
"""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

STEPS = ("printed", "signed", "stamped", "archived")


def upgrade():
    _retype(sa.DateTime(), sa.DateTime(timezone=True))


def downgrade():
    _retype(sa.DateTime(timezone=True), sa.DateTime())


def _retype(old, new):
    if op.get_bind().dialect.name == "sqlite":
        return  # which knows but one kind
    for step in STEPS:
        op.alter_column("seal_entries", f"{step}_at", existing_type=old, type_=new, existing_nullable=True)
