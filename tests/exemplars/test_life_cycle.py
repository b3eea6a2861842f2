"""The life cycle of a nomination: every verb × state × role, typed by hand."""

import datetime as dt

import pytest
from sqlalchemy.exc import IntegrityError

from portal import clock, history
from portal.actors import Role, resident_of
from portal.errors import NotYours, RuleBroken, TooLate
from portal.exemplars import queries, workflow
from portal.exemplars.models import Exemplar, ExemplarState, Lead
from portal.extensions import db
from portal.messages.models import Message
from portal.scheme.models import SchemeYear
from tests.exemplars.conftest import DEEDS, WAY, an_exemplar, asked, deeds
from tests.lifecycles import LATE, NO, OK, answer
from tests.registrations.conftest import walk

EVERYBODY = (
    "county", "county_b", "admin", "dept1", "dept2", "chengguan", "town2", "committee", "inspector", "liaison1",
    "clerk1", "clerk1b", "clerk2", "grid1", "member1", "member2", "member3", "dual",
)  # fmt: skip
PLACE, COUNTY = {"clerk1", "clerk1b"}, {"county", "county_b"}
TABLE = {
    "amend": {"nominated": PLACE, "returned": PLACE},
    "withdraw": {"nominated": PLACE, "returned": PLACE},
    "confirm": {"nominated": COUNTY},
    "send_back": {"nominated": COUNTY},
    "revoke": {"confirmed": COUNTY},
}
# Whose the move is, though not now.
IN_TIME = {"amend": PLACE, "withdraw": PLACE, "confirm": COUNTY, "send_back": COUNTY, "revoke": COUNTY}
YEAR = clock.today().year


def test_the_table_is_whole(app):
    assert set(TABLE) == set(workflow.flow.moves)


@pytest.mark.parametrize("verb", list(TABLE))
@pytest.mark.parametrize("state", list(WAY))
def test_every_verb_from_every_state_by_everybody(cast, exemplar, verb, state):
    row, move = exemplar(state), workflow.flow.moves[verb]
    may, in_time = TABLE[verb].get(state, set()), IN_TIME[verb]
    expected = {person: OK if person in may else LATE if person in in_time else NO for person in EVERYBODY}
    given = {person: answer(move, row, cast.by(person), **asked(cast, verb)) for person in EVERYBODY}
    assert given == expected
    assert answer(move, row, resident_of(0), **asked(cast, verb)) == NO


@pytest.mark.parametrize("person", [name for name in EVERYBODY if name not in PLACE])
def test_only_the_community_where_the_member_is_registered_nominates(cast, person):
    walk(cast, "filed")
    with pytest.raises(NotYours):
        workflow.nominate(cast.member1_row, YEAR, cast.by(person), deeds())


def test_who_is_not_registered_is_not_nominated(cast):
    with pytest.raises(NotYours):
        workflow.nominate(cast.member1_row, YEAR, cast.by("clerk1"), deeds())


def test_nobody_nominates_confirms_or_reads_as_an_office_what_is_on_themselves(cast):
    walk(cast, "filed")
    cast.appoint("member1", "欧阳䶮", Role.CLERK, community=cast.community1)
    cast.appoint("member1", "欧阳䶮", Role.COUNTY)
    clerk, county = cast.by("member1", Role.CLERK), cast.by("member1", Role.COUNTY)
    with pytest.raises(NotYours):
        workflow.nominate(cast.member1_row, YEAR, clerk, deeds())
    assert cast.member1_row.id not in dict(queries.to_nominate(clerk))
    row = workflow.nominate(cast.member1_row, YEAR, cast.by("clerk1"), deeds())
    db.session.commit()
    for by, verb in ((clerk, "amend"), (clerk, "withdraw"), (county, "confirm"), (county, "send_back")):
        assert answer(workflow.flow.moves[verb], row, by, **asked(cast, verb)) == NO
    for by in (clerk, county):
        assert queries.count(queries.visible_to(by)) == 0
    assert queries.count(queries.to_decide(county)) == 0
    assert queries.count(queries.to_decide(cast.by("county"))) == 1


def test_who_nominated_or_amended_as_a_clerk_does_not_confirm_as_the_county(cast, exemplar):
    row = exemplar()
    for name, shown in (("clerk1", "王秀兰"), ("clerk1b", "赵晓梅")):
        cast.appoint(name, shown, Role.COUNTY)
        county = cast.by(name, Role.COUNTY)
        assert queries.count(queries.to_decide(county)) == (name != "clerk1")
        workflow.amend(row, cast.by(name, Role.CLERK), **asked(cast, "amend"))
        db.session.commit()
        assert answer(workflow.confirm, row, county) == NO
        assert queries.count(queries.to_decide(county)) == 0
    assert queries.count(queries.to_decide(cast.by("county"))) == 1


def test_one_a_member_and_year_stands(cast, exemplar):
    row = exemplar()
    with pytest.raises(RuleBroken) as refusal:
        workflow.nominate(cast.member1_row, YEAR, cast.by("clerk1b"), deeds())
    assert refusal.value.sentence == (
        f"欧阳䶮{YEAR}年已由儒林社区推荐（{YEAR}-0001，待县委组织部确认），每人每年只推荐一次。"
    )
    db.session.rollback()
    workflow.send_back(row, cast.by("county"), **asked(cast, "send_back"))
    db.session.commit()
    second = workflow.nominate(cast.member1_row, YEAR, cast.by("clerk1b"), deeds())
    db.session.commit()
    assert second.number == f"{YEAR}-0002"
    assert answer(workflow.amend, row, cast.by("clerk1"), **asked(cast, "amend")) == LATE
    row.state = ExemplarState.CONFIRMED  # what no rule let through the database refuses
    row.confirmed_on = clock.today()
    with pytest.raises(IntegrityError):
        db.session.flush()


@pytest.mark.parametrize(("year", "allowed"), [(YEAR, True), (YEAR - 1, True), (YEAR - 2, False), (YEAR + 1, False)])
def test_it_is_for_this_year_or_the_last_one(cast, year, allowed):
    walk(cast, "filed")
    if allowed:
        assert workflow.nominate(cast.member1_row, year, cast.by("clerk1"), deeds()).number == f"{year}-0001"
        return
    with pytest.raises(RuleBroken, match="只能推荐今年的服务标兵"):
        workflow.nominate(cast.member1_row, year, cast.by("clerk1"), deeds())


def test_a_closed_year_takes_none(cast):
    walk(cast, "filed")
    last = db.session.scalars(db.select(SchemeYear).where(SchemeYear.year == 2025)).one()
    last.closed_at = clock.now()
    db.session.flush()
    assert workflow.years_open(dt.date(2026, 3, 1)) == [2026]
    assert queries.is_closed(2025) and not queries.is_closed(2026)


def test_once_its_year_is_closed_a_title_is_revoked_but_no_confirmation_undone(cast, exemplar, time_machine):
    time_machine.move_to("2027-01-30 02:00:00+00:00")
    row = exemplar("nominated")
    row.year = 2026
    workflow.confirm(row, cast.by("county"))
    year = db.session.scalars(db.select(SchemeYear).where(SchemeYear.year == 2026)).one()
    year.closed_at = clock.now()
    db.session.commit()
    with pytest.raises(RuleBroken, match="2026年度"):
        workflow.flow.undo(row, cast.by("county"))
    db.session.rollback()
    workflow.revoke(row, cast.by("county"), reason="经查事迹不实")
    db.session.commit()
    workflow.flow.undo(row, cast.by("county"))
    assert row.state.value == "confirmed"


def test_leads_and_clean_words_are_asked_for(cast):
    walk(cast, "filed")
    for told, words in (
        (deeds(words="群众可打13991234567。"), "“13991234567”像是电话号码，请删去。"),
        (workflow.Deeds((), DEEDS), "请至少选择一个带头。"),
    ):
        with pytest.raises(RuleBroken) as refusal:
            workflow.nominate(cast.member1_row, YEAR, cast.by("clerk1"), told)
        assert refusal.value.sentence == words


def told(cast, name: str) -> list[str]:
    rows = db.select(Message).where(Message.user_id == cast.users[name].id, Message.topic == "exemplar")
    return [each.sentence for each in db.session.scalars(rows.order_by(Message.id))]


def test_unit_member_and_community_are_told_of_outcomes(cast, exemplar):
    row = exemplar("revoked")
    of = f"欧阳䶮的{YEAR}年服务标兵推荐（{row.number}）："
    confirmed = "确认（县委组织部 刘建国）。"
    revoked = "撤销称号（县委组织部 刘建国）。原因：经查事迹不实"
    assert told(cast, "liaison1") == [of + "推荐（儒林社区 王秀兰）。", of + confirmed, of + revoked]
    assert told(cast, "member1") == [of.replace("欧阳䶮的", "您的") + words for words in (confirmed, revoked)]
    assert told(cast, "clerk1") == [of + confirmed, of + revoked]
    assert (told(cast, "county"), told(cast, "liaison2"), told(cast, "clerk2")) == ([], [], [])
    assert [line.label for line in history.of(row)] == ["推荐", "确认", "撤销称号"]


def test_returned_it_is_mended_and_nominated_again(cast, exemplar):
    row = exemplar("returned")
    assert queries.count(queries.to_amend(cast.by("clerk1b"))) == 1
    workflow.amend(row, cast.by("clerk1b"), **asked(cast, "amend"))
    db.session.commit()
    assert (row.state, row.leads, row.nominated_by) == (ExemplarState.NOMINATED, [Lead.DISPUTES], "儒林社区 王秀兰")
    assert [(line.label, line.by_name) for line in history.of(row)] == [
        ("推荐", "儒林社区 王秀兰"), ("退回", "刘建国"), ("修改推荐材料", "儒林社区 赵晓梅"),
    ]  # fmt: skip
    workflow.confirm(row, cast.by("county"))
    db.session.commit()
    assert db.session.scalars(queries.confirmed_in(YEAR)).all() == [row]
    assert queries.confirmed_years(row.member_id) == [(YEAR, row.number)]


# Who reads member1's nomination (unit1 under dept1, community1 under 城关镇); confirmed, everybody inside does.
READS = {
    "nominated": {"county", "county_b", "dept1", "chengguan", "liaison1", "clerk1", "clerk1b"},
    "returned": {"county", "county_b", "dept1", "chengguan", "liaison1", "clerk1", "clerk1b"},
    "confirmed": set(EVERYBODY) - {"admin", "inspector"},
    "revoked": {"county", "county_b", "dept1", "chengguan", "liaison1", "clerk1", "clerk1b", "member1"},
}


@pytest.mark.parametrize("state", list(READS))
def test_who_reads_it(cast, exemplar, state):
    exemplar(state)
    sees = {name for name in EVERYBODY if queries.count(queries.visible_to(cast.by(name)))}
    if state != "confirmed":
        sees -= {"dual"} - READS[state]  # dual acts as a member first
    assert sees == READS[state]


def test_records_are_read_by_those_whose_business_they_are(cast, exemplar):
    row = exemplar("confirmed")
    reads = {name for name in EVERYBODY if queries.reads_evidence(row, cast.by(name))}
    assert reads == {"county", "county_b", "dept1", "chengguan", "liaison1", "clerk1", "clerk1b", "member1"}


def test_it_keeps_unit_and_community_of_its_date(cast, exemplar):
    row = exemplar()
    cast.member1_row.unit = cast.unit2
    db.session.commit()
    assert (row.unit_id, row.supervisor_id, row.community_id) == (cast.unit1.id, cast.dept1.id, cast.community1.id)
    assert queries.count(queries.visible_to(cast.by("liaison2"))) == 0


def test_two_at_once_one_decides(cast, exemplar):
    row = exemplar()
    workflow.confirm(row, cast.by("county"))
    db.session.commit()
    with pytest.raises(TooLate) as refusal:
        workflow.send_back(db.session.get_one(Exemplar, row.id), cast.by("county_b"), **asked(cast, "send_back"))
    assert "刘建国已先“确认”" in refusal.value.sentence


def test_of_two_rows_of_one_person_one_nomination_stands(cast):
    from portal.exemplars import merging
    from portal.people.merging import Merging

    first = an_exemplar(cast, "nominated")
    second = Exemplar(
        state=ExemplarState.CONFIRMED, number=f"{YEAR}-0099", year=YEAR, serial=99, member=cast.member2_row,
        unit=cast.unit1, supervisor=cast.dept1, community=cast.community1, deeds=DEEDS, nominated_on=clock.today(),
        nominated_by="儒林社区", confirmed_on=clock.today(),
    )  # fmt: skip
    db.session.add(second)
    db.session.flush()
    assert merging.foreseen(cast.member1_row, cast.member2_row) == [
        f"{YEAR} 年有两份服务标兵推荐：{first.number} 结束，只留一份。"
    ]
    merging.settle(Merging(cast.member1_row, cast.member2_row, cast.by("county")))
    assert (first.state, second.state) == (ExemplarState.WITHDRAWN, ExemplarState.CONFIRMED)
