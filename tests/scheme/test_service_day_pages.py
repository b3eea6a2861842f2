"""The page of the service days, its calendar file, and the county's own setting of a quarter's days."""

import datetime as dt

import pytest
import time_machine
from sqlalchemy import select

from portal.audit import AuditRow
from portal.extensions import db
from portal.scheme import queries, workflow
from portal.scheme.models import SchemeYear, ServiceDayOverride
from tests.kernel.test_ics import unfolded
from tests.pages import select as select_by
from tests.pages import texts

OTHER = {"starts_on": "2026-06-13", "ends_on": "2026-06-14", "note": "因中考，提前两周"}
AT = "/service-days/2026/2"


def row_of(page, quarter: int) -> str:
    return texts(page, f"#quarter-{quarter}")[0]


def test_everybody_reads_the_years_four_days_and_why(cast, client):
    workflow.set_days(cast.by("county"), workflow.known_days(2025))
    db.session.commit()
    page = client.get("/service-days/2025")
    assert "2025年3月29日至30日" in row_of(page, 1)
    assert "2025年9月20日至21日" in row_of(page, 3) and "因9月28日调休上班，提前一周" in row_of(page, 3)
    assert "2025年12月27日至28日" in row_of(page, 4)
    assert texts(page, ".act") == []


def test_an_unknown_year_is_provisional_and_never_an_error(client, app):
    for year in (2014, 2031, 2099):
        page = client.get(f"/service-days/{year}")
        assert all("暂估" in row_of(page, quarter) or "已过" in row_of(page, quarter) for quarter in (1, 2, 3, 4))
    assert client.get("/service-days/2013").status_code == client.get("/service-days/2100").status_code == 404


@time_machine.travel("2026-06-27 04:00Z", tick=False)
def test_today_and_what_is_past_are_marked(client, app):
    page = client.get("/service-days")
    assert [texts(page, f"#quarter-{n} .tag")[0] for n in (1, 2, 3, 4)] == ["已过", "今天", "暂估", "暂估"]
    assert "2026年6月27日至28日" in client.get("/").text


def test_the_calendar_file_keeps_its_uids_when_the_days_change(cast, client):
    def events():
        answer = client.get("/service-days/2026.ics")
        assert answer.mimetype == "text/calendar"
        lines = unfolded(answer.data)
        return [line.removeprefix("UID:") for line in lines if line.startswith("UID:")], lines

    uids, before = events()
    assert uids == [f"service-days-2026-{quarter}@127.0.0.1" for quarter in (1, 2, 3, 4)]
    assert "DTSTART;VALUE=DATE:20260627" in before and "DTEND;VALUE=DATE:20260629" in before
    assert "SUMMARY:在职党员进社区服务日（暂估）" in before
    workflow.set_service_days(cast.by("county"), 2026, 2, dt.date(2026, 6, 13), dt.date(2026, 6, 14), "因中考;提前")
    db.session.commit()
    again, after = events()
    assert again == uids and "DTSTART;VALUE=DATE:20260613" in after
    assert "DESCRIPTION:县里另行确定：因中考\\;提前（按规则是2026年6月27日至28日）" in after


@time_machine.travel("2026-05-15 04:00Z", tick=False)
def test_the_county_sets_a_quarters_days_and_every_page_says_so(cast, browse, client):
    browser = browse(cast.users["county"])
    assert "另行确定" in row_of(browser.get("/service-days/2026"), 2)
    form = browser.get(AT)
    assert [field.get("value") for field in select_by(form, "[name$=_on]")] == ["2026-06-27", "2026-06-28"]
    assert browser.post(AT, data=OTHER).location == "/service-days/2026"
    said = "县里另行确定：因中考，提前两周（按规则是2026年6月27日至28日）"
    for address in ("/service-days/2026", "/"):
        text = client.get(address).text
        assert "2026年6月13日至14日" in text and said in text, address
    assert said in browser.get("/scheme/2026").text
    audited = db.session.scalars(select(AuditRow).where(AuditRow.act == "service_days.set")).one()
    assert audited.reason == "因中考，提前两周"
    assert browser.post(f"{AT}/drop").status_code == 303
    assert "另行确定：" not in client.get("/service-days/2026").text
    assert db.session.scalars(select(AuditRow).where(AuditRow.act == "service_days.drop")).one()
    assert browser.post(f"{AT}/drop").status_code == 404


def test_one_day_is_enough_and_the_administrator_may_too(cast, browse):
    browser = browse(cast.users["admin"])
    assert browser.post(AT, data={"starts_on": "2026-06-13", "note": "因中考"}).status_code == 303
    assert queries.service_days_of(2026)[1].words == "2026年6月13日"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"note": ""}, "请写明原因。"),
        ({"starts_on": ""}, "请填写日期。"),
        ({"starts_on": "2026-07-04", "ends_on": "2026-07-05"}, "服务日要在2026年第二季度之内。"),
        ({"starts_on": "2025-06-13", "ends_on": ""}, "服务日要在2026年第二季度之内。"),
        ({"starts_on": "2026-06-30", "ends_on": "2026-07-01"}, "服务日要在2026年第二季度之内。"),
        ({"ends_on": "2026-06-12"}, "最多7天"),
        ({"ends_on": "2026-06-20"}, "最多7天"),
        ({"starts_on": "2026-06-27", "ends_on": "2026-06-28"}, "按规则就是2026年6月27日至28日，不用另行确定。"),
    ],
)
def test_a_refused_setting_says_why_and_keeps_what_was_typed(cast, browse, typed, sentence):
    answer = browse(cast.users["county"]).post(AT, data=OTHER | typed)
    assert answer.status_code in (409, 422) and sentence in answer.text
    assert (OTHER | typed)["starts_on"] in answer.text
    assert db.session.scalars(select(ServiceDayOverride)).all() == []


def test_the_second_of_two_sees_both_texts(cast, browse):
    first, second = browse(cast.users["county"]), browse(cast.users["county_b"])
    assert first.post(AT, data=OTHER).status_code == 303
    late = second.post(AT, data={"starts_on": "2026-06-20", "ends_on": "2026-06-21", "note": "因高温", "version": ""})
    assert late.status_code == 409
    for words in ("2026年6月20日", "2026年6月13日", "因高温", "因中考，提前两周"):
        assert words in late.text
    again = {"starts_on": "2026-06-20", "ends_on": "2026-06-21", "note": "因高温", "version": "1"}
    assert second.post(AT, data=again).status_code == 303
    assert first.post(AT, data=OTHER | {"version": "1"}).status_code == 409
    assert queries.override_of(2026, 2).note == "因高温"


def test_a_closed_year_keeps_its_days(cast, browse):
    year = db.session.scalars(select(SchemeYear).where(SchemeYear.year == 2025)).one()
    year.closed_at = dt.datetime(2026, 2, 1, tzinfo=dt.UTC)
    db.session.commit()
    other = {"starts_on": "2025-06-14", "note": "因中考"}
    answer = browse(cast.users["county"]).post("/service-days/2025/2", data=other)
    assert answer.status_code == 409 and "2025年度已结账" in answer.text
