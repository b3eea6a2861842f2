"""Posts and activities made for a test, straight into a state."""

import datetime as dt

from portal import clock, numbers
from portal.activities.models import Activity, ActivityState, SignUp, SignUpState
from portal.extensions import db
from portal.households.kinds import ConsentBy, HouseholdKind
from portal.households.models import Household, HouseholdState, Support, SupportState, Visit, VisitState
from portal.labels import Category
from portal.people.models import Sex
from portal.posts.models import Post, PostClaim, PostClaimState, PostFreeTime, PostState


def an_activity(cast, title="打扫文化广场", days: int = 5, going: tuple[str, ...] = (), waiting=(), **more) -> Activity:
    """An activity of community1, so many days from today, with those who signed up and who wait."""
    serial, now = numbers.draw("activity", 2026), clock.now()
    facts = {
        "state": ActivityState.PUBLISHED, "year": 2026, "serial": serial,
        "number": numbers.address_number(2026, serial), "community_id": cast.community1.id, "title": title,
        "category": Category.ENVIRONMENT, "detail": "带上手套，工具由社区准备。", "place": "文化广场",
        "day": clock.today() + dt.timedelta(days=days), "starts": dt.time(9), "ends": dt.time(11), "capacity": 20,
        "published_at": now,
    }  # fmt: skip
    found = Activity(**(facts | more))
    for place, username in enumerate(going, 1):
        found.sign_ups.append(SignUp(member_id=_id(cast, username), place=place, at=now))
    for username in waiting:
        found.sign_ups.append(SignUp(member_id=_id(cast, username), state=SignUpState.WAITLISTED, at=now))
    db.session.add(found)
    db.session.commit()
    return found


def a_post(cast, title="楼道安全巡查", held_by: tuple[str, ...] = (), free_times=(), **more) -> Post:
    """A post of community1 with those who hold it."""
    serial, today = numbers.draw("post", 2026), clock.today()
    facts = {
        "state": PostState.OPEN, "year": 2026, "serial": serial, "number": numbers.address_number(2026, serial),
        "community_id": cast.community1.id, "title": title, "category": Category.ORDER,
        "duty": "每周沿楼道走一遍，看看消防通道。", "place": "儒林苑", "times": "每周六上午", "capacity": 2,
        "opened_on": today,
    }  # fmt: skip
    found = Post(**(facts | more))
    found.slots = [PostFreeTime(free_time=one) for one in free_times]
    for place, username in enumerate(held_by, 1):
        claim = PostClaim(member_id=_id(cast, username), place=place, at=clock.now(), since=today, confirmed_for=2026)
        claim.state = PostClaimState.ACTIVE
        found.claims.append(claim)
    db.session.add(found)
    db.session.commit()
    return found


def _id(cast, username: str) -> int:
    return cast.places[f"{username}_row"].id


def a_household(cast, *supporters: str) -> Household:
    """A household of community1 that these members support, the first of them leading."""
    day = dt.date(2026, 1, 5)
    found = Household(
        state=HouseholdState.ACTIVE, number="2026-0001", year=2026, serial=1, community_id=cast.community1.id,
        kind=next(iter(HouseholdKind)), shown_name="王某某", sex=Sex.MALE, consent_by=next(iter(ConsentBy)),
        consent_on=day, entered_on=day, entered_by="王秀兰", opened_on=day,
    )  # fmt: skip
    for place, username in enumerate(supporters, 1):
        facts = {"proposed_on": day, "proposed_by": "王秀兰", "since": day, "leads": place == 1, "place": place}
        found.supports.append(Support(member_id=_id(cast, username), state=SupportState.ACTIVE, **facts))
    db.session.add(found)
    db.session.commit()
    return found


def a_visit(household: Household, day: dt.date, state: VisitState = VisitState.RECORDED) -> None:
    """A visit to the household on this day."""
    now = clock.now()
    db.session.add(
        Visit(state=state, household_id=household.id, day=day, half_hours=2, recorded_at=now, recorded_by="某人")
    )
    db.session.commit()
