"""The info card: filled by the member or in their place, becoming a paper, and nothing lost between two people."""

import pytest

from portal import history
from portal.accounts.models import UserState
from portal.actors import Role
from portal.errors import NotYours, Refused, RuleBroken, TooLate
from portal.extensions import db
from portal.labels import Category
from portal.registrations import cards, workflow
from portal.registrations.cards import CardFacts
from portal.registrations.models import FreeTime
from tests.cast import make_member
from tests.pages import select
from tests.registrations.test_workflow import papers


def facts(**more) -> CardFacts:
    values = {
        "skills": ("理发", "手语"), "intentions": (Category.LEGAL, Category.ENVIRONMENT),
        "free_times": (FreeTime.WEEKENDS,), "estate_id": None, "phone": "13891701001",
        "address": "东大街12号院3号楼2单元501室",
    }  # fmt: skip
    return CardFacts(**(values | more))


def without_login(cast):
    """A member of unit1 who cannot sign in."""
    return make_member(cast.unit1, cast.community1, "安无号", "13891701091")


def test_the_member_fills_it(cast):
    card = cards.fill(cast.member1_row, cast.by("member1"), facts())
    db.session.commit()
    assert (card.stand_in, history.last(card).stand_in) == (False, False)
    assert [skill.skill for skill in card.skills] == ["理发", "手语"]


@pytest.mark.parametrize("person", ["member2", "liaison2", "clerk1", "county", "dept1"])
def test_nobody_else_fills_it(cast, person):
    for member in (cast.member1_row, without_login(cast)):
        with pytest.raises(NotYours):
            cards.fill(member, cast.by(person), facts())
        db.session.rollback()


def test_the_unit_fills_it_only_for_who_cannot_sign_in_and_is_marked(cast, browse):
    member = without_login(cast)
    card = cards.fill(member, cast.by("liaison1"), facts(phone="13891701091"))
    db.session.commit()
    assert (card.stand_in, history.last(card).stand_in) == (True, True)
    with pytest.raises(RuleBroken, match="欧阳䶮有登录账号，请本人填写。"):
        cards.fill(cast.member1_row, cast.by("liaison1"), facts())
    with pytest.raises(NotYours):  # a liaison's own card is filled as a member
        cards.fill(cast.dual_row, cast.by("dual", Role.LIAISON), facts())
    browser = browse(cast.users["liaison1"])
    assert browser.get(f"/registrations/members/{member.id}/card").status_code == 200
    answer = browser.get(f"/registrations/members/{cast.member1_row.id}/card")
    assert answer.status_code == 409 and "欧阳䶮有登录账号，请本人填写。" in answer.text


def test_a_login_that_is_locked_or_ended_is_none(cast):
    cast.users["member1"].state = UserState.LOCKED
    db.session.commit()
    assert cards.fill(cast.member1_row, cast.by("liaison1"), facts()).stand_in


def test_what_stays_is_kept_and_what_is_gone_is_gone(cast):
    cards.fill(cast.member1_row, cast.by("member1"), facts())
    db.session.commit()
    card = cards.fill(cast.member1_row, cast.by("member1"), facts(skills=("手语", "摄影摄像")), version=1)
    db.session.commit()
    db.session.refresh(card)
    assert {skill.skill for skill in card.skills} == {"手语", "摄影摄像"}
    assert (card.version, len(card.intentions)) == (2, 2)


def test_phone_and_address_are_corrected_with_their_indexes(cast):
    before = cast.member1_row.phone_index
    cards.fill(cast.member1_row, cast.by("member1"), facts(phone="13891709999", address="西关街8号"))
    db.session.commit()
    assert (cast.member1_row.phone, cast.member1_row.address) == ("13891709999", "西关街8号")
    assert cast.member1_row.phone_index != before


def test_the_second_of_two_people_is_told(cast):
    member = without_login(cast)
    cards.fill(member, cast.by("liaison1"), facts())
    with pytest.raises(TooLate) as refusal:
        cards.fill(member, cast.by("dual", Role.LIAISON), facts(), version=0)
    assert refusal.value.sentence == "凤翔中学党支部 高翔刚刚更新过这张信息卡，请核对后再保存。"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"skills": tuple("甲乙丙丁戊己庚辛壬")}, "特长最多填写 8 项。"),
        ({"estate_id": 999999}, "请选择居住社区内的小区。"),
    ],
)
def test_what_a_card_refuses(cast, wrong, sentence):
    with pytest.raises(RuleBroken) as refusal:
        cards.fill(cast.member1_row, cast.by("member1"), facts(**wrong))
    assert refusal.value.sentence == sentence


def test_an_estate_lies_in_the_home_community(cast):
    assert cards.fill(cast.member1_row, cast.by("member1"), facts(estate_id=cast.estate1.id)).estate is cast.estate1
    with pytest.raises(Refused):
        cards.fill(cast.member3_row, cast.by("member3"), facts(estate_id=cast.estate1.id))


def test_filled_before_the_card_is_final_at_acceptance_and_a_correction_is_its_next_version(cast, registration):
    cards.fill(cast.member1_row, cast.by("member1"), facts())
    row = registration("presented")
    assert papers("info-card") == []
    workflow.accept(row, cast.by("clerk1"))
    assert papers("info-card") == [("2026-0001", 1, "valid")]
    cards.fill(cast.member1_row, cast.by("member1"), facts(skills=()), version=1)
    db.session.commit()
    assert papers("info-card") == [("2026-0001", 1, "replaced"), ("2026-0001", 2, "valid")]


def test_filled_after_acceptance_it_becomes_final_at_once(cast, registration):
    registration("accepted")
    cards.fill(cast.member1_row, cast.by("member1"), facts())
    assert papers("info-card") == [("2026-0001", 1, "valid")]


GOOD = {
    "phone": "１３８９１７０１００１", "estate_id": "", "address": "东大街12号院", "skills": ["理发", "水电维修"],
    "other_skills": "手语、修自行车，理发", "intentions": ["legal", "culture"],
    "free_times": ["evenings"], "version": "0",
}  # fmt: skip


def test_the_form_fills_a_card_and_shows_it_again(cast, browse):
    browser = browse(cast.users["member1"])
    answer = browser.post("/registrations/card", data=GOOD)
    assert (answer.status_code, answer.location) == (303, "/registrations/mine")
    card = cards.card_of(cast.member1_row.id)
    assert [skill.skill for skill in card.skills] == ["理发", "水电维修", "手语", "修自行车"]
    page = browser.get("/registrations/card").text
    assert 'value="手语、修自行车"' in page
    assert 'value="理发" id="skills-7" checked' in page
    assert "1980-05" in page  # the roster's facts are shown, not asked


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"phone": ""}, "请填写联系电话。"), ({"phone": "12345"}, "请填写有效的电话号码"),
        ({"address": ""}, "请填写家庭住址。"), ({"address": "长" * 81}, "最多 80 个字。"),
        ({"intentions": []}, "请至少选择一类服务意向。"), ({"intentions": ["cash"]}, "请从列出的选项中选择。"),
        ({"free_times": []}, "请至少选择一个空闲时间。"), ({"other_skills": "长" * 21}, "每项特长最多 20 个字"),
        ({"other_skills": "甲、乙、丙、丁、戊、己、庚"}, "特长最多填写 8 项。"),
        ({"estate_id": "999999"}, "请从列出的选项中选择。"),
        ({"skills": ["炒股"]}, None), ({"address": "东\x00街\u202e"}, None),
    ],
)  # fmt: skip
def test_bad_input_keeps_what_was_typed_and_changes_nothing(cast, browse, wrong, sentence):
    answer = browse(cast.users["member1"]).post("/registrations/card", data=GOOD | wrong)
    if sentence is None and answer.status_code == 303:
        assert cast.member1_row.address == "东街"  # cleaned, not refused
        return
    assert answer.status_code in (409, 422)
    assert sentence is None or sentence in answer.text
    assert "other_skills" in wrong or "手语、修自行车" in answer.text
    assert cards.card_of(cast.member1_row.id) is None


def test_an_older_page_shows_both_texts_and_overwrites_only_knowingly(cast, browse):
    cards.fill(cast.member1_row, cast.by("member1"), facts(skills=("农业技术",)))
    db.session.commit()
    browser = browse(cast.users["member1"])
    answer = browser.post("/registrations/card", data=GOOD)
    assert answer.status_code == 409
    assert "凤翔中学党支部 欧阳䶮刚刚更新过这张信息卡" in answer.text
    assert "农业技术" in answer.text and "手语、修自行车" in answer.text
    assert 'name="version" type="hidden" value="1"' in answer.text
    assert browser.post("/registrations/card", data=GOOD | {"version": "1"}).status_code == 303


def test_whose_card_the_unit_must_fill_stands_on_its_desk(cast, browse):
    member = without_login(cast)
    db.session.commit()
    browser, label = browse(cast.users["liaison1"]), "信息卡待代为填写"
    assert label not in browser.get("/desk").text  # no certificate yet
    for each in (member, cast.member1_row):
        workflow.issue(each, cast.by("liaison1"))
    db.session.commit()
    page = browser.get("/desk").text
    assert page.count(label) == 1 and "/registrations/unchecked" in page
    assert links(browser.get("/registrations/unchecked")) == [f"/registrations/members/{member.id}/card"]
    cards.fill(member, cast.by("liaison1"), facts(phone="13891701091"))
    db.session.commit()
    assert label not in browser.get("/desk").text
    assert links(browser.get("/registrations/unchecked")) == []


def links(answer) -> list[str]:
    return [element.get("href") for element in select(answer, "#unfilled a")]
