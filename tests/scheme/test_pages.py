"""Pages of the year and of the calendar: who keeps them, both texts, pasted days, the library's days."""

import datetime as dt
import re

import pytest
import time_machine
from sqlalchemy import select

from portal.errors import RuleBroken
from portal.extensions import db
from portal.scheme import queries, workflow
from portal.scheme.models import CalendarDay, DayKind, SchemeYear

EVERYBODY = {
    "county", "admin", "dept1", "chengguan", "committee", "inspector", "liaison1", "clerk1", "grid1", "member1",
}  # fmt: skip
KEEPERS = {"county", "admin"}
YEAR = {
    "report_in_by": "2026-05-15", "roster_by": "2026-04-01", "later_report_in_days": "30",
    "inspection_on": "2026-05-19",
    "yearly_report_by": "2026-11-30", "evaluations_from": "2026-11-01", "evaluation_reply_days": "15",
    "certificate_valid_days": "30", "least_services": "2", "least_hours": "8",
    "late_record_days": "7", "wish_review_workdays": "3", "wish_finish_workdays": "15", "wish_extension_workdays": "15",
    "wish_fitting_days": "7", "wish_teams_days": "15", "wish_town_days": "30", "wish_county_days": "15",
    "wish_confirm_days": "7", "wish_reopen_days": "15", "wish_archive_days": "30", "wish_proposal_hours": "48",
    "most_open_claims": "2", "transfer_release_days": "10",
    "pledge_shown_workdays": "3", "remark_answer_workdays": "7",
    "suggestion_answer_workdays": "15", "difficulty_answer_workdays": "10", "version": "1",
}  # fmt: skip


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/scheme", 200), ("/scheme/2026", 200), ("/scheme/2026/edit", 200), ("/scheme/calendar", 200),
        ("/scheme/calendar/2028", 200), ("/scheme/2031", 404), ("/scheme/2031/edit", 404), ("/scheme/2013", 404),
        ("/scheme/10000", 404), ("/scheme/calendar/0000", 404),
    ],
)  # fmt: skip
def test_the_doors(cast, browse, client, address, status):
    for name in EVERYBODY:
        answer = browse(cast.users[name]).get(address).status_code
        assert answer == (status if name in KEEPERS else 404 if "2013" in address or "0000" in address else 403)
    if "2013" not in address and "0000" not in address:
        assert client.get(address).status_code == 302


@pytest.mark.parametrize("address", ["/scheme/2028/open", "/scheme/calendar/2026/add", "/scheme/calendar/2026/seed"])
def test_nobody_else_writes(cast, browse, address):
    for name in EVERYBODY - KEEPERS:
        assert browse(cast.users[name]).post(address).status_code == 403
    assert db.session.scalars(select(CalendarDay)).all() == []


def test_a_year_is_opened_with_the_dates_of_the_notice(cast, browse):
    with time_machine.travel("2027-12-01 04:00Z", tick=False):
        browser = browse(cast.users["county"])
        assert "开设2028年度" in browser.get("/scheme").text
        assert browser.post("/scheme/2028/open").location == "/scheme/2028"
        assert browser.post("/scheme/2028/open").status_code == 409
        assert browser.post("/scheme/2029/open").status_code == 404
        page = browser.get("/scheme/2028").text
        listed = re.sub("<[^>]+>", " ", browser.get("/scheme").text)
    assert re.search("2028年度[^度]+还没开始", listed) and re.search("2027年度[^度]+进行中", listed)
    for words in ("2028年5月15日", "2028年5月19日", "2028年11月30日", "暂估"):
        assert words in page


def test_the_county_changes_a_year_and_the_second_sees_both_texts(cast, browse):
    first, second = browse(cast.users["county"]), browse(cast.users["county_b"])
    assert first.post("/scheme/2026/edit", data=YEAR | {"least_hours": "10"}).status_code == 303
    year = db.session.scalars(select(SchemeYear).where(SchemeYear.year == 2026)).one()
    assert (year.least_half_hours, year.version) == (20, 2)
    stale = second.post("/scheme/2026/edit", data=YEAR | {"report_in_by": "2026-05-20"})
    assert stale.status_code == 409
    for words in ("2026年5月20日", "2026年5月15日", "或最少服务小时"):
        assert words in stale.text
    assert db.session.get(SchemeYear, year.id).report_in_by == dt.date(2026, 5, 15)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"report_in_by": "2026-03-01"}, "报到截止不能早于名册截止。"),
        ({"report_in_by": ""}, "请填写日期。"),
        ({"report_in_by": "10000-01-01"}, "请填写有效的日期"),
        ({"wish_teams_days": "40"}, "三步的天数要一步比一步长。"),
        ({"wish_review_workdays": "0"}, "请填写 1 到 60 之间的整数。"),
        ({"wish_review_workdays": "9223372036854775808"}, "请填写"),
        ({"most_open_claims": "两"}, "请填写整数。"),
    ],
)
def test_a_refused_year_says_why_and_changes_nothing(cast, browse, typed, sentence):
    answer = browse(cast.users["county"]).post("/scheme/2026/edit", data=YEAR | typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert db.session.scalars(select(SchemeYear.version).where(SchemeYear.year == 2026)).one() == 1


@pytest.mark.parametrize(("moment", "words"), [("closed_at", "2025年度已结账"), ("locked_at", "2025年度正在结账")])
def test_a_closed_or_closing_year_is_read_only_with_its_calendar(cast, browse, moment, words):
    year = db.session.scalars(select(SchemeYear).where(SchemeYear.year == 2025)).one()
    setattr(year, moment, dt.datetime(2026, 2, 1, tzinfo=dt.UTC))
    off = CalendarDay(day=dt.date(2025, 10, 1), kind=DayKind.HOLIDAY, note="国庆节")
    db.session.add(off)
    db.session.commit()
    office = browse(cast.users["county"])
    a_day = {"day": "2025-10-02", "kind": "holiday", "note": "国庆节"}
    for where, typed in (
        ("/scheme/2025/edit", YEAR | {"least_services": "3"}), ("/scheme/calendar/2025/add", a_day),
        (f"/scheme/calendar/days/{off.id}/remove", {}), ("/scheme/calendar/2025/seed", {}),
    ):  # fmt: skip
        answer = office.post(where, data=typed)
        assert answer.status_code == 409 and words in answer.text, where
    assert db.session.scalars(select(CalendarDay.day)).all() == [dt.date(2025, 10, 1)]


def test_the_library_knows_2026_and_says_so_of_2027(cast, browse):
    browser = browse(cast.users["county"])
    assert browser.post("/scheme/calendar/2026/seed").status_code == 303
    page = browser.get("/scheme/calendar/2026").text
    assert "2026年10月1日" in page and "国庆节" in page and "共 39 天" in page
    calendar = queries.calendar(2026, 2026)
    assert not calendar.is_workday(dt.date(2026, 10, 1))
    assert calendar.is_workday(dt.date(2026, 2, 14))
    refused = browser.post("/scheme/calendar/2027/seed")
    assert refused.status_code == 409 and "系统里没有2027年的放假安排" in refused.text


def test_days_are_added_corrected_pasted_and_removed(cast, browse):
    browser = browse(cast.users["county"])
    at = "/scheme/calendar/2027"
    assert browser.post(f"{at}/add", data={"day": "2027-10-01", "kind": "holiday", "note": "国庆"}).status_code == 303
    assert browser.post(f"{at}/add", data={"day": "2027-10-01", "kind": "holiday", "note": "国庆节"}).status_code == 303
    pasted = "2027-10-01\t放假\t国庆节\n2027.10.2 放假 国庆节\n\n２０２７年10月9日，调休上班\n20271010 班 补国庆\n"
    assert browser.post(f"{at}/paste", data={"lines": pasted}).status_code == 303
    days = db.session.execute(select(CalendarDay.day, CalendarDay.kind, CalendarDay.note).order_by(CalendarDay.day))
    assert [tuple(row) for row in days] == [
        (dt.date(2027, 10, 1), DayKind.HOLIDAY, "国庆节"),
        (dt.date(2027, 10, 2), DayKind.HOLIDAY, "国庆节"),
        (dt.date(2027, 10, 9), DayKind.WORKDAY, "调休上班"),
        (dt.date(2027, 10, 10), DayKind.WORKDAY, "补国庆"),
    ]
    first = db.session.scalars(select(CalendarDay.id).order_by(CalendarDay.day)).first()
    assert browser.post(f"/scheme/calendar/days/{first}/remove").status_code == 303
    assert browser.post(f"/scheme/calendar/days/{first}/remove").status_code == 404


@pytest.mark.parametrize(
    "line", ["国庆节放假七天", "2027-13-01 放假", "2027-10-01", "2027-10-01 喝茶", "0000-01-01 放假"]
)
def test_a_line_that_cannot_be_read_is_named_and_nothing_is_written(cast, browse, line):
    answer = browse(cast.users["county"]).post(
        "/scheme/calendar/2027/paste", data={"lines": f"2027-10-01 放假 国庆节\n{line}"}
    )
    assert answer.status_code == 422
    assert "第 2 行看不懂" in answer.text
    assert db.session.scalars(select(CalendarDay)).all() == []


def test_the_command_seeds_every_known_year(app):
    result = app.test_cli_runner().invoke(args=["scheme", "seed-calendar", "2026"])
    assert (result.exit_code, result.output) == (0, "2026年：39 天有变化。\n")
    again = app.test_cli_runner().invoke(args=["scheme", "seed-calendar", "2026"])
    assert again.output == "2026年：0 天有变化。\n"
    assert app.test_cli_runner().invoke(args=["scheme", "seed-calendar", "2030"]).exit_code == 1


def test_a_year_beyond_the_library_is_refused_in_words(app):
    with pytest.raises(RuleBroken, match="请按国务院办公厅通知录入"):
        workflow.known_days(2040)
