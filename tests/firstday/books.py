"""Workbooks for tests: tidy lines for what `cast` knows, and an import brought as far as a test needs."""

import io

import xlsxwriter

from portal import clock
from portal.extensions import db
from portal.firstday import workflow
from portal.firstday.models import FirstdayImport
from portal.firstday.plans import Plan
from portal.web import keep_each

HEADS = {
    "上级党组织": ["代码", "党组织名称", "类别", "是否牵头县城社区"],
    "单位": ["代码", "单位名称", "单位类型", "级别", "上级党组织"],
    "社区": ["代码", "社区名称", "所属镇"],
    "网格": ["社区", "网格代码", "网格名称"],
    "小区": ["社区", "小区名称"],
    "党员": ["单位", "姓名", "性别", "出生年月", "手机号", "居住社区"],
    "报到": [
        "姓名",
        "单位",
        "手机号",
        "证明信编号",
        "开具日期",
        "报到社区",
        "接洽日期",
        "网格",
        "回执编号",
        "备案日期",
    ],
    "本年服务": ["姓名", "单位", "手机号", "服务日期", "时长", "类别", "服务内容", "服务社区"],
}
# A whole scheme: nothing of it is known before.
WHOLE = {
    "上级党组织": [["S91", "东湖镇党委", "镇党委", ""], ["S92", "县林业局党委", "县级部门党组（党委）、人民团体", ""]],
    "单位": [["U91", "县林业局机关党支部", "机关", "县", "县林业局党委"]],
    "社区": [["C91", "东湖社区", "S91"]],
    "网格": [["东湖社区", "G1", "第一网格"]],
    "小区": [["C91", "湖滨小区"]],
    "党员": [
        ["U91", "林森", "男", "1975.10", "13891709101", "东湖社区"],
        ["U91", "柳青", "女", "1982年6月", "13891709102", "东湖社区"],
    ],
    "报到": [["林森", "U91", "", "凤林信2019-12", "2019.5.6", "东湖社区", "20190509", "G1", "东回12", "2019年5月12日"]],
}


def member(name="林森", phone="13891709101", unit="U01", born="1975-10", home="儒林社区", sex="男") -> list:
    """One line of the sheet of members."""
    return [unit, name, sex, born, phone, home]


def reported(name="欧阳䶮", unit="U01", number="旧2019-1", **more) -> list:
    """One line of the sheet of registrations."""
    facts = {"phone": "", "issued": "2019-05-06", "community": "儒林社区", "accepted": "2019-05-09", "grid": "",
             "receipt": "", "filed": ""} | more  # fmt: skip
    return [name, unit, facts["phone"], number, facts["issued"], facts["community"], facts["accepted"], facts["grid"],
            facts["receipt"], facts["filed"]]  # fmt: skip


def served(name="欧阳䶮", unit="U01", day="", hours="1.5", what="清扫积雪", place="", category="便民利民") -> list:
    """One line of the sheet of services, done today when no day is given."""
    return [name, unit, "", day or f"{clock.today()}", hours, category, what, place]


def a_book(sheets: dict[str, list[list]], heads: dict[str, list[str]] = HEADS) -> bytes:
    """A workbook with these lines under the heads of their sheets."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for line, row in enumerate([heads[name], *rows]):
                for at, cell in enumerate(row):
                    sheet.write(line, at, cell)
    return buffer.getvalue()


def planned(**sheets: list[list]) -> list[Plan]:
    """What a workbook with these sheets would do, row by row."""
    return workflow.examine(a_book(sheets)).plans


def said(plan: Plan) -> str:
    """What is wrong with a row."""
    return "；".join(f"{label}：{reason}" for label, reason in plan.problems)


def uploaded(cast, sheets: dict[str, list[list]], by="county") -> FirstdayImport:
    """An import that waits for its uploader's word."""
    data, actor = a_book(sheets), cast.by(by)
    firstday = keep_each(workflow.stage(workflow.examine(data), actor, "期初.xlsx", data))
    workflow.preview(firstday, actor)
    db.session.commit()
    return firstday


def submitted(cast, sheets: dict[str, list[list]], by="county") -> FirstdayImport:
    """An import that waits for a second person."""
    firstday = uploaded(cast, sheets, by)
    workflow.submit(firstday, cast.by(by))
    db.session.commit()
    return firstday


def written(cast, sheets: dict[str, list[list]], by="county_b") -> FirstdayImport:
    """An import that a second person had written."""
    firstday = submitted(cast, sheets)
    workflow.write(firstday, cast.by(by))
    db.session.commit()
    return firstday
