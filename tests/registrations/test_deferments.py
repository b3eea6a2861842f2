"""暂缓: every verb × state × role, typed by hand; which months are out; and that the rate counts them as everybody."""

import pytest

from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.registrations import deferments, rates, todo, workflow
from portal.registrations.models import Deferment, DefermentKind, DefermentState
from portal.registrations.rates import Grouping, Standing
from portal.registrations.workflow import BY_HAND
from portal.todo import counted
from tests.lifecycles import LATE, NO, OK, answer
from tests.pages import same_page

EVERYBODY = (
    "county", "admin", "dept1", "dept2", "chengguan", "town2", "committee", "inspector", "liaison1", "liaison2",
    "clerk1", "grid1", "member1", "member2",
)  # fmt: skip
# member1 of unit1, under dept1.
WHO = {"agree": {"dept1"}, "decline": {"dept1"}, "end": {"dept1", "liaison1"}}
FROM = {"agree": {"requested"}, "decline": {"requested"}, "end": {"requested", "agreed"}}
SEES = {"county", "dept1", "liaison1"}


@pytest.fixture(autouse=True)
def may(time_machine):
    time_machine.move_to("2026-05-06 02:00:00+00:00")


def asked(cast, first="2026-03", last="2026-08", kind=DefermentKind.SECONDED, member="member1") -> Deferment:
    row = deferments.ask(cast.places[f"{member}_row"], cast.by("liaison1"), kind, first, last)
    db.session.commit()
    return row


def agreed(cast, *months: str, **more) -> Deferment:
    row = deferments.agree(asked(cast, *months, **more), cast.by("dept1"))
    db.session.commit()
    return row


def test_the_table_names_every_verb():
    assert set(WHO) == set(FROM) == set(deferments.flow.moves)


@pytest.mark.parametrize("verb", list(WHO))
@pytest.mark.parametrize("state", ["requested", "agreed", "declined", "ended"])
def test_every_verb_from_every_state_by_everybody(cast, verb, state):
    row, move = asked(cast), deferments.flow.moves[verb]
    row.state = DefermentState(state)
    db.session.commit()
    more = {} if verb == "agree" else {"reason": "已经回来"}
    expected = {person: NO if person not in WHO[verb] else OK if state in FROM[verb] else LATE for person in EVERYBODY}
    assert {person: answer(move, row, cast.by(person), **more) for person in EVERYBODY} == expected


@pytest.mark.parametrize("verb", ["decline", "end"])
def test_what_takes_away_asks_for_the_reason(cast, verb):
    assert answer(deferments.flow.moves[verb], asked(cast), cast.by("dept1")) == LATE


@pytest.mark.parametrize("person", [person for person in EVERYBODY if person != "liaison1"])
def test_only_the_unit_asks(cast, person):
    with pytest.raises(NotYours):
        deferments.ask(cast.member1_row, cast.by(person), DefermentKind.VILLAGE, "2026-03", "2026-08")


def test_nobody_asks_for_themselves(cast):
    own = cast.by("dual", cast.by("liaison1").role)
    with pytest.raises(NotYours):
        deferments.ask(cast.dual_row, own, DefermentKind.VILLAGE, "2026-03", "2026-08")


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        ("2026-08", "2026-03", "结束的月份不能早于开始的月份，一次最多 24 个月。"),
        ("2026-01", "2028-01", "结束的月份不能早于开始的月份，一次最多 24 个月。"),  # 25 months
        ("2026-08", "2026-12", "欧阳䶮已有借调暂缓（2026-03 至 2026-08），月份不能重叠。"),
    ],
)
def test_months_in_order_not_too_many_and_apart(cast, first, last, sentence):
    asked(cast)
    with pytest.raises(RuleBroken) as refusal:
        asked(cast, first, last)
    assert refusal.value.sentence == sentence
    asked(cast, "2026-09", "2026-12", DefermentKind.ILLNESS)


def test_the_months_that_are_out(cast, time_machine):
    months = lambda year: deferments.deferred_months(cast.member1_row.id, year)  # noqa: E731
    row = asked(cast, "2025-11", "2026-08")
    assert months(2026) == set()  # only asked for
    deferments.agree(row, cast.by("dept1"))
    db.session.commit()
    assert (months(2025), months(2026), months(2027)) == ({11, 12}, {1, 2, 3, 4, 5, 6, 7, 8}, set())
    time_machine.move_to("2026-06-20 02:00:00+00:00")
    deferments.end(row, cast.by("liaison1"), reason="借调提前结束")
    db.session.commit()
    assert months(2026) == {1, 2, 3, 4, 5}  # from June on duties count again
    assert deferments.deferred_months(cast.member2_row.id, 2026) == set()


def test_taken_back_or_declined_no_month_is_out(cast):
    deferments.end(asked(cast), cast.by("liaison1"), reason="不借调了")
    deferments.decline(asked(cast, "2026-09", "2026-10"), cast.by("dept1"), reason="当月已回")
    db.session.commit()
    assert deferments.deferred_months(cast.member1_row.id, 2026) == set()


def standings(cast) -> dict[str, int]:
    total = rates.table(cast.by("liaison1"), Grouping.UNIT).total
    return {name: total[Standing(name)] for name in ("should", "reported", "missing", "deferred")}


def test_the_rate_counts_them_as_everybody_and_names_them_besides(cast, registration):
    assert standings(cast) == {"should": 3, "reported": 0, "missing": 3, "deferred": 0}
    agreed(cast)
    agreed(cast, "2026-06", "2026-07", member="member2")  # not yet begun
    assert standings(cast) == {"should": 3, "reported": 0, "missing": 3, "deferred": 1}
    registration("accepted")
    assert standings(cast) == {"should": 3, "reported": 1, "missing": 2, "deferred": 1}
    listed = db.session.scalars(rates.people(cast.by("liaison1"), Grouping.UNIT, Standing.DEFERRED)).all()
    assert [member.name for member in listed] == ["欧阳䶮"]


@pytest.mark.parametrize("kind", BY_HAND)
def test_the_end_of_the_registration_ends_what_is_to_come(cast, registration, kind):
    row, over, running = registration("filed"), agreed(cast, "2026-01", "2026-02"), agreed(cast)
    workflow.end(row, cast.by("liaison1"), kind=kind, reason="经核实")
    db.session.commit()
    assert (over.state, running.state) == (DefermentState.AGREED, DefermentState.ENDED)
    assert deferments.deferred_months(cast.member1_row.id, 2026) == {1, 2, 3, 4}


def test_it_waits_on_the_supervisor_s_desk(cast):
    asked(cast)
    assert (1, "暂缓申请待审核") in [(item.count, item.label) for item in counted(todo.items(cast.by("dept1")))]
    assert "暂缓申请待审核" not in [item.label for item in counted(todo.items(cast.by("dept2")))]


@pytest.mark.parametrize("person", EVERYBODY)
def test_own_foreign_and_missing_ones(cast, browse, person):
    row = asked(cast)
    browser = browse(cast.users[person])
    one, missing = browser.get(f"/registrations/deferments/{row.id}"), browser.get("/registrations/deferments/999999")
    readers = {"county", "dept1", "dept2", "chengguan", "town2", "committee", "liaison1", "liaison2"}
    assert one.status_code == (200 if person in SEES else 404 if person in readers else 403)
    assert person in SEES or same_page(one, missing)


def test_asked_and_agreed_through_the_pages(cast, browse):
    liaison, above = browse(cast.users["liaison1"]), browse(cast.users["dept1"])
    ask = f"/registrations/deferments/ask/{cast.member1_row.id}"
    own_page = f"/members/{cast.member1_row.id}"
    assert ask in liaison.get(own_page).text
    refused = liaison.post(ask, data={"kind": "village", "first": "三月", "last": ""})
    assert refused.status_code == 422
    assert "请填写年月，如 1980-05。" in refused.text and "请填写结束的月份。" in refused.text
    own = liaison.post(ask, data={"kind": "village", "first": "2026年5月", "last": "202608"}).location
    assert "2026-05 至 2026-08" in above.get("/registrations/deferments?state=requested").text
    assert above.post(f"{own}/agree").status_code == 303
    assert "已同意，这几个月不要求参加服务。" in above.get(own).text
    assert browse(cast.users["liaison2"]).get(ask).status_code == 404
    member, clerk = browse(cast.users["member1"]), browse(cast.users["clerk1"])
    assert "暂缓：驻村" in member.get("/registrations/mine").text
    assert "驻村" in member.get(own_page).text and "驻村" in liaison.get(own_page).text
    assert "驻村" not in clerk.get(own_page).text
