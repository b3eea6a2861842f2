"""Unit and community build together (结对共建): lists, projects, joint actions; contact points of leaders

Revision: 0018, after 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

STATES = ("proposed", "active", "declined", "ended")
PROJECT_STATES = ("planned", "underway", "done", "dropped")
ACTION_STATES = ("recorded", "confirmed", "rejected", "withdrawn")
SIDES = ("unit", "community")
KINDS = ("need", "resource")
LIVE = sa.text("state IN ('proposed', 'active')")


def upgrade():
    _create_agreed(
        "pairings",
        "pairing_state",
        {"unit_id": "units", "community_id": "communities"},
        sa.Column("side", _one_of("side", SIDES), nullable=False),
        sa.Column("aim", sa.String(200), nullable=True),
    )
    op.create_index("ix_pairings_unit_state", "pairings", ["unit_id", "state"])
    _create_agreed("contact_points", "contact_point_state", {"member_id": "members", "community_id": "communities"})
    op.create_index(op.f("ix_contact_points_member_id"), "contact_points", ["member_id"])
    _create_items()
    _create_projects()
    _create_actions()


def _create_agreed(table, state, links, *more):
    """What one side proposes to the other, with at most one live for the two."""
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", _one_of(state, STATES), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in links),
        *more,
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("proposed_by", sa.String(120), nullable=False),
        sa.Column("proposed_by_user_id", sa.Integer(), nullable=True),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("agreed_by", sa.String(120), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state <> 'active' OR agreed_on IS NOT NULL", name=op.f(f"ck_{table}_active_was_agreed")),
        *_links(table, links),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(
        f"uq_{table}_one_live", table, list(links), unique=True, sqlite_where=LIVE, postgresql_where=LIVE
    )
    op.create_index(f"ix_{table}_community_state", table, ["community_id", "state"])


def _create_items():
    op.create_table(
        "pairing_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pairing_id", sa.Integer(), nullable=False),
        sa.Column("kind", _one_of("item_kind", KINDS), nullable=False),
        sa.Column("what", sa.String(60), nullable=False),
        sa.Column("note", sa.String(200), nullable=True),
        sa.Column("listed_on", sa.Date(), nullable=False),
        sa.Column("listed_by", sa.String(120), nullable=False),
        sa.Column("struck_on", sa.Date(), nullable=True),
        *_links("pairing_items", {"pairing_id": "pairings"}),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairing_items")),
    )
    op.create_index(op.f("ix_pairing_items_pairing_id"), "pairing_items", ["pairing_id"])


def _create_projects():
    links = {"pairing_id": "pairings", "need_id": "pairing_items", "resource_id": "pairing_items"}
    op.create_table(
        "pairing_projects",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", _one_of("project_state", PROJECT_STATES), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=name != "pairing_id") for name in links),
        sa.Column("what", sa.String(60), nullable=False),
        sa.Column("responsible", sa.String(60), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("result", sa.String(200), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "need_id IS NOT NULL OR resource_id IS NOT NULL", name=op.f("ck_pairing_projects_from_need_or_resource")
        ),
        sa.CheckConstraint(
            "state <> 'done' OR (done_on IS NOT NULL AND result IS NOT NULL)",
            name=op.f("ck_pairing_projects_done_says_what_came_of_it"),
        ),
        *_links("pairing_projects", links),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairing_projects")),
    )
    op.create_index(op.f("ix_pairing_projects_pairing_id"), "pairing_projects", ["pairing_id"])
    op.create_index("ix_pairing_projects_state_due", "pairing_projects", ["state", "due_on"])


def _create_actions():
    links = {"pairing_id": "pairings", "project_id": "pairing_projects"}
    op.create_table(
        "joint_actions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", _one_of("action_state", ACTION_STATES), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=name != "pairing_id") for name in links),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("what", sa.String(60), nullable=False),
        sa.Column("took_part", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(500), nullable=True),
        sa.Column("side", _one_of("side", SIDES), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.String(120), nullable=False),
        sa.Column("recorded_by_user_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("confirmed_by", sa.String(120), nullable=True),
        sa.Column("confirmed_by_user_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("took_part BETWEEN 1 AND 5000", name=op.f("ck_joint_actions_took_part_sane")),
        sa.CheckConstraint(
            "state <> 'confirmed' OR confirmed_on IS NOT NULL", name=op.f("ck_joint_actions_confirmed_has_its_day")
        ),
        sa.CheckConstraint(
            "confirmed_by_user_id IS NULL OR confirmed_by_user_id <> recorded_by_user_id",
            name=op.f("ck_joint_actions_second_person"),
        ),
        *_links("joint_actions", links),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joint_actions")),
    )
    op.create_index(op.f("ix_joint_actions_pairing_id"), "joint_actions", ["pairing_id"])
    op.create_index("ix_joint_actions_state", "joint_actions", ["state", "held_on"])


def _links(table, links):
    return [
        sa.ForeignKeyConstraint([name], [f"{other}.id"], name=op.f(f"fk_{table}_{name}_{other}"))
        for name, other in links.items()
    ]


def _one_of(name, values):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def downgrade():
    for table in ("joint_actions", "pairing_projects", "pairing_items", "contact_points", "pairings"):
        op.drop_table(table)
