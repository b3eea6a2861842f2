"""The life cycles of household, support and visit: every verb × state × role, typed by hand from 1-domain."""

import datetime as dt

import pytest
import time_machine
from sqlalchemy import func, select, update

from portal import history, undo
from portal.actors import Role
from portal.audit import AuditRow
from portal.errors import NotYours, RuleBroken, TooLate
from portal.extensions import db
from portal.households import queries, supporting, visiting, workflow
from portal.households.kinds import CloseKind, ConsentBy, HouseholdKind, Need
from portal.households.models import Household, HouseholdState, Support, SupportState, VisitState
from portal.messages.models import Message
from portal.people.members import set_member_facts
from portal.people.models import Member
from portal.records.models import Evidence, RecordState, ServiceRecord, Source
from tests.cast import make_member
from tests.households.conftest import NAME, a_household, a_support, a_visit, consent, facts, visit_facts
from tests.lifecycles import LATE, NO, OK, answer
from tests.registrations.test_at_once import at_once
from tests.stored import words_in
from tests.wishes.making import register

SATURDAY = dt.datetime(2026, 5, 16, 2, tzinfo=dt.UTC)
# member1 supports the household (or is asked to), member2 and the dual one live there too, member3 elsewhere; grid1
# is the worker of its grid, grid2 of another one.
EVERYBODY = ("county", "admin", "dept1", "chengguan", "town2", "committee", "inspector", "liaison1", "clerk1",
             "clerk1b", "clerk2", "grid1", "grid2", "member1", "member2", "member3", "dual")  # fmt: skip
CLERKS = {"clerk1", "clerk1b"}
DRAFT, ACTIVE, CLOSED = "draft", "active", "closed"

# verb: who may at all, and from which states.
HOUSEHOLDS = {
    "activate": (CLERKS, {DRAFT}),
    "close": (CLERKS, {DRAFT, ACTIVE}),
    "reopen": (CLERKS, {CLOSED}),
}
SUPPORTS = {
    "accept": ({"member1"}, {"proposed"}),
    "decline": ({"member1"}, {"proposed"}),
    "withdraw": (CLERKS, {"proposed"}),
    "lead": (CLERKS | {"member2"}, {"active"}),  # member2 leads
    "end": (CLERKS | {"member1"}, {"active"}),
    "replace": (CLERKS, {"active"}),
}
VISITS = {
    "confirm": (CLERKS | {"grid1"}, {"recorded"}),
    "reject": (CLERKS | {"grid1"}, {"recorded"}),
    "withdraw": ({"member1"}, {"recorded"}),
}


@pytest.fixture(autouse=True)
def saturday():
    with time_machine.travel(SATURDAY, tick=False):
        yield


def asked(cast, verb: str) -> dict:
    return {
        "activate": consent(),
        "close": {"kind": CloseKind.IMPROVED, "reason": "困难已经缓解"},
        "reopen": {"reason": "又有了困难"},
        "end": {"reason": "调离本县"},
        "reject": {"reason": "那天没有来"},
        "replace": {"reason": "调离本县", "member_id": cast.dual_row.id},
    }.get(verb, {})


def given(county, move, row, verb) -> dict[str, str]:
    return {name: answer(move, row, county.by(name), **asked(county, verb)) for name in EVERYBODY}


def expected(may: set[str], starts: set[str], state: str) -> dict[str, str]:
    return {name: NO if name not in may else OK if state in starts else LATE for name in EVERYBODY}


def test_the_tables_are_whole(app):
    assert set(HOUSEHOLDS) == set(workflow.flow.moves)
    assert set(SUPPORTS) == set(supporting.flow.moves)
    assert set(VISITS) == set(visiting.flow.moves)


@pytest.mark.parametrize("state", [state.value for state in HouseholdState])
@pytest.mark.parametrize("verb", list(HOUSEHOLDS))
def test_every_verb_of_a_household(county, verb, state):
    row = a_household(county, state)
    assert given(county, workflow.flow.moves[verb], row, verb) == expected(*HOUSEHOLDS[verb], state)


@pytest.mark.parametrize("state", [state.value for state in SupportState])
@pytest.mark.parametrize("verb", list(SUPPORTS))
def test_every_verb_of_a_support(county, verb, state):
    household = a_household(county)
    a_support(county, household, "member2")
    row = a_support(county, household, state=state)
    assert given(county, supporting.flow.moves[verb], row, verb) == expected(*SUPPORTS[verb], state)


@pytest.mark.parametrize("state", [state.value for state in VisitState])
@pytest.mark.parametrize("verb", list(VISITS))
def test_every_verb_of_a_visit(county, verb, state):
    household = a_household(county)
    a_support(county, household)
    row = a_visit(county, household, state)
    assert given(county, visiting.flow.moves[verb], row, verb) == expected(*VISITS[verb], state)


def test_only_clerks_and_grid_workers_of_the_community_enter(county):
    for name in set(EVERYBODY) - CLERKS - {"grid1", "grid2"}:
        with pytest.raises(NotYours):
            workflow.enter(county.community1, county.by(name), **facts(county))
    row = workflow.enter(county.community1, county.by("grid2"), **facts(county))
    assert (row.state, row.grid.name) == (HouseholdState.DRAFT, "第二网格")  # of their own grid, whatever was sent
    row = workflow.enter(county.community1, county.by("clerk1b"), **facts(county, name="买买提·吐尔逊"))
    assert (row.number, row.shown_name, row.help.label, row.size) == ("2026-0002", "买买提·某某", "助老", 2)


def test_the_help_follows_from_the_kind():
    helps = ["助贫", "助困", "助残", "助学", "助老"]
    assert [kind.help.label for kind in HouseholdKind] == helps


def test_what_is_personal_is_sealed_in_the_database(county):
    row = a_household(county)
    columns = db.session.execute(select(Household.__table__).where(Household.id == row.id)).one()
    stored = words_in(columns)
    for secret in (NAME, "13991234567", "3号楼", "1941", "alone", "每周有人", "过年"):
        assert secret.encode() not in stored
    assert (row.name, row.born, [each.label for each in row.difficulties]) == (NAME, "1941-03", ["独居无人照料"])


def test_nobody_is_filed_twice(county):
    a_household(county)
    with pytest.raises(RuleBroken, match="2026-0001"):
        workflow.enter(county.community1, county.by("clerk1b"), **facts(county, address="别处"))
    workflow.enter(county.community1, county.by("clerk1b"), **facts(county, born="1950-01"))  # another 陈桂英
    db.session.rollback()
    workflow.close(db.session.scalar(select(Household)), county.by("clerk1"), kind=CloseKind.OTHER, reason="重复")
    db.session.commit()
    assert workflow.enter(county.community1, county.by("clerk1"), **facts(county)).state is HouseholdState.DRAFT
    db.session.commit()
    closed = db.session.scalar(select(Household).where(Household.number == "2026-0001"))
    with pytest.raises(RuleBroken, match="同一人已另有档案（2026-0002），不能撤销"):
        workflow.flow.undo(closed, county.by("clerk1"))
    db.session.rollback()
    with pytest.raises(RuleBroken, match="本社区已有同名"):
        workflow.reopen(closed, county.by("clerk1"), reason="又要帮扶")


@pytest.mark.parametrize(
    ("born", "by", "guardian", "fine"),
    [
        ("1941-03", ConsentBy.SELF, "", True),
        ("1941-03", ConsentBy.GUARDIAN, "陈小军", True),  # somebody who can't decide alone
        ("1941-03", ConsentBy.GUARDIAN, "", False),
        ("2012-06", ConsentBy.SELF, "", False),
        ("2012-05", ConsentBy.SELF, "", False),  # 14 this month, on which day is not known
        ("2012-04", ConsentBy.SELF, "", True),
        ("2015-01", ConsentBy.GUARDIAN, "陈小军", True),
        ("1941-03", None, "", False),
    ],
)
def test_without_consent_no_file_is_opened(county, born, by, guardian, fine):
    row = a_household(county, "draft", born=born)
    if fine:
        workflow.activate(row, county.by("clerk1"), **consent(consent_by=by, guardian=guardian))
        assert (row.opened_on, row.consent_taken_by) == (dt.date(2026, 5, 16), "王秀兰")
    else:
        with pytest.raises(RuleBroken):
            workflow.activate(row, county.by("clerk1"), **consent(consent_by=by, guardian=guardian))


def test_consent_is_not_given_tomorrow(county):
    row = a_household(county, "draft")
    with pytest.raises(RuleBroken, match="还没有到"):
        workflow.activate(row, county.by("clerk1"), **consent(consent_on=dt.date(2026, 5, 17)))


def test_a_change_names_the_fields_and_never_what_they_held(county):
    row = a_household(county)
    workflow.change(row, county.by("clerk1b"), **facts(county, phone="13991234568", needs=[Need.CLINIC], people=[]))
    line = history.of(row)[-1]
    assert (line.label, line.reason) == ("修改档案", "改动：电话、需求、家庭成员")
    trail = db.session.scalars(select(AuditRow).order_by(AuditRow.id.desc())).first()
    assert trail.act == "households.change"
    assert "1399" not in f"{trail.reason}{trail.fields}"
    assert (row.phone, row.needs, row.size) == ("13991234568", [Need.CLINIC], 1)
    workflow.change(row, county.by("clerk1b"), **facts(county, phone="13991234568", needs=[Need.CLINIC], people=[]))
    assert history.of(row)[-1].id == line.id  # nothing changed, nothing is told


def test_an_open_file_can_t_become_that_of_a_child_who_agreed_alone(county):
    row = a_household(county)
    with pytest.raises(RuleBroken, match="监护人"):
        workflow.change(row, county.by("clerk1"), **facts(county, born="2015-01"))


def test_a_grid_worker_changes_only_what_they_proposed(county):
    row = workflow.enter(county.community1, county.by("grid1"), **facts(county))
    workflow.change(row, county.by("grid1"), **facts(county, phone=""))
    workflow.activate(row, county.by("clerk1"), **consent())
    with pytest.raises(NotYours):
        workflow.change(row, county.by("grid1"), **facts(county))
    told = db.session.scalars(select(Message).where(Message.user_id == county.users["grid1"].id)).all()
    assert [NAME in message.sentence for message in told] == [False]


def test_death_ends_all_supports_in_one_act_and_names_nothing(county):
    row = a_household(county)
    first, asked_too = a_support(county, row), a_support(county, row, "member2", "proposed")
    workflow.close(row, county.by("clerk1"), kind=CloseKind.DIED, reason="五月十五日病故")
    db.session.commit()
    assert {first.state, asked_too.state} == {SupportState.ENDED}
    told = db.session.scalars(select(Message).where(Message.user_id == county.users["member1"].id)).all()
    assert "结束帮扶" in told[-1].sentence
    assert not any(word in told[-1].sentence for word in (NAME, "病故", "去世"))
    assert db.session.scalar(queries.visible_to(county.by("member1"))) is None
    undo_by = workflow.flow.undo
    undo_by(row, county.by("clerk1b"))  # a slip of the hand
    assert (row.state, first.state, first.leads) == (HouseholdState.ACTIVE, SupportState.ACTIVE, True)
    assert asked_too.state is SupportState.PROPOSED


def test_what_is_opened_again_asks_for_consent_again(county):
    row = a_household(county, "closed")
    workflow.reopen(row, county.by("clerk1"), reason="又有了困难")
    assert (row.state, row.consent_on, row.close_kind) == (HouseholdState.DRAFT, None, None)
    with pytest.raises(RuleBroken, match="帮扶中"):
        supporting.propose(row, county.member1_row, county.by("clerk1"))


# --- supports ---------------------------------------------------------------------------------------------------------


def test_the_first_leads_and_passes_the_lead_on(county):
    row = a_household(county)
    first, second = a_support(county, row), a_support(county, row, "member2")
    assert (first.leads, second.leads) == (True, False)
    supporting.lead(second, county.by("member1"))
    assert (first.leads, second.leads) == (False, True)
    supporting.end(second, county.by("member2"), reason="借调外地")
    assert (first.leads, second.leads, second.until) == (True, False, dt.date(2026, 5, 16))


def test_whoever_has_no_login_is_stood_in_for_and_it_shows(county):
    row = a_household(county)
    support = a_support(county, row, "silent")
    assert (support.state, support.stand_in) == (SupportState.ACTIVE, True)
    assert [(line.verb, line.stand_in) for line in history.of(support)] == [("propose", False), ("accept", True)]


def test_nobody_arranges_their_own_support(county):
    row = a_household(county)
    county.appoint("member2", "买买提·吐尔逊", Role.CLERK, community=county.community1)
    db.session.commit()
    with pytest.raises(RuleBroken, match="本人"):
        supporting.propose(row, county.member2_row, county.by("member2", Role.CLERK))
    support = a_support(county, row, "member2", "proposed")
    themselves = county.by("member2", Role.CLERK)
    for move in (supporting.accept, supporting.decline, supporting.withdraw):
        assert answer(move, support, themselves) == NO
    supporting.withdraw(support, county.by("clerk1"))
    db.session.commit()
    with pytest.raises(NotYours):  # nor is it offered to them anew by themselves
        supporting.flow.undo(support, themselves)
    db.session.rollback()
    supporting.flow.undo(support, county.by("clerk1b"))
    assert support.state is SupportState.PROPOSED


def test_only_received_members_and_never_a_sixth(county):
    row = a_household(county)
    with pytest.raises(RuleBroken, match="在本社区报到"):
        supporting.propose(row, county.member3_row, county.by("clerk1"))
    for at in range(5):
        county.places[f"m{at}_row"] = make_member(
            county.unit2, county.community1, f"单{'一二三四五'[at]}", f"1389170200{at}"
        )
    register(county, *(f"m{at}" for at in range(5)))
    for at in range(5):
        a_support(county, row, f"m{at}")
    with pytest.raises(RuleBroken, match="5 人"):
        supporting.propose(row, county.member1_row, county.by("clerk1"))
    supporting.end(row.supports[2], county.by("clerk1"), reason="调离")
    assert supporting.propose(row, county.member1_row, county.by("clerk1")).place == 3
    with pytest.raises(RuleBroken, match="不必再请"):
        supporting.propose(row, county.member1_row, county.by("clerk1b"))


def test_a_change_of_supporter_is_one_act_and_the_file_stays_whole(county):
    row = a_household(county)
    old = a_support(county, row)
    a_visit(county, row, "confirmed")
    supporting.replace(old, county.by("clerk1"), member_id=county.member2_row.id, reason="借调外地")
    db.session.commit()
    new = row.supports[-1]
    assert (old.state, new.state, new.member_id) == (SupportState.ENDED, SupportState.PROPOSED, county.member2_row.id)
    assert len(queries.visits_of(row.id, 2026)) == 1
    supporting.flow.undo(old, county.by("clerk1b"))
    db.session.commit()
    assert (old.state, old.leads, new.state) == (SupportState.ACTIVE, True, SupportState.ENDED)


def test_a_replacement_that_was_accepted_is_not_taken_back(county):
    row = a_household(county)
    old = a_support(county, row)
    supporting.replace(old, county.by("clerk1"), member_id=county.member2_row.id, reason="借调外地")
    db.session.commit()
    supporting.accept(row.supports[-1], county.by("member2"))
    db.session.commit()
    with pytest.raises(TooLate):
        supporting.flow.undo(old, county.by("clerk1"))


def test_whoever_declines_says_why_to_the_community_only_if_they_want(county):
    row = a_household(county)
    support = a_support(county, row, state="proposed")
    supporting.decline(support, county.by("member1"), reason="老人住得太远")
    db.session.commit()
    assert support.ended_why == "谢绝：老人住得太远"
    assert db.session.scalar(queries.visible_to(county.by("member1"))) is None
    assert a_support(county, row, state="proposed").state is SupportState.PROPOSED  # asked again is no fault


def test_of_two_clerks_who_ask_one_member_at_once_one_is_told(county, app):
    key, member_id = a_household(county).id, county.member1_row.id
    clerks = [county.by("clerk1"), county.by("clerk1b")]
    db.session.rollback()

    def ask(by):
        return lambda: supporting.propose(db.session.get(Household, key), db.session.get(Member, member_id), by)

    answers = at_once(app, *map(ask, clerks))
    assert sorted(answers) == ["done", "欧阳䶮已经结对或正在等待答复，不必再请。"]
    assert db.session.scalar(select(func.count()).select_from(Support)) == 1


def test_whoever_holds_a_household_sees_what_another_just_did_to_its_supports(county):
    row = a_household(county)
    first, second = a_support(county, row, "member1", "proposed"), a_support(county, row, "member2", "proposed")
    assert row.leading is None  # read before the other one's transaction ends
    lasts = {"state": SupportState.ACTIVE, "leads": True, "since": SATURDAY.date()}
    other = update(Support).where(Support.id == first.id).values(**lasts)
    db.session.execute(other.execution_options(synchronize_session=False))
    supporting.accept(second, county.by("member2"))
    db.session.commit()
    assert [(each.member_id, each.leads) for each in row.active_supports] == [
        (county.member1_row.id, True), (county.member2_row.id, False),
    ]  # fmt: skip


# --- visits -----------------------------------------------------------------------------------------------------------


def test_a_visit_confirmed_counts_for_each_who_came(county):
    row = a_household(county)
    a_support(county, row), a_support(county, row, "member2")
    visit = a_visit(county, row, "confirmed", people=[county.member1_row.id, county.member2_row.id])
    found = db.session.scalars(select(ServiceRecord).order_by(ServiceRecord.member_id)).all()
    assert [(r.member_id, r.half_hours, r.state, r.evidence) for r in found] == [
        (county.member1_row.id, 3, RecordState.CONFIRMED, Evidence.ORGANISER),
        (county.member2_row.id, 3, RecordState.CONFIRMED, Evidence.ORGANISER),
    ]
    assert {(r.source, r.source_id, r.source_number, r.what, r.for_whom) for r in found} == {
        (Source.VISIT, visit.id, row.number, "走访联系对象", "陈某某")
    }
    visiting.flow.undo(visit, county.by("grid1"))
    db.session.commit()
    assert (visit.state, {r.state for r in found}) == (VisitState.RECORDED, {RecordState.VOIDED})
    visiting.confirm(visit, county.by("clerk1"))  # and once more, by somebody else
    db.session.commit()


def test_whoever_wrote_a_visit_down_or_came_never_confirms_it(county):
    row = a_household(county)
    a_support(county, row), a_support(county, row, "member2"), a_support(county, row, "silent")
    for name in ("member1", "member2"):
        county.appoint(name, name, Role.CLERK, community=county.community1)
    db.session.commit()
    visit = a_visit(county, row, people=[county.member1_row.id, county.member2_row.id])
    for name in ("member1", "member2"):
        assert answer(visiting.confirm, visit, county.by(name, Role.CLERK)) == NO
    other = a_visit(county, row, by="clerk1", day=dt.date(2026, 5, 16))
    assert (other.stand_in, answer(visiting.confirm, other, county.by("clerk1"))) == (True, NO)
    assert answer(visiting.confirm, other, county.by("clerk1b")) == OK


@pytest.mark.parametrize(
    ("by", "more", "words"),
    [
        ("member1", {"day": dt.date(2026, 5, 17)}, "不能晚于今天"),
        ("member1", {"day": dt.date(2026, 5, 15)}, "2026-05-16起结对"),
        ("member1", {"people": []}, "帮扶人中选择"),
        ("member1", {"people": [999]}, "帮扶人中选择"),
        ("member1", {"done": "打13891701001找她儿子"}, "电话"),
        ("clerk1", {}, "请他们自己登记"),
    ],
)
def test_what_can_t_have_been_so_is_refused(county, by, more, words):
    row = a_household(county)
    a_support(county, row)
    with pytest.raises(RuleBroken, match=words):
        visiting.record(row, county.by(by), **visit_facts(county, **more))


def test_only_supporters_write_visits_down_and_their_own(county):
    row = a_household(county)
    a_support(county, row), a_support(county, row, "member2")
    for name in ("member3", "dual", "liaison1", "county", "clerk2", "grid2"):
        with pytest.raises(NotYours):
            visiting.record(row, county.by(name), **visit_facts(county))
    with pytest.raises(RuleBroken, match="您本人"):
        visiting.record(row, county.by("member1"), **visit_facts(county, "member2"))


def test_a_clerk_who_went_too_writes_it_down_as_a_member(county):
    row = a_household(county)
    a_support(county, row, "member2"), a_support(county, row, "silent")
    county.appoint("member2", "买买提·吐尔逊", Role.CLERK, community=county.community1)
    db.session.commit()
    went = visit_facts(county, "member2", "silent")
    with pytest.raises(RuleBroken, match="以党员身份登记"):
        visiting.record(row, county.by("member2", Role.CLERK), **went)
    assert visiting.record(row, county.by("member2", Role.MEMBER), **went)


def test_a_visit_counts_although_the_visitor_has_moved_away_since(county):
    row = a_household(county)
    a_support(county, row)
    visit = a_visit(county, row)
    set_member_facts(county.member1_row, lives_in_town=False)
    visiting.confirm(visit, county.by("grid1"))
    db.session.commit()
    record = db.session.scalar(select(ServiceRecord))
    assert (record.state, record.community_id) == (RecordState.CONFIRMED, county.community1.id)


def test_a_visit_is_written_down_once(county):
    row = a_household(county)
    a_support(county, row), a_support(county, row, "member2")
    both = [county.member1_row.id, county.member2_row.id]
    a_visit(county, row, people=both)
    with pytest.raises(RuleBroken, match="已经登记过"):
        visiting.record(row, county.by("member2"), **visit_facts(county, "member2", starts=None))
    assert visiting.record(row, county.by("member2"), **visit_facts(county, "member2", starts=dt.time(9)))


def test_what_overlaps_another_service_waits_for_the_community(county):
    row, elsewhere = a_household(county), a_household(county, name="李秀英")
    a_support(county, row), a_support(county, elsewhere)
    a_visit(county, row, "confirmed")
    a_visit(county, elsewhere, "confirmed", starts=dt.time(19, 30))
    states = db.session.scalars(select(ServiceRecord.state).order_by(ServiceRecord.id)).all()
    assert states == [RecordState.CONFIRMED, RecordState.PENDING]


def test_each_change_leaves_one_line_and_one_row(county):
    row = a_household(county, "draft")
    steps = [
        lambda: workflow.activate(row, county.by("clerk1"), **consent()),
        lambda: workflow.change(row, county.by("clerk1"), **facts(county, note="")),
        lambda: supporting.propose(row, county.member1_row, county.by("clerk1")),
        lambda: supporting.accept(row.supports[0], county.by("member1")),
        lambda: visiting.record(row, county.by("member1"), **visit_facts(county)),
        lambda: supporting.end(row.supports[0], county.by("member1"), reason="搬家"),
    ]
    for step in steps:
        before = counted()
        step()
        db.session.commit()
        assert counted() == (before[0] + 1, before[1] + 1)


def counted() -> tuple[int, int]:
    return tuple(db.session.scalar(select(func.count()).select_from(each)) for each in (history.HistoryLine, AuditRow))


def test_the_notes_of_undoing_hold_no_clear_words(county):
    row = a_household(county, "draft")
    workflow.activate(row, county.by("clerk1"), **consent(guardian="陈小军", consent_by=ConsentBy.GUARDIAN))
    db.session.commit()
    note = db.session.scalars(select(undo.UndoNote)).first()
    assert "陈小军".encode() not in note.changes_sealed


# --- taking back ------------------------------------------------------------------------------------------------------


def refused(move, row, by) -> str:
    with pytest.raises(RuleBroken) as refusal:
        move(row, by)
    db.session.rollback()
    return refusal.value.sentence


def test_what_was_built_on_an_act_keeps_it_from_being_undone(county):
    row, clerk = a_household(county), county.by("clerk1")
    support = a_support(county, row, "silent")
    assert "已经请党员结对" in refused(workflow.flow.undo, row, clerk)
    visit = a_visit(county, row, by="clerk1")
    assert "已有走访" in refused(supporting.flow.undo, support, clerk)
    visiting.reject(visit, county.by("clerk1b"), reason="日期不对")
    db.session.commit()
    a_visit(county, row, by="clerk1")
    assert "重新登记" in refused(visiting.flow.undo, visit, county.by("clerk1b"))
    supporting.end(support, clerk, reason="调离本县")
    db.session.commit()
    workflow.close(row, clerk, kind=CloseKind.MOVED, reason="迁到市里")
    db.session.commit()
    assert "已结束帮扶" in refused(supporting.flow.undo, support, clerk)
    workflow.flow.undo(row, clerk)
    supporting.flow.undo(support, clerk)
    db.session.commit()
    assert (row.state, support.state, support.leads) == (HouseholdState.ACTIVE, SupportState.ACTIVE, True)


def test_a_leader_who_was_ended_by_mistake_leads_again(county):
    row = a_household(county)
    first, second = a_support(county, row), a_support(county, row, "member2")
    supporting.end(first, county.by("clerk1"), reason="点错了")
    db.session.commit()
    assert second.leads
    supporting.flow.undo(first, county.by("clerk1b"))
    db.session.commit()
    assert (first.leads, second.leads) == (True, False)
