"""The audit trail: kept with the act, append-only, and broken where it was touched."""

import pytest
from sqlalchemy.exc import DatabaseError

from portal import audit
from portal.actors import SYSTEM
from portal.extensions import db


def three_acts() -> None:
    for act in ("one", "two", "three"):
        audit.write(SYSTEM, act)
    db.session.commit()


def test_a_sound_trail_is_sound(app):
    three_acts()
    assert audit.first_broken() is None
    result = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert result.exit_code == 0 and "完整" in result.output


def test_an_act_that_is_rolled_back_leaves_no_row(app):
    three_acts()
    audit.write(SYSTEM, "never happened")
    db.session.rollback()
    audit.write(SYSTEM, "four")
    db.session.commit()
    assert [row.act for row in db.session.scalars(db.select(audit.AuditRow).order_by(audit.AuditRow.id))] == [
        "one", "two", "three", "four",
    ]  # fmt: skip
    assert audit.first_broken() is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET act = 'nothing' WHERE id = 2",
        "DELETE FROM audit WHERE id = 2",
        "INSERT INTO audit SELECT 2, at, request_id, user_id, appointment_id, role, address, act, kind, row_id, "
        "fields, reason, mac FROM audit WHERE id = 1",
    ],
)
def test_nobody_rewrites_it(app, statement):
    three_acts()
    with pytest.raises(DatabaseError):
        db.session.execute(db.text(statement))
    db.session.rollback()
    assert audit.first_broken() is None


def test_a_row_changed_behind_the_guards_is_found(app):
    three_acts()
    if db.engine.dialect.name == "sqlite":
        db.session.execute(db.text("DROP TRIGGER audit_no_update"))
    else:
        db.session.execute(db.text("ALTER TABLE audit DISABLE TRIGGER audit_no_change"))
    db.session.execute(db.text("UPDATE audit SET act = 'nothing' WHERE id = 2"))
    assert audit.first_broken() == 2
    db.session.rollback()
