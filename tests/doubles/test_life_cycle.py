"""The life cycle of a pair: every verb × state × role, typed by hand from 1-domain §1.6 and §1.4."""

import pytest

from portal import clock
from portal.actors import Role
from portal.doubles import joining, queries, todo, workflow
from portal.doubles.models import DoubleState
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.people.members import set_member_facts
from portal.people.models import MemberStatus
from portal.todo import counted
from tests.cast import make_member
from tests.doubles.conftest import NAME, PHONE, WHY, merge
from tests.lifecycles import LATE, NO, OK, answer

EVERYBODY = (
    "county", "county_b", "admin", "dept1", "dept2", "chengguan", "town2", "committee", "inspector", "liaison1",
    "liaison2", "clerk1", "clerk2", "grid1", "member1", "member1b", "member2",
)  # fmt: skip
COUNTY = {"county", "county_b"}
FROM = {
    "merge": {"suspected"}, "dismiss": {"suspected"}, "reverse": {"merged"}, "recheck": {"dismissed", "reversed"},
}  # fmt: skip


def test_the_table_names_every_verb():
    assert set(FROM) == set(workflow.flow.moves)


def in_state(pair, state: str):
    row = pair.opened() if state in ("suspected", "dismissed") else pair.merged()
    by = pair.cast.by("county")
    if state == "dismissed":
        workflow.dismiss(row, by, reason="两个单位都说是两个人")
    if state == "reversed":
        workflow.reverse(row, by, reason="弄错了")
    db.session.commit()
    assert row.state.value == state
    return row


def asked(row, verb: str) -> dict:
    if verb == "recheck":
        return {}
    if verb == "merge":
        seen = workflow.mark_of(joining.foreseen(row.first, row.second))
        return {"reason": WHY, "kept_id": row.first_id, "seen": seen}
    return {"reason": "核对过了"}


@pytest.mark.parametrize("verb", list(FROM))
@pytest.mark.parametrize("state", ["suspected", "merged", "reversed", "dismissed"])
def test_every_verb_from_every_state_by_everybody(pair, verb, state):
    row, move = in_state(pair, state), workflow.flow.moves[verb]
    more = asked(row, verb)
    ready = OK if state in FROM[verb] else LATE
    expected = {someone: ready if someone in COUNTY else NO for someone in EVERYBODY}
    assert {someone: answer(move, row, pair.cast.by(someone), **more) for someone in EVERYBODY} == expected


@pytest.mark.parametrize("verb", ["merge", "dismiss", "reverse"])
def test_each_asks_for_a_reason(pair, verb):
    row = in_state(pair, "merged" if verb == "reverse" else "suspected")
    more = asked(row, verb) | {"reason": ""}
    assert answer(workflow.flow.moves[verb], row, pair.cast.by("county"), **more) == LATE


@pytest.mark.parametrize("which", ["member1", "member1b"])
def test_nobody_decides_of_themselves(pair, which):
    pair.cast.appoint(which, NAME, Role.COUNTY)
    db.session.commit()
    themselves = pair.cast.by(which, Role.COUNTY)
    with pytest.raises(NotYours):
        workflow.look_into(pair.first, pair.second, themselves)
    row = pair.opened()
    for verb in ("merge", "dismiss"):
        assert answer(workflow.flow.moves[verb], row, themselves, **asked(row, verb)) == NO


@pytest.mark.parametrize("someone", [each for each in EVERYBODY if each not in COUNTY])
def test_only_the_county_opens_a_pair_and_sees_any(pair, someone):
    pair.opened()
    by = pair.cast.by(someone)
    assert list(db.session.scalars(queries.visible_to(by))) == [] == queries.to_look_at(by)
    with pytest.raises(NotYours):
        workflow.look_into(pair.first, pair.second, by)


def test_a_pair_is_opened_once_whichever_comes_first(pair):
    assert workflow.look_into(pair.second, pair.first, pair.cast.by("county_b")) is pair.opened()


def test_two_who_have_nothing_in_common_are_not_opened(pair):
    for other in (pair.cast.member2_row, pair.first):
        with pytest.raises(RuleBroken):
            workflow.look_into(pair.first, other, pair.cast.by("county"))


def waiting(pair) -> list[tuple[int, int]]:
    found = [(first.id, second.id) for first, second, _ in queries.to_look_at(pair.cast.by("county"))]
    lines = [line.count for line in counted(todo.items(pair.cast.by("county")))]
    assert lines == ([len(found)] if found else [])  # the desk counts what the list shows
    return found


def test_the_sure_ones_and_the_likely_ones_are_named(pair):
    cast = pair.cast
    name = make_member(cast.unit3, None, NAME, "13891709001")
    phone = make_member(cast.unit3, None, "另一人", PHONE, born="1990-01")
    make_member(cast.unit3, None, NAME, "13891709002", born="1981-06")
    db.session.commit()
    first, second = pair.first.id, pair.second.id
    assert waiting(pair)[0] == (first, second)
    likely = {(one, other.id) for one in (first, second) for other in (name, phone)}
    assert set(waiting(pair)) == {(first, second), *likely}


@pytest.mark.parametrize(
    ("statuses", "named"),
    [("left active", True), ("active left", True), ("left left", False)],
)
def test_one_of_two_who_are_the_same_is_on_a_roster(pair, statuses, named):
    pair.first.status, pair.second.status = map(MemberStatus, statuses.split())
    db.session.commit()
    assert bool(waiting(pair)) is named


def test_members_without_a_phone_are_no_pair(pair):
    for name in ("无电话甲", "无电话乙"):
        make_member(pair.cast.unit3, None, name, "")
    db.session.commit()
    assert waiting(pair) == [(pair.first.id, pair.second.id)]


@pytest.mark.parametrize("state", ["dismissed", "reversed"])
def test_what_was_said_holds_until_the_facts_change(pair, state):
    row = in_state(pair, state)
    assert waiting(pair) == []
    set_member_facts(pair.second, post="副主任医师")
    db.session.commit()
    assert waiting(pair) == []
    set_member_facts(pair.second, phone="13891709009")
    db.session.commit()
    assert waiting(pair) == [(pair.first.id, pair.second.id)]
    workflow.recheck(row, pair.cast.by("county"))
    workflow.dismiss(row, pair.cast.by("county"), reason="是两个人")
    db.session.commit()
    assert waiting(pair) == []


def test_a_merged_pair_waits_for_nobody(pair):
    pair.merged()
    assert waiting(pair) == []


def test_an_opened_pair_waits_although_its_facts_were_mended(pair):
    pair.opened()
    set_member_facts(pair.second, name="欧阳雪", phone="13891709009")
    db.session.commit()
    assert waiting(pair) == [(pair.first.id, pair.second.id)]


def test_who_has_left_is_not_the_one_that_stays(pair):
    row = pair.opened()
    pair.first.status = MemberStatus.LEFT
    db.session.commit()
    with pytest.raises(RuleBroken) as refusal:
        merge(row, pair.first, pair.cast.by("county"))
    assert refusal.value.sentence == "凤翔中学党支部的一条已离册，请保留在册的一条。"
    db.session.rollback()
    merge(row, pair.second, pair.cast.by("county"))
    assert row.state is DoubleState.MERGED


def test_a_third_one_stays_for_neither(pair):
    row = pair.opened()
    with pytest.raises(RuleBroken):
        workflow.merge(row, pair.cast.by("county"), reason=WHY, kept_id=pair.cast.member2_row.id)


def test_what_changed_since_it_was_looked_at_is_looked_at_again(pair):
    row = pair.opened()
    seen = workflow.mark_of(joining.foreseen(pair.first, pair.second))
    pair.registered("second")
    with pytest.raises(RuleBroken) as refusal:
        workflow.merge(row, pair.cast.by("county"), reason=WHY, kept_id=pair.first.id, seen=seen)
    assert "请重新核对将要发生的事项" in refusal.value.sentence
    assert row.merged_at is None and pair.second.status is MemberStatus.ACTIVE


def test_the_day_and_until_when_it_is_reversed_are_kept(pair):
    row = pair.merged()
    assert (row.opened_on, (row.reversible_until - row.merged_at).days) == (clock.today(), 30)
