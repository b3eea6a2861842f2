"""Writes the untidy rosters in fixtures/, as offices keep them in WPS and Excel: python -m tests.rosters.make_fixtures.

Each untidiness stands on a line of its own, so that a test can say what becomes of that line.
"""
# ruff: noqa: E501 - a roster's row is read best as a row

import datetime as dt
import io
from pathlib import Path

import xlsxwriter
import xlwt

FIXTURES = Path(__file__).parent / "fixtures"
MADE = dt.datetime(2026, 3, 1)

HEAD = ["序号", "姓　名", "性别", "民族", "出生\n年月", "入党日期", "党员类别", "领导干部", "文化程度", "职 务", "社区", "小区",
        "现住址", "联系电话（必填）", "备注"]  # fmt: skip
# What stands on lines 6, 7, … of untidy.xlsx.
UNTIDY = [
    [1, "王　强", "男", "汉", "1980.5", "2014.5.15", "正式", "否", "大学本科", "教研组长", "儒林社区", "儒林苑", "3号楼501", 13891702001, ""],
    [2, "张龑䶮", "男性", "汉族", 1980.5, 20140515, "正式党员", "√", "研究生", "副校长", "儒林", "", "东大街12号", "１３８９１７０２００２", ""],
    [3, "阿依古丽•买买提", "女", "维吾尔", 198005, "2014年5月15日", "预备党员", "", "专科", "", "城关镇儒林社区", "", "", " 138 9170 2003 ", ""],
    [4, "李 梅", "女", "回族", "19800512", dt.date(2014, 5, 15), "", "×", "中专", "", "凤鸣社区居委会", "", "", "138-9170-2004", ""],
    [],
    [5, "赵晓梅", "女", "", dt.date(1980, 5, 12), "2014-05-15", "", "", "", "", "", "儒林苑", "1号楼", "13891702005", "社区不清楚"],
    [6, "孙桂芳", "女", "", "1980年5月", "2014/5/15", "", "", "", "", "儒林社区", "", "", "1.3891702006E+10", ""],
    [7, "周文", "男", "", "1980.05\n(46岁)", "", "", "", "", "", "儒林社区", "", "", "1.38917E+10", "科学计数"],
    [8, "吴敏", "女", "", 1980.1, "", "", "", "", "", "儒林社区", "", "", "13891702008", "1月还是10月"],
    [9, "郑爽", "", "", "1980.13", "", "", "", "", "", "儒林社区", "", "", "1389170200", "缺性别、月份不对、少一位"],
    [10, "王强", "男", "汉族", "1980-05", "2014-05", "正式", "否", "本科", "教研组长", "儒林社区", "儒林苑", "3号楼501", "13891702001", "与第6行重复"],
    [11, "李梅", "女", "回族", "1980-05", "2014-05", "", "否", "中专", "", "儒林社区", "", "", "13891702004", "与第9行社区不同"],
    [12, "单雪", "男", "", "1980-05", "", "", "", "", "", "儒林社区", "", "", "13891701003", "在县医院名册"],
    [13, "欧阳䶮", "男", "", "1980.05", "", "", "", "", "", "儒林社区", "", "", "13891701001", "已在本单位名册"],
    [14, "钱多", "男", "", "1980.05", "", "", "", "", "", "如林社区", "", "", "13891702014", "社区写错"],
    [15, "冯远", "男", "", 29353, "", "", "", "", "", "", "", "", "13891702015", "没有社区"],
    [16, "", "", "", "", "", "", "", "", "", "", "", "", "", ""],
    ["合计", "15人", "", "", "", "", "", "", "", "", "", "", "", "", ""],
    ["填表人：高翔", "", "", "", "", "", "", "", "", "", "", "", "", "联系电话：7212345", ""],
]  # fmt: skip
PLAIN_HEAD = ["姓名", "性别", "出生年月", "手机号", "居住社区"]


def sheet_of(book, name: str, rows: list[list], top: int = 0):
    """Write rows as they are: numbers as numbers, dates as dates."""
    sheet = book.add_worksheet(name)
    day = book.add_format({"num_format": "yyyy/m/d"})
    for line, row in enumerate(rows, top):
        for at, cell in enumerate(row):
            if isinstance(cell, dt.date):
                sheet.write_datetime(line, at, cell, day)
            elif cell != "":
                sheet.write(line, at, cell)
    return sheet


def workbook(fill) -> bytes:
    """A workbook that is the same every time it is made."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        book.set_properties({"created": MADE, "author": "凤翔中学办公室"})
        fill(book)
    return buffer.getvalue()


def untidy(book) -> None:
    """Merged titles above the head, which stands on line 5."""
    sheet = sheet_of(book, "花名册", [HEAD, *UNTIDY], top=4)
    centred = book.add_format({"align": "center", "bold": True, "font_size": 18})
    sheet.merge_range("A1:O1", "凤翔中学在职党员花名册", centred)
    sheet.merge_range("A2:O2", "（2026年3月）", centred)
    sheet.merge_range("A3:E3", "填报单位：凤翔中学党支部")
    sheet.write("N3", "填报日期：2026.3.1")
    sheet_of(book, "Sheet2", [])


def two_sheets(book) -> None:
    """Two branches on two sheets, a note between them, last year's roster hidden."""
    sheet_of(book, "一支部", [PLAIN_HEAD, ["王强", "男", "1980-05", "13891702001", "儒林社区"]])
    sheet_of(book, "说明", [["请各支部于3月底前报送。"]])
    sheet_of(book, "二支部", [["二支部"], PLAIN_HEAD, ["李梅", "女", "1981-06", "13891702004", "凤鸣社区"]])
    old = sheet_of(book, "去年", [PLAIN_HEAD, ["旧人", "男", "1970-01", "13891702099", "儒林社区"]])
    old.hide()


def two_line_head(book) -> None:
    """A head of two lines, the upper one with merged groups."""
    upper = ["姓名", "性别", "出生年月", "居住情况", "", "联系方式"]
    lower = ["", "", "", "社区", "家庭住址", "手机"]
    sheet = sheet_of(book, "Sheet1", [upper, lower, ["王强", "男", "1980-05", "儒林社区", "3号楼", "13891702001"]])
    sheet.merge_range("D1:E1", "居住情况")


def without_phones(book) -> None:
    """A head that lacks a needed column."""
    sheet_of(book, "Sheet1", [["姓名", "性别", "出生年月", "职务"], ["王强", "男", "1980-05", "教师"]])


def old_xls() -> bytes:
    """An .xls as Excel 97 and WPS still write it, dates as dates, phones as numbers."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("花名册")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    sheet.write_merge(0, 0, 0, 4, "县医院党员名册")
    rows = [
        PLAIN_HEAD,
        ["王强", "男", dt.date(1980, 5, 12), 13891702001, "儒林社区"],
        ["李梅", "女", "", 13891702004, "儒林社区"],
    ]
    for line, row in enumerate(rows, 1):
        for at, cell in enumerate(row):
            sheet.write(line, at, cell, *([day] if isinstance(cell, dt.date) else []))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def large(people: int, first: int = 0) -> bytes:
    """A tidy roster of any size with the template's columns, all different people; the bench measures with it."""
    surnames, letters = "王李张刘陈杨赵黄周吴", "文强梅兰建国敏军丽伟芳静磊洋勇艳杰娟涛明"
    head = [
        "姓名",
        "性别",
        "民族",
        "出生年月",
        "入党时间",
        "党员类型",
        "是否领导干部",
        "学历",
        "所在支部",
        "职务",
        "职称",
        "居住社区",
        "家庭住址",
        "手机号",
        "是否居住县城",
    ]

    def row(n: int) -> list:
        name = surnames[n % 10] + letters[n // 10 % 20] + letters[n // 200 % 20]
        born = f"{1966 + n % 35}-{n // 35 % 12 + 1:02d}"
        home = "儒林社区" if n % 3 else "凤鸣社区"
        return [
            name,
            "男" if n % 2 else "女",
            "汉族",
            born,
            "2020.7",
            "正式",
            "否",
            "大学",
            f"第{n % 9 + 1}党支部",
            "科员",
            "",
            home,
            f"东大街{n % 90}号院{n % 12}号楼{n}室",
            f"139{n:08d}",
            "是",
        ]

    return workbook(lambda book: sheet_of(book, "Sheet1", [head, *(row(n) for n in range(first, first + people))]))


def write_all() -> None:
    """Write every fixture anew."""
    FIXTURES.mkdir(exist_ok=True)
    made = {fill.__name__: workbook(fill) for fill in (untidy, two_sheets, two_line_head, without_phones)}
    for name, data in made.items():
        (FIXTURES / f"{name}.xlsx").write_bytes(data)
    (FIXTURES / "truncated.xlsx").write_bytes(made["untidy"][: len(made["untidy"]) * 6 // 10])
    (FIXTURES / "old.xls").write_bytes(old_xls())


if __name__ == "__main__":
    write_all()
