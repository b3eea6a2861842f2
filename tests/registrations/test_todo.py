"""What waits on each desk, counted by hand."""

import pytest

from portal.extensions import db
from portal.registrations import todo, urging, workflow
from portal.todo import counted


def shown(by) -> list[tuple[int, str]]:
    return [(item.count, item.label) for item in counted(todo.items(by))]


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        ("clerk1", [(1, "待接洽")]),
        ("clerk2", []),
        ("liaison1", [(1, "回执待备案"), (1, "已开证明信，待报到"), (1, "信息卡待代为填写")]),
        ("liaison2", [(2, "未开证明信"), (1, "信息卡待代为填写")]),
        ("liaison3", [(1, "未开证明信")]),
        ("dept1", [(3, "人未报到")]),
        ("committee", [(1, "人未报到")]),
        ("county", [(5, "人未报到")]),
        ("chengguan", [(1, "社区待接洽")]),
        ("member1", [(1, "填写基本情况信息卡")]),
        ("grid1", []),
        ("admin", []),
        ("inspector", []),
    ],
)
def test_what_waits(county, person, expected):
    assert shown(county.by(person)) == expected


def test_a_member_is_asked_to_report_and_told_of_the_urging(cast, time_machine):
    time_machine.move_to("2026-04-20 02:00:00+00:00")
    workflow.issue(cast.member1_row, cast.by("liaison1"))
    urging.urge_members([cast.member1_row], cast.by("liaison1"))
    db.session.commit()
    first = counted(todo.items(cast.by("member1")))[0]
    assert (first.count, first.label) == (1, "向居住地社区报到")
    assert first.note == "证明信有效期至5月20日，4月20日单位催办"
