"""The page of pictures: each with its table, over one's own scope; what the tables say by hand."""

import datetime as dt

import page as validator
import pytest

from portal.extensions import db
from portal.pledges.models import FiveOne
from portal.records.models import RecordState
from tests.pages import texts
from tests.papers.making import accepted, certificate, service

NOW = "2026-11-20 02:00:00+00:00"
PICTURES = ("reported", "ones", "wishes", "waits", "months", "heat")


@pytest.fixture
def served(cast, time_machine):
    """member1, registered in community1, served two hours in March and one and a half in May; June's waits."""
    time_machine.move_to(NOW)
    member = cast.member1_row
    accepted(certificate(member))
    for day, halves in ((dt.date(2026, 3, 28), 4), (dt.date(2026, 5, 9), 3)):
        service(member, day, half_hours=halves)
    service(member, dt.date(2026, 6, 6), half_hours=8, state=RecordState.PENDING)
    db.session.commit()
    return cast


@pytest.mark.parametrize("name", ["county", "dept1", "chengguan", "committee", "liaison1", "clerk1"])
def test_every_office_has_its_pictures(served, browse, name):
    browser = browse(served.users[name])
    page = browser.get("/charts")
    assert len(texts(page, "main h2")) == len(PICTURES)
    for key in PICTURES:
        answer = browser.get(f"/charts/{key}.svg")
        assert answer.status_code == 200 and answer.mimetype == "image/svg+xml", key
        assert answer.data.startswith(b"<svg")


def test_what_is_no_picture_is_not_there(served, browse):
    county = browse(served.users["county"])
    for address in ("/charts/nothing.svg", "/charts/reported.svg?part=9", "/charts/reported.svg?part=x9"):
        expected = 200 if "x9" in address else 404
        assert county.get(address).status_code == expected, address


def test_hours_by_month_are_those_confirmed(served, browse):
    page = browse(served.users["clerk1"]).get("/charts")
    cells = texts(page, "#charts section:nth-of-type(5) tbody tr td:nth-of-type(1)")
    assert cells == ["0", "0", "2", "0", "1.5", "0", "0", "0", "0", "0", "0", "0"]
    other = browse(served.users["clerk2"]).get("/charts")
    assert set(texts(other, "#charts section:nth-of-type(5) tbody td")) == {"0"}


def test_the_service_days_stand_out(served, browse):
    page = browse(served.users["county"]).get("/charts?year=2026")
    march = texts(page, "#charts section:nth-of-type(6) tbody tr:nth-of-type(3) td")
    assert march == ["1", "1", "1"]
    may = texts(page, "#charts section:nth-of-type(6) tbody tr:nth-of-type(5) td")
    assert may == ["1", "1", "0"]


def test_the_five_ones_have_their_lines(served, browse):
    page = browse(served.users["liaison1"]).get("/charts")
    assert texts(page, "#charts section:nth-of-type(2) tbody th") == [one.label for one in FiveOne]


def test_the_file_to_print(served, browse):
    answer = browse(served.users["county"]).get("/charts/all.pdf")
    assert answer.status_code == 200
    for profile in ("2u", "ua1"):
        assert [f.message for f in validator.validate_pdf_bytes(answer.data, profile=profile).failures] == []
