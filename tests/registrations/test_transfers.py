"""Change of unit: the new unit asks, the old one lets go, the same row moves; every verb × state × role by hand."""

import pytest
from sqlalchemy import func, select

from portal import history
from portal.accounts.models import AppointmentState
from portal.accounts.workflow import appoint
from portal.actors import SYSTEM, Role
from portal.errors import NotYours, Refused, RuleBroken
from portal.extensions import db
from portal.people.models import Member, MemberStatus
from portal.registrations import deferments, exemptions, queries, todo, transfers, workflow
from portal.registrations.models import (
    DefermentKind,
    DefermentState,
    EndKind,
    ExemptionState,
    RegistrationState,
    TransferRequest,
    TransferState,
)
from portal.rosters import workflow as rosters
from portal.todo import counted
from tests.lifecycles import LATE, NO, OK, answer
from tests.pages import same_page
from tests.rosters.rosters import a_file, person, uploaded, written

S = TransferState
EVERYBODY = (
    "county", "county_b", "admin", "dept1", "dept2", "chengguan", "town2", "committee", "inspector", "liaison1",
    "liaison2", "liaison3", "clerk1", "grid1", "member1", "member2", "member3",
)  # fmt: skip
# unit2 (under dept2) asks for member1 of unit1 (under dept1).
WHO = {"release": {"liaison1", "dept1"}, "decline": {"liaison1", "dept1"}, "withdraw": {"liaison2"}}
SEES = {"liaison1", "liaison2", "dept1", "dept2", "county", "county_b"}


@pytest.fixture(autouse=True)
def may(time_machine):
    time_machine.move_to("2026-05-06 02:00:00+00:00")


def asked(cast, member="member1", by="liaison2", unit="unit2") -> TransferRequest:
    row = transfers.ask(cast.places[f"{member}_row"], getattr(cast, unit), cast.by(by))
    db.session.commit()
    return row


def test_the_table_names_every_verb():
    assert set(WHO) == set(transfers.flow.moves)


@pytest.mark.parametrize("verb", list(WHO))
@pytest.mark.parametrize("state", ["requested", "released", "declined", "withdrawn"])
def test_every_verb_from_every_state_by_everybody(cast, verb, state):
    row, move = asked(cast), transfers.flow.moves[verb]
    row.state = TransferState(state)
    db.session.commit()
    more = {"reason": "仍在本单位工作"} if verb == "decline" else {}
    ready = OK if state == "requested" else LATE
    expected = {someone: ready if someone in WHO[verb] else NO for someone in EVERYBODY}
    assert {someone: answer(move, row, cast.by(someone), **more) for someone in EVERYBODY} == expected


def test_declining_says_why(cast):
    assert answer(transfers.decline, asked(cast), cast.by("liaison1")) == LATE


@pytest.mark.parametrize(("day", "expected"), [("2026-05-15", NO), ("2026-05-16", OK), ("2026-07-01", OK)])
def test_after_ten_days_without_an_answer_the_county_releases(cast, time_machine, day, expected):
    row = asked(cast)
    time_machine.move_to(f"{day} 02:00:00+00:00")
    assert answer(transfers.release, row, cast.by("county")) == expected
    waits = [
        item.count for item in counted(todo.items(cast.by("county"))) if item.label == "转入申请逾期未答复，可以放行"
    ]
    assert waits == ([1] if expected == OK else [])
    if expected == OK:
        transfers.release(row, cast.by("county"))
        assert history.last(row).stand_in


@pytest.mark.parametrize("someone", [each for each in EVERYBODY if each != "liaison2"])
def test_only_the_unit_that_gets_the_member_asks(cast, someone):
    with pytest.raises(NotYours):
        transfers.ask(cast.member1_row, cast.unit2, cast.by(someone))


def test_one_request_at_a_time_and_none_for_one_s_own(cast):
    asked(cast)
    for by, unit, sentence in (
        ("liaison3", "unit3", "欧阳䶮已有转入县医院党总支的申请，正等原单位答复。"),
        ("liaison1", "unit1", "欧阳䶮已在本单位名册上。"),
    ):
        with pytest.raises(RuleBroken) as refusal:
            asked(cast, by=by, unit=unit)
        assert refusal.value.sentence == sentence


def test_the_same_row_moves_and_the_registration_stays(cast, registration):
    cast.member1_row.post, cast.member1_row.branch, cast.member1_row.leading = "教务主任", "第一党支部", True
    row, before = registration("accepted"), db.session.scalar(select(func.count(Member.id)))
    transfers.release(asked(cast), cast.by("liaison1"))
    db.session.commit()
    member = cast.member1_row
    assert db.session.scalar(select(func.count(Member.id))) == before
    assert (member.unit, member.post, member.branch, member.leading) == (cast.unit2, None, None, False)
    assert (row.state, row.unit, row.issuer) == (RegistrationState.ACCEPTED, cast.unit2, cast.unit1)
    assert history.last(row).reason == "凤翔中学党支部 → 县医院党总支"
    workflow.file(row, cast.by("liaison2"))  # the receipt waits on the new unit's desk
    assert answer(workflow.end, row, cast.by("liaison1"), kind=EndKind.RETIRED, reason="退休") == NO


def test_the_papers_keep_the_unit_that_issued_them(cast, registration):
    from portal.papers import fill

    row = registration("filed")
    transfers.release(asked(cast), cast.by("liaison1"))
    db.session.commit()
    assert fill.certificate(row, full=True)["issuer"] == "凤翔中学党支部"
    assert fill.receipt(row, full=True)["to"] == "凤翔中学党支部"
    assert fill.info_card(row, full=True)["unit"] == "县医院党总支"


def test_what_belonged_to_the_old_unit_ends(cast, registration):
    other = registration("filed")
    workflow.relocate(other, cast.by("liaison1"), community_id=cast.community2.id, address="西关街8号")
    on_way = queries.in_progress_of(cast.member1_row.id)
    excused = exemptions.ask(cast.member2_row, cast.by("liaison1"), "长期借调外县")
    deferred = deferments.ask(cast.member1_row, cast.by("liaison1"), DefermentKind.VILLAGE, "2026-05", "2026-09")
    transfers.release(asked(cast), cast.by("dept1"))
    transfers.release(asked(cast, "member2"), cast.by("dept1"))
    db.session.commit()
    assert on_way.state is RegistrationState.CANCELLED
    assert (excused.state, deferred.state) == (ExemptionState.ENDED, DefermentState.ENDED)
    assert queries.count(queries.without_certificate(cast.unit2.id)) == 3  # both, and member3 of unit2


def test_the_member_s_login_follows_and_the_liaison_s_office_ends(cast, browse):
    browser = browse(cast.users["dual"])
    as_liaison = next(held for held in cast.users["dual"].appointments if held.role is Role.LIAISON)
    browser.post(f"/appointments/{as_liaison.id}/use")
    assert browser.get("/registrations/uncertified").status_code == 200
    transfers.release(asked(cast, "dual"), cast.by("liaison1"))
    db.session.commit()
    held = {each.role: each for each in cast.users["dual"].appointments}
    assert (held[Role.MEMBER].state, held[Role.MEMBER].unit) == (AppointmentState.ACTIVE, cast.unit2)
    assert held[Role.LIAISON].state is AppointmentState.ENDED
    assert browser.get("/registrations/uncertified").status_code == 302  # the session in that office is over
    assert cast.by("dual").office == "县医院党总支"


def test_nobody_lets_themselves_go(cast):
    row = asked(cast, "dual")
    own = cast.by("dual", Role.LIAISON)
    assert answer(transfers.release, row, own) == NO
    assert answer(transfers.decline, row, own, reason="不走") == NO
    assert answer(transfers.release, row, cast.by("liaison1")) == OK


def test_who_has_left_the_roster_comes_without_a_release(cast, registration):
    workflow.end(registration("filed"), cast.by("liaison1"), kind=EndKind.TRANSFERRED, reason="调往县医院")
    db.session.commit()
    row = asked(cast)
    assert (row.state, history.last(row).reason) == (S.RELEASED, "凤翔中学党支部已办理离册，不必再放行")
    assert (cast.member1_row.unit, cast.member1_row.status) == (cast.unit2, MemberStatus.ACTIVE)
    as_member = appoint(cast.by("liaison2"), cast.users["member1"], role=Role.MEMBER, starts_on=row.asked_on)
    assert as_member.state is AppointmentState.ACTIVE


def test_whom_another_unit_asks_for_is_released_and_not_ended(cast, registration):
    row, request = registration("filed"), asked(cast)
    with pytest.raises(RuleBroken) as refusal:
        workflow.end(row, cast.by("liaison1"), kind=EndKind.TRANSFERRED, reason="调往县医院")
    assert refusal.value.sentence == "县医院党总支已申请转入欧阳䶮：请在“转入转出”中放行，报到不必结束。"
    db.session.rollback()
    workflow.end(row, cast.by("liaison1"), kind=EndKind.RETIRED, reason="到龄退休")
    db.session.commit()
    assert (request.state, history.last(request).reason) == (S.DECLINED, "已办理结束：退休")


def test_who_has_gone_elsewhere_meanwhile_is_not_moved(cast):
    row = asked(cast)
    cast.member1_row.unit = cast.unit3
    db.session.commit()
    with pytest.raises(RuleBroken, match="现在在县教育体育局机关党支部名册上"):
        transfers.release(row, cast.by("liaison1"))


def requests() -> list[tuple[str, str]]:
    rows = db.session.scalars(select(TransferRequest).order_by(TransferRequest.id))
    return [(row.member.name, row.state.value) for row in rows]


def test_a_roster_that_names_people_of_other_units_asks_for_them(cast):
    data = a_file(person(), person("单雪", "13891701003"))
    written(cast, data)
    assert requests() == [("单雪", "requested")]
    written(cast, data)  # nothing new, and asked for only once
    assert requests() == [("单雪", "requested")]
    waits = {item.label: item.count for item in counted(todo.items(cast.by("liaison2")))}
    assert waits["转出申请待答复"] == 1
    transfers.release(db.session.scalars(select(TransferRequest)).one(), cast.by("liaison2"))
    db.session.commit()
    assert cast.member3_row.unit is cast.unit1
    assert uploaded(cast, data).elsewhere == 0


def test_an_import_from_the_command_line_asks_too(cast):
    roster = uploaded(cast, a_file(person("单雪", "13891701003")))
    rosters.write(roster, SYSTEM)
    assert requests() == [("单雪", "requested")]


def test_undoing_the_import_takes_back_what_nobody_answered(cast):
    roster = written(cast, a_file(person(), person("单雪", "13891701003")))
    rosters.undo(roster, cast.by("liaison1"), reason="传错了文件")
    db.session.commit()
    assert requests() == [("单雪", "withdrawn")]


def test_a_preview_of_the_old_unit_does_not_write_to_who_has_gone(cast):
    roster = uploaded(cast, a_file(person("欧阳䶮", "13891701001", post="校长")))
    transfers.release(asked(cast), cast.by("dept1"))
    db.session.commit()
    with pytest.raises(Refused, match="欧阳䶮的资料在预览之后有了变动"):
        rosters.write(roster, cast.by("liaison1"))


@pytest.mark.parametrize("someone", EVERYBODY)
def test_own_foreign_and_missing_requests(cast, browse, someone):
    row = asked(cast)
    browser = browse(cast.users[someone])
    one, missing = browser.get(f"/registrations/transfers/{row.id}"), browser.get("/registrations/transfers/999999")
    doors = SEES | {"chengguan", "town2", "committee", "liaison3"}
    assert one.status_code == (200 if someone in SEES else 404 if someone in doors else 403)
    assert someone in SEES or same_page(one, missing)


def test_asked_for_by_hand_and_released_through_the_pages(cast, registration, browse):
    registration("filed")
    new, old = browse(cast.users["liaison2"]), browse(cast.users["liaison1"])
    assert "/registrations/transfers/ask" in new.get("/members").text
    typed = {"name": "欧阳䶮", "born": "1980年5月", "phone": "13891701009"}
    refused = new.post("/registrations/transfers/ask", data=typed)
    assert refused.status_code == 409 and "全县名册上没有三项都相同的党员" in refused.text
    own = new.post("/registrations/transfers/ask", data=typed | {"phone": "138 9170 1001"}).location
    page = new.get(own).text
    assert "待原单位放行" in page and "放行</button>" not in page and "13891701001" not in page
    assert "欧阳䶮" in old.get("/registrations/transfers?state=requested").text
    assert old.post(f"{own}/release").status_code == 303
    assert "已放行，转到新单位名册；报到照常有效。" in old.get(own).text
    assert f"/members/{cast.member1_row.id}/edit" in new.get(own).text
    assert new.get("/registrations/2026-0001").status_code == 200
    assert old.get("/registrations/2026-0001").status_code == 404
