"""The calendar as a spreadsheet: shown row by row with the service days that it moves, then written."""

import datetime as dt
import io

import openpyxl
from sqlalchemy import select

from portal.extensions import db
from portal.scheme import workflow
from portal.scheme.models import CalendarDay, DayKind
from portal.sheet_writing import new_book
from tests.pages import select as found_by
from tests.pages import texts

AT = "/scheme/calendar/2027/upload"
HEADS = (("日期", 16), ("安排", 12), ("说明", 20))


def sent(browser, data: bytes, address: str = AT, **ticked: str):
    file = {"file": (io.BytesIO(data), "放假.xlsx")}
    return browser.post(address, data=file | ticked, content_type="multipart/form-data")


def test_the_template_read_back_is_taken(cast, browse):
    browser = browse(cast.users["county"])
    book = openpyxl.load_workbook(io.BytesIO(browser.get("/scheme/calendar/template.xlsx").data))
    assert book.sheetnames == ["放假和调休", "填写说明"]
    sheet = book["放假和调休"]
    assert [cell.value for cell in sheet[2]] == ["日期*", "安排*", "说明"]
    sheet["A3"], sheet["B3"], sheet["C3"] = "2027年3月27日（星期六）", "调休上班", "清明节"
    written = io.BytesIO()
    book.save(written)
    page = sent(browser, written.getvalue())
    assert texts(page, "tbody tr") == ["32027年3月27日调休上班清明节 新增"]
    moved = "2027年第一季度：2027年3月27日至28日 → 2027年3月20日至21日（因3月27日调休上班，提前一周）"
    assert texts(page, ".banner li") == [moved]


def test_each_row_is_told_and_only_the_right_ones_are_written(cast, browse):
    workflow.set_days(cast.by("county"), {dt.date(2027, 10, 1): (DayKind.HOLIDAY, "国庆节"),
                                          dt.date(2027, 10, 2): (DayKind.HOLIDAY, "国庆")})  # fmt: skip
    db.session.commit()
    rows = [
        (dt.date(2027, 10, 1), "放假", "国庆节"),
        (dt.date(2027, 10, 2), "放假", "国庆节"),
        ("2027.10.3", "休", ""),
        (20271009, "上班", "补国庆节"),
        (46670, "放假", "日期没了格式"),
        ("2027-13-01", "放假", "没有十三月"),
        ("2027-10-05", "喝茶", ""),
        ("", "放假", "没有日期"),
        (dt.date(2027, 10, 1), "放假", "国庆节"),
        ("2027-10-06", "放假", "=1+1"),
        ("2027-10-07", "放假", "长" * 41),
    ]
    browser = browse(cast.users["county"])
    page = sent(browser, new_book("表", HEADS, rows))
    bad = "看不懂"
    results = ["无变化", "更正", "新增", "新增", "新增", bad, bad, bad, "表内重复", "新增", bad]
    assert texts(page, 'td[data-label="结果"] .tag') == results
    for reason in ("“2027-13-01”无法识别", "“喝茶”无法识别", "日期没有填写", "前面已有这一天", "原为放假（国庆）"):
        assert reason in page.text
    assert len(db.session.scalars(select(CalendarDay)).all()) == 2
    assert texts(page, "main .button--primary") == ["写入 5 行"]
    lines = found_by(page, "[name=lines]")[0].get("value")
    assert browser.post("/scheme/calendar/2027/paste", data={"lines": lines}).status_code == 303
    days = {row.day: (row.kind.value, row.note) for row in db.session.scalars(select(CalendarDay))}
    assert days == {
        dt.date(2027, 10, 1): ("holiday", "国庆节"), dt.date(2027, 10, 2): ("holiday", "国庆节"),
        dt.date(2027, 10, 3): ("holiday", "放假"), dt.date(2027, 10, 6): ("holiday", "=1+1"),
        dt.date(2027, 10, 9): ("workday", "补国庆节"), dt.date(2027, 10, 10): ("holiday", "日期没了格式"),
    }  # fmt: skip
    again = sent(browser, new_book("表", HEADS, rows[:5]))
    assert found_by(again, "main .button--primary") == [] and "0 行要写入" in again.text


def test_who_asks_for_it_gets_the_own_workbook_back_with_the_errors_marked(cast, browse):
    browser = browse(cast.users["county"])
    rows = [("2027-10-01", "放假", "国庆节"), ("2027-13-01", "喝茶", ""), ("2027-10-01", "放假", "国庆节")]
    answer = sent(browser, new_book("表", HEADS, rows), marked="y")
    assert "spreadsheetml" in answer.mimetype
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data))["表"]
    told = [[cell.value for cell in row][3] for row in sheet.iter_rows(max_col=4)]
    assert told[:2] == ["错误原因", None]
    assert "“2027-13-01”无法识别" in told[2] and "“喝茶”无法识别" in told[2] and told[3] == "前面已有这一天。"
    assert db.session.scalars(select(CalendarDay)).all() == []
    # Where nothing is wrong, what it would change is shown instead.
    assert texts(sent(browser, new_book("表", HEADS, rows[:1]), marked="y"), "main .button--primary") == ["写入 1 行"]


def test_what_is_no_table_of_days_is_refused_in_words(cast, browse):
    browser = browse(cast.users["county"])
    many = [(dt.date(2027, 1, 1) + dt.timedelta(n), "放假", "") for n in range(301)]
    for data, sentence in (
        (b"not a workbook", "这不是 WPS 或 Excel 表格"),
        (new_book("表", (("姓名", 10), ("性别", 10), ("手机号", 10)), [("王兰", "女", "1")]), "没有找到表头"),
        (new_book("表", HEADS, []), "没有找到表头"),
        (
            new_book("表", HEADS, many),
            "一次最多300天",
        ),
    ):
        answer = sent(browser, data)
        assert answer.status_code == 422 and sentence in answer.text
    assert browser.post(AT).status_code == 422
    for name in ("clerk1", "liaison1", "member1", "committee"):
        assert sent(browse(cast.users[name]), b"x").status_code == 403
    assert db.session.scalars(select(CalendarDay)).all() == []
