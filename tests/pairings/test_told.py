"""Whom each move tells, typed by hand; what waits for the other side stands on its desk and is told to nobody."""

import pytest

from portal.extensions import db
from portal.pairings import actions, contact_points, projects, workflow
from portal.telling import Topic
from tests.messages.reading import forget, sentences, told, topics
from tests.pairings.conftest import action, asked, paired, point, project

UNIT, COMMUNITY = {"liaison1", "dual"}, {"clerk1", "clerk1b"}
KINDS = {
    "pairing": (workflow.flow, paired), "project": (projects.flow, project), "action": (actions.flow, action),
    "point": (contact_points.flow, lambda cast, state: point(cast, state, cast.member1_row)),
}  # fmt: skip
TOLD = [
    ("pairing", "proposed", "agree", "clerk1", UNIT), ("pairing", "proposed", "decline", "clerk1", UNIT),
    ("pairing", "proposed", "withdraw", "liaison1", set()), ("pairing", "active", "end", "clerk1", UNIT),
    ("pairing", "active", "end", "liaison1", COMMUNITY), ("pairing", "active", "add_need", "clerk1", set()),
    ("pairing", "active", "add_resource", "liaison1", set()),
    ("project", "planned", "start", "liaison1", set()), ("project", "planned", "finish", "clerk1", UNIT),
    ("project", "planned", "postpone", "liaison1", COMMUNITY), ("project", "planned", "drop", "clerk1", UNIT),
    ("action", "recorded", "confirm", "clerk1", UNIT), ("action", "recorded", "reject", "clerk1", UNIT),
    ("action", "recorded", "withdraw", "liaison1", set()),
    ("point", "proposed", "agree", "clerk1", UNIT | {"member1"}),
    ("point", "proposed", "decline", "clerk1", UNIT | {"member1"}),
    ("point", "proposed", "withdraw", "liaison1", set()),
    ("point", "active", "end", "dept1", UNIT | COMMUNITY | {"member1"}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "state", "verb", "by", "expected"), TOLD)
def test_whom_each_move_tells(cast, kind, state, verb, by, expected):
    flow, make = KINDS[kind]
    cast.member1_row.leading = True
    row = make(cast, state)
    forget()
    flow.moves[verb](row, cast.by(by), **asked(flow, verb))
    assert told() == expected
    assert topics() <= {Topic.PAIRING}


def test_the_end_of_a_pairing_is_told_once_whatever_projects_it_drops(cast):
    made = project(cast, "underway")
    forget()
    workflow.end(made.pairing, cast.by("clerk1"), reason="单位搬迁")
    db.session.flush()
    assert sentences("liaison1") == ["凤翔中学党支部与儒林社区的结对共建：结束结对（儒林社区 王秀兰）。原因：单位搬迁"]


def test_what_the_sentences_say(cast):
    made = project(cast)
    forget()
    projects.finish(made, cast.by("clerk1"), result="办了四期，七十位老人会用手机")
    contact_points.end(point(cast, "active"), cast.by("clerk1"), reason="分工调整")
    assert sentences("liaison1") == [
        "共建项目“教老人用手机”：项目完成（儒林社区 王秀兰）。办了四期，七十位老人会用手机",
        "安副校长的儒林社区联系点：同意联系点（儒林社区 王秀兰）。",
        "安副校长的儒林社区联系点：结束联系点（儒林社区 王秀兰）。原因：分工调整",
    ]
