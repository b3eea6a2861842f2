"""Leaving, moving, changing unit, merging: a community's posts are held by whom it received; past services stay."""

import datetime as dt

import pytest
import time_machine

from portal import numbers
from portal.errors import Refused
from portal.extensions import db
from portal.posts import leaving, queries, receiving, workflow
from portal.posts.models import PostClaimState
from portal.registrations import leaving as leaving_roster
from portal.registrations import queries as registrations
from portal.registrations import transfers
from portal.registrations import workflow as reporting
from portal.registrations.models import EndKind
from tests.pages import texts
from tests.posts.conftest import SATURDAY, WORDS, a_post, names, traced
from tests.posts.test_serving import serve


def current(cast, name="member1"):
    return registrations.current_of(cast.places[f"{name}_row"].id)


def test_whoever_leaves_holds_no_post_any_more(county, browse):
    post, other = a_post(county, "member1", "dual"), a_post(county, "member1", title="文化活动岗")
    record = serve(county, post)
    said = "离开服务岗位：儒林苑治安巡逻岗、文化活动岗，名额重新开放；值岗的服务记录都保留。"
    assert said in leaving_roster.preview(county.member1_row)
    page = browse(county.users["liaison1"]).get(f"/registrations/{current(county).number}/end")
    assert said in texts(page, ".banner li")
    reporting.end(current(county), county.by("liaison1"), kind=EndKind.RETIRED, reason="退休")
    db.session.commit()
    assert names(post) == ["仇文博"] and names(other) == []
    assert traced(post)[-1] == ("give_up", "凤翔中学党支部 高翔", "报到已结束")
    assert (record.state.value, record.source_id) == ("pending", post.claims[0].id)
    assert queries.posts_held([county.member1_row.id]) == {}
    assert leaving.foreseen(county.member1_row) == ""


def test_an_end_undone_gives_the_post_back_unless_the_place_is_taken(county):
    post = a_post(county, "member1", capacity=1)
    row = current(county)
    reporting.end(row, county.by("liaison1"), kind=EndKind.RETIRED, reason="退休")
    db.session.commit()
    reporting.flow.undo(row, county.by("liaison1"))
    db.session.commit()
    assert names(post) == ["欧阳䶮"]
    reporting.end(row, county.by("liaison1"), kind=EndKind.RETIRED, reason="退休")
    workflow.claim(post, county.by("dual"))
    db.session.commit()
    with pytest.raises(Refused):
        reporting.flow.undo(row, county.by("liaison1"))


def test_received_by_a_new_community_the_old_ones_posts_end(county):
    for _ in range(9):  # those of the registrations that the cast has already
        numbers.draw("receipt", 2026)
    post = a_post(county, "member1")
    serve(county, post)
    reporting.relocate(current(county), county.by("member1"), community_id=county.community2.id, address="东湖小区")
    db.session.commit()
    assert names(post) == ["欧阳䶮"]  # until the new community receives them
    row = reporting.issue(county.member1_row, county.by("liaison1"))
    reporting.accept(row, county.by("clerk2"))
    db.session.commit()
    assert (names(post), post.claims[0].ended_why) == ([], f"已迁到{county.community2.name}")
    with time_machine.travel(SATURDAY + dt.timedelta(hours=1), tick=False):
        new = workflow.open_(county.community2, county.by("clerk2"), workflow.Duty(**(WORDS | {"title": "便民服务岗"})))
        workflow.claim(new, county.by("member1"))
        db.session.commit()
        assert queries.names_of(county.member1_row.id, 2026) == "便民服务岗"
        assert queries.names_of(county.member1_row.id, 2026, county.community1.id) == ""
        assert "报到后已认领岗位“便民服务岗”" in receiving.built_on(row, county.by("clerk2"))
        with pytest.raises(Refused, match="便民服务岗"):
            reporting.flow.undo(row, county.by("clerk2"))


def test_who_changes_unit_keeps_the_post(county):
    post = a_post(county, "member1")
    row = transfers.ask(county.member1_row, county.unit2, county.by("liaison2"))
    transfers.release(row, county.by("liaison1"))
    db.session.commit()
    assert names(post) == ["欧阳䶮"] and post.claims[0].state is PostClaimState.ACTIVE
