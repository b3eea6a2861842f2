"""Registration's hard cases: 暂缓, change of unit on request, the unit that issued the papers

Revision: 0014, after 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

DEFERMENT_STATES = ("requested", "agreed", "declined", "ended")
DEFERMENT_KINDS = ("seconded", "village", "maternity", "illness")
TRANSFER_STATES = ("requested", "released", "declined", "withdrawn")
OPEN = sa.text("state = 'requested'")


def upgrade():
    op.create_table(
        "deferments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", _one_of("deferment_state", DEFERMENT_STATES), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kind", _one_of("deferment_kind", DEFERMENT_KINDS), nullable=False),
        sa.Column("first", sa.String(7), nullable=False),
        sa.Column("last", sa.String(7), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("asked_by", sa.String(120), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.String(120), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("first <= last", name=op.f("ck_deferments_months_in_order")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_deferments_member_id_members")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_deferments_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deferments")),
    )
    op.create_index(op.f("ix_deferments_member_id"), "deferments", ["member_id"])
    op.create_index("ix_deferments_unit_state", "deferments", ["unit_id", "state"])
    _create_transfer_requests()
    with op.batch_alter_table("registrations") as table:
        table.add_column(sa.Column("issuer_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_registrations_issuer_id_units"), "units", ["issuer_id"], ["id"])
    op.add_column("info_cards", sa.Column("checked_by", sa.String(120), nullable=True))
    op.add_column(
        "scheme_years", sa.Column("transfer_release_days", sa.Integer(), nullable=False, server_default="10")
    )
    with op.batch_alter_table("scheme_years") as table:
        table.alter_column("transfer_release_days", server_default=None)


def _create_transfer_requests():
    links = {"member_id": "members", "from_unit_id": "units", "to_unit_id": "units", "roster_id": "roster_imports"}
    op.create_table(
        "transfer_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", _one_of("transfer_state", TRANSFER_STATES), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=name == "roster_id") for name in links),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("asked_by", sa.String(120), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.String(120), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("from_unit_id <> to_unit_id", name=op.f("ck_transfer_requests_between_two_units")),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_transfer_requests_{name}_{table}"))
            for name, table in links.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer_requests")),
    )
    for name in ("member_id", "roster_id"):
        op.create_index(op.f(f"ix_transfer_requests_{name}"), "transfer_requests", [name])
    for name in ("from", "to"):
        op.create_index(f"ix_transfer_requests_{name}_state", "transfer_requests", [f"{name}_unit_id", "state"])
    op.create_index(
        "uq_transfer_requests_one_open",
        "transfer_requests",
        ["member_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade():
    with op.batch_alter_table("scheme_years") as table:
        table.drop_column("transfer_release_days")
    with op.batch_alter_table("info_cards") as table:
        table.drop_column("checked_by")
    with op.batch_alter_table("registrations") as table:
        table.drop_constraint(op.f("fk_registrations_issuer_id_units"), type_="foreignkey")
        table.drop_column("issuer_id")
    op.drop_table("transfer_requests")
    op.drop_table("deferments")


def _one_of(name, values):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
