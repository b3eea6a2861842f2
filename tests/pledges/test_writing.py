"""Writing a pledge: once a year, by who is registered, from last year's, two people at once, in clean words."""

import datetime as dt

import pytest
from sqlalchemy.exc import IntegrityError

from portal import history
from portal.errors import RuleBroken, TooLate
from portal.extensions import db
from portal.labels import Category
from portal.pledges import queries, workflow
from portal.pledges.models import Pledge, PledgeState
from portal.registrations import workflow as registrations
from portal.registrations.models import EndKind
from portal.scheme.queries import year_of
from tests.pledges.conftest import item, pledged, registered


@pytest.fixture(autouse=True)
def in_may(time_machine):
    time_machine.move_to("2026-05-20 02:00:00+00:00")


def refusal_of(call, kind=RuleBroken) -> str:
    with pytest.raises(kind) as refusal:
        call()
    db.session.rollback()
    return refusal.value.sentence


def test_it_is_kept_with_its_items_number_place_and_shown_name(cast):
    registered(cast)
    items = [item(), item("教老人用手机", category=Category.CONVENIENCE, for_whom="独居老人", times=None, half_hours=5)]
    row = workflow.write(cast.member1_row, cast.by("member1"), items)
    db.session.commit()
    assert (row.number, row.year, row.state) == ("2026-0001", 2026, PledgeState.DRAFT)
    assert (row.unit, row.community, row.shown_name) == (cast.unit1, cast.community1, "欧阳某某")
    assert [(i.place, i.what, i.for_whom, i.planned, i.due_on) for i in row.items] == [
        (1, "每月清扫一次楼道", None, "2 次", dt.date(2026, 12, 31)),
        (2, "教老人用手机", "独居老人", "2.5 小时", dt.date(2026, 12, 31)),
    ]
    assert not row.stand_in


def test_only_who_is_registered_pledges(cast):
    assert refusal_of(lambda: workflow.write(cast.member1_row, cast.by("member1"), [item()])) == (
        "欧阳䶮还没有到社区报到，报到以后才能承诺。"
    )


def test_one_pledge_a_member_and_year(cast, pledge):
    row = pledge("draft")
    again = workflow.write(cast.member1_row, cast.by("member1"), [item("另一件事")], version=1)
    db.session.commit()
    assert again is row and [i.what for i in row.items] == ["另一件事"]
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.add(Pledge(**{name: getattr(row, name) for name in (
            "year", "member_id", "unit_id", "community_id", "shown_name", "pinyin", "written_at", "written_by")},
            number="2026-0009", serial=9))  # fmt: skip
        db.session.flush()


@pytest.mark.parametrize("state", ["submitted", "approved", "shown", "ended"])
def test_what_is_not_open_is_not_changed(cast, state):
    row = pledged(cast, state)
    sentence = refusal_of(
        lambda: workflow.write(cast.member1_row, cast.by("member1"), [item("新的")], row.version), TooLate
    )
    assert sentence == f"这份承诺现在是“{row.state.label}”，不能修改。"


def test_a_returned_pledge_is_changed_and_submitted_again(cast, pledge):
    row = pledge("returned")
    workflow.write(cast.member1_row, cast.by("member1"), [item("每月清扫一次楼道和花坛")], row.version)
    workflow.submit(row, cast.by("member1"))
    db.session.commit()
    assert [(line.verb, line.to_state) for line in history.of(row)][-2:] == [
        ("write", "returned"), ("submit", "submitted"),
    ]  # fmt: skip


def test_the_second_who_saves_is_told(cast, pledge):
    row = pledge("draft")
    workflow.write(cast.member1_row, cast.by("member1"), [item("先写的")], version=1)
    db.session.commit()
    sentence = refusal_of(
        lambda: workflow.write(cast.member1_row, cast.by("member1"), [item("后写的")], version=1), TooLate
    )
    assert sentence == "凤翔中学党支部 欧阳䶮刚刚更新过这份承诺，请核对后再保存。"
    assert [i.what for i in row.items] == ["先写的"]


@pytest.mark.parametrize(
    ("items", "sentence"),
    [
        ([], "请写 1 到 5 项承诺。"),
        ([item()] * 6, "请写 1 到 5 项承诺。"),
        ([item(due_on=dt.date(2027, 1, 1))], "完成期限应在2026年之内。"),
        ([item("打 13891701234 找我")], "“13891701234”像是电话号码，请删去。"),
        ([item(for_whom="5号楼2单元301室老人")], "“5号楼2单元301室”像是详细地址，请删去。"),
        ([item("欧阳䶮每周打扫")], "“欧阳䶮”像是姓名，请删去。"),
    ],
)
def test_what_is_refused(cast, items, sentence):
    registered(cast)
    assert refusal_of(lambda: workflow.write(cast.member1_row, cast.by("member1"), items)) == sentence


def test_a_closed_year_takes_no_pledge(cast):
    registered(cast)
    year_of(dt.date(2026, 5, 20)).closed_at = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
    db.session.commit()
    assert "已结账" in refusal_of(lambda: workflow.write(cast.member1_row, cast.by("member1"), [item()]))


def test_last_years_draft_is_not_submitted_this_year(cast, pledge, time_machine):
    row = pledge("draft")
    time_machine.move_to("2027-01-05 02:00:00+00:00")
    assert refusal_of(lambda: workflow.submit(row, cast.by("member1"))) == "2026年度已过，请填写今年的承诺。"
    assert queries.last_before(cast.member1_row.id, 2027) is row
    assert queries.of_member(cast.member1_row.id, 2027) is None


def test_items_are_rewritten_in_place(cast, pledge):
    row = pledge("draft")
    first = row.items[0].id
    for words in (["甲", "乙", "丙"], ["丁"], ["丁", "戊"]):
        workflow.write(cast.member1_row, cast.by("member1"), [item(each) for each in words], row.version)
        db.session.commit()
        assert [i.what for i in row.items] == words
        assert row.items[0].id == first


def test_a_member_who_moved_pledges_where_they_are_registered_now(cast, pledge):
    row = pledge("draft")
    current = registrations.queries.current_of(cast.member1_row.id)
    registrations.end(current, cast.by("liaison1"), kind=EndKind.MOVED, reason="搬到外县")
    cast.member1_row.lives_in_town, cast.member1_row.community = True, cast.community2  # and back again
    db.session.commit()
    assert "还没有到社区报到" in refusal_of(lambda: workflow.submit(row, cast.by("member1")))
    registered(cast, clerk="clerk2")
    workflow.submit(row, cast.by("member1"))
    assert row.community is cast.community2
