"""What follows by itself: who leaves the roster is not evaluated any more, a draft goes along to a new unit."""

import pytest

from portal import clock, history
from portal.evaluations import following
from portal.extensions import db
from portal.registrations import transfers
from portal.registrations import workflow as registrations
from portal.registrations.models import EndKind, TransferRequest, TransferState
from tests.evaluations.conftest import an_evaluation

SENTENCE = "除“迁居”外，还没有反馈的评议不再办理。"


@pytest.mark.parametrize(("kind", "state"), [
    (EndKind.RETIRED, "withdrawn"), (EndKind.DIED, "withdrawn"), (EndKind.MOVED, "draft"),
])  # fmt: skip
def test_who_leaves_the_roster_is_not_evaluated_but_who_moves_house_is(cast, kind, state):
    row = an_evaluation(cast, "graded")
    assert following.foreseen(cast.member1_row) == SENTENCE
    registrations.end(row.registration, cast.by("liaison1"), reason="手续已办", kind=kind)
    db.session.commit()
    line = history.last(row)
    assert row.state.value == state
    if state == "withdrawn":
        assert (line.label, line.reason, line.by_name) == ("不作评议", f"已离册：{kind.label}", "凤翔中学党支部 高翔")
        assert following.foreseen(cast.member1_row) == ""
    else:
        assert line.label == "评议"


def test_what_was_sent_stays_when_the_member_leaves(cast):
    row = an_evaluation(cast, "sent")
    assert following.foreseen(cast.member1_row) == ""
    registrations.end(row.registration, cast.by("liaison1"), reason="退休", kind=EndKind.RETIRED)
    db.session.commit()
    assert (row.state.value, history.last(row).label) == ("sent", "反馈")


@pytest.mark.parametrize(("state", "goes"), [("graded", True), ("sent", False)])
def test_a_draft_goes_along_to_the_new_unit_and_what_was_sent_stays_with_the_old_one(cast, state, goes):
    row = an_evaluation(cast, state)
    request = TransferRequest(state=TransferState.REQUESTED, member=cast.member1_row, from_unit=cast.unit1,
                              to_unit=cast.unit2, asked_on=clock.today(), asked_by="曹静")  # fmt: skip
    db.session.add(request)
    transfers.release(request, cast.by("liaison1"))
    db.session.commit()
    unit, supervisor = (cast.unit2, cast.unit2.supervisor) if goes else (cast.unit1, cast.dept1)
    assert (row.unit, row.supervisor) == (unit, supervisor)
    line = history.last(row)
    assert (line.label, line.reason) == (("随单位变更", cast.unit2.name) if goes else ("反馈", None))
