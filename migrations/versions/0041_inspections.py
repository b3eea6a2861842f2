"""Inspections: checklists, who inspects whom, findings, result notices

Revision: 0041, after 0040
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

KINDS = ("check", "yearly_assessment")
STATES = ("planned", "underway", "issued", "answered", "closed", "cancelled")
ASKED_OF = ("all", "units", "communities", "bodies")
DRAWN = ("reported", "unreported", "receipts", "pledges", "service", "five_ones", "entered_late", "unconfirmed",
         "wishes", "visits", "remarks", "suggestions", "own_work", "liaison")  # fmt: skip
FINDING_STATES = ("open", "answered", "returned", "accepted", "withdrawn")
UNSETTLED = sa.text("state IN ('open', 'answered', 'returned')")


def upgrade():
    _checklists()
    _inspections()
    _targets()
    _findings()
    op.create_table(
        "result_notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", _one_of("notice_state", ("draft", "published")), nullable=False),
        sa.Column("inspection_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("opening", sa.String(1500), nullable=False),
        sa.Column("closing", sa.String(1500), nullable=False),
        sa.Column("written_by_user_id", sa.Integer(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _check("result_notices", "published_on_a_day", "(state = 'published') = (published_on IS NOT NULL)"),
        _names("result_notices", "inspection_id", "inspections"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_notices")),
        _once("result_notices", "inspection_id"),
        _once("result_notices", "number"),
    )


def downgrade():
    for table in ("result_notices", "findings", "inspection_checks", "inspection_targets", "inspectors",
                  "inspection_items", "inspections", "checklist_items", "checklists"):  # fmt: skip
        op.drop_table(table)


def _checklists():
    op.create_table(
        "checklists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(60), nullable=False),
        sa.Column("kind", _one_of("inspection_kind", KINDS), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklists")),
        _once("checklists", "title"),
    )
    op.create_table(
        "checklist_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("checklist_id", sa.Integer(), nullable=False),
        *_item_columns(),
        _names("checklist_items", "checklist_id", "checklists"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_items")),
    )
    op.create_index(op.f("ix_checklist_items_checklist_id"), "checklist_items", ["checklist_id"])


def _item_columns():
    return (
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("asked_of", _one_of("asked_of", ASKED_OF), nullable=False),
        sa.Column("words", sa.String(120), nullable=False),
        sa.Column("drawn", _one_of("drawn", DRAWN), nullable=True),
        sa.Column("clause", sa.String(12), nullable=True),
    )


def _inspections():
    op.create_table(
        "inspections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", _one_of("inspection_state", STATES), nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("kind", _one_of("inspection_kind", KINDS), nullable=False),
        sa.Column("title", sa.String(60), nullable=False),
        sa.Column("about", sa.String(500), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("fix_by", sa.Date(), nullable=True),
        sa.Column("planned_by_user_id", sa.Integer(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _check("inspections", "ends_after_it_begins", "ends_on >= starts_on"),
        _check("inspections", "issued_on_a_day",
               "state NOT IN ('issued', 'answered', 'closed') OR issued_on IS NOT NULL"),
        _check("inspections", "closed_on_a_day", "(state = 'closed') = (closed_on IS NOT NULL)"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspections")),
        _once("inspections", "number"),
        _once("inspections", "year", "serial"),
    )  # fmt: skip
    op.create_index("ix_inspections_state", "inspections", ["state", "ends_on"])
    op.create_table(
        "inspection_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inspection_id", sa.Integer(), nullable=False),
        *_item_columns(),
        _names("inspection_items", "inspection_id", "inspections"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_items")),
    )
    op.create_index(op.f("ix_inspection_items_inspection_id"), "inspection_items", ["inspection_id"])
    op.create_table(
        "inspectors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inspection_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        _names("inspectors", "inspection_id", "inspections"),
        _names("inspectors", "appointment_id", "appointments"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspectors")),
        _once("inspectors", "appointment_id"),
    )
    op.create_index(op.f("ix_inspectors_inspection_id"), "inspectors", ["inspection_id"])


def _targets():
    table = "inspection_targets"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inspection_id", sa.Integer(), nullable=False),
        sa.Column("kind", _one_of("target_kind", ("unit", "community", "town", "department")), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("supervisor_id", sa.Integer(), nullable=True),
        sa.Column("visited_on", sa.Date(), nullable=True),
        sa.Column("words", sa.String(500), nullable=True),
        sa.Column("merit", _one_of("merit", ("praised", "criticised")), nullable=True),
        sa.Column("merit_words", sa.String(200), nullable=True),
        sa.Column("grade", _one_of("assessment_grade", ("good", "fair", "plain", "poor")), nullable=True),
        sa.Column("grade_words", sa.String(300), nullable=True),
        sa.Column("graded_by_user_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _check(table, "unit_named", "(kind = 'unit') = (unit_id IS NOT NULL)"),
        _check(table, "community_named", "(kind = 'community') = (community_id IS NOT NULL)"),
        _check(table, "body_named", "(kind IN ('town', 'department')) = (supervisor_id IS NOT NULL)"),
        _check(table, "merit_in_words", "(merit IS NULL) = (merit_words IS NULL)"),
        _check(table, "grade_in_words", "grade IS NULL OR grade_words IS NOT NULL"),
        _names(table, "inspection_id", "inspections"),
        _names(table, "unit_id", "units"),
        _names(table, "community_id", "communities"),
        _names(table, "supervisor_id", "supervisors"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        _once(table, "inspection_id", "unit_id"),
        _once(table, "inspection_id", "community_id"),
        _once(table, "inspection_id", "supervisor_id"),
    )
    for place in ("unit", "community", "supervisor"):
        op.create_index(f"ix_inspection_targets_{place}", table, [f"{place}_id"])
    _checks("inspection_checks")


def _checks(table):
    results = ("good", "partly", "bad", "not_asked")
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("result", _one_of("check_result", results), nullable=True),
        sa.Column("comment", sa.String(200), nullable=True),
        sa.Column("evidence", sa.String(200), nullable=True),
        sa.Column("evidence_on", sa.Date(), nullable=True),
        sa.Column("by_user_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(120), nullable=True),
        _check(table, "evidence_of_a_day", "(evidence IS NULL) = (evidence_on IS NULL)"),
        _names(table, "target_id", "inspection_targets"),
        _names(table, "item_id", "inspection_items"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        _once(table, "target_id", "item_id"),
    )
    op.create_index(op.f(f"ix_{table}_item_id"), table, ["item_id"])


def _findings():
    op.create_table(
        "findings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", _one_of("finding_state", FINDING_STATES), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(300), nullable=False),
        sa.Column("demand", sa.String(300), nullable=True),
        sa.Column("evidence", sa.String(200), nullable=True),
        sa.Column("evidence_on", sa.Date(), nullable=True),
        sa.Column("fix_by", sa.Date(), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("found_by", sa.String(120), nullable=False),
        sa.Column("found_by_user_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(800), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answered_by", sa.String(120), nullable=True),
        sa.Column("answered_by_user_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _check("findings", "evidence_of_a_day", "(evidence IS NULL) = (evidence_on IS NULL)"),
        _check("findings", "answered_in_writing",
               "state NOT IN ('answered', 'accepted') OR (answer IS NOT NULL AND answered_on IS NOT NULL)"),
        _names("findings", "target_id", "inspection_targets"),
        _names("findings", "item_id", "inspection_items"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
    )  # fmt: skip
    op.create_index("ix_findings_target", "findings", ["target_id", "state"])
    op.create_index(
        "ix_findings_unsettled", "findings", ["fix_by"], sqlite_where=UNSETTLED, postgresql_where=UNSETTLED
    )
    op.create_index(op.f("ix_findings_item_id"), "findings", ["item_id"])


def _check(table, name, condition):
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _names(table, column, other):
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _once(table, *columns):
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def _one_of(name, values):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
