"""The handover sheet: whose it is, what stands on it, and a liaison replaced in the middle of ten cases."""

import datetime as dt

import pytest
from sqlalchemy import select

from portal import clock
from portal.accounts import workflow as accounts
from portal.accounts.models import AppointmentState
from portal.actors import Role
from portal.desks import handover
from portal.desks.todo import todos
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.labels import Category
from portal.pledges import workflow as pledging
from portal.records import workflow as recording
from portal.records.models import Evidence
from portal.registrations import deferments, exemptions, transfers
from portal.registrations import workflow as reporting
from portal.registrations.models import DefermentKind, EndKind, Registration
from tests.cast import make_member
from tests.pages import texts
from tests.pledges.conftest import item, registered, without_login
from tests.wishes.making import a_wish, register

# Who prints the sheet of unit1 (under dept1) and of community1 (under 城关镇).
PRINTERS = {
    "units": {"liaison1", "dept1", "county", "county_b"},
    "communities": {"clerk1", "clerk1b", "chengguan", "county", "county_b"},
}


@pytest.mark.parametrize("kind", PRINTERS)
def test_who_prints_it(cast, browse, kind):
    place = {"units": cast.unit1, "communities": cast.community1}[kind].id
    for name, user in cast.users.items():
        status = browse(user).get(f"/handover/{kind}/{place}").status_code
        assert (status == 200) is (name in PRINTERS[kind]), name
        assert status in (200, 403, 404), name


def open_cases(answer) -> dict[str, int]:
    """How many cases stand in each section."""
    return {title.rsplit(" ", 2)[0]: int(title.rsplit(" ", 2)[1]) for title in texts(answer, ".handover__part h2")}


def test_what_a_clerk_hands_over(cast, browse):
    register(cast, "member1", "member2")
    late = clock.today() - dt.timedelta(days=3)
    a_wish(cast, "submitted", title="修水龙头")
    a_wish(cast, "published", title="教用手机")
    a_wish(cast, "claimed", title="陪同就医", finish_by=late)
    a_wish(cast, "done", title="代写信件", leader="member2")
    a_wish(cast, "confirmed", title="早已实现")
    served = recording.Service(
        cast.member1_row, cast.community1, clock.today(), None, 4, Category.CULTURE, "教老人下棋"
    )
    recording.record_service(served, cast.by("clerk1"), Evidence.ORGANISER)
    reporting.present(reporting.issue(cast.dual_row, cast.by("liaison1")), cast.by("dual"))
    db.session.commit()
    answer = browse(cast.users["clerk1"]).get(f"/handover/communities/{cast.community1.id}")
    assert open_cases(answer) == {
        "微心愿：待审核": 1, "微心愿：待认领": 1, "微心愿：已认领": 1, "微心愿：已办理待确认": 1, "报到待接洽": 1,
        "写实记录待第二人确认": 1,
    }  # fmt: skip
    words = " ".join(texts(answer, "main"))
    assert f"{late:%Y-%m-%d}（已超期）" in words and "仇文博" in words and "早已实现" not in words
    assert "6 件" in texts(answer, ".summary")[0]
    for person in (cast.member1_row, cast.dual_row):
        assert person.phone not in words and person.address not in words
    assert "没有未办结的：" in words


def test_a_delicate_wish_is_known_by_its_number_only(cast, browse):
    wish = a_wish(cast, "published", title="陪我去看病", on_wall=False)
    for name in ("clerk1", "chengguan"):
        answer = browse(cast.users[name]).get(f"/handover/communities/{cast.community1.id}")
        words = " ".join(texts(answer, ".handover__part"))
        assert wish.number in words and "陪我去看病" not in words, name


def test_the_two_people_are_chosen_by_their_appointments(cast, browse):
    town = browse(cast.users["chengguan"])
    at = f"/handover/communities/{cast.community1.id}"
    first, second = (cast.users[name].appointments[0].id for name in ("clerk1", "clerk1b"))
    answer = town.get(f"{at}?giver={first}&taker={second}")
    assert texts(answer, ".handover__name")[:2] == ["王秀兰", "赵晓梅"]
    foreign = cast.users["clerk2"].appointments[0].id
    assert texts(town.get(f"{at}?giver={foreign}&taker=x"), ".handover__name")[0] == ""


def test_who_left_last_hands_over_to_who_came_last(cast):
    by = cast.by("chengguan")
    left = cast.users["clerk1"].appointments[0]
    accounts.end(left, by, reason="调离")
    held = handover.holders(cast.community1)
    assert handover.likely(held, by) == (left.id, cast.users["clerk1b"].appointments[0].id)


def ten_cases(cast) -> list[Registration]:
    """Ten open cases of unit1 in the hands of liaison1; the registrations among them."""
    by, clerk = cast.by("liaison1"), cast.by("clerk1")
    names = ("江涛", "安宁", "田野", "高山", "林海", "白雪")
    people = [make_member(cast.unit1, cast.community1, name, f"1389170110{n}") for n, name in enumerate(names)]
    rows = [reporting.issue(person, by) for person in people]
    reporting.present(rows[1], by)
    for row in rows[2:4]:
        reporting.accept(row, clerk)
    reporting.send_back(rows[4], clerk, reason="实际居住在凤鸣社区", community_id=cast.community2.id)
    exemptions.ask(cast.member2_row, by, "长期卧病在床")
    registered(cast)
    deferments.ask(cast.member1_row, by, DefermentKind.SECONDED, f"{clock.today():%Y-%m}", f"{clock.today():%Y-%m}")
    transfers.ask(cast.member3_row, cast.unit1, by)
    stand_in = pledging.write(without_login(cast), by, [item()])
    pledging.submit(stand_in, by)
    db.session.commit()
    return rows


def replaced(cast):
    """liaison1 leaves, and somebody new takes the office over."""
    by = cast.by("dept1")
    accounts.end(cast.users["liaison1"].appointments[0], by, reason="调离")
    cast.users["newcomer"] = accounts.open_login(by, "newcomer", "方圆", "!")
    accounts.appoint(by, cast.users["newcomer"], role=Role.LIAISON, unit_id=cast.unit1.id, starts_on=clock.today())
    cast.users["newcomer"].must_change_password = False
    db.session.commit()


def test_a_liaison_replaced_in_the_middle_of_ten_cases(cast, browse):
    rows = ten_cases(cast)
    old = browse(cast.users["liaison1"])
    before = {line.label: line.count for line in todos(cast.by("liaison1"), clock.today())}
    sheet = browse(cast.users["dept1"]).get(f"/handover/units/{cast.unit1.id}")
    replaced(cast)

    # The old one's sessions are gone, and there is no way back in.
    assert old.get("/desk").location.startswith("/login")
    assert cast.users["liaison1"].appointments[0].state is AppointmentState.ENDED
    with pytest.raises(NotYours):
        accounts.sign_in(cast.users["liaison1"], "127.0.0.1")

    # The new one finds all that was on the desk (and may approve what the old one stood in for), and on the sheet.
    new = cast.by("newcomer")
    assert {line.label: line.count for line in todos(new, clock.today())} == before | {"服务承诺待审定": 1}
    after = browse(cast.users["newcomer"]).get(f"/handover/units/{cast.unit1.id}")
    assert open_cases(after) == open_cases(sheet)
    numbers = {row.number for row in rows}
    assert numbers <= set(" ".join(texts(after, "tbody td")).split())
    assert texts(after, ".handover__name")[:2] == ["高翔", "方圆"]

    # And goes on with each where it stood.
    reporting.file(rows[2], new)
    reporting.reissue(rows[4], new)
    reporting.cancel(rows[0], new, reason="开错了人")
    reporting.end(rows[3], new, reason="退休", kind=EndKind.RETIRED)


def test_what_the_old_liaison_stood_in_for_they_still_may_not_confirm(cast):
    rows = ten_cases(cast)
    replaced(cast)
    pledge = db.session.scalars(select(pledging.Pledge)).one()
    gone = cast.users["liaison1"]
    cast.appoint("liaison1", gone.name, Role.DEPARTMENT, supervisor=cast.dept1)
    cast.appoint("liaison1", gone.name, Role.CLERK, community=cast.community1)
    db.session.commit()
    with pytest.raises(NotYours):
        pledging.approve(pledge, cast.by("liaison1", Role.DEPARTMENT))
    with pytest.raises(RuleBroken, match="是您以单位联络员身份代办的"):
        reporting.accept(rows[1], cast.by("liaison1", Role.CLERK))
    db.session.rollback()
    pledging.approve(pledge, cast.by("newcomer"))
    reporting.accept(rows[1], cast.by("clerk1b"))


def test_where_it_is_offered(cast, browse):
    at = f"/handover/communities/{cast.community1.id}"
    clerk, town = browse(cast.users["clerk1"]), browse(cast.users["chengguan"])
    assert at in clerk.get("/desk").text
    appointment = cast.users["clerk1"].appointments[0].id
    assert at in town.get(f"/appointments/{appointment}").text
    ending = town.get(f"/appointments/{appointment}/end").text
    assert at in ending and "待办归岗位" in ending
    assert at in town.get(f"/organisations/communities/{cast.community1.id}").text
    assert "/handover/" not in browse(cast.users["admin"]).get(f"/appointments/{appointment}").text
    assert "/handover/" not in browse(cast.users["member1"]).get("/desk").text
