"""Random people do random things on a moving clock: wish, registration, record and what hangs on them keep in order.

After each act (`always`): one current registration a member, one open claim a place, hours counted once and never
confirmed by their recorder, no case without a way on, one history line and one audit row a change, none a refusal.
"""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from portal import audit
from portal.flow import FLOWS
from tests.chance import always
from tests.chance.asked import ASKED
from tests.chance.county_at_work import CountyAtWork

# A failing run names its acts one by one; making it shorter would take minutes and not tell more.
QUIET = {"deadline": None, "suppress_health_check": list(HealthCheck), "print_blob": True, "database": None,
         "phases": [Phase.generate], "report_multiple_bugs": False}  # fmt: skip
FEW = settings(max_examples=5, stateful_step_count=20, derandomize=True, **QUIET)
MANY = settings(max_examples=10, stateful_step_count=40, **QUIET)


def test_every_life_cycle_is_acted_on_and_says_where_it_may_rest(app):
    acted_on = {flow.name: flow for flow in FLOWS.values() if flow.name not in always.APART}
    assert set(acted_on) == set(always.FOR_GOOD)
    states = {name: set(flow.model.state.type.enums) for name, flow in acted_on.items()}
    assert all(rest < states[name] for name, rest in always.FOR_GOOD.items())
    assert {name for flow in acted_on.values() for move in flow.all_moves.values() for name in move.asks} - {
        "reason"
    } == (set(ASKED))


def test_some_random_acts(app):
    run_state_machine_as_test(CountyAtWork, settings=FEW)
    assert audit.first_broken() is None


@pytest.mark.long
@pytest.mark.parametrize("turn", range(6))
def test_many_random_acts(app, turn):
    run_state_machine_as_test(CountyAtWork, settings=MANY)
    assert audit.first_broken() is None
