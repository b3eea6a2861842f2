"""A county in which anybody does anything at any time: the machine that hypothesis drives."""

import datetime as dt
from random import Random

import time_machine
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from portal import clock, queue
from portal.actors import Role
from portal.errors import Refused
from portal.extensions import db
from tests.cast import Cast, make_member
from tests.chance import always
from tests.chance.always import Seen
from tests.chance.asked import answers_to
from tests.chance.beginning import BEGINNINGS, a_wish
from tests.chance.people import STRANGER, around
from tests.conftest import empty_database
from tests.pledges.conftest import registered

BEGIN = dt.datetime(2026, 5, 4, 2, 0, tzinfo=dt.UTC)  # a Monday, ten o'clock in the county
LAST = dt.date(2026, 12, 1)
HOURS = (1, 1, 6, 6, 24, 24, 48, 24 * 8)
# What leads a case on comes up more often than what ends it or leaves it where it is, as among people.
SELDOM = {"withdraw", "close", "reject", "merge", "call_back", "correct", "pass_on", "relocate", "end", "cancel",
          "void", "send_back", "escalate", "decline", "object", "release", "revoke", "undo",
          "urge", "give_up", "end_claim", "postpone", "take_off"}  # fmt: skip
UNCHANGED = {"call_back", "correct", "relocate", "start"}
BY_TIME = {"archive", "lapse", "show", "expire", "hold", "let_go"}
OFTEN = 8
AT_A_TIME, ROUNDS = 8, 6


def waits_for_somebody(flow, state: str) -> bool:
    """Whether a person leads on from this state, and not only to an early end."""
    onward = (move for move in flow.moves.values() if move.verb not in SELDOM | BY_TIME)
    return any(start.value == state and set(move.ends) - {start} for move in onward for start in move.starts)


class CountyAtWork(RuleBasedStateMachine):
    """Random acts by random people on random cases, on a clock that moves; `always` is asked after each."""

    def __init__(self):
        super().__init__()
        self.clock = time_machine.travel(BEGIN, tick=False)
        self.time = self.clock.start()
        empty_database()
        cast = Cast.settle()
        # One clerk is a member besides, one member has no login.
        cast.users["clerk1b"].member = make_member(cast.unit2, cast.community1, "赵晓梅", "13891701033")
        cast.appoint("clerk1b", "赵晓梅", Role.MEMBER, member=cast.users["clerk1b"].member)
        make_member(cast.unit1, cast.community1, "尔无账号", "13891701021")
        db.session.commit()
        registered(cast)
        registered(cast, cast.member2_row)
        registered(cast, cast.member3_row, "liaison2", "clerk2")

    def teardown(self):
        """Give the clock back."""
        db.session.rollback()
        self.clock.stop()

    @initialize(seed=st.integers(0, 2**64 - 1))
    def residents_ask(self, seed):
        """A wall with something on it; hypothesis chooses this seed, and when time passes."""
        self.chance = Random(seed)
        for _ in range(3):
            self.do(*a_wish(self.chance))

    @rule()
    def people_work(self):
        """Some people come one after the other."""
        for _ in range(AT_A_TIME):
            self.somebody_comes()

    def somebody_comes(self):
        """Somebody begins something, presses a button on a case, or sends a form that they were not offered."""
        match self.chance.choices(["begin", "wish", "any", "odd"], [3, 6, 8, 2])[0]:
            case "begin":
                self.do(*self.chance.choice(BEGINNINGS)(self.chance))
            case "wish":
                self.somebody_goes_on({"wishes"})
            case "any":
                self.somebody_goes_on({self.chance.choice(sorted(always.flows()))})
            case "odd":
                self.somebody_tries()

    def somebody_tries(self):
        """Anybody makes any move on any case."""
        flow, row = self.a_case(set(always.flows()))
        move = self.chance.choice(list(flow.all_moves.values()))
        by = self.chance.choice([*around(flow.name, row), STRANGER])
        if not by.is_in(Role.SYSTEM):  # time does only what `tick` says is due
            self.do(move, row, by, **answers_to(move, row, self.chance))

    @precondition(lambda self: clock.today() < LAST)
    @rule()
    def time_passes(self):
        """Time acts, a level a minute, each round held by itself, until it has nothing more to do."""
        self.time.shift(dt.timedelta(hours=self.chance.choice(HOURS)))
        before = None
        for _ in range(ROUNDS):
            if (now := Seen.now()) == before:
                return
            before = now
            assert queue.tick(clock.now(), db.session.commit, db.session.rollback) == []
            self.hold(before)
        raise AssertionError("time never comes to an end")

    def somebody_goes_on(self, kinds: set[str]) -> None:
        """One of those who are offered a button on a case of these kinds presses it."""
        found = self.a_case(kinds)
        if found is None:
            return
        flow, row = found
        offered = [
            (by, move)
            for by in around(flow.name, row)
            if not by.is_in(Role.SYSTEM)
            for move in flow.open_moves(row, by)
            if move.verb not in UNCHANGED or self.chance.random() < 0.2
        ]
        if offered:
            by, move = self.chance.choices(offered, [1 if move.verb in SELDOM else OFTEN for _, move in offered])[0]
            self.do(move, row, by, **answers_to(move, row, self.chance))

    def a_case(self, kinds: set[str]):
        """One of these kinds, mostly one that waits for somebody; None where there is none."""
        standing = {case: state for case, (state, _) in Seen.now().cases.items() if case[0] in kinds}
        waits = [case for case, state in standing.items() if waits_for_somebody(always.flows()[case[0]], state)]
        cases = sorted(waits if waits and self.chance.random() < 0.9 else standing)
        if not cases:
            return None
        kind, key = self.chance.choice(cases)
        flow = always.flows()[kind]
        return flow, db.session.get(flow.model, key)

    def do(self, act, *args, **more) -> None:
        """Let an act happen or be refused, and hold everything to what must always be so."""
        before = Seen.now()
        try:
            act(*args, **more)
            db.session.commit()
        except Refused as refusal:
            db.session.rollback()
            assert refusal.sentence.endswith(("。", "）。")), refusal.sentence
            assert Seen.now() == before
            return
        try:
            self.hold(before, undone=getattr(act, "verb", "") == "undo")
        except AssertionError as broken:
            broken.add_note(f"after {getattr(act, 'verb', act)} by {getattr(args[-1], 'shown', args[1:])}: {more}")
            raise

    def hold(self, before: Seen, undone: bool = False) -> None:
        """What must always be so, after a change."""
        db.session.expire_all()
        after = Seen.now()
        always.each_change_left_one_line_and_one_row(before, after, undone)
        always.one_registration_a_member()
        always.one_open_claim_a_place()
        always.one_holder_a_place_of_a_post()
        always.places_of_activities_are_fair()
        always.households_are_supported_in_order()
        always.hours_stand_on_two_people_and_count_once()
        for case in after.changed_since(before):
            always.somebody_can_lead_on(case, around)
