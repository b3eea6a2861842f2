"""One person on two rosters becomes one row and two again: a journey with everything that hangs on a member."""

import json

import pytest
from sqlalchemy import select

from portal import audit, clock, history
from portal.accounts.models import Appointment, AppointmentState
from portal.actors import Role
from portal.archives.models import ArchivedPaper
from portal.doubles import joining, sides, sweeps, workflow
from portal.doubles.models import DoubleState
from portal.errors import RuleBroken
from portal.extensions import Base, db
from portal.numbers import IssuedPaper
from portal.pairings.models import ContactPoint, ContactPointState
from portal.people import merging
from portal.people.models import Member, MemberStatus
from portal.people.queries import visible_to
from portal.pledges.models import Pledge, PledgeState
from portal.records import queries as records
from portal.records.models import RecordState, ServiceRecord, Source
from portal.registrations import deferments, exemptions, queries, rates, transfers
from portal.registrations import workflow as registrations
from portal.registrations.models import (
    DefermentKind,
    DefermentState,
    EndKind,
    ExemptionState,
    RegistrationState,
)
from portal.rosters.queries import known_members, on_other_rosters
from portal.teams.models import JoinedBy, Team, TeamMember
from portal.wishes import workflow as wishes
from portal.wishes.models import Claim, ClaimState
from tests.closing.conftest import a_record as closed_year_record
from tests.closing.conftest import close, registered
from tests.doubles.conftest import NAME, PHONE, count, everything, merge
from tests.messages.reading import forget, sentences, told
from tests.rosters.rosters import a_file, person, uploaded, written
from tests.wishes.making import a_wish, register

# What names a member, and the table's own words for it; a column added later must be put down here by hand.
UNIQUE = {
    "users.member_id", "registrations.member_id", "info_cards.member_id", "urges.member_id", "exemptions.member_id",
    "transfer_requests.member_id", "pledges.member_id", "claims.member_id", "claim_people.member_id",
    "team_members.member_id", "contact_points.member_id", "service_records.member_id", "doubles.first_id",
    "doubles.second_id",
}  # fmt: skip

TELL = "say it by portal.people.merging.{} in the room's merging.py, which portal.doubles registers"


def names() -> dict[str, object]:
    return {f"{c.class_.__tablename__}.{c.key}": c for c in merging.names_of_members()}


def in_unique(column) -> bool:
    table = column.table
    indexes = [index.columns for index in table.indexes if index.unique]
    constraints = [each.columns for each in table.constraints if type(each).__name__ == "UniqueConstraint"]
    return any(column.name in group for group in (*indexes, *constraints))


def test_no_foreign_key_to_a_member_is_left_out(application):
    keys = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.c
        if column.references(Member.__table__.c.id)
    }
    assert keys <= set(names()), "a table without a model names members: portal.people.merging must learn of it"


def test_whatever_is_called_a_member_s_id_is_known(application):
    called = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.c
        if column.name.endswith("member_id")
    }
    assert called <= set(names()), TELL.format("also_names")


def test_every_room_says_by_its_own_word_what_goes_over(application):
    unnamed = [column for column in merging.names_of_members() if merging.rule_of(column) is merging.OTHER]
    # Whoever was merged before goes along to the row that stays: a chain, which is nobody's room.
    assert [f"{column.class_.__tablename__}.{column.key}" for column in unnamed] == ["members.merged_into_id"]


def test_a_room_that_has_a_member_once_says_what_becomes_of_a_second_one(application):
    unique = {name for name, column in names().items() if in_unique(column.property.columns[0])}
    without = {name for name in unique if not merging.has_rule(names()[name])}
    assert without == set(), TELL.format("when_merged")
    assert unique >= UNIQUE


def changed(before: dict[str, list[dict]]) -> dict[str, tuple]:
    """The tables whose rows are not as they were: what stood there and what stands there now."""
    now = everything()
    unlike = {name: [row for row in now[name] if row not in before[name]] for name in now}
    return {
        name: (rows, len(before[name])) for name, rows in unlike.items() if rows or len(now[name]) != len(before[name])
    }


@pytest.fixture
def full(pair):
    """Both rows with a registration, a card, a pledge, records, claims, a deferment, an import and a login."""
    cast, first, second = pair.cast, pair.first, pair.second
    for which in ("first", "second"):
        pair.registered(which)
        pair.card(which)
        pair.pledge(which)
    pair.record("first", day=2)
    pair.record("second", day=3)
    for username in ("member1", "member1b"):
        a_wish(cast, "claimed", leader=username)
    deferments.ask(second, cast.by("liaison2"), DefermentKind.SECONDED, "2026-06", "2026-08")
    transfers.ask(first, cast.unit3, cast.by("liaison3"))
    transfers.ask(second, cast.unit3, cast.by("liaison3"))
    db.session.commit()
    return pair


def test_everything_of_the_other_row_goes_over_to_the_one_that_stays(full):
    papers = [tuple(row) for row in db.session.execute(select(IssuedPaper.__table__))]
    full.merged()
    first, second = full.first, full.second
    assert (second.status, second.merged_into_id, first.status) == (MemberStatus.MERGED, first.id, MemberStatus.ACTIVE)
    left = {
        name: [(type(row).__name__, row.state.value if hasattr(row, "state") else "") for row in rows]
        for name, column in names().items()
        if not name.startswith("doubles.") and (rows := merging.rows_naming(column, second))
    }
    assert left == {
        "users.member_id": [("User", "active")],
        "info_cards.member_id": [("InfoCard", "")],
        "pledges.member_id": [("Pledge", "ended")],
    }
    current, ended = queries.current_of(first.id), queries.of_member(first.id)[0]
    assert (current.unit, current.community) == (full.cast.unit1, full.cast.community1)
    assert (ended.state, ended.end_kind) == (RegistrationState.ENDED, EndKind.DUPLICATE)
    assert records.year_total(first.id, 2026) == (2, 8)
    slots = db.session.scalars(select(Claim.slot).where(Claim.member_id == first.id, Claim.state == ClaimState.OPEN))
    assert sorted(slots) == [1, 2]
    assert [row.state for row in deferments.of_member(first, full.cast.by("county"))] == [DefermentState.ENDED]
    asked = transfers.open_of(first.id)
    assert asked is not None and asked.from_unit is full.cast.unit1
    assert [tuple(row) for row in db.session.execute(select(IssuedPaper.__table__))] == papers  # they verify as before


def test_a_reversal_restores_everything_that_was_merged(full):
    before = everything()
    row = full.merged()
    assert everything() != before
    workflow.reverse(row, full.cast.by("county_b"), reason="是同名的两个人")
    db.session.commit()
    assert changed(before) == {}
    assert (row.state, row.ledger_sealed) == (DoubleState.REVERSED, None)


def test_the_other_way_round_it_is_restored_as_well(full):
    before = everything()
    row = full.merged(keep="second")
    assert queries.current_of(full.second.id).community is full.cast.community2
    workflow.reverse(row, full.cast.by("county"), reason="弄错了")
    db.session.commit()
    assert changed(before) == {}


def test_each_of_the_two_has_one_line_and_one_row_of_it(full):
    row = full.merged()
    workflow.reverse(row, full.cast.by("county"), reason="弄错了")
    db.session.commit()
    for member in (full.first, full.second):
        assert [line.label for line in history.of(member)] == ["合并重复记录", "撤销合并"]
        acts = select(audit.AuditRow.act).where(audit.AuditRow.kind == "members", audit.AuditRow.row_id == member.id)
        assert list(db.session.scalars(acts.order_by(audit.AuditRow.id))) == ["members.merge", "members.part"]
    assert [line.verb for line in history.of(row)] == ["look_into", "merge", "reverse"]
    assert audit.first_broken() is None


def test_every_case_that_it_ended_says_so_once_and_once_more_when_restored(full):
    mine = full.second.id
    registration, pledge = queries.current_of(mine), db.session.scalar(select(Pledge).where(Pledge.member_id == mine))
    row = full.merged()
    assert history.last(registration).label == "重复登记结束"
    assert history.last(pledge).reason == "重复记录已合并，保留凤翔中学党支部名册上的一条"
    workflow.reverse(row, full.cast.by("county"), reason="弄错了")
    for case, state in ((registration, RegistrationState.ACCEPTED), (pledge, PledgeState.APPROVED)):
        assert (case.state, history.last(case).verb) == (state, "restore")


def test_what_happened_since_stays_with_the_row_that_stayed(full):
    row = full.merged()
    later = full.record("first", day=1, at=19)
    claim = db.session.scalar(select(Claim).where(Claim.member_id == full.first.id, Claim.slot == 2))
    wishes.release(claim.wish, full.cast.by("member1"))
    db.session.commit()
    workflow.reverse(row, full.cast.by("county"), reason="弄错了")
    db.session.commit()
    assert later.member is full.first
    assert records.year_total(full.first.id, 2026) == (2, 8)
    assert records.year_total(full.second.id, 2026) == (1, 4)
    # Its number on the list of open ones was taken back with the place: only whose it was is restored.
    assert (claim.member_id, claim.state) == (full.second.id, ClaimState.RELEASED)


def test_only_the_other_login_loses_its_appointment_as_a_member_and_is_still_known_as_the_same_person(full):
    cast = full.cast
    cast.appoint("member1b", NAME, Role.LIAISON, unit=cast.unit2)
    db.session.commit()
    row = full.merged()
    states = {a.role: a.state for a in cast.users["member1b"].appointments}
    assert states == {Role.MEMBER: AppointmentState.ENDED, Role.LIAISON: AppointmentState.ACTIVE}
    assert cast.by("member1b", Role.LIAISON).is_self(full.first.id)
    assert cast.by("member1").is_self(full.first.id)
    workflow.reverse(row, cast.by("county"), reason="弄错了")
    db.session.commit()
    assert cast.by("member1b", Role.MEMBER).is_self(full.second.id)


def test_a_place_that_somebody_took_since_stays_taken_and_the_rest_comes_back(pair):
    register(pair.cast, "member1", "member1b", "member2")
    wish = a_wish(pair.cast, "claimed", leader="member1", others=("member1b",), helpers_needed=2)
    row = pair.merged()
    wishes.claim(wish, pair.cast.by("member2"))
    db.session.commit()
    workflow.reverse(row, pair.cast.by("county"), reason="弄错了")
    db.session.commit()
    assert [claim.member for claim in wish.open_claims] == [pair.first, pair.cast.member2_row]
    assert pair.second.status is MemberStatus.ACTIVE


def test_both_sides_are_told_and_neither_reads_of_the_other_unit(pair):
    row = pair.merged()
    assert told() == {"member1", "liaison1", "dual", "liaison2"}
    words = sentences("liaison2") + sentences("liaison1")
    assert words and not any("县医院" in each or "凤翔中学" in each for each in words)
    forget()
    workflow.reverse(row, pair.cast.by("county"), reason="弄错了")
    assert told() == {"member1", "member1b", "liaison1", "dual", "liaison2"}


def test_the_only_login_goes_along(pair):
    own = pair.cast.users["member1"]
    db.session.execute(db.delete(Appointment).where(Appointment.user_id == own.id))
    db.session.delete(own)
    db.session.commit()
    pair.merged()
    login = pair.cast.users["member1b"]
    assert (login.member_id, login.appointments[0].unit_id) == (pair.first.id, pair.cast.unit1.id)


def test_the_only_registration_goes_along_with_the_home(pair):
    row = pair.registered("second")
    double = pair.merged()
    assert (row.member, row.unit, row.issuer) == (pair.first, pair.cast.unit1, pair.cast.unit2)
    assert pair.first.community is pair.cast.community2
    workflow.reverse(double, pair.cast.by("county"), reason="弄错了")
    db.session.commit()
    assert (row.member, row.unit, row.issuer_id) == (pair.second, pair.cast.unit2, None)
    assert pair.first.community is pair.cast.community1


def test_an_exemption_of_the_other_post_ends_and_comes_back(pair):
    asked = exemptions.ask(pair.second, pair.cast.by("liaison2"), "长期住院")
    exemptions.agree(asked, pair.cast.by("dept2"))
    row = pair.merged()
    assert (asked.member, asked.state) == (pair.first, ExemptionState.ENDED)
    workflow.reverse(row, pair.cast.by("county"), reason="弄错了")
    assert (asked.member, asked.state) == (pair.second, ExemptionState.AGREED)


def test_a_service_that_stands_on_both_rows_counts_once(pair):
    source = {"source": Source.WISH, "source_id": 7, "source_number": "2026-0007"}
    own, other = pair.record("first", day=2, **source), pair.record("second", day=3, **source)
    overlapping, apart = pair.record("second", day=2, at=10), pair.record("second", day=1, at=19)
    pair.merged()
    assert [each.state for each in (own, other)] == [RecordState.CONFIRMED, RecordState.VOIDED]
    assert (overlapping.state, overlapping.overlaps) == (RecordState.PENDING, own)
    assert apart.state is RecordState.CONFIRMED
    assert records.year_total(pair.first.id, 2026) == (2, 8)
    assert count(ServiceRecord, ServiceRecord.member_id == pair.first.id) == 4


def test_hours_that_one_confirmed_for_the_other_row_of_oneself_wait_for_a_second_person(pair):
    cast = pair.cast
    cast.appoint("member1b", NAME, Role.CLERK, community=cast.community1)
    row = pair.record("first", day=2)
    row.confirmed_by_user_id = cast.users["member1b"].id
    db.session.commit()
    pair.merged()
    assert (row.state, row.confirmed_by_user_id) == (RecordState.PENDING, None)


def test_two_places_on_one_wish_become_one_and_the_lead_stays(pair):
    register(pair.cast, "member1", "member1b", "member2")
    wish = a_wish(pair.cast, "claimed", leader="member1b", others=("member1", "member2"), helpers_needed=3)
    before = everything()
    row = pair.merged()
    assert [(claim.member, claim.leads) for claim in wish.open_claims] == [
        (pair.first, True), (pair.cast.member2_row, False),
    ]  # fmt: skip
    workflow.reverse(row, pair.cast.by("county"), reason="弄错了")
    db.session.commit()
    assert changed(before) == {}


def test_in_each_team_and_at_each_contact_point_the_person_is_once(pair):
    cast, ones = pair.cast, [{"since": clock.today(), "how": JoinedBy.CHOSEN}] * 2
    team = Team(community=cast.community1, name="红马甲", founded_on=clock.today())
    for member, one in zip((pair.first, pair.second), ones, strict=True):
        team.memberships.append(TeamMember(member=member, leads=member is pair.second, **one))
        point = {"state": ContactPointState.ACTIVE, "proposed_on": clock.today(), "agreed_on": clock.today()}
        db.session.add(ContactPoint(member=member, community=cast.community1, proposed_by="高翔", **point))
    db.session.add(team)
    db.session.commit()
    lines = joining.foreseen(pair.first, pair.second)
    assert {"服务队 红马甲 里有两条，只留一条。", "在儒林社区的联系点有两个，结束一个。"} <= set(lines)
    before = everything()
    row = pair.merged()
    assert [(each.member, each.leads) for each in team.current] == [(pair.first, True)]
    assert count(ContactPoint, ContactPoint.state == ContactPointState.ACTIVE) == 1
    workflow.reverse(row, cast.by("county"), reason="弄错了")
    db.session.commit()
    assert changed(before) == {}


def test_a_registration_that_ends_as_a_double_leaves_its_community_s_teams(pair):
    for which in ("first", "second"):
        pair.registered(which)
    team = Team(community=pair.cast.community2, name="红马甲", founded_on=clock.today())
    team.memberships.append(TeamMember(member=pair.second, since=clock.today(), how=JoinedBy.CHOSEN, leads=True))
    db.session.add(team)
    db.session.commit()
    assert "退出凤鸣社区的服务队“红马甲”。" in joining.foreseen(pair.first, pair.second)
    before = everything()
    row = pair.merged()
    assert team.current == []
    workflow.reverse(row, pair.cast.by("county"), reason="弄错了")
    db.session.commit()
    assert changed(before) == {}


def test_a_wish_done_by_both_writes_one_record(pair):
    register(pair.cast, "member1", "member1b")
    wish = a_wish(pair.cast, "done", leader="member1", others=("member1b",), helpers_needed=2)
    pair.merged()
    wishes.confirm(wish, pair.cast.by("clerk1"))
    db.session.commit()
    assert count(ServiceRecord) == 1


def test_the_rates_count_the_person_once(pair):
    pair.registered("first")
    county = pair.cast.by("county")

    def whole() -> tuple[int, int]:
        total = rates.table(county, rates.Grouping.UNIT).total
        return total[rates.Standing.SHOULD], total[rates.Standing.REPORTED]

    before = whole()
    pair.merged()
    assert whole() == (before[0] - 1, before[1])


def test_the_other_row_is_on_no_roster_and_in_no_list(pair):
    pair.merged()
    cast = pair.cast
    assert pair.second.id not in {one.id for one in known_members(cast.unit2.id).members}
    found = on_other_rosters(cast.unit2.id, [pair.second.identity_index])
    assert found[pair.second.identity_index] == (pair.first.id, "已在凤翔中学党支部名册。")
    assert on_other_rosters(cast.unit1.id, [pair.second.identity_index]) == {}
    assert transfers.find(NAME, "1980-05", PHONE) is pair.first
    assert db.session.scalar(visible_to(cast.by("liaison2")).where(Member.id == pair.first.id)) is None


@pytest.mark.parametrize("phone", [PHONE, "13891709999"], ids=["same phone", "another phone"])
def test_an_import_after_the_merging_asks_for_the_person_instead_of_a_second_row(pair, phone):
    pair.second.phone = None
    from portal.people.members import set_member_facts

    set_member_facts(pair.second, phone=phone)
    db.session.commit()
    pair.merged()
    before = count(Member)
    roster = written(pair.cast, a_file(person(name=NAME, phone=phone), person()), by="liaison2")
    assert (roster.elsewhere, roster.new) == (1, 1)
    assert count(Member) == before + 1
    assert transfers.open_of(pair.first.id).to_unit is pair.cast.unit2
    assert pair.second.status is MemberStatus.MERGED


def test_an_import_that_waited_asks_for_the_row_that_stays(pair):
    roster = uploaded(pair.cast, a_file(person(name=NAME, phone=PHONE), person(name="常新")), by="liaison3")
    pair.merged(keep="second")
    from portal.rosters import workflow as rosters

    rosters.write(roster, pair.cast.by("liaison3"))
    assert transfers.open_of(pair.second.id).to_unit is pair.cast.unit3
    assert transfers.open_of(pair.first.id) is None


def test_an_import_whose_person_was_merged_is_not_undone(pair):
    from portal.rosters import workflow as rosters

    roster = written(pair.cast, a_file(person(name=NAME, phone="13891709999")), by="liaison3")
    third = db.session.scalar(select(Member).where(Member.unit_id == pair.cast.unit3.id))
    row = workflow.look_into(pair.first, third, pair.cast.by("county"))
    merge(row, pair.first, pair.cast.by("county"))
    db.session.commit()
    with pytest.raises(RuleBroken):
        rosters.undo(roster, pair.cast.by("liaison3"), reason="弄错了")


def test_after_thirty_days_the_ledger_is_forgotten_and_nothing_is_reversed(pair, time_machine):
    row = pair.merged()
    time_machine.move_to("2026-06-05 01:59:00+00:00")
    sweeps.forget_ledgers(clock.now())
    db.session.expire_all()
    assert row.ledger_sealed is not None
    time_machine.move_to("2026-06-05 02:01:00+00:00")
    assert not workflow.may_reverse(row, pair.cast.by("county"))
    for _ in range(2):
        sweeps.forget_ledgers(clock.now())
    db.session.expire_all()
    assert row.ledger_sealed is None
    with pytest.raises(RuleBroken) as refusal:
        workflow.reverse(row, pair.cast.by("county"), reason="弄错了")
    assert refusal.value.sentence == "合并已满 30 天，原来的内容已清除，不能再撤销。"


def test_the_ledger_is_sealed(full):
    row = full.merged()
    assert json.loads(row.ledger)
    assert b"registrations" not in row.ledger_sealed


def test_whoever_has_left_since_is_not_parted_again(pair):
    from portal.registrations import leaving

    row = pair.merged()
    leaving.leave(pair.first, pair.cast.by("liaison1"), EndKind.RETIRED, "退休")
    db.session.commit()
    with pytest.raises(RuleBroken) as refusal:
        workflow.reverse(row, pair.cast.by("county"), reason="弄错了")
    assert refusal.value.sentence == "保留的记录现在是“已离册”，不能再撤销这次合并。"


def test_whoever_went_to_another_unit_since_is_not_parted_again(pair):
    pair.registered("second")
    row = pair.merged()
    transfers.release(transfers.ask(pair.first, pair.cast.unit3, pair.cast.by("liaison3")), pair.cast.by("liaison1"))
    db.session.commit()
    with pytest.raises(RuleBroken) as refusal:
        workflow.reverse(row, pair.cast.by("county"), reason="弄错了")
    assert refusal.value.sentence == "保留的记录合并以后已转到县教育体育局机关党支部，不能再撤销这次合并。"


def test_whoever_moved_since_keeps_the_new_registration(pair):
    old = pair.registered("second")
    row = pair.merged()
    registrations.relocate(old, pair.cast.by("liaison1"), community_id=pair.cast.community1.id)
    new = queries.in_progress_of(pair.first.id)
    registrations.accept(new, pair.cast.by("clerk1"))
    db.session.commit()
    workflow.reverse(row, pair.cast.by("county"), reason="弄错了")
    db.session.commit()
    assert (new.member, new.state) == (pair.first, RegistrationState.ACCEPTED)
    assert (old.member, old.state, old.end_kind) == (pair.second, RegistrationState.ENDED, EndKind.MOVED)


def test_three_rows_of_one_person_become_one_and_come_apart_the_other_way_round(pair):
    from tests.cast import make_member

    third = make_member(pair.cast.unit3, pair.cast.community1, NAME, PHONE)
    county = pair.cast.by("county")
    earlier = pair.merged()
    later = workflow.look_into(pair.first, third, county)
    merge(later, third, county)
    db.session.commit()
    assert {pair.first.merged_into_id, pair.second.merged_into_id} == {third.id}
    with pytest.raises(RuleBroken):
        workflow.reverse(earlier, county, reason="弄错了")
    db.session.rollback()
    workflow.reverse(later, county, reason="弄错了")
    workflow.reverse(earlier, county, reason="弄错了")
    db.session.commit()
    assert {each.status for each in (pair.first, pair.second, third)} == {MemberStatus.ACTIVE}


def test_the_row_with_the_registration_had_better_stay_else_the_more_recent(pair):
    row = pair.opened()
    pair.first.since = clock.today()
    assert sides.suggested(row) is pair.first
    pair.registered("second")
    assert sides.suggested(row) is pair.second


def test_what_is_foreseen_is_what_happens(full):
    lines = joining.foreseen(full.first, full.second)
    assert "账号 member1b 的党员身份停止，本人用保留记录的账号登录；该账号的其他任职不变。" in lines
    assert "两张信息卡都在：保留欧阳䶮填写的一张，请本人核对。" in lines
    assert "2026 年两份承诺都在：保留“已审定”的一份，另一份（县医院党总支，已审定）终止。" in lines
    assert "县医院党总支申请的暂缓（借调）提前结束。" in lines
    assert "县教育体育局机关党支部的转入申请撤回；确需转入的，请向凤翔中学党支部重新申请。" in lines
    assert any("两次报到都在" in line for line in lines)
    over = ("暂缓申请 1 项", "写实记录 1 项", "报到 1 项", "转入申请 1 项", "微心愿认领 1 项")
    assert all(words in lines[0] for words in over) and "信息卡" not in lines[0]
    assert lines[-1] == "县医院党总支名册上的一条列为“已合并”，不再出现在名册、报到率和查找结果中。"


def test_a_years_card_that_is_not_stored_yet_keeps_what_it_said(pair):
    """What was done under the other name was on no card of this number."""
    registered(pair.cast)
    for member in (pair.first, pair.second):
        closed_year_record(pair.cast, member=member)
    close(pair.cast)
    pair.merged("second")
    kept = db.session.scalars(select(ArchivedPaper).where(ArchivedPaper.kind == "record-card")).one()
    assert (kept.words["times"], kept.words["hours"]) == ("1次", "2小时")
