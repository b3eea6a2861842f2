"""What waits on each desk: how many, how many late, since when."""

import datetime as dt

import pytest
import time_machine

from portal import clock
from portal.extensions import db
from portal.labels import Category
from portal.registrations.models import CardIntention, InfoCard
from portal.wishes import waiting, workflow
from portal.wishes.models import ConfirmedBy, WishState
from tests.pages import texts
from tests.wishes.making import a_wish

MONDAY = dt.datetime(2026, 5, 18, 2, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False):
        yield


def numbers(waits) -> tuple[int, int]:
    return waits.count, waits.overdue


def test_a_review_is_late_after_three_working_days(county):
    # On Monday the 18th: Friday's, Thursday's and Wednesday's wishes have waited 1, 2 and 3 working days.
    for days in (3, 4, 5, 6):
        a_wish(county, "submitted", submitted_at=MONDAY - days * DAY)
    waits = waiting.lines(county.by("clerk1"), clock.today()).to_review
    assert numbers(waits) == (4, 1)
    assert waits.oldest == MONDAY - 6 * DAY
    assert numbers(waiting.lines(county.by("clerk2"), clock.today()).to_review) == (0, 0)
    assert numbers(waiting.lines(county.by("grid1"), clock.today()).to_review) == (4, 1)
    assert numbers(waiting.lines(county.by("grid2"), clock.today()).to_review) == (0, 0)


def test_done_overdue_unclaimed_and_untold(county):
    today = clock.today()
    a_wish(county, "done")
    a_wish(county, "claimed", finish_by=today - DAY)
    a_wish(county, "claimed", finish_by=today, leader="member2")
    a_wish(county, "published", published_at=MONDAY - 31 * DAY)
    a_wish(county, "published")
    for state in ("closed", "rejected", "published"):
        a_wish(county, state).phone = None
    db.session.commit()
    for name in ("clerk1", "chengguan", "county"):
        by = county.by(name)
        assert numbers(waiting.lines(by, today).to_confirm) == (1, 0)
        assert numbers(waiting.lines(by, today).not_done) == (1, 1)
        assert numbers(waiting.lines(by, today).unclaimed) == (3, 1)
        assert numbers(waiting.lines(by, today).to_visit) == (2, 0)
    for name in ("clerk2", "town2", "member1", "liaison1", "admin"):
        assert numbers(waiting.lines(county.by(name), today).to_confirm) == (0, 0)


def test_a_resident_without_a_phone_who_was_told_waits_no_more(county):
    wish = a_wish(county, "closed")
    wish.phone = None
    db.session.commit()
    workflow.call_back(wish, county.by("clerk1"), words="上门告诉了老人")
    assert waiting.lines(county.by("clerk1"), clock.today()).to_visit.count == 0


@pytest.mark.parametrize(
    ("state", "waits"),
    [
        ("submitted", 0), ("published", 0), ("claimed", 0), ("done", 1), ("confirmed", 1), ("rejected", 1),
        ("merged", 1), ("closed", 1), ("withdrawn", 0), ("archived", 0),
    ],
)  # fmt: skip
def test_every_answer_is_told_to_who_has_no_phone(county, browse, state, waits):
    wish = a_wish(county, state)  # confirmed: by time, since nobody answered
    wish.phone = None
    db.session.commit()
    assert waiting.lines(county.by("clerk1"), clock.today()).to_visit.count == waits
    page = browse(county.users["clerk1"]).get("/wishes/callbacks")
    assert len(texts(page, "tbody tr")) == waits


def test_what_the_resident_confirmed_needs_no_visit(county):
    wish = a_wish(county, "confirmed", confirmed_by=ConfirmedBy.RESIDENT)
    wish.phone = None
    db.session.commit()
    assert waiting.lines(county.by("clerk1"), clock.today()).to_visit.count == 0


def test_a_second_answer_is_told_anew(county):
    wish = a_wish(county, "done")
    wish.phone, found = None, []

    def see():
        db.session.commit()
        found.append(waiting.lines(county.by("clerk1"), clock.today()).to_visit.count)

    workflow.call_back(wish, county.by("clerk1"), words="老人说还在漏")
    see()
    with time_machine.travel(MONDAY + DAY, tick=False):
        workflow.reopen(wish, county.by("clerk1"), reason="还在漏")
        spent = {wish.open_claims[0].id: 2}
        workflow.finish(wish, county.by("member1"), day=clock.today(), starts=dt.time(19), half_hours=spent)
        see()
    assert found == [0, 1]


def test_counts_by_state_and_community(county):
    a_wish(county)
    a_wish(county, "done")
    a_wish(county, community_id=county.community2.id, grid_id=None)
    town = county.by("chengguan")
    assert waiting.by_state(town) == {WishState.PUBLISHED: 2, WishState.DONE: 1}
    assert waiting.by_community(town) == [
        (county.community1.id, "儒林社区", {WishState.PUBLISHED: 1, WishState.DONE: 1}),
        (county.community2.id, "凤鸣社区", {WishState.PUBLISHED: 1}),
    ]


def test_fitting_wishes_follow_the_members_intentions(county, browse):
    card = InfoCard(member_id=county.member1_row.id, filled_at=MONDAY, filled_by="欧阳䶮", checked_year=2026)
    card.intentions = [CardIntention(category=Category.MEDICAL)]
    db.session.add(card)
    a_wish(county, title="陪同看病", category=Category.MEDICAL)
    a_wish(county, title="远处看病", category=Category.MEDICAL, community_id=county.community2.id, grid_id=None)
    a_wish(county, title="悄悄看病", category=Category.MEDICAL, on_wall=False)
    a_wish(county, title="家里漏水")
    shown = {
        name: texts(browse(county.users[name]).get("/wishes/mine"), ".card__title") for name in ("member1", "dual")
    }
    assert shown == {"member1": ["陪同看病", "远处看病"], "dual": ["家里漏水", "陪同看病", "远处看病"]}
