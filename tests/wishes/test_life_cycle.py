"""The life cycle of a wish: every verb × state × role, typed by hand from 1-domain §1.3 and §1.4."""

import datetime as dt

import pytest

from portal import clock
from portal.actors import SYSTEM, resident_of
from portal.labels import Category
from portal.wishes import workflow
from tests.cast import make_member
from tests.lifecycles import LATE, NO, OK, answer
from tests.wishes.making import a_wish, invite, register

STATES = ("submitted", "published", "claimed", "done", "confirmed", "archived", "rejected", "merged", "withdrawn",
          "closed")  # fmt: skip
OFFICES = ("county", "admin", "dept1", "chengguan", "town2", "committee", "inspector", "liaison1", "clerk1", "clerk1b",
           "clerk2", "grid1", "grid2")  # fmt: skip
# member1 leads and member2 helps from `claimed` on; the dual one and member3 (of community2) are registered too,
# the newcomer is not. The dual one was invited, and may still answer in `published` and `claimed`. From `confirmed`
# the wish is one that time confirmed, today. Nothing is overdue or old yet.
EVERYBODY = (*OFFICES, "member1", "member2", "member3", "dual", "newcomer", "resident", "stranger", "system")
CLERKS = {"clerk1", "clerk1b"}
MEMBERS = {"member1", "member2", "member3", "dual"}

# verb: {state: who may}; a state not named answers LATE to those who are named anywhere under the verb.
TABLE: dict[str, dict[str, set[str]]] = {
    "publish": {"submitted": CLERKS | {"grid1"}},
    "correct": {"published": CLERKS},
    "pass_on": {"submitted": CLERKS},
    "reject": {"submitted": CLERKS | {"grid1"}},
    "merge": {"submitted": CLERKS, "published": CLERKS},
    "claim": {"published": MEMBERS, "claimed": {"member3", "dual"}},
    "propose": {"published": CLERKS, "claimed": CLERKS | {"member1"}},
    "accept": {"published": {"dual"}, "claimed": {"dual"}},
    "decline": {"published": {"dual"}, "claimed": {"dual"}},
    "recall": {"published": CLERKS, "claimed": CLERKS},
    "expire": {"published": {"system"}, "claimed": {"system"}},
    "start": {"claimed": {"member1"}},
    "release": {"claimed": {"member1", "member2"}},
    "extend": {"claimed": {"member1"}},
    "revoke": {},
    "finish": {"claimed": {"member1"}},
    "confirm": {"done": CLERKS | {"resident"}},
    "lapse": {"done": {"system"}},
    "reopen": {"done": CLERKS | {"resident"}, "confirmed": CLERKS | {"resident"}},
    "call_back": dict.fromkeys(("claimed", "done", "confirmed", "rejected", "merged", "closed"), CLERKS),
    "close": dict.fromkeys(("submitted", "published", "claimed"), CLERKS),
    "withdraw": {
        "submitted": CLERKS | {"resident"},
        "published": CLERKS | {"resident"},
        "claimed": CLERKS,
    },
    "claim_for_unit": {"published": {"liaison1"}, "claimed": {"liaison1"}},
    "claim_for_team": {},  # nobody leads a team here; see test_teams.py
    "solve": {},
    "escalate": {"submitted": {"grid1", "system"}, "published": CLERKS | {"system"}},
    "hand_back": {},
    "archive": {state: {"system"} for state in ("confirmed", "rejected", "merged", "withdrawn", "closed")},
}
# Who is told "not now" rather than "not yours", whatever the state.
IN_TIME = {
    "publish": CLERKS, "correct": CLERKS, "pass_on": CLERKS, "reject": CLERKS, "merge": CLERKS, "claim": MEMBERS,
    "start": set(), "release": set(), "extend": set(), "revoke": CLERKS, "finish": set(),
    "confirm": CLERKS | {"resident"}, "lapse": {"system"}, "reopen": CLERKS | {"resident"}, "call_back": CLERKS,
    "close": CLERKS, "withdraw": CLERKS, "archive": CLERKS | {"system"}, "claim_for_unit": {"liaison1"},
    "propose": CLERKS, "accept": {"dual"}, "decline": {"dual"}, "recall": CLERKS, "expire": {"system"},
    "claim_for_team": set(), "solve": set(), "escalate": CLERKS | {"system"}, "hand_back": set(),
}  # fmt: skip


# A wish that still lies in its grid is not the clerks' to raise.
NOT_HELD = {("escalate", "submitted"): CLERKS}


def asked(cast, verb: str, wish) -> dict:
    words = {"title": "修水龙头", "category": Category.CONVENIENCE, "detail": "水龙头漏水，请帮忙修一修。"}
    return {
        "publish": words | {"grid_id": cast.grid1.id, "helpers_needed": 1, "on_wall": True},
        "correct": words,
        "pass_on": {"community_id": cast.community2.id},
        "reject": {"reason": "这件事属于物业维修范围，已转告物业。"},
        "extend": {"reason": "配件要等一周"},
        "revoke": {"reason": "一直没有办理"},
        "finish": {"day": clock.today(), "starts": dt.time(19), "half_hours": {c.id: 2 for c in wish.claims}},
        "reopen": {"reason": "水龙头又漏了"},
        "claim_for_unit": {"people": [cast.dual_row.id]},
        "claim_for_team": {"team_id": 1, "people": [cast.dual_row.id]},
        "solve": {"organisation": "县自来水公司", "task": "更换楼道立管", "due": clock.today()},
        "escalate": {"reason": "社区没有会修的人"},
        "hand_back": {"reason": "请社区先与物业协商"},
        "propose": {"people": [row.id for row in (cast.places.get("free_row"),) if row]},
        "recall": {"people": [cast.dual_row.id]},
        "expire": {"until": clock.now() + dt.timedelta(days=3)},
        "call_back": {"words": "老人说修好了"},
        "close": {"reason": "这栋楼今年秋天统一改造水管。"},
    }.get(verb, {})


def actor(cast, name: str, wish):
    if name == "system":
        return SYSTEM
    if name in ("resident", "stranger"):
        return resident_of(wish.id if name == "resident" else wish.id + 1)
    return cast.by(name)


def test_the_table_is_whole(app):
    assert set(TABLE) == set(workflow.flow.moves)


@pytest.mark.parametrize("verb", list(TABLE))
def test_every_verb_from_every_state_by_everybody(county, verb):
    county.places["free_row"] = make_member(county.unit1, county.community1, "白文静", "13891701010")
    register(county, "free")
    into, move = a_wish(county, "published", title="另一条心愿"), workflow.flow.moves[verb]
    for state in STATES:
        wish = a_wish(county, state, others=("member2",), helpers_needed=4)
        invite(county, wish, "dual", "open" if state in ("published", "claimed") else "withdrawn")
        arguments = {"into_id": into.id} if verb == "merge" else asked(county, verb, wish)
        may = TABLE[verb].get(state, set())
        in_time = IN_TIME[verb] - NOT_HELD.get((verb, state), set())
        expected = {n: OK if n in may else LATE if n in in_time else NO for n in EVERYBODY}
        given = {name: answer(move, wish, actor(county, name, wish), **arguments) for name in EVERYBODY}
        assert given == expected, state
