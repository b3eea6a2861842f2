"""How a member reports: a pairing or contact point must be there; who has a login reports in person or in a group."""

import pytest

from portal import history
from portal.accounts.models import UserState
from portal.actors import Role
from portal.errors import RuleBroken
from portal.extensions import db
from portal.pairings import workflow as pairings
from portal.papers import fill
from portal.registrations import leaving, modes, workflow
from portal.registrations.models import EndKind, Registration, ReportMode
from tests.cast import make_member
from tests.page_forms import form_to
from tests.pages import texts
from tests.pairings.conftest import paired, point

M = ReportMode
ALONE, GROUP, POINT, PAIRING = M.ALONE, M.GROUP, M.CONTACT_POINT, M.PAIRING


def issued(cast, member=None) -> Registration:
    row = workflow.issue(member or cast.member1_row, cast.by("liaison1"))
    db.session.commit()
    return row


def no_login(cast, **more):
    member = make_member(cast.unit1, cast.community1, "安无号", "13891701091", **more)
    db.session.commit()
    return member


def tie(cast, member, *ties: str) -> None:
    """Give the member's unit a pairing with, or the member a contact point in, community1."""
    if "pairing" in ties:
        paired(cast)
    if "point" in ties:
        member.leading = True
        point(cast, member=member)


# Who presents whom, with which ties: what may be said, and what is said when nobody says.
TABLE = [
    ("member1", True, (), [ALONE], ALONE),
    ("member1", True, ("pairing",), [ALONE, PAIRING], ALONE),
    ("member1", True, ("point",), [ALONE, POINT], POINT),
    ("member1", True, ("pairing", "point"), [ALONE, POINT, PAIRING], POINT),
    ("liaison1", True, (), [GROUP], GROUP),
    ("liaison1", True, ("pairing",), [GROUP, PAIRING], PAIRING),
    ("liaison1", True, ("point",), [GROUP], GROUP),
    ("liaison1", False, (), [ALONE, GROUP], GROUP),
    ("liaison1", False, ("pairing",), [ALONE, GROUP, PAIRING], PAIRING),
    ("liaison1", False, ("pairing", "point"), [ALONE, GROUP, POINT, PAIRING], POINT),
    ("clerk1", True, (), [ALONE, GROUP], ALONE),
    ("clerk1", True, ("pairing", "point"), [ALONE, GROUP, POINT, PAIRING], POINT),
    ("clerk1", False, ("pairing",), [ALONE, GROUP, PAIRING], ALONE),
    ("chengguan", True, ("pairing",), [ALONE, GROUP, PAIRING], ALONE),
]


@pytest.mark.parametrize(("person", "signs_in", "ties", "possible", "usual"), TABLE)
def test_what_may_be_said_and_what_is_said_when_nobody_says(cast, person, signs_in, ties, possible, usual):
    member = cast.member1_row if signs_in else no_login(cast)
    tie(cast, member, *ties)
    row, by = issued(cast, member), cast.by(person)
    assert modes.possible(row, by) == possible
    assert modes.usual(row, by) is usual
    verb = workflow.present if person in ("member1", "liaison1") else workflow.accept
    for mode in M:
        if mode in possible:
            verb(row, by, mode=mode)
            assert row.mode is mode
        else:
            with pytest.raises(RuleBroken):
                verb(row, by, mode=mode)
        db.session.rollback()
    verb(row, by)
    assert row.mode is usual


@pytest.mark.parametrize(
    ("person", "mode", "sentence"),
    [
        ("member1", PAIRING, "凤翔中学党支部与儒林社区没有结对共建，请选其他报到方式。"),
        ("member1", POINT, "欧阳䶮在儒林社区没有领导联系点，请选其他报到方式。"),
        ("member1", GROUP, "集体报到由单位联络员带队办理，请选其他报到方式。"),
        ("liaison1", ALONE, "欧阳䶮有登录账号，请本人报到；由单位带队的，请选“集体报到”。"),
        ("liaison1", PAIRING, "凤翔中学党支部与儒林社区没有结对共建，请选其他报到方式。"),
    ],
)
def test_the_sentence_says_why_not(cast, person, mode, sentence):
    with pytest.raises(RuleBroken) as refusal:
        workflow.present(issued(cast), cast.by(person), mode=mode)
    assert refusal.value.sentence == sentence


@pytest.mark.parametrize("state", ["proposed", "declined", "ended"])
def test_only_a_pairing_and_a_contact_point_in_force_count(cast, state):
    paired(cast, state)
    cast.member1_row.leading = True
    point(cast, state, cast.member1_row)
    assert modes.possible(issued(cast), cast.by("member1")) == [ALONE]


def test_a_pairing_with_another_community_is_none_here(cast):
    row = pairings.propose(cast.unit1, cast.community2, cast.by("liaison1"))
    pairings.agree(row, cast.by("clerk2"))
    db.session.commit()
    assert modes.possible(issued(cast), cast.by("member1")) == [ALONE]


def test_a_liaison_leads_the_group_in_which_they_report_but_does_not_stand_in_for_themselves(cast):
    row = workflow.issue(cast.dual_row, cast.by("dept1"))
    db.session.commit()
    assert modes.possible(row, cast.by("dual", Role.LIAISON)) == [GROUP]
    assert modes.possible(row, cast.by("dual", Role.MEMBER)) == [ALONE]


def test_whose_login_is_locked_is_stood_in_for_and_the_page_says_so(cast, browse):
    cast.users["member1"].state = UserState.LOCKED
    row = issued(cast)
    workflow.present(row, cast.by("liaison1"), mode=ALONE)
    db.session.commit()
    assert history.last(row).stand_in
    page = browse(cast.users["clerk1"]).get(f"/registrations/{row.number}")
    facts = dict(zip(texts(page, "dl.summary dt"), texts(page, "dl.summary dd"), strict=True))
    assert facts["报到"].endswith("，个人报到（单位代办）")
    assert "代办" in texts(page, ".history .tag")


def test_who_presents_themselves_is_not_marked(cast, browse):
    row = issued(cast)
    workflow.present(row, cast.by("member1"))
    db.session.commit()
    assert "代办" not in browse(cast.users["clerk1"]).get(f"/registrations/{row.number}").text


def choices(browser, address: str) -> tuple[list[str], str]:
    form = form_to(browser.get(address).text, address)
    return form.choices["mode"], form.values.get("mode", "")


def test_the_pages_offer_what_may_be_said(cast, browse):
    row = issued(cast)
    address = f"/registrations/{row.number}/present"
    assert choices(browse(cast.users["member1"]), address) == (["alone"], "alone")
    assert choices(browse(cast.users["liaison1"]), address) == (["group"], "group")
    tie(cast, cast.member1_row, "pairing", "point")
    member = browse(cast.users["member1"])
    assert choices(member, address) == (["alone", "contact_point", "pairing"], "contact_point")
    assert choices(browse(cast.users["liaison1"]), address) == (["group", "pairing"], "pairing")
    clerk = browse(cast.users["clerk1"])
    accept = f"/registrations/{row.number}/accept"
    assert choices(clerk, accept) == (["", "alone", "group", "contact_point", "pairing"], "contact_point")
    form = form_to(member.get("/registrations/mine").text, address)
    assert form.values["mode"] == "contact_point"
    assert member.post(address, data=form.values).status_code == 303
    db.session.expire_all()
    assert row.mode is POINT
    assert "mode" not in form_to(clerk.get(accept).text, accept).names  # how is said already
    assert clerk.post(accept, data={"mode": "group"}).status_code == 303
    db.session.expire_all()
    assert row.mode is POINT


def test_a_mode_that_is_not_there_is_refused_on_the_page_too(cast, browse):
    row = issued(cast)
    answer = browse(cast.users["member1"]).post(f"/registrations/{row.number}/present", data={"mode": "pairing"})
    assert answer.status_code == 422 and "请从列出的选项中选择" in answer.text
    db.session.expire_all()
    assert row.mode is None


def test_a_group_is_presented_by_pairing_where_there_is_one_and_each_refusal_is_named(cast, browse):
    elsewhere = make_member(cast.unit1, cast.community2, "白外区", "13891701092")
    rows = [issued(cast), issued(cast, elsewhere)]
    paired(cast)
    browser = browse(cast.users["liaison1"])
    page = browser.get("/registrations?state=issued")
    assert texts(page, "#mode option")[1:] == ["个人报到", "集体报到", "结对共建"]
    ticked = {"verb": "present", "row": [row.id for row in rows]}
    result = browser.get(browser.post("/registrations/bulk", data=ticked | {"mode": "pairing"}).location)
    assert "办成 1 人，1 人没有办成" in result.text
    assert "凤翔中学党支部与凤鸣社区没有结对共建" in result.text
    assert browser.post("/registrations/bulk", data=ticked | {"mode": ""}).status_code == 303
    db.session.expire_all()
    assert [row.mode for row in rows] == [PAIRING, GROUP]


def test_the_receipt_says_how(cast):
    paired(cast)
    row = issued(cast)
    workflow.present(row, cast.by("liaison1"))
    workflow.accept(row, cast.by("clerk1"))
    db.session.commit()
    assert fill.receipt(row, full=True)["mode"] == "结对共建"


def test_leaving_ends_the_contact_points_and_says_so_before(cast):
    cast.member1_row.leading = True
    held = point(cast, member=cast.member1_row)
    assert "儒林社区的领导联系点结束。" in leaving.preview(cast.member1_row)
    leaving.leave(cast.member1_row, cast.by("liaison1"), EndKind.RETIRED, "已办理退休")
    db.session.commit()
    assert (held.state.value, history.last(held).reason) == ("ended", "已离册：退休")


def test_moving_house_keeps_the_contact_point(cast):
    cast.member1_row.leading = True
    held = point(cast, member=cast.member1_row)
    row = issued(cast)
    workflow.accept(row, cast.by("clerk1"))
    workflow.end(row, cast.by("liaison1"), kind=EndKind.MOVED, reason="迁出县城")
    db.session.commit()
    assert held.state.value == "active"
