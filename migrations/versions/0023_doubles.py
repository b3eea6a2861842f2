"""Merging of doubles: the pairs the county looks at, and members that were merged into another row

Revision: 0023, after 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

STATES = ("suspected", "merged", "reversed", "dismissed")
STATUSES = ("active", "left")
END_KINDS = ("moved", "transferred", "retired", "left", "died")
MERGED_INTO_ONE = "(status = 'merged') = (merged_into_id IS NOT NULL)"

# A table made anew on SQLite forgets that none of its ids may come back.
NO_ID_TWICE = {"sqlite_autoincrement": True}

def upgrade():
    with _members() as table:
        _allow(table, "members", "member_status", "status", (*STATUSES, "merged"))
        table.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_members_merged_into_id_members"), "members", ["merged_into_id"], ["id"])
        table.create_check_constraint(op.f("ck_members_merged_into_one"), MERGED_INTO_ONE)
        table.create_check_constraint(op.f("ck_members_merged_into_another"), "merged_into_id <> id")
    op.create_index(op.f("ix_members_merged_into_id"), "members", ["merged_into_id"])
    op.create_index("ix_members_name_born", "members", ["name", "born"])
    with op.batch_alter_table("staged_members") as table:
        _allow(table, "staged_members", "member_status", "status", (*STATUSES, "merged"))
    with op.batch_alter_table("registrations", table_kwargs=NO_ID_TWICE) as table:
        _allow(table, "registrations", "end_kind", "end_kind", (*END_KINDS, "duplicate"))
    _create_doubles()


def _create_doubles():
    links = ("first_id", "second_id", "kept_id")
    op.create_table(
        "doubles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", _one_of("double_state", STATES), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=name == "kept_id") for name in links),
        sa.Column("first_identity", sa.String(32), nullable=False),
        sa.Column("second_identity", sa.String(32), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ledger_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("seal_id", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_doubles_each_pair_once")),
        sa.CheckConstraint(
            "state <> 'merged' OR (kept_id IN (first_id, second_id) AND merged_at IS NOT NULL)",
            name=op.f("ck_doubles_merged_keeps_one"),
        ),
        *(
            sa.ForeignKeyConstraint([name], ["members.id"], name=op.f(f"fk_doubles_{name}_members"))
            for name in links
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doubles")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_doubles_first_id_second_id")),
    )
    op.create_index(op.f("ix_doubles_second_id"), "doubles", ["second_id"])
    op.create_index("ix_doubles_state", "doubles", ["state", "merged_at"])


def downgrade():
    op.drop_table("doubles")
    # What the earlier schema cannot say: a row that was merged has left, a registration ended for it by moving.
    op.execute("UPDATE registrations SET end_kind = 'moved' WHERE end_kind = 'duplicate'")
    with op.batch_alter_table("registrations", table_kwargs=NO_ID_TWICE) as table:
        _allow(table, "registrations", "end_kind", "end_kind", END_KINDS)
    op.execute("UPDATE staged_members SET status = 'left' WHERE status = 'merged'")
    with op.batch_alter_table("staged_members") as table:
        _allow(table, "staged_members", "member_status", "status", STATUSES)
    op.drop_index("ix_members_name_born", "members")
    op.drop_index(op.f("ix_members_merged_into_id"), "members")
    with _members() as table:
        for name in ("merged_into_another", "merged_into_one"):
            table.drop_constraint(op.f(f"ck_members_{name}"), type_="check")
    op.execute("UPDATE members SET status = 'left' WHERE status = 'merged'")
    with _members() as table:
        table.drop_constraint(op.f("fk_members_merged_into_id_members"), type_="foreignkey")
        table.drop_column("merged_into_id")
        _allow(table, "members", "member_status", "status", STATUSES)


class _members:
    """A batch on `members` that keeps its counter: an old number must never name another person.

    SQLite makes the table anew, and would count on from the highest row that is there.
    """

    def __enter__(self):
        self.counted = _counter()
        self.batch = op.batch_alter_table("members", table_kwargs={"sqlite_autoincrement": True})
        return self.batch.__enter__()

    def __exit__(self, *failure):
        self.batch.__exit__(*failure)
        if self.counted is not None and failure == (None, None, None):
            op.execute(sa.text("UPDATE sqlite_sequence SET seq = max(seq, :last) WHERE name = 'members'")
                       .bindparams(last=self.counted))  # fmt: skip


def _counter():
    if op.get_bind().dialect.name != "sqlite":
        return None
    return op.get_bind().scalar(sa.text("SELECT seq FROM sqlite_sequence WHERE name = 'members'"))


def _allow(table, of, name, column, values):
    """Let a column hold these words."""
    words = ", ".join(f"'{value}'" for value in values)
    table.drop_constraint(op.f(f"ck_{of}_{name}"), type_="check")
    table.create_check_constraint(op.f(f"ck_{of}_{name}"), f"{column} IN ({words})")


def _one_of(name, values):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
