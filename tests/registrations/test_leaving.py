"""Leaving with all its consequences, kind by kind, and what the page says of them beforehand."""

import pytest
from sqlalchemy import select

from portal import history
from portal.accounts.models import AppointmentState
from portal.actors import Role
from portal.audit import AuditRow
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.people.models import MemberStatus
from portal.registrations import deferments, exemptions, leaving, queries, transfers, workflow
from portal.registrations.models import (
    DefermentKind,
    DefermentState,
    EndKind,
    ExemptionState,
    RegistrationState,
    TransferState,
)
from portal.registrations.rates import Grouping, Standing, table
from portal.registrations.workflow import BY_HAND
from portal.wishes.models import ClaimState, WishState
from tests.wishes.making import a_wish

ROSTER = [EndKind.TRANSFERRED, EndKind.RETIRED, EndKind.LEFT, EndKind.DIED]


@pytest.fixture(autouse=True)
def may(time_machine):
    time_machine.move_to("2026-05-06 02:00:00+00:00")


def everything(cast, registration) -> dict:
    """member1, registered, with a claim, a certificate to a new home, an exemption and a 暂缓."""
    excused = exemptions.ask(cast.member1_row, cast.by("liaison1"), "长期驻村")
    row, wish = registration("filed"), a_wish(cast, "claimed")
    workflow.relocate(row, cast.by("liaison1"), community_id=cast.community2.id, address="西关街8号")
    deferred = deferments.ask(cast.member1_row, cast.by("liaison1"), DefermentKind.VILLAGE, "2026-05", "2026-09")
    db.session.commit()
    on_way = queries.in_progress_of(cast.member1_row.id)
    return {"row": row, "wish": wish, "on_way": on_way, "excused": excused, "deferred": deferred}


@pytest.mark.parametrize("kind", BY_HAND)
def test_all_that_follows_follows_at_once(cast, registration, kind):
    had = everything(cast, registration)
    workflow.end(had["row"], cast.by("liaison1"), kind=kind, reason="经核实")
    db.session.commit()
    assert (had["row"].state, had["row"].end_kind) == (RegistrationState.ENDED, kind)
    assert had["on_way"].state is RegistrationState.CANCELLED
    assert (had["excused"].state, had["deferred"].state) == (ExemptionState.ENDED, DefermentState.ENDED)
    assert (had["wish"].state, had["wish"].claims[0].state) == (WishState.PUBLISHED, ClaimState.RELEASED)
    gone = kind in ROSTER
    member = cast.member1_row
    assert (member.status, member.lives_in_town) == (
        (MemberStatus.LEFT, True) if gone else (MemberStatus.ACTIVE, False)
    )
    as_member = cast.users["member1"].appointments[0]
    assert as_member.state is (AppointmentState.ENDED if gone else AppointmentState.ACTIVE)


def test_each_thing_that_changes_has_one_line_and_one_audit_row(cast, registration):
    had = everything(cast, registration)
    lines = {name: len(history.of(row)) for name, row in had.items()}
    acts = len(db.session.scalars(select(AuditRow.id)).all())
    workflow.end(had["row"], cast.by("liaison1"), kind=EndKind.RETIRED, reason="到龄退休")
    db.session.commit()
    assert {name: len(history.of(row)) - lines[name] for name, row in had.items()} == dict.fromkeys(had, 1)
    # the five, and the appointment as a member
    assert len(db.session.scalars(select(AuditRow.id)).all()) - acts == 6


def test_what_will_follow_is_said_beforehand(cast, registration, browse):
    had = everything(cast, registration)
    page = browse(cast.users["liaison1"]).get(f"/registrations/{had['row'].number}/end").text
    for words in (
        "在儒林社区的报到结束；过去的服务仍记在儒林社区。",
        f"认领的 1 条微心愿退回，名额重新开放：{had['wish'].number}。",
        "免报随即取消。",
        "暂缓（驻村）提前结束。",
        f"寄往凤鸣社区的证明信 {had['on_way'].number} 作废。",
        "除“迁居”外，党员身份的登录停止。",
    ):
        assert words in page
    plain = leaving.preview(cast.member2_row)
    assert len(plain) == 2 and "登录" in plain[0] and "已离册" in plain[1]


def standing(cast) -> int:
    return table(cast.by("liaison1"), Grouping.UNIT).total[Standing.SHOULD]


@pytest.mark.parametrize("kind", ROSTER)
def test_who_never_reported_leaves_the_roster_too(cast, kind):
    on_way = workflow.issue(cast.member1_row, cast.by("liaison1"))
    excused = exemptions.ask(cast.member1_row, cast.by("liaison1"), "长期借调外县")
    before = standing(cast)
    leaving.leave(cast.member1_row, cast.by("liaison1"), kind, "经核实")
    db.session.commit()
    assert (standing(cast), cast.member1_row.status) == (before - 1, MemberStatus.LEFT)
    assert (on_way.state, excused.state) == (RegistrationState.CANCELLED, ExemptionState.ENDED)
    assert cast.users["member1"].appointments[0].state is AppointmentState.ENDED
    assert [line.label for line in history.of(cast.member1_row)] == [f"离册：{kind.label}"]


def test_a_registered_one_leaves_by_the_end_of_the_registration(cast, registration):
    row = registration("filed")
    leaving.leave(cast.member1_row, cast.by("liaison1"), EndKind.RETIRED, "到龄退休")
    assert (row.state, history.last(row).reason) == (RegistrationState.ENDED, "到龄退休")


def test_refused_with_a_sentence(cast):
    own = cast.by("dual", Role.LIAISON)
    for by, member, kind, sentence in (
        (own, cast.dual_row, EndKind.RETIRED, "离册只能由所在单位联络员（本人的除外）办理。"),
        (cast.by("liaison2"), cast.member1_row, EndKind.RETIRED, "离册只能由所在单位联络员（本人的除外）办理。"),
        (cast.by("clerk1"), cast.member1_row, EndKind.DIED, "离册只能由所在单位联络员（本人的除外）办理。"),
        (own, cast.member1_row, EndKind.MOVED, "请选择离册的原因类别。"),
        (own, cast.member1_row, None, "请选择离册的原因类别。"),
    ):
        with pytest.raises((NotYours, RuleBroken)) as refusal:
            leaving.leave(member, by, kind, "经核实")
        assert refusal.value.sentence == sentence
    leaving.leave(cast.member1_row, own, EndKind.LEFT, "去外地工作")
    with pytest.raises(RuleBroken, match="欧阳䶮已经离册。"):
        leaving.leave(cast.member1_row, own, EndKind.LEFT, "去外地工作")


def test_asked_for_by_another_unit_they_are_released_instead(cast):
    request = transfers.ask(cast.member1_row, cast.unit2, cast.by("liaison2"))
    with pytest.raises(RuleBroken, match="请在“转入转出”中放行"):
        leaving.leave(cast.member1_row, cast.by("liaison1"), EndKind.TRANSFERRED, "调走")
    leaving.leave(cast.member1_row, cast.by("liaison1"), EndKind.DIED, "因病去世")
    assert request.state is TransferState.DECLINED


def test_through_the_pages(cast, registration, browse):
    liaison = browse(cast.users["liaison1"])
    address = f"/registrations/members/{cast.member2_row.id}/leave"
    assert f'href="{address}"' in liaison.get(f"/members/{cast.member2_row.id}").text
    page = liaison.get(address).text
    assert "办理后，系统随即" in page and 'value="retired"' in page and 'value="moved"' not in page
    refused = liaison.post(address, data={"reason": "x"})
    assert refused.status_code == 422 and "请选择原因类别。" in refused.text
    done = liaison.post(address, data={"kind": "retired", "reason": "到龄退休"})
    assert done.location == f"/members/{cast.member2_row.id}"
    page = liaison.get(done.location).text
    assert "已离册" in page and "离册：退休" in page and address not in page
    row = registration("filed")
    registered = liaison.get(f"/registrations/members/{cast.member1_row.id}/leave")
    assert registered.location == f"/registrations/{row.number}/end"
    assert browse(cast.users["liaison2"]).get(address).status_code == 404
