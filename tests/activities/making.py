"""Activities and sign-ups made for a test, straight into a state."""

import datetime as dt

from portal import clock, history, numbers
from portal.activities.models import Activity, ActivityState, Benefit, SignUp, SignUpState
from portal.extensions import db
from portal.labels import Category

PUBLISHED = ("published", "held", "settled")
OVER = ("held", "settled")


def an_activity(cast, state: str = "published", days: int | None = None, home="community1", **more) -> Activity:
    """An activity of community1 (or of another home, None = county-wide) in a state, so many days from today: next
    week, or yesterday where it is over.
    """
    serial = numbers.draw("activity", 2026)
    ahead = (-1 if state in OVER else 7) if days is None else days
    facts = {
        "state": ActivityState(state), "year": 2026, "serial": serial, "number": numbers.address_number(2026, serial),
        "community_id": cast.places[home].id if home else None, "category": Category.ENVIRONMENT,
        "benefit": Benefit.ENVIRONMENT, "title": "清扫儒林苑楼道", "detail": "带上手套，工具由社区准备。",
        "place": "儒林苑南门", "day": clock.today() + dt.timedelta(days=ahead), "starts": dt.time(9),
        "ends": dt.time(11), "published_at": clock.now() if state in PUBLISHED else None,
    }  # fmt: skip
    activity = Activity(**(facts | more))
    db.session.add(activity)
    db.session.commit()
    return activity


def on_list(cast, activity: Activity, *names: str, state: str = "signed_up", **more) -> list[SignUp]:
    """Enter these members in this state, one after the other."""
    made = []
    for name in names:
        state_of = SignUpState(state)
        taken = sum(each.place is not None for each in activity.sign_ups)
        sign_up = SignUp(
            member_id=cast.places[f"{name}_row"].id, state=state_of, at=clock.now(),
            place=None if state in ("waitlisted", "cancelled") or more.get("walk_in") else taken + 1, **more,
        )  # fmt: skip
        if state in ("attended", "absent"):
            sign_up.marked_by = sign_up.marked_by or "儒林社区 王秀兰"
            sign_up.marked_by_user_id = sign_up.marked_by_user_id or cast.users["clerk1"].id
            sign_up.marked_at = sign_up.marked_at or clock.now()
        activity.sign_ups.append(sign_up)
        db.session.flush()
        made.append(sign_up)
    db.session.commit()
    return made


def states(activity: Activity) -> dict[str, str]:
    """Who stands how, by name."""
    db.session.expire_all()
    return {each.member.name: each.state.value for each in activity.sign_ups}


def verbs(activity: Activity) -> list[str]:
    """The verbs of the case's history."""
    return [line.verb for line in history.of(activity)]
