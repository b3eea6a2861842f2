"""A member who moves within the county town: one act, the old registration holds until the new community accepts."""

import pytest
from sqlalchemy import select

from portal import history
from portal.actors import Role
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.people.models import Estate
from portal.registrations import cards, queries, todo, workflow
from portal.registrations.models import EndKind, Registration, RegistrationState
from portal.todo import counted
from tests.registrations.test_cards import facts

FILED, ENDED, ISSUED = RegistrationState.FILED, RegistrationState.ENDED, RegistrationState.ISSUED


def move_home(cast, row, person="liaison1", to="community2", address="凤栖家园3号楼1单元202室"):
    workflow.relocate(row, cast.by(person), community_id=getattr(cast, to).id, address=address)
    db.session.commit()


def test_the_unit_s_one_act_tells_the_new_home_and_issues_the_certificate(cast, registration):
    row = registration("filed")
    move_home(cast, row)
    new = queries.in_progress_of(cast.member1_row.id)
    assert (new.state, new.community, new.unit) == (ISSUED, cast.community2, cast.unit1)
    assert (row.state, cast.member1_row.community) == (FILED, cast.community2)
    assert cast.member1_row.address == "凤栖家园3号楼1单元202室"
    assert (history.last(row).verb, history.last(row).stand_in) == ("relocate", True)
    workflow.accept(new, cast.by("clerk2"))
    db.session.commit()
    assert (row.state, row.end_kind) == (ENDED, EndKind.MOVED)
    assert queries.current_of(cast.member1_row.id) is new


@pytest.mark.parametrize("person", ["member1", "clerk1", "chengguan"])
def test_told_by_others_it_waits_on_the_unit_s_desk(cast, registration, person):
    row = registration("filed")
    move_home(cast, row, person)
    assert queries.in_progress_of(cast.member1_row.id) is None
    assert row.state is FILED
    waiting = {item.label: item.count for item in counted(todo.items(cast.by("liaison1")))}
    assert waiting["未开证明信"] == 3  # and the two who never had one
    assert workflow.issue(cast.member1_row, cast.by("liaison1")).community is cast.community2


def test_of_a_liaison_s_own_move_the_certificate_is_the_supervisor_s(cast):
    row = workflow.issue(cast.dual_row, cast.by("dept1"))
    workflow.accept(row, cast.by("clerk1"))
    move_home(cast, row, "dept1")
    assert queries.in_progress_of(cast.dual_row.id).community is cast.community2


def test_moved_again_before_arriving_the_first_certificate_is_of_no_use(cast, registration):
    row = registration("filed")
    move_home(cast, row)
    first = queries.in_progress_of(cast.member1_row.id)
    move_home(cast, row, to="community1")  # back again: still registered there
    assert first.state is RegistrationState.CANCELLED
    assert history.last(first).reason == "又迁往儒林社区"
    assert queries.in_progress_of(cast.member1_row.id) is None
    assert queries.count(queries.without_certificate(cast.unit1.id).where(queries.Member.id == row.member_id)) == 0


@pytest.mark.parametrize("wrong", [None, 999999, "own"])
def test_a_new_home_is_another_community(cast, registration, wrong):
    row = registration("filed")
    with pytest.raises(RuleBroken) as refusal:
        workflow.relocate(row, cast.by("member1"), community_id=cast.community1.id if wrong == "own" else wrong)
    assert refusal.value.sentence == "请选择新的居住社区，不能与现在登记的相同。"


def test_the_card_s_estate_follows_the_address(cast, registration):
    db.session.add(Estate(name="凤栖家园", community=cast.community2))
    cards.fill(cast.member1_row, cast.by("member1"), facts(estate_id=cast.estate1.id))
    row = registration("filed")
    move_home(cast, row)
    assert cards.card_of(cast.member1_row.id).estate.name == "凤栖家园"
    move_home(cast, row, to="community1", address="东大街12号")
    assert cards.card_of(cast.member1_row.id).estate is None


def test_through_the_pages(cast, registration, browse):
    row = registration("filed")
    member, liaison = browse(cast.users["member1"]), browse(cast.users["liaison1"])
    address = f"/registrations/{row.number}/relocate"
    assert f'href="{address}"' in member.get("/registrations/mine").text
    refused = member.post(address, data={"community_id": "", "address": ""})
    assert refused.status_code == 422
    assert "请选择新的居住社区。" in refused.text and "请填写新的家庭住址。" in refused.text
    assert f'<option value="{cast.community1.id}">' not in refused.text  # where they live already
    home = {"community_id": cast.community2.id, "address": "凤栖家园3号楼"}
    assert member.post(address, data=home).status_code == 303
    assert "等单位开具到新社区的证明信" in member.get("/registrations/mine").text
    assert history.last(row).reason == "新的居住社区：凤鸣社区"
    assert "从儒林社区迁来" in liaison.get("/registrations/uncertified").text
    assert liaison.post("/registrations/issue", data={"row": cast.member1_row.id}).status_code == 303
    assert "证明信已寄往新社区" in member.get("/registrations/mine").text
    assert "已登记迁往凤鸣社区" in browse(cast.users["clerk1"]).get(f"/registrations/{row.number}").text
    rows = db.session.scalars(
        select(Registration).where(Registration.member_id == row.member_id).order_by(Registration.id)
    ).all()
    assert [(each.community.name, each.state) for each in rows] == [("儒林社区", FILED), ("凤鸣社区", ISSUED)]


def test_whoever_is_not_asked_has_no_such_button(cast, registration, browse):
    row = registration("filed")
    home = {"community_id": cast.community2.id, "address": "凤栖家园3号楼"}
    for person, status in (("clerk2", 404), ("liaison2", 404), ("county", 403), ("dept1", 403), ("member2", 404)):
        answer = browse(cast.users[person]).post(f"/registrations/{row.number}/relocate", data=home)
        assert answer.status_code == status, person
    cast.appoint("member1", "欧阳䶮", Role.LIAISON, unit=cast.unit1)
    db.session.commit()
    with pytest.raises(NotYours):
        workflow.relocate(row, cast.by("member1", Role.LIAISON), community_id=cast.community2.id)
