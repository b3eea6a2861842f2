"""Posts over the years: what the new year's pledge keeps and ends, and what happens to it when it is taken back."""

import datetime as dt

import pytest
import time_machine
from sqlalchemy import select

from portal.extensions import db
from portal.pledges import workflow as pledges
from portal.pledges.models import Pledge, PledgeState
from portal.posts import queries
from portal.posts import workflow as posts
from portal.posts.models import PostClaim, PostClaimState
from tests.page_forms import form_to
from tests.pages import texts
from tests.pledges.conftest import item
from tests.posts.conftest import a_post, names, traced

JANUARY = dt.datetime(2027, 1, 11, 2, tzinfo=dt.UTC)
DUE = dt.date(2027, 12, 31)


@pytest.fixture
def two(county):
    """member1 holds two posts since 2026."""
    return a_post(county, "member1", "dual"), a_post(county, "member1", title="文化活动岗")


def claims(cast) -> dict[str, PostClaim]:
    db.session.expire_all()
    rows = db.session.scalars(select(PostClaim).where(PostClaim.member_id == cast.member1_row.id))
    return {claim.post.title: claim for claim in rows}


def pledged(cast, *dropped: PostClaim, verb: str = "approve") -> Pledge:
    """member1's pledge of 2027 that keeps all but these, approved by the unit."""
    kept = {claim.id for claim in claims(cast).values()} - {claim.id for claim in dropped}
    row = pledges.write(cast.member1_row, cast.by("member1"), [item(due_on=DUE)], kept_posts=kept)
    pledges.submit(row, cast.by("member1"))
    if verb == "approve":
        pledges.approve(row, cast.by("liaison1"))
    db.session.commit()
    return row


def test_until_the_pledge_is_approved_all_of_it_is_held(county, two):
    with time_machine.travel(JANUARY, tick=False):
        pledged(county, claims(county)["文化活动岗"], verb="submit")
        assert queries.names_of(county.member1_row.id, 2027) == "儒林苑治安巡逻岗、文化活动岗"
        assert {claim.confirmed_for for claim in claims(county).values()} == {2026}


def test_approved_it_confirms_what_is_kept_and_ends_the_rest(county, two):
    patrol, culture = two
    with time_machine.travel(JANUARY, tick=False):
        pledged(county, claims(county)["文化活动岗"])
        found = claims(county)
        assert (found["儒林苑治安巡逻岗"].state, found["儒林苑治安巡逻岗"].confirmed_for) == (
            PostClaimState.ACTIVE,
            2027,
        )
        ended = found["文化活动岗"]
        assert (ended.state, ended.until, ended.ended_why, ended.confirmed_for) == (
            PostClaimState.ENDED, JANUARY.date(), "2027年度：新年度承诺未续", 2026,
        )  # fmt: skip
        assert queries.names_of(county.member1_row.id, 2027) == "儒林苑治安巡逻岗"
        assert queries.names_of(county.member1_row.id, 2026) == "儒林苑治安巡逻岗、文化活动岗"
        assert names(patrol) == ["欧阳䶮", "仇文博"]
        assert traced(culture)[-1] == ("give_up", "凤翔中学党支部 高翔", "新年度承诺未续")
        assert traced(patrol)[-1][0] == "claim"  # a post says nothing of what simply goes on
        # Whose pledge says nothing yet still holds it.
        assert queries.names_of(county.dual_row.id, 2027) == "儒林苑治安巡逻岗"


def test_an_approval_taken_back_takes_the_posts_back_too(county, two):
    with time_machine.travel(JANUARY, tick=False):
        row = pledged(county, claims(county)["文化活动岗"])
        pledges.flow.undo(row, county.by("liaison1"))
        db.session.commit()
        found = claims(county)
        assert {(claim.state, claim.confirmed_for) for claim in found.values()} == {(PostClaimState.ACTIVE, 2026)}
        assert row.state is PledgeState.SUBMITTED and len(row.dropped_posts) == 1
        pledges.approve(row, county.by("liaison1"))
        assert claims(county)["文化活动岗"].state is PostClaimState.ENDED


def test_a_post_claimed_this_year_is_not_asked_about(county, two):
    with time_machine.travel(JANUARY, tick=False):
        new = a_post(county, "member1", title="环境监督岗")
        row = pledges.write(county.member1_row, county.by("member1"), [item(due_on=DUE)], kept_posts=set())
        pledges.submit(row, county.by("member1"))
        pledges.approve(row, county.by("liaison1"))
        db.session.commit()
        assert queries.names_of(county.member1_row.id, 2027) == new.title


def test_a_post_given_up_before_the_approval_is_no_matter(county, two):
    with time_machine.travel(JANUARY, tick=False):
        row = pledged(county, claims(county)["文化活动岗"], verb="submit")
        posts.give_up(two[1], county.by("member1"), reason="换个岗位")
        db.session.commit()
        pledges.approve(row, county.by("liaison1"))
        assert claims(county)["文化活动岗"].ended_why == "换个岗位"


def test_the_form_asks_with_all_of_them_ticked(county, browse, two):
    with time_machine.travel(JANUARY, tick=False):
        found = claims(county)
        keys = [str(found[title].id) for title in ("儒林苑治安巡逻岗", "文化活动岗")]
        member = browse(county.users["member1"])
        page = member.get("/pledges/mine/write")
        form = form_to(page.text, "")
        assert form.choices["kept_posts"] == keys
        assert len(texts(page, ".chip:has(input[checked])")) == 2
        promise = {"promises-0-category": "order", "promises-0-what": "每周巡逻一次", "promises-0-due_on": "2027-12-31"}
        sent = form.filled(**promise) | {"kept_posts": keys[:1]}
        assert member.post("/pledges/mine/write", data=sent).status_code == 303
        row = db.session.scalars(select(Pledge).where(Pledge.year == 2027)).one()
        assert [each.claim_id for each in row.dropped_posts] == [int(keys[1])]
        page = member.get("/pledges/mine/write")
        assert len(texts(page, ".chip:has(input[checked])")) == 1
        assert "今年不再担任" in member.get(f"/pledges/{row.number}").text
        again = form_to(page.text, "").filled(**promise) | {"kept_posts": keys, "submit": "1"}
        assert member.post("/pledges/mine/write", data=again).status_code == 303
        db.session.expire_all()
        assert row.dropped_posts == [] and row.state is PledgeState.SUBMITTED
        stranger = browse(county.users["dual"]).get("/pledges/mine/write")
        assert form_to(stranger.text, "").choices["kept_posts"] != keys


def test_who_holds_nothing_of_earlier_years_is_not_asked(county, browse, two):
    assert "继续担任" not in browse(county.users["member1"]).get("/pledges/mine/write").text
    with time_machine.travel(JANUARY, tick=False):
        assert "继续担任" not in browse(county.users["member2"]).get("/pledges/mine/write").text
