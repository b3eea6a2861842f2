"""Urging with one click: once a day each, by whom it concerns, and where it shows."""

import pytest

from portal.errors import NotYours
from portal.extensions import db
from portal.registrations import urging
from portal.registrations.models import Urge


def urged_members() -> list[str]:
    return sorted(urge.member.name for urge in db.session.query(Urge) if urge.member)


def test_once_a_day_by_the_county_clock(cast, time_machine):
    time_machine.move_to("2026-05-06 15:59:00+00:00")  # 23:59 in the county
    by, members = cast.by("liaison1"), [cast.member1_row, cast.member2_row]
    assert urging.urge_members(members[:1], by).sentence == "已催办 1 人。"
    assert urging.urge_members(members, by).sentence == "已催办 1 人；另有 1 人今天已催办过。"
    assert urging.urge_members(members, by).sentence == "今天已催办过，明天可以再次催办。"
    time_machine.move_to("2026-05-06 16:00:00+00:00")
    assert urging.urge_members(members, by).sentence == "已催办 2 人。"
    assert urging.urge_members([], by).sentence == "没有需要催办的对象。"


def test_a_unit_is_urged_once_a_day_whoever_asks(cast):
    assert urging.urge_units([cast.unit3], cast.by("dept1")).now == 1
    assert urging.urge_units([cast.unit3], cast.by("committee")).now == 0
    assert urging.urge_units([cast.unit3, cast.unit2], cast.by("county")).sentence == (
        "已催办 1 个单位；另有 1 个单位今天已催办过。"
    )


@pytest.mark.parametrize(
    ("person", "urges"),
    [
        ("county", "unit1 unit2 unit3"), ("dept1", "unit1 unit3"), ("dept2", "unit2"), ("committee", "unit3"),
        ("chengguan", ""), ("town2", ""), ("liaison1", ""), ("clerk1", ""), ("member1", ""), ("admin", ""),
        ("inspector", ""), ("grid1", ""),
    ],
)  # fmt: skip
def test_who_urges_which_unit(cast, person, urges):
    allowed = [
        name for name in ("unit1", "unit2", "unit3") if urging.may_urge_unit(getattr(cast, name), cast.by(person))
    ]
    assert allowed == urges.split()


def test_no_foreign_member_or_unit_is_urged(cast):
    with pytest.raises(NotYours):
        urging.urge_members([cast.member1_row, cast.member3_row], cast.by("liaison1"))
    with pytest.raises(NotYours):
        urging.urge_units([cast.unit2], cast.by("dept1"))
    assert db.session.query(Urge).count() == 0


def test_the_liaison_urges_who_has_not_reported(county, browse):
    browser = browse(county.users["liaison1"])
    page = browser.get("/registrations/people?standing=missing").text
    assert "催办全部未报到的人" in page
    answer = browser.post("/registrations/urge/members", data={"row": [county.member1_row.id, county.dual_row.id]})
    assert answer.status_code == 303
    assert urged_members() == ["仇文博"]  # member1 has reported
    browser.post("/registrations/urge/members", data={"all": "1"})
    assert urged_members() == ["仇文博", "安副校长"]
    assert "已催办 1 人；另有 1 人今天已催办过。" in browser.get("/registrations/people?standing=missing").text


def test_the_county_urges_units_that_lack_and_the_unit_reads_it(county, browse):
    browser = browse(county.users["county"])
    browser.post("/registrations/urge/units", data={"unit": county.unit2.id})
    browser.post("/registrations/urge/units", data={"all": "1"})
    assert "已催办 2 个单位；另有 1 个单位今天已催办过。" in browser.get("/registrations/rates?by=unit").text
    page = browse(county.users["liaison1"]).get("/registrations/rates").text
    assert "刘建国催办：本单位还有 2 人没有报到。" in page


@pytest.mark.parametrize("unit", ["unit2", "999999", "x", ""])
def test_a_department_urges_no_foreign_unit(county, browse, unit):
    unit = getattr(county, unit).id if unit == "unit2" else unit
    assert browse(county.users["dept1"]).post("/registrations/urge/units", data={"unit": unit}).status_code == 303
    assert db.session.query(Urge).count() == 0


def test_a_member_reads_that_they_were_urged(cast, browse, registration):
    registration("issued")
    urging.urge_members([cast.member1_row], cast.by("liaison1"))
    db.session.commit()
    assert "高翔请您尽快到居住地社区报到。" in browse(cast.users["member1"]).get("/registrations/mine").text
