"""Two rows of one person hold a post: one place is free again, and what was done on either claim stays."""

import pytest
from sqlalchemy import select

from portal.actors import Role
from portal.doubles import joining
from portal.doubles import workflow as doubles
from portal.extensions import db
from portal.posts import workflow
from portal.posts.models import PostClaim, PostClaimState
from portal.records.models import ServiceRecord
from portal.registrations.models import Registration
from tests.cast import make_member
from tests.doubles.conftest import merge
from tests.posts.conftest import DAY, WORDS, a_post, ids, names, traced
from tests.posts.test_serving import serve
from tests.wishes.making import register


@pytest.fixture
def twin(county):
    """The same person as member1 on unit2's roster, registered in community1 too."""
    row = make_member(county.unit2, county.community1, "欧阳䶮", "13891701001")
    county.places["twin_row"] = row
    county.appoint("twin", "欧阳䶮", Role.MEMBER, member=row, unit=county.unit2)
    register(county, "twin")
    return row


def test_who_holds_a_post_twice_holds_it_once(county, twin):
    post, other = a_post(county, "member1", "twin", "dual"), a_post(county, "twin", title="文化活动岗")
    done = serve(county, post, "twin")
    case = doubles.look_into(county.member1_row, twin, county.by("county"))
    db.session.commit()
    merge(case, county.member1_row, county.by("county"))
    db.session.commit()
    db.session.expire_all()
    assert names(post) == ["欧阳䶮", "仇文博"] and names(other) == ["欧阳䶮"]
    assert {claim.member_id for claim in other.claims} == set(ids(county, "member1"))
    ended = next(claim for claim in post.claims if claim.state is PostClaimState.ENDED)
    assert (ended.member_id, ended.until, "重复记录已合并" in ended.ended_why) == (county.member1_row.id, DAY, True)
    assert (traced(post)[-1][0], post.places_left) == ("give_up", 1)
    record = db.session.get(ServiceRecord, done.id)
    assert (record.member_id, record.source_id) == (county.member1_row.id, ended.id)
    assert db.session.scalar(select(PostClaim.id).where(PostClaim.member_id == twin.id)) is None
    workflow.claim(post, county.by("member2"))


def test_posts_of_the_community_that_has_them_no_longer_end(county, twin):
    post = a_post(county, "member1")
    other = workflow.open_(county.community2, county.by("clerk2"), workflow.Duty(**WORDS))
    twin.community_id = county.community2.id
    row = db.session.scalars(select(Registration).where(Registration.member_id == twin.id)).one()
    row.community_id = county.community2.id
    db.session.flush()
    workflow.claim(other, county.by("twin"))
    db.session.commit()
    assert f"离开另一个社区的服务岗位“{other.title}”。" in str(joining.foreseen(county.member1_row, twin))
    case = doubles.look_into(county.member1_row, twin, county.by("county"))
    merge(case, county.member1_row, county.by("county"))
    db.session.commit()
    db.session.expire_all()
    assert names(post) == ["欧阳䶮"] and names(other) == []
    assert other.claims[0].member_id == county.member1_row.id
