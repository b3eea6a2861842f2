"""The life cycle of an activity: every verb × state × role, typed by hand from 1-domain §1.3 and §1.4."""

import datetime as dt

import pytest

from portal import clock
from portal.activities import asking
from portal.activities.models import SignUpState
from portal.activities.workflow import flow
from portal.actors import SYSTEM
from tests.activities.making import an_activity, on_list
from tests.lifecycles import LATE, NO, OK, answer

STATES = ("draft", "published", "held", "settled", "cancelled")
OFFICES = ("county", "admin", "dept1", "chengguan", "town2", "committee", "inspector", "liaison1", "clerk1", "clerk1b",
           "clerk2", "grid1", "grid2")  # fmt: skip
# member1 has signed up and is asked again since the activity was postponed; the others have not. The newcomer has not
# reported. The activity is of community1, the other one of the whole county. It takes place today, in the evening.
EVERYBODY = (*OFFICES, "member1", "member2", "member3", "dual", "newcomer", "system")
CLERKS = {"clerk1", "clerk1b"}
ROLL = CLERKS | {"grid1", "grid2"}
COUNTY = {"county"}
OUTSIDE = {"member2", "member3", "dual"}

# verb: {state: who may} of a community's activity; a state not named answers LATE to those named under the verb.
TABLE: dict[str, dict[str, set[str]]] = {
    "publish": {"draft": CLERKS},
    "postpone": {"published": CLERKS},
    "cancel": dict.fromkeys(("draft", "published", "held"), CLERKS),
    "hold": {"published": {"system"}},
    "sign_up": {"published": OUTSIDE},
    "sign_up_for": {"published": CLERKS},
    "withdraw": {"published": {"member1"}},
    "take_off": {"published": CLERKS},
    "renew": {"published": {"member1"}},
    "renew_for": {"published": CLERKS},
    "let_go": {"published": {"system"}},
    "mark": {"published": ROLL, "held": ROLL},
    "walk_in": {"published": ROLL, "held": ROLL},
    "set_hours": {"published": set(), "held": set()},
    "settle": {"held": CLERKS},
}
# Who is told "not now" rather than "not yours", whatever the state.
IN_TIME = {
    "publish": CLERKS, "postpone": CLERKS, "cancel": CLERKS, "hold": {"system"},
    "sign_up": {"member1", *OUTSIDE}, "sign_up_for": CLERKS, "withdraw": {"member1"}, "take_off": CLERKS,
    "renew": {"member1"}, "renew_for": CLERKS, "let_go": {"system"}, "mark": ROLL, "walk_in": ROLL, "set_hours": ROLL,
    "settle": CLERKS,
}  # fmt: skip
EVENING = {"starts": dt.time(19), "ends": dt.time(21)}


def asked(cast, verb: str, theirs) -> dict:
    next_week = {"day": clock.today() + dt.timedelta(days=7), "starts": dt.time(9), "ends": dt.time(11)}
    return {
        "postpone": next_week | {"reason": "下雨"},
        "cancel": {"reason": "场地另有安排"},
        "sign_up_for": {"member_id": cast.paper_row.id},
        "withdraw": {"reason": "加班"},
        "take_off": {"sign_up_id": theirs.id, "reason": "本人来电"},
        "renew_for": {"sign_up_id": theirs.id},
        "mark": {"sign_up_id": theirs.id, "to": SignUpState.ATTENDED},
        "walk_in": {"member_id": cast.member2_row.id},
        "set_hours": {"sign_up_id": theirs.id, "half_hours": 2},
        "settle": {"rest_absent": True},
    }.get(verb, {})


def found(cast, state: str, home, names=EVERYBODY) -> dict:
    """What every verb answers to everybody from this state."""
    activity = an_activity(cast, state, days=0, home=home, **EVENING)
    (theirs,) = on_list(cast, activity, "member1", renew=True)
    actors = {name: SYSTEM if name == "system" else cast.by(name) for name in names}
    return {
        (verb, name): answer(flow.moves[verb], activity, by, **asked(cast, verb, theirs))
        for verb in TABLE
        for name, by in actors.items()
    }


@pytest.mark.parametrize("state", STATES)
def test_the_table_of_a_community_s_activity(county, state):
    wanted = {}
    for verb, by_state in TABLE.items():
        for name in EVERYBODY:
            late = name in IN_TIME[verb]
            wanted[verb, name] = OK if name in by_state.get(state, ()) else LATE if late else NO
    assert found(county, state, "community1") == wanted


@pytest.mark.parametrize("state", STATES)
def test_the_table_of_a_county_wide_activity(county, state):
    """What clerks do with their own, the county office does with a county-wide one; no grid worker takes its roll."""
    wanted = {}
    for verb, by_state in TABLE.items():
        for name in EVERYBODY:
            offices = CLERKS & IN_TIME[verb]
            may, late = by_state.get(state, set()), IN_TIME[verb]
            if offices:
                may, late = (COUNTY if may else set()), COUNTY
            wanted[verb, name] = OK if name in may else LATE if name in late else NO
    assert found(county, state, None) == wanted


def test_the_table_names_every_move_of_the_core():
    assert set(TABLE) <= set(flow.moves)
    assert set(asking.VERBS) == set(flow.all_moves)
