"""Looks at a requester's data: who, by what, once, and never without a line in the audit trail."""

import pytest
from sqlalchemy import select

from portal.audit import AuditRow
from portal.extensions import db
from portal.wishes import looks
from portal.wishes.looks import Access
from portal.wishes.models import ClaimState, Level
from tests.wishes.making import ADDRESS, NAME, PHONE, a_wish

STATES = ("submitted", "published", "claimed", "done", "confirmed", "archived", "rejected", "merged", "withdrawn",
          "closed")  # fmt: skip
CASE, REASON = Access.CASE, Access.REASON
OPEN = {"submitted": CASE, "published": CASE, "claimed": CASE, "done": CASE}
CLERK = dict.fromkeys(STATES, REASON) | OPEN
# By hand, from the table of who may do what: state by state; everything not named is refused.
ALLOWED = {
    "clerk1": CLERK,
    "clerk1b": CLERK,
    "grid1": {"submitted": CASE},
    "member1": {"claimed": CASE},
}
LOOKERS = ("clerk1", "clerk1b", "clerk2", "grid1", "grid2", "member1", "member2", "liaison1", "dept1", "chengguan",
           "town2", "committee", "county", "admin", "inspector")  # fmt: skip


@pytest.mark.parametrize("state", STATES)
def test_who_may_look(cast, state):
    wish = a_wish(cast, state)
    found = {who: looks.access(wish, cast.by(who)) for who in LOOKERS}
    assert found == {who: ALLOWED.get(who, {}).get(state) for who in LOOKERS}


@pytest.mark.parametrize(
    ("level", "allowed"),
    [
        ("grid", {}),
        ("community", {}),
        ("town", {"chengguan": CASE}),
        ("county", {"county": REASON, "county_b": REASON}),
    ],
)
def test_above_the_community_only_the_level_that_a_wish_was_raised_to(cast, level, allowed):
    wish = a_wish(cast, "published", level=Level(level))
    above = ("chengguan", "town2", "county", "county_b", "dept1", "committee", "admin")
    found = {who: looks.access(wish, cast.by(who)) for who in above}
    assert found == {who: allowed.get(who) for who in above}


def test_the_helpers_look_ends_with_the_claim(cast):
    wish = a_wish(cast, "claimed", others=("member2",), helpers_needed=2)
    assert looks.access(wish, cast.by("member2")) is CASE
    wish.claims[1].state = ClaimState.RELEASED
    db.session.commit()
    assert looks.access(wish, cast.by("member2")) is None
    assert looks.access(wish, cast.by("member1")) is CASE


def test_one_who_is_both_member_and_liaison_looks_only_as_the_member(cast):
    from portal.actors import Role

    wish = a_wish(cast, "claimed", leader="dual")
    assert looks.access(wish, cast.by("dual", Role.MEMBER)) is CASE
    assert looks.access(wish, cast.by("dual", Role.LIAISON)) is None


def looked() -> list[tuple]:
    rows = db.session.scalars(select(AuditRow).where(AuditRow.act == "wishes.look"))
    return [(row.fields, row.reason) for row in rows]


def test_the_page_is_masked_until_a_look_and_clear_once(cast, browse):
    wish = a_wish(cast, "claimed")
    clerk = browse(cast.users["clerk1"])
    masked = clerk.get(f"/wishes/{wish.number}").text
    assert "139****4567" in masked
    for secret in (NAME, PHONE, ADDRESS):
        assert secret not in masked
    sent = clerk.post(f"/wishes/{wish.number}/look")
    assert (sent.status_code, sent.location) == (303, f"/wishes/{wish.number}")
    clear = clerk.get(sent.location)
    for secret in (NAME, PHONE, ADDRESS):
        assert secret in clear.text
    assert clear.headers["Cache-Control"] == "no-store, private"
    assert PHONE not in clerk.get(sent.location).text
    assert looked() == [("name,phone,address", "办理本件")]


def test_a_look_opens_one_wish_and_not_another(cast, browse):
    wish, other = a_wish(cast, "claimed"), a_wish(cast, "published")
    clerk = browse(cast.users["clerk1"])
    clerk.post(f"/wishes/{wish.number}/look")
    assert PHONE not in clerk.get(f"/wishes/{other.number}").text


def test_the_helper_looks_by_one_click_and_does_not_read_the_communitys_note(cast, browse):
    wish = a_wish(cast, "claimed")
    wish.note = "这家有只大狗"
    db.session.commit()
    member = browse(cast.users["member1"])
    member.post(f"/wishes/{wish.number}/look")
    page = member.get(f"/wishes/{wish.number}").text
    assert PHONE in page
    assert "这家有只大狗" not in page
    assert looked() == [("name,phone,address", "办理本件")]


def test_after_the_end_a_reason_must_be_typed(cast, browse):
    wish = a_wish(cast, "confirmed")
    clerk = browse(cast.users["clerk1"])
    refused = clerk.post(f"/wishes/{wish.number}/look", data={"reason": " "})
    assert refused.status_code == 422
    assert "请先写明为什么要看许愿人的联系方式。" in refused.text
    assert looked() == []
    clerk.post(f"/wishes/{wish.number}/look", data={"reason": "居民来电要求补办"})
    assert PHONE in clerk.get(f"/wishes/{wish.number}").text
    assert looked() == [("name,phone,address", "居民来电要求补办")]


@pytest.mark.parametrize(("who", "status"), [("member2", 403), ("liaison1", 403), ("clerk2", 403), ("county", 403)])
def test_others_are_refused_and_leave_no_look(cast, browse, who, status):
    wish = a_wish(cast, "claimed")
    answer = browse(cast.users[who]).post(f"/wishes/{wish.number}/look", data={"reason": "想看看"})
    assert answer.status_code == status
    assert PHONE not in answer.text
    assert looked() == []


def test_a_visitor_is_not_let_in(cast, client):
    wish = a_wish(cast, "claimed")
    assert client.post(f"/wishes/{wish.number}/look").status_code == 401
    assert PHONE not in client.get(f"/wishes/{wish.number}").text


def test_a_wish_without_data_says_so(cast, browse):
    wish = a_wish(cast, "claimed")
    wish.name = wish.phone = wish.address = None
    db.session.commit()
    assert "没有登记联系方式，或已按规定清除。" in browse(cast.users["clerk1"]).get(f"/wishes/{wish.number}").text
