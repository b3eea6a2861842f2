"""Notices: whom each sender reaches, who finds one as theirs, answers, urging and withdrawing; typed by hand."""

import datetime as dt

import pytest

from portal import audit, clock
from portal.accounts.models import UserState
from portal.actors import Role
from portal.audit import AuditRow
from portal.errors import NotYours, RuleBroken, TooLate
from portal.extensions import db
from portal.publicity import notice_queries, notices, receipts
from portal.publicity.audience import Audience
from portal.publicity.models import Notice, NoticeState
from tests.lifecycles import LATE, NO, OK, answer
from tests.publicity.making import a_notice, asking, letter
from tests.registrations.conftest import walk

EVERYBODY = (
    "county", "county_b", "admin", "dept1", "dept2", "chengguan", "town2", "committee", "inspector", "liaison1",
    "liaison2", "liaison3", "clerk1", "clerk1b", "clerk2", "grid1", "grid2", "member1", "member2", "member3", "dual",
)  # fmt: skip
M, L, C, G, T, D, W = (
    Role.MEMBER, Role.LIAISON, Role.CLERK, Role.GRID_WORKER, Role.TOWN, Role.DEPARTMENT, Role.COMMITTEE,
)  # fmt: skip
MEMBERS, UNIT1 = {"member1", "member2", "member3", "dual"}, {"member1", "member2", "dual"}
CLERKS, GRIDS = {"clerk1", "clerk1b", "clerk2"}, {"grid1", "grid2"}


def reached(cast, row: Notice) -> set[str]:
    """Who finds the notice as sent to them."""
    return {name for name in EVERYBODY if notice_queries.goes_to(row, cast.by(name))}


@pytest.mark.parametrize(
    ("by", "roles", "people"),
    [
        ("county", (L,), {"liaison1", "liaison2", "liaison3"}),
        ("county", (T, D, W), {"chengguan", "town2", "dept1", "dept2", "committee"}),
        ("county", (M,), MEMBERS), ("county", (C, G), CLERKS | GRIDS),
        ("chengguan", (C,), CLERKS), ("chengguan", (G,), GRIDS), ("chengguan", (M,), {"member1"}),
        ("dept1", (L,), {"liaison1", "liaison3"}), ("dept1", (L, M), {"liaison1", "liaison3"} | UNIT1),
        ("committee", (L,), {"liaison3"}),
        ("clerk1", (M,), {"member1"}), ("clerk1", (G,), GRIDS),
        ("liaison1", (M,), UNIT1), ("liaison2", (M,), {"member3"}),
    ],
)  # fmt: skip
def test_whom_each_sender_reaches(cast, by, roles, people):
    """member1 alone is registered, in community1 under 城关镇; dual acts as a member first."""
    walk(cast, "filed")
    row = a_notice(cast, by, roles)
    assert reached(cast, row) == people
    assert {name for name in EVERYBODY if _sees(cast, row, name)} == people | _senders(by) | {"county", "county_b"}


def _sees(cast, row: Notice, name: str) -> bool:
    return row in db.session.scalars(notice_queries.visible_to(cast.by(name))).all()


def _senders(by: str) -> set[str]:
    return {"clerk1", "clerk1b"} if by == "clerk1" else {by}


@pytest.mark.parametrize(
    ("by", "roles", "places", "people"),
    [
        ("county", (L, C), {"communities": ["community2"]}, {"clerk2"}),
        ("county", (L, C, T), {"bodies": ["chengguan"]}, {"chengguan"} | CLERKS),
        ("county", (L, M, D), {"bodies": ["dept2"]}, {"dept2", "liaison2", "member3"}),
        ("county", (L,), {"bodies": ["committee"]}, {"liaison3"}),
        ("county", (M,), {"bodies": ["chengguan"]}, {"member1"}),
        ("chengguan", (C, G), {"communities": ["community1"]}, {"clerk1", "clerk1b"} | GRIDS),
        ("dept1", (L, M), {"units": ["unit1"]}, {"liaison1"} | UNIT1),
    ],
)  # fmt: skip
def test_narrowed_to_some_places(cast, by, roles, places, people):
    walk(cast, "filed")
    named = {kind: {getattr(cast, key).id: getattr(cast, key).name for key in keys} for kind, keys in places.items()}
    assert reached(cast, a_notice(cast, by, roles, **named)) == people


@pytest.mark.parametrize(
    ("by", "roles", "words"),
    [
        ("county", (L, C), "全县的单位联络员、社区专干"),
        ("chengguan", (C,), "城关镇党委所属社区专干"),
        ("committee", (L,), "县级机关的单位联络员"),
        ("clerk1", (G,), "儒林社区的网格管理员"),
    ],
)
def test_whom_it_goes_to_is_said_in_words(cast, by, roles, words):
    assert a_notice(cast, by, roles).to == words


def test_nobody_writes_beyond_their_scope(cast):
    for by, roles in (("clerk1", (L,)), ("liaison1", (C,)), ("dept1", (C,)), ("member1", (M,)), ("grid1", (M,))):
        with pytest.raises(NotYours):
            notices.send(cast.by(by), Audience(roles), letter())


def test_who_would_reach_nobody_is_told_so(cast):
    place = {cast.community2.id: cast.community2.name}
    with pytest.raises(RuleBroken) as refusal:
        notices.send(cast.by("county"), Audience((L,), communities=place), letter())
    assert refusal.value.sentence == "“凤鸣社区”里没有所选的人，请改选发给谁或者范围。"
    with pytest.raises(RuleBroken) as refusal:
        notices.send(cast.by("clerk2"), Audience((M,)), letter())
    assert refusal.value.sentence == "所选的范围里还没有人有账号，没有人能收到。请改选发给谁。"


@pytest.mark.parametrize(("days", "answer_in"), [(-1, None), (400, None), (10, 11), (10, -1)])
def test_days_that_make_no_sense_are_refused(cast, days, answer_in):
    today = clock.today()
    by = today + dt.timedelta(days=answer_in) if answer_in else None
    with pytest.raises(RuleBroken):
        notices.send(cast.by("county"), Audience((L,)), letter(
            until=today + dt.timedelta(days=days), asks_answer=answer_in is not None, answer_by=by))  # fmt: skip


TABLE = {
    "urge": {"published": {"clerk1", "clerk1b"}},
    "withdraw": {"published": {"clerk1", "clerk1b", "county", "county_b"}},
}


@pytest.mark.parametrize("verb", list(TABLE))
@pytest.mark.parametrize("state", ["published", "withdrawn"])
def test_every_verb_from_every_state_by_everybody(cast, verb, state):
    walk(cast, "filed")
    row, move = a_notice(cast, "clerk1", (M,), asking()), notices.flow.moves[verb]
    if state == "withdrawn":
        notices.withdraw(row, cast.by("clerk1"), reason="日期写错了")
        db.session.commit()
    asked = {"reason": "日期写错了"} if verb == "withdraw" else {}
    may, ever = TABLE[verb].get(state, set()), TABLE[verb]["published"]
    expected = {person: OK if person in may else LATE if person in ever else NO for person in EVERYBODY}
    assert {person: answer(move, row, cast.by(person), **asked) for person in EVERYBODY} == expected
    assert set(TABLE) == set(notices.flow.moves)


def test_one_is_urged_once_and_only_for_an_answer(cast):
    row = a_notice(cast, words=asking())
    notices.urge(row, cast.by("county"))
    db.session.commit()
    assert row.state is NoticeState.PUBLISHED
    for each in (row, a_notice(cast)):
        with pytest.raises(RuleBroken):
            notices.urge(each, cast.by("county_b"))


def test_an_office_answers_once_whoever_of_it_does(cast):
    row = a_notice(cast, words=asking())
    assert _waits(cast, "clerk1") == _waits(cast, "clerk1b") == 1
    notices.answer(row, cast.by("clerk1"), "派赵晓梅参加")
    db.session.commit()
    assert _waits(cast, "clerk1b") == 0 and _waits(cast, "clerk2") == 1
    with pytest.raises(TooLate) as refusal:
        notices.answer(row, cast.by("clerk1b"), "")
    assert refusal.value.sentence == "儒林社区 王秀兰已经回执过了。"
    with pytest.raises(TooLate) as refusal:
        notices.answer(row, cast.by("clerk1"), "")
    assert refusal.value.sentence == "您已经回执过了。"
    acts = db.session.scalars(db.select(AuditRow.act).where(AuditRow.act == "notice_answers.answer")).all()
    assert len(acts) == 1 and audit.first_broken() is None


def _waits(cast, name: str, urged: bool = False) -> int:
    return notice_queries.count(notice_queries.unanswered(cast.by(name), clock.today(), urged))


def test_a_member_answers_for_themselves_only_and_the_list_names_the_rest(cast):
    row = a_notice(cast, "liaison1", (M,), asking())
    notices.answer(row, cast.by("member2"), "能来")
    db.session.commit()
    assert [_waits(cast, name) for name in ("member1", "member2", "member3")] == [1, 0, 0]
    found = receipts.of(row)
    assert (found.members_asked, found.members_answered, found.given, found.asked) == (3, 1, 1, 3)
    missing = db.session.scalars(receipts.members_missing(row)).all()
    assert {member.name for member in missing} == {"欧阳䶮", "仇文博"}
    assert [each.words for each in db.session.scalars(receipts.members_given(row))] == ["能来"]
    cast.member2_row.unit = cast.unit2
    db.session.commit()
    found = receipts.of(row)
    assert (found.members_asked, found.members_answered) == (3, 1)


def test_the_list_of_offices_is_by_name_with_their_people(cast):
    row = a_notice(cast, words=asking())
    notices.answer(row, cast.by("liaison2"), "")
    db.session.commit()
    found = receipts.of(row)
    assert [(office.name, office.people) for office in found.missing] == [
        ("凤翔中学党支部", ["高翔", "仇文博"]), ("县教育体育局机关党支部", ["袁立"]),
        ("儒林社区", ["王秀兰", "赵晓梅"]), ("凤鸣社区", ["孙桂芳"]),
    ]  # fmt: skip
    assert [office.name for office in found.answered] == ["县医院党总支"]
    assert (found.given, found.asked) == (1, 5)
    # Held by nobody any more, an office that answered still did; so did a member who has gone elsewhere since.
    cast.users["liaison2"].state = UserState.LOCKED
    db.session.commit()
    found = receipts.of(row)
    assert [(office.name, office.people) for office in found.answered] == [("县医院党总支", [])]
    assert (found.given, found.asked) == (1, 5)


@pytest.mark.parametrize("how", ["withdrawn", "over", "asks nothing", "foreign"])
def test_what_cannot_be_answered_is_not(cast, how, time_machine):
    row = a_notice(cast, words=letter() if how == "asks nothing" else asking())
    if how == "withdrawn":
        notices.withdraw(row, cast.by("county"), reason="日期写错了")
    if how == "over":
        time_machine.move_to(clock.start_of(row.until + dt.timedelta(days=1)))
    with pytest.raises(NotYours if how == "foreign" else TooLate):
        notices.answer(row, cast.by("member1" if how == "foreign" else "clerk1"), "")


def test_taking_note_takes_it_from_ones_own_desk_only(cast):
    row = a_notice(cast)
    today = clock.today()
    notices.note(row, cast.by("clerk1"))
    notices.note(row, cast.by("clerk1"))
    db.session.commit()
    unseen = {
        n: notice_queries.count(notice_queries.unseen(cast.by(n), today)) for n in ("clerk1", "clerk1b", "clerk2")
    }
    assert unseen == {"clerk1": 0, "clerk1b": 1, "clerk2": 1}
    with pytest.raises(NotYours):
        notices.note(row, cast.by("member1"))


def test_over_or_withdrawn_it_is_on_no_desk(cast, time_machine):
    row, today = a_notice(cast), clock.today()
    other = a_notice(cast)
    notices.withdraw(other, cast.by("county"), reason="重复了")
    db.session.commit()
    clerk = cast.by("clerk1")
    assert notice_queries.count(notice_queries.unseen(clerk, today)) == 1
    assert notice_queries.count(notice_queries.unseen(clerk, row.until + dt.timedelta(days=1))) == 0
    assert notice_queries.count(notice_queries.listed(clerk, today)) == 1
    assert notice_queries.count(notice_queries.listed(clerk, today, past=True)) == 2


def test_a_sender_is_warned_where_all_are_asked(cast, monkeypatch):
    county, clerk = cast.by("county"), cast.by("clerk1")
    walk(cast, "filed")
    assert notices.asks_too_many(county, Audience((L,)), asking()) == 4  # dual is a liaison too
    assert notices.asks_too_many(county, Audience((L,)), letter()) == 0
    assert notices.asks_too_many(clerk, Audience((M,)), asking()) == 0
    monkeypatch.setattr(notices, "MANY", 0)
    assert notices.asks_too_many(clerk, Audience((M,)), asking()) == 1
