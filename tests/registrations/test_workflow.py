"""What the moves of a registration bring about: numbers, papers, grids, the old registration, the roster."""

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal import history
from portal.errors import Refused, RuleBroken
from portal.extensions import db
from portal.numbers import Counter, IssuedPaper
from portal.people.models import MemberStatus
from portal.registrations import queries, workflow
from portal.registrations.models import EndKind, Registration, RegistrationState, ReportMode
from tests.cast import make_member


def papers(kind: str) -> list[tuple[str, int, str]]:
    """(number, version, state) of the ledger's papers of a kind, in the order of their entry."""
    rows = db.session.scalars(select(IssuedPaper).where(IssuedPaper.kind == kind).order_by(IssuedPaper.id))
    return [(paper.number, paper.version, paper.state.value) for paper in rows]


def last_drawn(kind: str) -> int:
    return db.session.scalar(select(Counter.last).where(Counter.kind == kind)) or 0


def test_a_certificate_draws_the_next_number_of_the_year_and_enters_the_ledger(cast, time_machine):
    time_machine.move_to("2026-04-20 02:00:00+00:00")
    first = workflow.issue(cast.member1_row, cast.by("liaison1"))
    second = workflow.issue(cast.member2_row, cast.by("liaison1"), taken_by="高翔")
    db.session.commit()
    assert (first.number, second.number) == ("2026-0001", "2026-0002")
    assert (first.issued_on, first.valid_until) == (dt.date(2026, 4, 20), dt.date(2026, 5, 20))
    assert (first.issued_by, first.taken_by, second.taken_by) == ("高翔", "欧阳䶮", "高翔")
    assert papers("certificate") == [("2026-0001", 1, "valid"), ("2026-0002", 1, "valid")]
    paper = db.session.scalars(select(IssuedPaper)).first()
    assert (paper.family_name, paper.office) == ("欧阳", "凤翔中学党支部")


@pytest.mark.parametrize(
    ("moment", "number"),
    [("2026-12-31 15:59:59+00:00", "2026-0001"), ("2026-12-31 16:00:00+00:00", "2027-0001")],
)  # midnight of Asia/Shanghai
def test_the_year_of_a_number_is_that_of_the_county_clock(cast, time_machine, moment, number):
    time_machine.move_to(moment, tick=False)
    assert workflow.issue(cast.member1_row, cast.by("liaison1")).number == number


def test_a_rolled_back_certificate_gives_its_number_back(cast):
    workflow.issue(cast.member1_row, cast.by("liaison1"))
    db.session.rollback()
    with pytest.raises(RuleBroken), db.session.begin_nested():
        workflow.issue(cast.member1_row, cast.by("liaison1"))
        raise RuleBroken("stopped on the way")
    assert workflow.issue(cast.member2_row, cast.by("liaison1")).serial == 1
    db.session.commit()
    assert last_drawn("certificate") == 1 and len(papers("certificate")) == 1


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"status": MemberStatus.LEFT}, "欧阳䶮已不在单位名册上，不能开具证明信。"),
        ({"community_id": None}, "欧阳䶮没有县城居住社区，请先在名册中补齐居住社区。"),
        ({"lives_in_town": False, "community_id": None}, "欧阳䶮没有县城居住社区，请先在名册中补齐居住社区。"),
    ],
)
def test_who_need_not_report_gets_no_certificate(cast, facts, sentence):
    for name, value in facts.items():
        setattr(cast.member1_row, name, value)
    db.session.commit()
    with pytest.raises(RuleBroken) as refusal:
        workflow.issue(cast.member1_row, cast.by("liaison1"))
    assert refusal.value.sentence == sentence


def test_one_certificate_at_a_time_and_none_for_who_has_reported(cast, registration, time_machine):
    time_machine.move_to("2026-04-20 02:00:00+00:00")
    row = registration("issued")
    with pytest.raises(RuleBroken) as refusal:
        workflow.issue(cast.member1_row, cast.by("liaison1"))
    assert refusal.value.sentence == "欧阳䶮已有证明信 2026-0001（已开证明信），不能重复开具。"
    workflow.accept(row, cast.by("clerk1"))
    with pytest.raises(RuleBroken) as refusal:
        workflow.issue(cast.member1_row, cast.by("liaison1"))
    assert refusal.value.sentence == "欧阳䶮已在儒林社区报到（2026-0001），不必再开。"


def test_accepting_assigns_the_grid_and_answers_with_a_receipt(cast, registration, time_machine):
    time_machine.move_to("2026-05-06 02:00:00+00:00")
    row = registration("presented")
    workflow.accept(row, cast.by("clerk1"), grid_id=cast.grid2.id)
    db.session.commit()
    assert (row.grid, row.member.grid) == (cast.grid2, cast.grid2)
    assert (row.receipt_number, row.received_by, row.was_expired) == ("2026-0001", "王秀兰", False)
    assert papers("receipt") == [("2026-0001", 1, "valid")]
    assert papers("info-card") == []  # not filled yet: it becomes final when it is


def test_accepting_by_the_number_alone_counts_as_reporting_alone_today(cast, registration, time_machine):
    time_machine.move_to("2026-05-06 02:00:00+00:00")
    row = registration("issued")
    workflow.accept(row, cast.by("clerk1"))
    assert (row.mode, row.presented_on) == (ReportMode.ALONE, dt.date(2026, 5, 6))


def test_a_grid_of_another_community_is_refused(cast, registration):
    with pytest.raises(RuleBroken) as refusal:
        workflow.accept(registration("presented"), cast.by("clerk1"), grid_id=cast.other_grid.id)
    assert refusal.value.sentence == "请选择本社区的网格。"


def test_without_a_choice_the_roster_s_grid_is_kept(cast, registration):
    row = registration("presented")
    cast.member1_row.grid = cast.grid1
    db.session.commit()
    workflow.accept(row, cast.by("clerk1"))
    assert row.grid_id == cast.grid1.id


@pytest.mark.parametrize(("day", "expired"), [("2026-05-20", False), ("2026-05-21", True)])
def test_an_expired_certificate_is_accepted_and_flagged(cast, time_machine, day, expired):
    time_machine.move_to("2026-04-20 02:00:00+00:00")
    row = workflow.issue(cast.member1_row, cast.by("liaison1"))  # 30 days: until 20 May
    db.session.commit()
    time_machine.move_to(f"{day} 02:00:00+00:00")
    workflow.accept(row, cast.by("clerk1"))
    assert row.was_expired is expired


def moved_to(cast, community) -> Registration:
    """member1, registered in community1, has moved and carries a certificate to another community."""
    cast.member1_row.community = community
    db.session.commit()
    return workflow.issue(cast.member1_row, cast.by("liaison1"))


def test_accepting_in_a_new_community_ends_the_old_registration(cast, registration):
    old = registration("filed")
    new = moved_to(cast, cast.community2)
    assert queries.current_of(cast.member1_row.id) is old
    workflow.accept(new, cast.by("clerk2"))
    db.session.commit()
    assert (old.state, old.end_kind) == (RegistrationState.ENDED, EndKind.MOVED)
    assert queries.current_of(cast.member1_row.id) is new
    line = history.last(old)
    assert (line.to_state, line.by_name) == ("ended", "凤鸣社区 孙桂芳")
    assert line.reason == f"凤鸣社区已接洽证明信 {new.number}"


def test_sent_back_and_issued_anew_keeps_the_number_as_version_two(cast, registration, time_machine):
    time_machine.move_to("2026-04-20 02:00:00+00:00")
    row = registration("returned")
    assert row.right_community_id == cast.community2.id
    time_machine.move_to("2026-04-25 02:00:00+00:00")
    workflow.reissue(row, cast.by("liaison1"))
    db.session.commit()
    assert (row.number, row.paper_version, row.issued_on) == ("2026-0001", 2, dt.date(2026, 4, 25))
    assert row.community is cast.community2 and row.member.community is cast.community2
    assert papers("certificate") == [("2026-0001", 1, "replaced"), ("2026-0001", 2, "valid")]
    assert last_drawn("certificate") == 1
    workflow.accept(row, cast.by("clerk2"))


@pytest.mark.parametrize("wrong", [None, "own", 999999])
def test_sending_back_names_another_community(cast, registration, wrong):
    row = registration("presented")
    community_id = cast.community1.id if wrong == "own" else wrong
    with pytest.raises(RuleBroken):
        workflow.send_back(row, cast.by("clerk1"), community_id=community_id, reason="不住本社区")


def test_a_cancelled_certificate_keeps_its_number(cast, registration):
    registration("cancelled")
    assert papers("certificate")[0][2] == "cancelled"
    assert workflow.issue(cast.member1_row, cast.by("liaison1")).serial == 2


@pytest.mark.parametrize(
    ("kind", "status", "in_town"),
    [
        (EndKind.MOVED, MemberStatus.ACTIVE, False), (EndKind.TRANSFERRED, MemberStatus.LEFT, True),
        (EndKind.RETIRED, MemberStatus.LEFT, True), (EndKind.LEFT, MemberStatus.LEFT, True),
        (EndKind.DIED, MemberStatus.LEFT, True),
    ],
)  # fmt: skip
def test_the_end_follows_its_kind(cast, registration, kind, status, in_town):
    row = registration("filed")
    workflow.end(row, cast.by("liaison1"), kind=kind, reason="经核实")
    db.session.commit()
    assert (row.end_kind, row.member.status, row.member.lives_in_town) == (kind, status, in_town)


def test_leaving_cancels_the_certificate_on_its_way(cast, registration):
    old, new = registration("filed"), None
    new = moved_to(cast, cast.community2)
    workflow.end(old, cast.by("liaison1"), kind=EndKind.RETIRED, reason="到龄退休")
    db.session.commit()
    assert new.state is RegistrationState.CANCELLED
    assert papers("certificate")[-1][2] == "cancelled"


def test_what_later_rooms_do_at_the_end_is_part_of_the_same_act(cast, registration, monkeypatch):
    monkeypatch.setattr(workflow, "_when_ended", {})
    row = registration("filed")
    seen = []
    workflow.when_ended(lambda ended, by: seen.append((ended.end_kind, by.name)))
    workflow.when_ended(_refuse)
    with pytest.raises(Refused), db.session.begin_nested():
        workflow.end(row, cast.by("liaison1"), kind=EndKind.RETIRED, reason="到龄退休")
    assert seen == [(EndKind.RETIRED, "高翔")]
    assert row.state is RegistrationState.FILED


def _refuse(_ended, _by):
    raise RuleBroken("还不能结束")


def copy_of(row: Registration, serial: int, state: RegistrationState) -> Registration:
    return Registration(
        number=f"2026-{serial:04d}", year=2026, serial=serial, member_id=row.member_id, unit_id=row.unit_id,
        community_id=row.community_id, issued_on=row.issued_on, valid_days=30, issued_by="高翔", state=state,
        receipt_number=f"2026-{serial:04d}", receipt_year=2026, receipt_serial=serial,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [
        ("issued", "presented", False), ("presented", "issued", False), ("returned", "issued", False),
        ("accepted", "filed", False), ("filed", "accepted", False), ("filed", "issued", True),
        ("cancelled", "issued", True),
    ],
)  # fmt: skip
def test_the_database_itself_keeps_one_in_progress_and_one_current(cast, registration, first, second, both):
    row = registration(first)
    db.session.add(copy_of(row, 77, RegistrationState(second)))
    if both:
        db.session.flush()
    else:
        with pytest.raises(IntegrityError):
            db.session.flush()


@pytest.mark.parametrize(
    ("state", "values"),
    [
        ("issued", {"valid_days": 0}),
        ("accepted", {"receipt_number": None}),
        ("returned", {"right_community_id": None}),
        ("ended", {"end_kind": None}),
    ],
)
def test_the_database_refuses_what_may_never_be(cast, registration, state, values):
    row = registration(state)
    for name, value in values.items():
        setattr(row, name, value)
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_without_certificate_are_those_who_must_report_and_have_none_under_way(cast, registration):
    registration("issued")  # member1
    make_member(cast.unit1, None, "赵外乡", "13891701011", lives_in_town=False)
    gone = make_member(cast.unit1, cast.community1, "钱退休", "13891701012")
    gone.status = MemberStatus.LEFT
    db.session.commit()
    waiting = db.session.scalars(queries.without_certificate(cast.unit1.id))
    assert [member.name for member in waiting] == ["买买提·吐尔逊", "仇文博"]  # by pinyin: mai, qiu
