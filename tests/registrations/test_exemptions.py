"""Exemptions from reporting: every verb × state × role, typed by hand; and how they stand beside the rate."""

import pytest

from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.registrations import exemptions, queries, rates, todo
from portal.registrations.models import Exemption, ExemptionState
from portal.registrations.rates import Grouping, Standing
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


def asked(cast, state: str = "requested", member: str = "member1") -> Exemption:
    row = exemptions.ask(getattr(cast, f"{member}_row"), cast.by("liaison1"), "长期借调外县")
    row.state = ExemptionState(state)
    db.session.commit()
    return row


def test_the_table_names_every_verb():
    assert set(WHO) == set(FROM) == set(exemptions.flow.moves)


@pytest.mark.parametrize("verb", list(WHO))
@pytest.mark.parametrize("state", ["requested", "agreed", "declined", "ended"])
def test_every_verb_from_every_state_by_everybody(cast, verb, state):
    row, move = asked(cast, state), exemptions.flow.moves[verb]
    more = {} if verb == "agree" else {"reason": "已经回来"}
    expected = {person: NO if person not in WHO[verb] else OK if state in FROM[verb] else LATE for person in EVERYBODY}
    assert {person: answer(move, row, cast.by(person), **more) for person in EVERYBODY} == expected


@pytest.mark.parametrize("person", [person for person in EVERYBODY if person != "liaison1"])
def test_only_the_unit_asks(cast, person):
    with pytest.raises(NotYours):
        exemptions.ask(cast.member1_row, cast.by(person), "长期借调外县")


def test_nobody_asks_for_themselves_or_twice_or_for_who_has_reported(cast, registration):
    with pytest.raises(NotYours):
        exemptions.ask(cast.dual_row, cast.by("dual", cast.by("liaison1").role), "借调")
    asked(cast, member="member2")
    with pytest.raises(RuleBroken) as refusal:
        exemptions.ask(cast.member2_row, cast.by("liaison1"), "借调")
    assert refusal.value.sentence == "买买提·吐尔逊已有免报申请，不必重复申请。"
    registration("accepted")
    with pytest.raises(RuleBroken) as refusal:
        exemptions.ask(cast.member1_row, cast.by("liaison1"), "借调")
    assert refusal.value.sentence == "欧阳䶮已经报到，不必申请免报。"


def standings(cast) -> dict[str, int]:
    total = rates.table(cast.by("liaison1"), Grouping.UNIT).total
    return {name: total[Standing(name)] for name in ("should", "reported", "missing", "uncertified", "exempt")}


def test_only_what_is_agreed_stands_beside_the_rate(cast):
    row = asked(cast)
    assert standings(cast) == {"should": 3, "reported": 0, "missing": 3, "uncertified": 3, "exempt": 0}
    exemptions.agree(row, cast.by("dept1"))
    db.session.commit()
    assert standings(cast) == {"should": 2, "reported": 0, "missing": 2, "uncertified": 2, "exempt": 1}
    listed = db.session.scalars(rates.people(cast.by("liaison1"), Grouping.UNIT, Standing.EXEMPT)).all()
    assert [member.name for member in listed] == ["欧阳䶮"]
    waiting = db.session.scalars(queries.without_certificate(cast.unit1.id))
    assert "欧阳䶮" not in [member.name for member in waiting]
    exemptions.end(row, cast.by("liaison1"), reason="借调期满")
    db.session.commit()
    assert standings(cast)["exempt"] == 0


def test_who_is_exempt_and_reports_all_the_same_counts_as_everybody(cast, registration):
    asked(cast, "agreed")
    registration("accepted")
    assert standings(cast) == {"should": 3, "reported": 1, "missing": 2, "uncertified": 2, "exempt": 0}


def test_it_waits_on_the_supervisor_s_desk(cast):
    asked(cast)
    assert (1, "免报申请待审核") in [(item.count, item.label) for item in counted(todo.items(cast.by("dept1")))]
    assert "免报申请待审核" not in [item.label for item in counted(todo.items(cast.by("dept2")))]


@pytest.mark.parametrize("person", EVERYBODY)
def test_own_foreign_and_missing_exemptions(cast, browse, person):
    row = asked(cast)
    browser = browse(cast.users[person])
    one, missing = browser.get(f"/registrations/exemptions/{row.id}"), browser.get("/registrations/exemptions/999999")
    readers = {"county", "dept1", "dept2", "chengguan", "town2", "committee", "liaison1", "liaison2"}
    assert one.status_code == (200 if person in SEES else 404 if person in readers else 403)
    assert person in SEES or same_page(one, missing)
    assert browser.get("/registrations/exemptions").status_code == (200 if person in readers else 403)


def test_asked_and_agreed_through_the_pages(cast, browse):
    liaison, above = browse(cast.users["liaison1"]), browse(cast.users["dept1"])
    ask = f"/registrations/exemptions/ask/{cast.member1_row.id}"
    assert ask in liaison.get("/registrations/people?standing=missing").text
    refused = liaison.post(ask, data={"reason": ""})
    assert refused.status_code == 422 and "请填写免报原因。" in refused.text
    own = liaison.post(ask, data={"reason": "长期借调外县"}).location
    assert "长期借调外县" in above.get("/registrations/exemptions?state=requested").text
    assert above.post(f"{own}/agree").status_code == 303
    assert "已同意，不再计入应报到人数。" in above.get(own).text
    assert browse(cast.users["liaison2"]).get(ask).status_code == 404
