"""A post given at the reception, and what receipt and pledge card say of posts."""

import datetime as dt

import pytest
import time_machine

from portal import numbers
from portal.errors import Refused
from portal.extensions import db
from portal.pledges import workflow as pledges
from portal.posts import workflow
from portal.posts.models import PostClaimState
from portal.registrations import workflow as reporting
from tests.page_forms import form_to
from tests.pages import texts
from tests.pledges.conftest import item
from tests.posts.conftest import DAY, SATURDAY, WORDS, a_post, ids, names, traced
from tests.posts.test_serving import serve


@pytest.fixture
def coming(county):
    """The certificate with which the newcomer comes to community1."""
    for _ in range(9):  # those of the registrations that the cast has already
        numbers.draw("receipt", 2026)
    row = reporting.issue(county.newcomer_row, county.by("liaison2"))
    db.session.commit()
    return row


def test_a_clerk_receives_and_gives_a_post_with_one_form(county, browse, coming):
    post, full = a_post(county, "member1"), a_post(county, "member2", title="文化活动岗", capacity=1)
    clerk = browse(county.users["clerk1"])
    form = form_to(clerk.get(f"/registrations/{coming.number}/accept").text, "/accept")
    assert form.choices["post_id"] == ["", str(post.id)]
    sent = clerk.post(f"/registrations/{coming.number}/accept", data=form.filled(post_id=str(post.id)))
    assert sent.status_code == 303
    assert names(post) == ["欧阳䶮", "史珍香"] and names(full) == ["买买提·吐尔逊"]
    assert traced(post)[-1] == ("sign_up", "儒林社区 王秀兰", "接洽报到时认领")
    assert post.claims[1].stand_in is False
    receipt = clerk.get(f"/papers/receipt/{coming.receipt_number}")
    assert "儒林苑治安巡逻岗" in receipt.text


def test_without_a_free_post_nothing_is_asked(county, browse, coming):
    a_post(county, "member1", capacity=1)
    assert "post_id" not in browse(county.users["clerk1"]).get(f"/registrations/{coming.number}/accept").text


def test_a_post_that_filled_meanwhile_or_of_another_community_stops_the_reception(county, coming):
    full = a_post(county, "member1", capacity=1)
    other = workflow.open_(county.community2, county.by("clerk2"), workflow.Duty(**WORDS))
    db.session.commit()
    for post_id, said in ((full.id, "名额已满"), (other.id, "请选择本社区的岗位。"), (999_999, "请选择本社区的岗位。")):
        with pytest.raises(Refused, match=said):
            reporting.accept(coming, county.by("clerk1"), post_id=post_id)
        db.session.rollback()
    assert coming.state.value == "issued"


def test_the_reception_undone_takes_the_post_back_too_until_somebody_served(county, coming):
    post = a_post(county)
    reporting.accept(coming, county.by("clerk1"), post_id=post.id)
    db.session.commit()
    reporting.flow.undo(coming, county.by("clerk1"))
    db.session.commit()
    assert post.claims == []
    reporting.accept(coming, county.by("clerk1"), post_id=post.id)
    db.session.commit()
    with time_machine.travel(SATURDAY + dt.timedelta(hours=1), tick=False):
        serve(county, post, "newcomer")
        with pytest.raises(Refused, match="已有值岗的服务记录"):
            reporting.flow.undo(coming, county.by("clerk1"))


def test_the_receipt_says_what_was_claimed_and_the_pledge_card_what_is_held(county, browse, coming):
    post, other = a_post(county), a_post(county, title="文化活动岗")
    reporting.accept(coming, county.by("clerk1"), post_id=post.id)
    workflow.sign_up(other, county.by("clerk1"), people=ids(county, "newcomer"))
    workflow.end_claim(post, county.by("clerk1"), member_id=county.newcomer_row.id, reason="换到文化活动岗")
    row = pledges.write(county.newcomer_row, county.by("newcomer"), [item(due_on=dt.date(2026, 12, 31))])
    db.session.commit()
    assert [(claim.state, claim.since) for claim in post.claims] == [(PostClaimState.ENDED, DAY)]
    clerk, member = browse(county.users["clerk1"]), browse(county.users["newcomer"])
    cells = " ".join(texts(clerk.get(f"/papers/receipt/{coming.receipt_number}"), "td"))
    assert "儒林苑治安巡逻岗、文化活动岗" in cells
    card = " ".join(texts(member.get(f"/papers/pledge-card/of/{row.number}"), "td"))
    assert "文化活动岗" in card and "儒林苑治安巡逻岗" not in card
