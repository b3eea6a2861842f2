"""Pairings, projects, joint actions and contact points in any state, made by the moves themselves."""

import datetime as dt

import pytest

from portal import clock
from portal.extensions import db
from portal.pairings import actions, contact_points, projects, workflow
from portal.pairings.models import ContactPoint, JointAction, Pairing, PairingProject
from tests.cast import make_member

# The shortest way to each state. unit1 (under dept1) and community1 (under 城关镇): the unit proposes and records.
PAIRING_WAY = {
    "proposed": (),
    "active": (("agree", "clerk1"),),
    "declined": (("decline", "clerk1"),),
    "ended": (("agree", "clerk1"), ("end", "liaison1")),
}
PROJECT_WAY = {
    "planned": (),
    "underway": (("start", "clerk1"),),
    "done": (("finish", "liaison1"),),
    "dropped": (("drop", "clerk1"),),
}
ACTION_WAY = {
    "recorded": (),
    "confirmed": (("confirm", "clerk1"),),
    "rejected": (("reject", "clerk1"),),
    "withdrawn": (("withdraw", "liaison1"),),
}
POINT_WAY = PAIRING_WAY
EVERYBODY = (
    "county", "admin", "dept1", "dept2", "chengguan", "town2", "committee", "inspector", "liaison1", "liaison2",
    "liaison3", "clerk1", "clerk1b", "clerk2", "grid1", "grid2", "member1", "member2", "member3", "dual",
)  # fmt: skip


def asked(flow, verb: str) -> dict:
    """What a move asks for beside the row."""
    special = {
        "add_need": {"what": "手机使用辅导"},
        "add_resource": {"what": "周末开放篮球场"},
        "finish": {"result": "辅导了三十位老人"},
        "postpone": {"due_on": clock.today() + dt.timedelta(days=90)},
    }
    reason = {"reason": "情况有变化"} if flow.moves[verb].reason else {}
    return special.get(verb, {}) | reason


def _led(cast, flow, row, way):
    for verb, username in way:
        flow.moves[verb](row, cast.by(username), **asked(flow, verb))
    db.session.commit()
    return row


def paired(cast, state: str = "active") -> Pairing:
    """The pairing of unit1 and community1 in that state, proposed by the unit, committed."""
    row = workflow.propose(cast.unit1, cast.community1, cast.by("liaison1"), "一起为居民做些实事")
    return _led(cast, workflow.flow, row, PAIRING_WAY[state])


def with_lists(cast) -> Pairing:
    """An active pairing with one need and one resource."""
    row = paired(cast)
    workflow.add_need(row, cast.by("clerk1"), what="手机使用辅导", note="社区活动室，每次二十人")
    workflow.add_resource(row, cast.by("liaison1"), what="青年教师志愿队")
    db.session.commit()
    return row


def project(cast, state: str = "planned", row: Pairing | None = None) -> PairingProject:
    """A project of unit1 and community1 in that state, due in ten days, from a need and a resource."""
    row = row or with_lists(cast)
    made = projects.plan(
        row, cast.by("liaison1"), what="教老人用手机", responsible="高翔、王秀兰",
        due_on=clock.today() + dt.timedelta(days=10), need_id=row.needs[0].id, resource_id=row.resources[0].id,
    )  # fmt: skip
    return _led(cast, projects.flow, made, PROJECT_WAY[state])


def action(cast, state: str = "recorded", row: Pairing | None = None) -> JointAction:
    """What unit1 and community1 did today, recorded by the unit, in that state."""
    row = row or paired(cast)
    made = actions.record(row, cast.by("liaison1"), held_on=clock.today(), what="清理楼道", took_part=12)
    return _led(cast, actions.flow, made, ACTION_WAY[state])


def a_leader(cast, name: str = "安副校长", phone: str = "13891701031", unit=None):
    """A leading member of unit1 who lives in community1."""
    member = make_member(unit or cast.unit1, cast.community1, name, phone, leading=True)
    db.session.commit()
    return member


def point(cast, state: str = "active", member=None) -> ContactPoint:
    """The contact point of a leader of unit1 in community1 in that state, proposed by the unit."""
    row = contact_points.propose(member or a_leader(cast), cast.community1, cast.by("liaison1"))
    return _led(cast, contact_points.flow, row, POINT_WAY[state])


@pytest.fixture
def pairing(cast):
    """`pairing(state)` is the pairing of unit1 and community1 in that state."""
    return lambda state="active": paired(cast, state)
