"""The seal ledger: who moves which paper from where to where, what is dated, what the portal's printing notes."""

import pytest

from portal import history, numbers
from portal.actors import Role, resident_of
from portal.audit import AuditRow
from portal.errors import RuleBroken, TooLate
from portal.extensions import db
from portal.numbers import PaperState
from portal.papers.catalogue import PAPERS
from portal.registrations import workflow as registrations
from portal.registrations.models import Registration
from portal.seals import queries, workflow
from portal.seals.models import SealEntry
from portal.seals.offices import KEPT
from tests.households.conftest import a_household
from tests.inspections.conftest import drafted
from tests.lifecycles import LATE, NO, OK, answer
from tests.registrations.conftest import walk
from tests.reports.making import a_report
from tests.seals.conftest import WAY, asked, paper_of, some_paper

EVERYBODY = (
    "county", "admin", "dept1", "dept2", "chengguan", "town2", "committee", "inspector", "liaison1", "liaison2",
    "clerk1", "clerk1b", "clerk2", "grid1", "member1", "dual",
)  # fmt: skip
# dual is a liaison of unit1 too, but acts as a member first.
MOVERS = {"certificate": {"liaison1", "county"}, "receipt": {"clerk1", "clerk1b", "county"}}
# What each move answers from each state, in the order of the states.
MOVES = {
    "mark_printed": (OK, LATE, LATE, LATE, LATE),
    "sign": (OK, OK, LATE, LATE, LATE),
    "stamp": (OK, OK, OK, LATE, LATE),
    "archive": (OK, OK, OK, OK, LATE),
    "step_back": (LATE, OK, OK, OK, LATE),
    "rebox": (LATE, LATE, LATE, LATE, OK),
}
STEPS = ("printed", "signed", "stamped", "archived")


def test_the_tables_are_whole(app):
    assert set(workflow.flow.moves) == set(MOVES)
    assert set(KEPT) == {paper.ledger for paper in PAPERS.values() if paper.ledger}


@pytest.mark.parametrize("kind", list(MOVERS))
def test_whose_seal_it_bears_moves_it_on(cast, kind):
    walk(cast, "accepted")
    for place, state in enumerate(WAY):
        row = some_paper(cast, kind, state)
        for verb, answers in MOVES.items():
            move = workflow.flow.moves[verb]
            expected = {name: answers[place] if name in MOVERS[kind] else NO for name in EVERYBODY}
            given = {name: answer(move, row, cast.by(name), **asked(verb)) for name in EVERYBODY}
            assert given == expected, (state, verb)
            assert answer(move, row, resident_of(0), **asked(verb)) == NO
        db.session.delete(row)
        db.session.commit()


def test_each_kind_is_moved_on_by_its_own_office(papers):
    """unit1's pledge card, community1's cards, dept1's table, the county's result notice; each by hand."""
    registration = db.session.scalars(db.select(Registration)).one()
    cases = {
        "service-table": a_report(papers).id, "household-card": a_household(papers).id,
        "result-notice": drafted(papers).id, "record-card": registration.id,
    }  # fmt: skip
    for kind, case in cases.items():
        numbers.issue(kind, 2026, 900, 1, case, "", "出具的单位")
    db.session.commit()
    unit, community = {"liaison1", "county"}, {"clerk1", "clerk1b", "county"}
    movers = {
        "pledge-card": unit, "info-card": community, "record-card": community, "household-card": community,
        "service-table": {"dept1", "county"}, "result-notice": {"county"},
    }  # fmt: skip
    for kind, who in movers.items():
        assert {name for name in EVERYBODY if queries.is_moved_by(paper_of(kind), papers.by(name))} == who, kind


def test_nobody_moves_the_paper_on_themselves(papers):
    """member1 is made a clerk of community1, and a county officer: a colleague stamps the receipt."""
    papers.appoint("member1", "欧阳䶮", Role.CLERK, community=papers.community1)
    papers.appoint("member1", "欧阳䶮", Role.COUNTY)
    db.session.commit()
    row = some_paper(papers)
    for role in (Role.CLERK, Role.COUNTY):
        assert answer(workflow.stamp, row, papers.by("member1", role)) == NO
    assert answer(workflow.stamp, row, papers.by("clerk1")) == OK


def test_steps_passed_over_are_dated_and_a_step_back_takes_one_date_away(papers):
    row = some_paper(papers, state="printed", by="clerk1")
    first = row.printed_at
    workflow.stamp(row, papers.by("clerk1b"))
    assert [getattr(row, f"{step}_by") for step in STEPS] == [
        "儒林社区 王秀兰", "儒林社区 赵晓梅", "儒林社区 赵晓梅", None,
    ]  # fmt: skip
    assert row.printed_at == first and row.signed_at == row.stamped_at is not None
    with pytest.raises(RuleBroken, match="请填写退回一步的原因"):
        workflow.step_back(row, papers.by("clerk1"))
    workflow.step_back(row, papers.by("clerk1"), reason="章没有盖清楚")
    assert (row.state.value, row.stamped_at, row.signed_by) == ("signed", None, "儒林社区 赵晓梅")
    with pytest.raises(RuleBroken, match="请填写盒号"):
        workflow.archive(row, papers.by("clerk1"), box="")
    db.session.rollback()
    row = some_paper(papers, state="archived")
    workflow.rebox(row, papers.by("clerk1"), box="2026-永久-04", reason="装错了盒")
    db.session.commit()
    assert (row.box, row.state.value) == ("2026-永久-04", "archived")
    assert [line.label for line in history.of(row)] == ["登记打印", "归档", "更正盒号"]
    acts = db.session.scalars(db.select(AuditRow.act).where(AuditRow.kind == "seal_entries").order_by(AuditRow.id))
    assert list(acts) == ["seal_entries.mark_printed", "seal_entries.archive", "seal_entries.rebox"]


def test_what_stands_no_more_goes_no_further(papers):
    """The info card is replaced by a later version, the receipt cancelled."""
    row = some_paper(papers, "info-card", "printed")
    registration = db.session.scalars(db.select(Registration)).one()
    registrations.make_card_final(registration)
    db.session.commit()
    assert row.paper.state is PaperState.REPLACED
    with pytest.raises(TooLate, match="这份表已被新版替代，不能再往下办"):
        workflow.stamp(row, papers.by("clerk1"))
    db.session.rollback()
    assert row.state.value == "printed" and row.stamped_at is None
    numbers.set_aside("receipt", registration.id, PaperState.CANCELLED)
    db.session.commit()
    paper = db.session.scalars(db.select(numbers.IssuedPaper).where(numbers.IssuedPaper.kind == "receipt")).one()
    with pytest.raises(TooLate, match="这份表已作废，不能再往下办"):
        workflow.archive(workflow.entry_for(paper), papers.by("clerk1"), box="1")
    db.session.rollback()
    assert workflow.flow.open_moves(queries.entries_of([paper])[paper.id], papers.by("clerk1")) == []
    assert db.session.scalar(db.select(db.func.count()).select_from(SealEntry)) == 1


def test_of_two_clerks_at_once_the_second_hears_who_was_first(papers):
    row = some_paper(papers)
    workflow.stamp(row, papers.by("clerk1"))
    with pytest.raises(TooLate, match="儒林社区 王秀兰已先“登记盖章”，这份表现在是“已盖章”，不能登记签字。"):
        workflow.sign(row, papers.by("clerk1b"))


def test_printing_by_the_portal_notes_it_once_for_whose_seal_it_bears(papers):
    certificate, receipt = paper_of("certificate"), paper_of("receipt")
    both = [certificate.id, receipt.id]
    workflow.note_printed(papers.by("member1"), both)
    workflow.note_printed(papers.by("clerk1"), both)
    workflow.note_printed(papers.by("clerk1b"), both)
    db.session.commit()
    rows = db.session.scalars(db.select(SealEntry)).all()
    assert [(row.id, row.state.value, row.printed_by) for row in rows] == [(receipt.id, "printed", "儒林社区 王秀兰")]
    (line,) = history.of(rows[0])
    assert (line.label, line.from_state, line.to_state) == ("打印", "generated", "printed")
    stamped = some_paper(papers, "certificate", "stamped")
    workflow.note_printed(papers.by("liaison1"), [stamped.id])
    assert stamped.state.value == "stamped"
