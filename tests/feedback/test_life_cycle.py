"""The life cycles of bulletins, contacts and difficulties: every verb × state × role, typed by hand."""

import datetime as dt

import pytest

from portal import clock, history, numbers
from portal.accounts.models import UserState
from portal.actors import Role, resident_of
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.feedback import asking, contact_log, contacting, difficulty_queries, queries, workflow
from portal.feedback.models import ContactState, DifficultyState, Side
from portal.feedback.quarters import of
from portal.messages.models import Message
from portal.numbers import PaperState
from portal.registrations import transfers
from portal.registrations import workflow as reporting
from portal.registrations.models import EndKind, TransferRequest, TransferState
from portal.telling import Topic
from tests.feedback.conftest import DIFFICULTY_WAY, TROUBLE, WAY, a_bulletin, a_contact, a_difficulty, asked, told_of
from tests.lifecycles import LATE, NO, OK, answer
from tests.pages import select
from tests.registrations.conftest import walk

EVERYBODY = (
    "county", "admin", "dept1", "dept2", "chengguan", "town2", "committee", "inspector", "liaison1", "liaison2",
    "clerk1", "clerk1b", "clerk2", "grid1", "member1", "member2", "member3",
)  # fmt: skip
PLACE, UNIT, SELF = {"clerk1", "clerk1b"}, {"liaison1"}, {"member1"}
BULLETINS = {
    "remark": {"compiled": PLACE},
    "send": {"compiled": PLACE},
    "acknowledge": {"sent": UNIT},
}
BULLETINS_IN_TIME = {"remark": PLACE, "send": PLACE, "acknowledge": UNIT}
DIFFICULTIES = {  # asked of the unit
    "answer": {"asked": UNIT, "unsolved": UNIT},
    "hand_on": {"asked": UNIT},
    "reopen": {"answered": SELF},
    "withdraw": {"asked": SELF, "unsolved": SELF},
}
DIFFICULTIES_IN_TIME = {"answer": UNIT, "hand_on": UNIT, "reopen": SELF, "withdraw": SELF}


def expected_of(table: dict, in_time: dict, verb: str, state: str) -> dict[str, str]:
    may = table[verb].get(state, set())
    return {each: OK if each in may else LATE if each in in_time[verb] else NO for each in EVERYBODY}


def test_the_tables_are_whole(app):
    assert set(BULLETINS) == set(workflow.flow.moves)
    assert set(DIFFICULTIES) == set(asking.flow.moves)
    assert {"amend", "correct"} == set(contacting.flow.moves)


@pytest.mark.parametrize("verb", list(BULLETINS))
@pytest.mark.parametrize("state", list(WAY))
def test_a_bulletin_by_every_verb_from_every_state_by_everybody(cast, bulletin, verb, state):
    row, move = bulletin(state), workflow.flow.moves[verb]
    given = {person: answer(move, row, cast.by(person), **asked(verb)) for person in EVERYBODY}
    assert given == expected_of(BULLETINS, BULLETINS_IN_TIME, verb, state)
    assert answer(move, row, resident_of(0), **asked(verb)) == NO


@pytest.mark.parametrize("verb", list(DIFFICULTIES))
@pytest.mark.parametrize("state", list(DIFFICULTY_WAY))
def test_a_difficulty_by_every_verb_from_every_state_by_everybody(cast, difficulty, verb, state):
    row, move = difficulty(state), asking.flow.moves[verb]
    given = {person: answer(move, row, cast.by(person), **asked(verb)) for person in EVERYBODY}
    assert given == expected_of(DIFFICULTIES, DIFFICULTIES_IN_TIME, verb, state)
    assert answer(move, row, resident_of(0), **asked(verb)) == NO


@pytest.mark.parametrize(("writer", "side"), [("liaison1", UNIT), ("clerk1", PLACE)])
def test_a_contact_is_edited_for_a_day_and_corrected_later_by_the_side_that_wrote_it(cast, writer, side):
    for days, verb, other in ((0, "amend", "correct"), (2, "correct", "amend")):
        row = a_contact(cast, writer, days)
        for each, good in ((verb, OK), (other, LATE)):
            move = contacting.flow.moves[each]
            given = {person: answer(move, row, cast.by(person), **asked(each)) for person in EVERYBODY}
            assert given == {person: good if person in side else NO for person in EVERYBODY}, (days, each)


def test_a_corrected_contact_stays_beside_the_one_that_corrects_it(cast):
    row = a_contact(cast, days_ago=2)
    contacting.correct(row, cast.by("liaison1"), **asked("correct") | {"about": "商量的是走访，不是服务日"})
    db.session.commit()
    anew = row.corrected_by
    assert (row.state, anew.state, anew.about) == (
        ContactState.CORRECTED,
        ContactState.RECORDED,
        "商量的是走访，不是服务日",
    )
    assert [line.verb for line in history.of(anew)] == ["record"]
    assert answer(contacting.correct, row, cast.by("liaison1"), **asked("correct")) == LATE
    told = db.session.scalars(db.select(Message)).all()
    assert len(told) == 4  # the two clerks of the community, of the entry and of its correction


@pytest.mark.parametrize("person", [name for name in EVERYBODY if name not in (*PLACE, *UNIT)])
def test_only_the_two_sides_write_the_log(cast, person):
    with pytest.raises(NotYours):
        contacting.record(cast.unit1.id, cast.community1.id, cast.by(person), told_of())


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"day": clock.today() + dt.timedelta(1)}, "联系的日期不能晚于今天。"),
        ({"day": dt.date(2013, 12, 31)}, "联系的日期不能早于2014年。"),
        ({"about": "请打13991234567联系"}, "“13991234567”像是电话号码，请删去。"),
    ],
)
def test_what_cannot_be_in_the_log(cast, facts, sentence):
    with pytest.raises(RuleBroken) as refusal:
        contacting.record(cast.unit1.id, cast.community1.id, cast.by("liaison1"), told_of(**facts))
    assert refusal.value.sentence == sentence


def test_who_has_had_no_contact_this_quarter(cast):
    walk(cast, "filed")
    now = of(clock.today())
    rows = {person: contact_log.without_contact(cast.by(person), now) for person in ("clerk1", "liaison1", "county")}
    assert {person: [row.name for row in db.session.scalars(each)] for person, each in rows.items()} == {
        "clerk1": [cast.unit1.name], "liaison1": [cast.community1.name], "county": [cast.unit1.name],
    }  # fmt: skip
    assert queries.count(contact_log.without_contact(cast.by("clerk2"), now)) == 0
    a_contact(cast, "clerk1")
    assert [queries.count(each) for each in rows.values()] == [0, 0, 0]


def test_sending_draws_the_papers_number_and_tells_nobody_since_it_is_a_to_do(cast, bulletin):
    row = bulletin("sent")
    paper = numbers.latest("bulletin", row.id)
    assert (paper.number, paper.state, paper.family_name, row.sent_by) == (
        "2026-0001", PaperState.VALID, "", "儒林社区 王秀兰",
    )  # fmt: skip
    assert db.session.query(Message).filter_by(topic=Topic.FEEDBACK).count() == 0
    workflow.flow.undo(row, cast.by("clerk1b"), line=str(history.last(row).id))
    db.session.commit()
    assert (row.state.value, row.sent_on, numbers.latest("bulletin", row.id).state) == (
        "compiled", None, PaperState.CANCELLED,
    )  # fmt: skip


def test_a_text_with_a_telephone_is_not_sent_to_a_unit(cast, bulletin):
    with pytest.raises(RuleBroken, match="像是电话号码"):
        workflow.remark(bulletin(), cast.by("clerk1"), remark="请打13991234567。")


def test_who_reads_bulletins(cast, bulletin):
    bulletin()
    seen = {person for person in EVERYBODY if queries.count(queries.visible_to(cast.by(person)))}
    assert seen == {"clerk1", "clerk1b", "chengguan", "county"}
    workflow.send(queries.db.session.scalar(queries.visible_to(cast.by("clerk1"))), cast.by("clerk1"))
    db.session.commit()
    seen = {person for person in EVERYBODY if queries.count(queries.visible_to(cast.by(person)))}
    assert seen == {"clerk1", "clerk1b", "chengguan", "county", "liaison1", "dept1"}


def test_a_difficulty_is_read_by_the_member_and_the_office_that_holds_it_alone(cast, difficulty):
    def readers() -> set[str]:
        return {person for person in EVERYBODY if queries.count(difficulty_queries.visible_to(cast.by(person)))}

    row = difficulty()
    assert readers() == {"member1", "liaison1"}
    assert TROUBLE.encode() not in row.told_sealed and row.told == TROUBLE
    asking.hand_on(row, cast.by("liaison1"), words="学校就在社区里。")
    db.session.commit()
    assert readers() == {"member1", "clerk1", "clerk1b"}
    assert answer(asking.hand_on, row, cast.by("clerk1"), words="还是单位办") == LATE
    assert answer(asking.answer, row, cast.by("liaison1"), words="已联系") == NO
    assert answer(asking.answer, row, cast.by("clerk1"), words="已联系") == OK


def test_a_member_says_once_that_it_is_not_solved_and_is_answered_again(cast, difficulty):
    row = difficulty("unsolved")
    asking.answer(row, cast.by("liaison1"), words="已向学校申请延时班。")
    db.session.commit()
    assert (row.answer, row.last_answer) == ("已联系学校，从下周起参加课后服务。", "已向学校申请延时班。")
    assert answer(asking.reopen, row, cast.by("member1"), words="还不行") == LATE
    assert [line.verb for line in history.of(row)] == ["ask", "answer", "reopen", "answer"]


def test_nobody_answers_or_hands_on_their_own(cast):
    row = asking.ask(cast.dual_row, cast.by("dual", Role.MEMBER), Side.UNIT, TROUBLE)
    db.session.commit()
    by = cast.by("dual", Role.LIAISON)
    assert answer(asking.answer, row, by, words="办好了") == NO
    assert queries.count(difficulty_queries.to_answer(by)) == 0
    assert queries.count(difficulty_queries.to_answer(cast.by("liaison1"))) == 1


def test_what_nobody_else_could_answer_is_asked_of_the_other_office(cast, browse):
    """member1 is the only liaison of unit1 left: only the community may answer, and can't hand it over to the unit."""
    walk(cast, "filed")
    cast.appoint("member1", "欧阳䶮", Role.LIAISON, unit=cast.unit1)
    for name in ("liaison1", "dual"):
        cast.users[name].state = UserState.LOCKED
    db.session.commit()
    with pytest.raises(RuleBroken) as refusal:
        asking.ask(cast.member1_row, cast.by("member1"), Side.UNIT, TROUBLE)
    assert refusal.value.sentence == "您所在单位没有别的联络员能答复，请向社区求助。"
    page = browse(cast.users["member1"]).get("/feedback/difficulties/new")
    assert [each.get("value") for each in select(page, "input[name=to][checked]")] == ["community"]
    row = asking.ask(cast.member1_row, cast.by("member1"), Side.COMMUNITY, TROUBLE)
    db.session.commit()
    assert answer(asking.hand_on, row, cast.by("clerk1"), words="单位办") == LATE
    assert answer(asking.answer, row, cast.by("clerk1"), words="已联系学校") == OK


def test_who_is_not_registered_asks_the_unit_and_it_stays_there(cast):
    with pytest.raises(RuleBroken, match="请向所在单位求助"):
        asking.ask(cast.member1_row, cast.by("member1"), Side.COMMUNITY, TROUBLE)
    row = a_difficulty(cast, registered=False)
    assert answer(asking.hand_on, row, cast.by("liaison1"), words="社区办") == LATE
    with pytest.raises(NotYours):
        asking.ask(cast.member1_row, cast.by("liaison1"), Side.UNIT, TROUBLE)


def test_it_is_due_by_the_scheme_year(cast, difficulty):
    row = difficulty()
    from portal.scheme import queries as scheme

    assert row.answer_by == scheme.due(clock.today(), 10)


def test_who_leaves_asks_no_more_and_who_changes_unit_is_answered_by_the_new_one(cast, difficulty):
    row = difficulty()
    request = TransferRequest(state=TransferState.REQUESTED, member=cast.member1_row, from_unit=cast.unit1,
                              to_unit=cast.unit2, asked_on=clock.today(), asked_by="曹静")  # fmt: skip
    db.session.add(request)
    transfers.release(request, cast.by("liaison1"))
    db.session.commit()
    assert row.unit == cast.unit2 and history.last(row).verb == "follow"
    registration = reporting.queries.current_of(cast.member1_row.id)
    assert asking.foreseen(cast.member1_row) == "离册的，1 件还没有答复的求助随之结束。"
    reporting.end(registration, cast.by("liaison2"), reason="退休", kind=EndKind.RETIRED)
    db.session.commit()
    assert row.state is DifficultyState.WITHDRAWN and history.last(row).reason == "退休"


def test_the_county_counts_and_reads_nothing(cast, difficulty):
    difficulty("answered")
    today = clock.today()
    rows = {each.side: each for each in difficulty_queries.counts(today.year, today)}
    assert (rows[Side.UNIT].asked, rows[Side.UNIT].answered, rows[Side.UNIT].waiting) == (1, 1, 0)
    assert rows[Side.COMMUNITY].asked == 0
    late = {each.side: each for each in difficulty_queries.counts(today.year - 1, today)}
    assert late[Side.UNIT].asked == 0


def test_the_desk_names_what_waits(cast, browse):
    a_bulletin(cast, "sent")
    assert "季度反馈待签收" in browse(cast.users["liaison1"]).get("/desk").text
