"""A new scheme year asks each registered member once whether the card is still right: one button, or a changed card."""

import pytest

from portal import history
from portal.accounts.models import Appointment, AppointmentState
from portal.actors import Role
from portal.errors import NotYours, RuleBroken, TooLate
from portal.extensions import db
from portal.registrations import cards, todo, workflow
from portal.todo import counted
from tests.cast import make_member
from tests.registrations.test_cards import facts

CHECK = "核对信息卡"


@pytest.fixture(autouse=True)
def filled_last_year(cast, registration, time_machine):
    time_machine.move_to("2025-09-01 02:00:00+00:00")
    cards.fill(cast.member1_row, cast.by("member1"), facts())
    registration("filed")
    time_machine.move_to("2026-01-05 02:00:00+00:00")


def asked(by) -> dict[str, int]:
    return {item.label: item.count for item in counted(todo.items(by))}


def offline(cast, name="安无号", phone="13891701091"):
    """A registered member of unit1 without a login, whose card is of last year."""
    member = make_member(cast.unit1, cast.community1, name, phone)
    cards.fill(member, cast.by("liaison1"), facts(phone=phone)).checked_year = 2025
    workflow.accept(workflow.issue(member, cast.by("liaison1")), cast.by("clerk1"))
    db.session.commit()
    return member


def test_it_is_asked_once_and_answered_by_one_click(cast, browse):
    assert asked(cast.by("member1"))[CHECK] == 1
    member = browse(cast.users["member1"])
    page = member.get("/registrations/mine").text
    assert "新的一年，请核对一次信息卡" in page and "手语" in page and "13891701001" in page
    answer = member.post("/registrations/card/check", data={"version": 1}, follow_redirects=True)
    assert "谢谢，今年的信息卡已核对。" in answer.text and "信息无误</button>" not in answer.text
    assert CHECK not in asked(cast.by("member1"))
    card = cards.card_of(cast.member1_row.id)
    assert (card.checked_year, card.checked_by, card.version) == (2026, "凤翔中学党支部 欧阳䶮", 1)
    assert [line.label for line in history.of(card)] == ["填写信息卡", "信息无误"]


def test_a_changed_card_is_a_checked_one(cast):
    card = cards.fill(cast.member1_row, cast.by("member1"), facts(skills=("理发",)), version=1)
    db.session.commit()
    assert (CHECK in asked(cast.by("member1")), card.checked_by) == (False, None)


def test_what_was_changed_meanwhile_is_looked_at_first(cast, browse):
    cards.fill(cast.member1_row, cast.by("member1"), facts(skills=("理发",)), version=1).checked_year = 2025
    db.session.commit()
    with pytest.raises(TooLate) as refusal:
        cards.check(cast.member1_row, cast.by("member1"), version=1)
    assert refusal.value.sentence == "凤翔中学党支部 欧阳䶮刚刚更新过这张信息卡，请核对新的内容。"
    answer = browse(cast.users["member1"]).post("/registrations/card/check", data={"version": 1})
    assert answer.location == "/registrations/card"


def test_only_the_registered_are_asked_and_only_who_has_a_card(cast):
    cards.fill(cast.member2_row, cast.by("member2"), facts(phone="13891701002")).checked_year = 2025
    db.session.commit()
    assert CHECK not in asked(cast.by("member2"))  # has not reported
    with pytest.raises(RuleBroken) as refusal:
        cards.check(cast.dual_row, cast.by("dual"))
    assert refusal.value.sentence == "仇文博还没有填写信息卡，请先填写。"


def test_the_unit_sees_who_has_not_and_stands_in_for_who_cannot_sign_in(cast, browse):
    member, liaison = offline(cast), browse(cast.users["liaison1"])
    assert asked(cast.by("liaison1"))["信息卡待代为核对"] == 1
    page = liaison.get("/registrations/unchecked").text
    assert "安无号" in page and "欧阳䶮" in page and page.count('name="row"') == 1
    ticked = {"row": [member.id, cast.member1_row.id]}
    result = liaison.post("/registrations/unchecked", data=ticked, follow_redirects=True).text
    assert "办成 1 人，1 人没有办成" in result and "欧阳䶮有登录账号，请本人核对。" in result
    card = cards.card_of(member.id)
    assert (card.checked_year, card.checked_by) == (2026, "凤翔中学党支部 高翔（代办）")
    assert history.last(card).stand_in
    assert "信息卡待代为核对" not in asked(cast.by("liaison1"))


def test_a_login_without_an_office_as_member_is_none(cast):
    for held in cast.users["member1"].appointments:
        held.state = AppointmentState.ENDED
    db.session.commit()
    assert cards.check(cast.member1_row, cast.by("liaison1")).checked_year == 2026


@pytest.mark.parametrize("person", ["member2", "liaison2", "clerk1", "county", "dept1"])
def test_nobody_else_checks(cast, person):
    with pytest.raises(NotYours):
        cards.check(cast.member1_row, cast.by(person))


def test_a_liaison_s_own_card_is_checked_as_a_member(cast):
    cards.fill(cast.dual_row, cast.by("dual"), facts(phone="13891701004"))
    db.session.query(Appointment).filter_by(user_id=cast.users["dual"].id, role=Role.MEMBER).delete()
    db.session.commit()
    with pytest.raises(NotYours):
        cards.check(cast.dual_row, cast.by("dual", Role.LIAISON))
