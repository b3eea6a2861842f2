"""The cast of this room's tests: registered members, and posts of community1."""

import datetime as dt

import pytest
import time_machine

from portal import history
from portal.actors import Role
from portal.extensions import db
from portal.labels import Category
from portal.posts import workflow
from portal.posts.models import Post
from portal.posts.workflow import Duty
from tests.cast import Cast, make_member
from tests.wishes.making import register

SATURDAY = dt.datetime(2026, 5, 16, 2, tzinfo=dt.UTC)
DAY = SATURDAY.date()
WORDS = {
    "title": "儒林苑治安巡逻岗", "category": Category.ORDER, "duty": "晚上在小区里走一走，提醒关好门窗。",
    "place": "儒林苑小区", "times": "每周六晚上", "capacity": 3,
}  # fmt: skip


@pytest.fixture(autouse=True)
def saturday():
    with time_machine.travel(SATURDAY, tick=False):
        yield


@pytest.fixture
def county(cast) -> Cast:
    """The cast with four registered members, and the newcomer of community1 who has not reported yet."""
    newcomer = make_member(cast.unit2, cast.community1, "史珍香", "13891701009")
    cast.places["newcomer_row"] = newcomer
    cast.appoint("newcomer", "史珍香", Role.MEMBER, member=newcomer, unit=cast.unit2)
    cast.places["free_row"] = make_member(cast.unit1, cast.community1, "白文静", "13891701010")
    register(cast, "member1", "member2", "member3", "dual", "free")
    return cast


def a_post(cast, *names: str, **more) -> Post:
    """A post of community1 that these members have claimed."""
    post = workflow.open_(cast.community1, cast.by("clerk1"), Duty(**(WORDS | more)))
    for name in names:
        workflow.claim(post, cast.by(name))
    db.session.commit()
    return post


def ids(cast, *names: str) -> list[int]:
    return [cast.places[f"{name}_row"].id for name in names]


def names(post: Post) -> list[str]:
    """Who holds the post now, who came first on top."""
    return [claim.member.name for claim in post.active_claims]


def traced(row) -> list[tuple[str, str, str | None]]:
    """(verb, who, why) of each line of the case's history."""
    return [(line.verb, line.by_name, line.reason) for line in history.of(row)]
