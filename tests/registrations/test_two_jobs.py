"""Two people, two jobs: who holds two offices, who is the only one, and who is replaced in the middle."""

import datetime as dt

import pytest

from portal import clock, history
from portal.accounts import workflow as logins
from portal.actors import Role
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.records import workflow as records
from portal.registrations import queries, todo, workflow
from portal.registrations.models import ReportMode
from portal.todo import counted
from portal.wishes import workflow as wishes
from tests.cast import make_member
from tests.lifecycles import NO, OK, answer
from tests.records.test_life_cycle import a_record
from tests.wishes.making import a_wish, register


@pytest.fixture
def both(cast):
    """member1, who is a clerk of their own community besides: (as clerk, as member)."""
    cast.appoint("member1", "欧阳䶮", Role.CLERK, community=cast.community1)
    db.session.commit()
    return cast.by("member1", Role.CLERK), cast.by("member1", Role.MEMBER)


def sentence(act, *args, **more) -> str:
    with pytest.raises((NotYours, RuleBroken)) as refusal:
        act(*args, **more)
    db.session.rollback()
    return refusal.value.sentence


def test_a_clerk_who_is_a_member_leaves_the_own_registration_to_another(cast, registration, both):
    clerk, member = both
    row = registration("issued")
    workflow.present(row, member)
    db.session.commit()
    refused = "“接洽”只能由接收社区专干（本人的除外）或城关镇党委办理。"
    assert sentence(workflow.accept, row, clerk) == refused
    assert {person: answer(workflow.accept, row, cast.by(person)) for person in ("clerk1", "chengguan")} == {
        "clerk1": OK, "chengguan": OK,
    }  # fmt: skip
    workflow.accept(row, cast.by("clerk1"))
    db.session.commit()
    assert answer(workflow.end, row, clerk, kind=workflow.EndKind.MOVED, reason="迁出") == NO
    assert answer(workflow.relocate, row, clerk, community_id=cast.community2.id) == NO


def test_a_clerk_who_is_a_member_leaves_the_own_record_to_another(cast, both):
    clerk, _ = both
    record = a_record(cast)
    refused = "“确认”只能由本社区另一位专干、网格管理员或镇党委办理。"
    assert sentence(records.confirm, record, clerk) == refused
    assert sentence(records.void, record, clerk, reason="记错了") == "“作废”只能由本社区专干办理。"
    assert answer(records.confirm, record, cast.by("clerk1b")) == OK


def test_a_clerk_who_helped_leaves_the_confirming_to_another(cast, both):
    clerk, _ = both
    register(cast, "member1")
    wish = a_wish(cast, "done", leader="member1")
    assert sentence(wishes.confirm, wish, clerk).startswith("“确认实现”只能由许愿居民或未参与办理的本社区专干")
    assert answer(wishes.confirm, wish, cast.by("clerk1")) == OK


def test_a_wish_of_one_s_own_is_neither_claimed_nor_confirmed_as_a_clerk(cast, both):
    clerk, member = both
    register(cast, "member1", "member2")
    own = {"phone_index": cast.member1_row.phone_index}
    mine = a_wish(cast, "published", **own)
    mine.phone_index = cast.member1_row.phone_index
    done = a_wish(cast, "done", leader="member2")
    done.phone_index = cast.member1_row.phone_index
    db.session.commit()
    assert sentence(wishes.claim, mine, member) == "这是您自己提出的心愿，不能由本人认领。"
    assert sentence(wishes.confirm, done, clerk).startswith("“确认实现”只能由许愿居民或未参与办理的本社区专干")
    assert answer(wishes.confirm, done, cast.by("clerk1")) == OK


def test_who_presented_a_member_in_their_place_does_not_accept_as_well(cast, registration):
    cast.appoint("liaison1", "高翔", Role.CLERK, community=cast.community1)
    row = registration("issued")
    workflow.present(row, cast.by("liaison1", Role.LIAISON), mode=ReportMode.GROUP)
    db.session.commit()
    assert sentence(workflow.accept, row, cast.by("liaison1", Role.CLERK)) == (
        "欧阳䶮的报到是您以单位联络员身份代办的，请由另一位专干或城关镇党委接洽。"
    )
    assert answer(workflow.accept, row, cast.by("clerk1")) == OK


def test_sent_back_and_reported_by_the_member_anybody_of_the_community_accepts(cast, registration):
    cast.appoint("liaison1", "高翔", Role.CLERK, community=cast.community2)
    liaison = cast.by("liaison1", Role.LIAISON)
    row = registration("issued")
    workflow.present(row, liaison)
    workflow.send_back(row, cast.by("clerk1"), community_id=cast.community2.id, reason="住在凤鸣社区")
    workflow.reissue(row, liaison)
    workflow.present(row, cast.by("member1"))
    db.session.commit()
    assert answer(workflow.accept, row, cast.by("liaison1", Role.CLERK)) == OK


def test_for_an_only_clerk_the_town_stands_in_on_record(cast):
    # The only clerk of community2 lives there and is a member of unit2.
    cast.users["clerk2"].member = make_member(cast.unit2, cast.community2, "孙桂芳", "13891701077")
    row = workflow.issue(cast.users["clerk2"].member, cast.by("liaison2"))
    db.session.commit()
    only, town = cast.by("clerk2"), cast.by("chengguan")
    assert sentence(workflow.accept, row, only) == "“接洽”只能由接收社区专干（本人的除外）或城关镇党委办理。"
    workflow.accept(row, town)
    assert history.last(row).stand_in
    service = records.Service(
        member=cast.member1_row, place=cast.community2, day=clock.today() - dt.timedelta(days=1), starts=dt.time(19),
        half_hours=2, category=records.Category.ENVIRONMENT, what="清扫楼道", note="晚间清扫",
    )  # fmt: skip
    record = records.record_service(service, only, records.Evidence.ORGANISER)
    db.session.commit()
    assert sentence(records.confirm, record, only) == "“确认”只能由本社区另一位专干、网格管理员或镇党委办理。"
    assert answer(records.confirm, record, town) == OK


def ten_cases(cast) -> list:
    """Ten members of unit1 whose registrations stand in the middle: to be issued anew, to be filed, on their way."""
    liaison, clerk, rows = cast.by("liaison1"), cast.by("clerk1"), []
    for number in range(10):
        member = make_member(
            cast.unit1, cast.community1, f"王{'一二三四五六七八九十'[number]}", f"1389170{2000 + number}"
        )
        row = workflow.issue(member, liaison)
        if number < 5:
            workflow.accept(row, clerk)
        elif number < 8:
            workflow.send_back(row, clerk, community_id=cast.community2.id, reason="住在凤鸣社区")
        rows.append(row)
    db.session.commit()
    return rows


def test_a_liaison_replaced_in_the_middle_of_ten_cases(cast, browse):
    rows = ten_cases(cast)
    old = browse(cast.users["liaison1"])
    assert old.get("/desk").status_code == 200
    waits = [(item.count, item.label) for item in counted(todo.items(cast.by("liaison1")))]
    held = cast.users["liaison1"].appointments[0]
    logins.end(held, cast.by("county"), reason="调整分工")
    cast.appoint("newcomer", "秦志远", Role.LIAISON, unit=cast.unit1)
    db.session.commit()

    assert old.get("/desk").status_code == 302  # the session ended with the office
    assert old.get("/registrations/uncertified").status_code == 302
    new, browser = cast.by("newcomer"), browse(cast.users["newcomer"])
    assert [(item.count, item.label) for item in counted(todo.items(new))] == waits
    assert waits == [
        (3, "未开证明信"), (3, "证明信被退回，待重新开具"), (5, "回执待备案"), (2, "已开证明信，待报到"),
        (10, "信息卡待代为填写"),
    ]  # fmt: skip

    assert browser.post("/registrations/bulk", data={"verb": "file", "all": "1"}).status_code == 303
    for row in rows[5:8]:
        workflow.reissue(row, new)
    for row in rows[5:]:
        workflow.present(row, new)
    db.session.commit()
    assert [row.state.value for row in rows] == ["filed"] * 5 + ["presented"] * 5
    assert {history.of(row)[0].by_name for row in rows} == {"凤翔中学党支部 高翔"}  # what the old one did stays theirs
    assert history.last(rows[0]).by_name == "凤翔中学党支部 秦志远"
    assert queries.count(queries.without_certificate(cast.unit1.id)) == 3
