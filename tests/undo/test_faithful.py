"""Undone, everything is as it was before the act, down to the last column; its traces stay."""

import pytest
from sqlalchemy import func, select

from portal import audit
from portal.audit import AuditRow
from portal.extensions import db
from portal.flow import flow_of
from portal.history import HistoryLine
from portal.numbers import IssuedPaper, PaperState
from portal.records.models import RecordState, ServiceRecord
from portal.registrations.models import Registration, RegistrationState
from portal.undo import UndoNote
from tests.undo.making import ACTS, differences, make, take_back, whole


@pytest.fixture(autouse=True)
def may(time_machine):
    time_machine.move_to("2026-05-06 02:00:00+00:00")


def lines() -> set:
    return {(line.kind, line.row_id, line.id, line.label) for line in db.session.scalars(select(HistoryLine))}


def acts() -> int:
    return db.session.scalar(select(func.count()).select_from(AuditRow))


def noted() -> list[int]:
    return list(db.session.scalars(select(UndoNote.line_id).order_by(UndoNote.id)))


@pytest.mark.parametrize("name", list(ACTS))
def test_everything_is_as_it_was(cast, name):
    act = ACTS[name](cast)
    before, version, notes = whole(), act.row.version, noted()
    make(cast, act)
    assert differences(before, whole()), "the act changed nothing that could be undone"
    made, audited = lines(), acts()
    assert flow_of(act.row).undo in flow_of(act.row).open_moves(act.row, cast.by(act.by))

    take_back(cast, act)
    changed = differences(before, whole())
    assert set(changed) <= set(act.traced)
    new = {(kind, key) for kind, keys in changed.items() for key in keys if key not in before[kind]}
    assert {(kind, key) for kind, keys in changed.items() for key in keys} == new  # the rest are as they were
    assert act.row.version > version + 1  # who looked at it before or in between is told
    # One line and one audit row for each case that the act touched, and no more.
    added = lines() - made
    assert len(added) == len({line[:2] for line in added}) == acts() - audited
    assert (act.row.__tablename__, act.row.id) in {line[:2] for line in added}
    assert {line[3] for line in added} >= {f"撤销：{flow_of(act.row).moves[act.verb].label}"}
    assert noted() == notes  # of this act there is no note any more
    assert audit.first_broken() is None


@pytest.mark.parametrize("name", list(ACTS))
def test_a_colleague_of_the_same_office_takes_it_back_as_well(cast, name):
    act = ACTS[name](cast)
    if not act.colleague:
        return
    before = whole()
    make(cast, act)
    take_back(cast, act, act.colleague)
    assert set(differences(before, whole())) <= set(act.traced)


@pytest.mark.parametrize("name", ["wishes.publish", "wishes.confirm", "registrations.accept", "pledges.approve"])
def test_what_was_undone_can_be_done_again(cast, name):
    act = ACTS[name](cast)
    make(cast, act)
    take_back(cast, act)
    make(cast, act)
    take_back(cast, act)
    make(cast, act)
    assert flow_of(act.row).undo.open_to(act.row, cast.by(act.by))


def test_the_hours_of_an_undone_confirmation_are_voided_and_count_no_more(cast):
    act = ACTS["wishes.confirm"](cast)
    make(cast, act)
    counted = select(func.coalesce(func.sum(ServiceRecord.half_hours), 0)).where(
        ServiceRecord.state == RecordState.CONFIRMED
    )
    assert db.session.scalar(counted) == 6
    take_back(cast, act)
    assert db.session.scalar(counted) == 0
    for record in db.session.scalars(select(ServiceRecord)):
        lines = select(HistoryLine).where(HistoryLine.kind == "service_records", HistoryLine.row_id == record.id)
        last = db.session.scalars(lines.order_by(HistoryLine.id)).all()[-1]
        assert (record.state, last.label, last.reason) == (RecordState.VOIDED, "作废", "撤销：确认实现")
    make(cast, act)
    assert db.session.scalar(counted) == 6


def test_the_number_of_an_undone_receipt_stays_used(cast):
    act = ACTS["registrations.accept"](cast)
    make(cast, act)
    receipt = db.session.scalars(select(IssuedPaper).where(IssuedPaper.kind == "receipt")).one()
    take_back(cast, act)
    assert (receipt.serial, receipt.state) == (1, PaperState.CANCELLED)
    assert act.row.receipt_number is None
    make(cast, act)
    papers = db.session.scalars(select(IssuedPaper).where(IssuedPaper.kind == "receipt").order_by(IssuedPaper.serial))
    assert [(paper.serial, paper.state) for paper in papers] == [(1, PaperState.CANCELLED), (2, PaperState.VALID)]
    assert act.row.receipt_serial == 2


def test_a_certificate_that_went_along_with_an_undone_move_is_cancelled(cast):
    act = ACTS["registrations.relocate"](cast)
    make(cast, act)
    issued = db.session.scalars(select(Registration).where(Registration.id != act.row.id)).one()
    take_back(cast, act)
    assert issued.state is RegistrationState.CANCELLED
    paper = select(IssuedPaper.state).where(IssuedPaper.kind == "certificate", IssuedPaper.subject_id == issued.id)
    assert db.session.scalar(paper) is PaperState.CANCELLED
    assert act.row.member.community_id == cast.community1.id
