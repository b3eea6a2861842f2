"""The pages of closing a year over HTTP: the preview and its lists, two persons, the recount, a correction."""

import datetime as dt

from portal.closing import queries
from portal.closing.kinds import KINDS
from portal.extensions import db
from portal.records.models import RecordState
from portal.scheme.models import SchemeYear
from tests.closing.conftest import YEAR, a_record, close, run
from tests.evaluations.conftest import a_note


def test_a_year_is_closed_over_http_by_two_people(cast, browse):
    record = a_record(cast, confirmed=False)
    first, second = browse(cast.users["county"]), browse(cast.users["county_b"])
    page = first.get(f"/closing/{YEAR}").text
    assert "还有没办完的，不能结账" in page and 'data-kind="records"' in page and "提出结账" not in page
    assert "清理楼道杂物" in first.get(f"/closing/{YEAR}/list/records").text
    assert first.post(f"/closing/{YEAR}/reject", data={"reason": ""}).status_code == 422
    assert first.post(f"/closing/{YEAR}/reject", data={"reason": "年终没有等到确认"}).status_code == 303
    db.session.expire_all()
    assert record.state is RecordState.REJECTED
    assert first.post(f"/closing/{YEAR}/propose").status_code == 303
    assert first.post(f"/closing/{YEAR}/confirm").status_code == 403
    assert second.post(f"/closing/{YEAR}/confirm").status_code == 303
    assert "后台正在结账" in first.get(f"/closing/{YEAR}").text
    run()
    page = first.get(f"/closing/{YEAR}").text
    assert "已结账" in page and queries.of_year(YEAR).sha256 in page
    assert first.get(f"/closing/{YEAR}/6/supervisors").status_code == 200
    assert first.get(f"/closing/{YEAR}/7/units").status_code == 404


def test_every_list_of_the_preview_opens(cast, browse):
    browser, note = browse(cast.users["county"]), a_note(cast)
    note.year = YEAR
    db.session.commit()
    assert f"欧阳䶮的随时反馈（{note.number}）" in browser.get(f"/closing/{YEAR}/list/notes").text
    for key in KINDS:
        assert browser.get(f"/closing/{YEAR}/list/{key}").status_code == 200, key
    assert browser.get(f"/closing/{YEAR}/list/none").status_code == 404
    assert browser.get("/closing/2031").status_code == 404


def test_a_record_of_a_closed_year_says_so_and_is_opened_by_the_county(cast, browse):
    record = a_record(cast)
    close(cast)
    clerk, county = browse(cast.users["clerk1"]), browse(cast.users["county"])
    page = clerk.get(f"/records/{record.id}").text
    assert "2025年度已结账" in page and "作废并重写" not in page and "开放更正" not in page
    assert "开放更正" in county.get(f"/records/{record.id}").text
    answer = county.post(f"/closing/corrections/new/{record.id}", data={"reason": "多记了两小时"})
    assert answer.status_code == 303
    assert "作废并重写" in clerk.get(f"/records/{record.id}").text
    assert "多记了两小时" in county.get("/closing/corrections").text
    assert county.get(answer.location).status_code == 200
    assert county.get(f"/closing/corrections/new/{record.id}").status_code == 404


def test_the_next_year_takes_over_the_settings_with_its_dates_moved_on(cast, browse):
    last = db.session.scalars(db.select(SchemeYear).where(SchemeYear.year == 2027)).one()
    db.session.delete(last)
    this = queries.stored(2026)
    this.least_services, this.report_in_by = 3, dt.date(2026, 5, 20)
    db.session.commit()
    assert browse(cast.users["county"]).post("/scheme/2027/open").status_code == 303
    opened = queries.stored(2027)
    assert (opened.least_services, opened.report_in_by, opened.closed_at) == (3, dt.date(2027, 5, 20), None)


def test_the_county_is_reminded_until_the_year_is_closed(cast, browse):
    assert "2025年度可以结账" in browse(cast.users["county"]).get("/desk").text
    close(cast)
    assert "2025年度可以结账" not in browse(cast.users["county"]).get("/desk").text
