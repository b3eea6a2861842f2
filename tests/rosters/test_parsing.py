"""Sheets as rows: where the head is, which lines are members, what is skipped."""

import datetime as dt
from pathlib import Path

import pytest

from portal.errors import Refused
from portal.rosters.parsing import NoHead, read_roster
from portal.sheets import Sheet, read_book
from tests.rosters.make_fixtures import write_all

FIXTURES = Path(__file__).parent / "fixtures"
TODAY = dt.date(2026, 11, 24)
HEAD = ["姓名", "性别", "出生年月", "手机号"]
ROW = ["王强", "男", "1980-05", "13891702001"]


def read(name: str):
    return read_roster(read_book((FIXTURES / name).read_bytes()), TODAY)


def lines(*rows) -> list[tuple]:
    (sheet,) = read_roster([Sheet("Sheet1", list(rows))], TODAY)
    return [(row.line, row.name) for row in sheet.rows]


def sentence(*rows) -> str:
    with pytest.raises(NoHead) as refused:
        read_roster([Sheet("Sheet1", list(rows))], TODAY)
    return refused.value.sentence


def test_the_fixtures_are_those_that_their_script_makes(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.rosters.make_fixtures.FIXTURES", tmp_path)
    write_all()
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == sorted(path.name for path in FIXTURES.iterdir())
    for name in ("untidy.xlsx", "two_sheets.xlsx", "two_line_head.xlsx", "without_phones.xlsx", "old.xls"):
        assert read_book((tmp_path / name).read_bytes()) == read_book((FIXTURES / name).read_bytes())


def test_the_head_stands_below_merged_titles():
    (sheet,) = read("untidy.xlsx")
    assert (sheet.name, sheet.head, sheet.unknown) == ("花名册", 5, ["备注"])


def test_blank_lines_totals_and_signatures_are_no_members():
    (sheet,) = read("untidy.xlsx")
    assert [row.line for row in sheet.rows] == [6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21]


def test_names_of_the_untidy_roster():
    (sheet,) = read("untidy.xlsx")
    names = [row.name for row in sheet.rows]
    assert names[:6] == ["王强", "张龑䶮", "阿依古丽·买买提", "李梅", "赵晓梅", "孙桂芳"]


def test_facts_of_the_untidy_roster():
    (sheet,) = read("untidy.xlsx")
    facts = {row.line: row.facts for row in sheet.rows}
    assert facts[6]["phone"] == "13891702001" and facts[6]["post"] == "教研组长" and facts[6]["leading"] is False
    assert facts[7]["phone"] == "13891702002" and facts[7]["leading"] is True and facts[7]["joined"] == "2014-05"
    assert facts[8]["phone"] == "13891702003" and facts[8]["probationary"] is True
    assert facts[9]["phone"] == "13891702004" and facts[9]["born"] == "1980-05" and facts[9]["joined"] == "2014-05"
    assert facts[11]["born"] == "1980-05" and facts[11]["joined"] == "2014-05"
    assert facts[12]["phone"] == "13891702006"
    assert {facts[line]["born"] for line in (6, 7, 8, 9, 11, 12, 13, 20)} == {"1980-05"}


def test_problems_of_the_untidy_roster():
    (sheet,) = read("untidy.xlsx")
    problems = {row.line: row.problems for row in sheet.rows if row.problems}
    assert problems == {
        13: [("手机号", "号码被表格软件改成了科学计数“1.38917E+10”，后几位已丢失；请把这一列设为文本后重填。")],
        14: [("出生年月", "“1980.1”分不清是1月还是10月，请写成 1980-01 或 1980-10。")],
        15: [
            ("性别", "性别没有填写。"),
            ("出生年月", "“1980.13”不是真实的日期，请核对。"),
            ("手机号", "“1389170200”不是有效的电话号码，请核对位数。"),
        ],
    }


def test_two_sheets_are_both_read_a_hidden_one_is_not():
    sheets = read("two_sheets.xlsx")
    assert [(sheet.name, sheet.head, [row.name for row in sheet.rows]) for sheet in sheets] == [
        ("一支部", 1, ["王强"]),
        ("二支部", 2, ["李梅"]),
    ]


def test_a_head_of_two_lines():
    (sheet,) = read("two_line_head.xlsx")
    assert sheet.head == 2
    assert sheet.rows[0].facts["community"] == "儒林社区" and sheet.rows[0].facts["phone"] == "13891702001"


def test_an_old_xls():
    (sheet,) = read("old.xls")
    assert [(row.line, row.name, row.facts.get("born"), row.facts["phone"]) for row in sheet.rows] == [
        (3, "王强", "1980-05", "13891702001"),
        (4, "李梅", None, "13891702004"),
    ]


def test_a_head_that_lacks_a_column_is_named():
    with pytest.raises(NoHead) as refused:
        read("without_phones.xlsx")
    assert refused.value.sentence == "表头（第1行）缺少：手机号。请补上后再上传。"


def test_a_truncated_file():
    with pytest.raises(Refused) as refused:
        read("truncated.xlsx")
    assert refused.value.sentence.startswith("文件不完整或已损坏")


def test_no_head_at_all():
    assert sentence(["某某单位"], ROW).startswith("没有找到表头")


def test_a_head_and_nobody_below():
    assert sentence(HEAD, [], ["合计", "0人"]) == "表头下面没有党员，请填写后再上传。"


def test_columns_in_any_order_and_by_other_names():
    (sheet,) = read_roster(
        [Sheet("Sheet1", [["联系电话", "生日", "名字", "性 别"], ["13891702001", "1980-05", "王强", "男"]])], TODAY
    )
    assert sheet.rows[0].facts["phone"] == "13891702001" and sheet.rows[0].facts["born"] == "1980-05"


@pytest.mark.parametrize(
    "line",
    [
        ["合 计", "2人", "", ""],
        ["共2人", "", "", ""],
        ["填表人：高翔", "", "", "联系电话：7212345"],
        ["注：电话必填", "", "", ""],
        ["审核：刘建国", "", "", ""],
        HEAD,
        ["", "　", "", " "],
        [],
    ],
)
def test_lines_that_are_no_members(line):
    assert lines(HEAD, ROW, line, ["李梅", *ROW[1:]]) == [(2, "王强"), (4, "李梅")]


def test_a_line_without_a_name_is_bad_not_skipped():
    (sheet,) = read_roster([Sheet("Sheet1", [HEAD, ["", *ROW[1:]]])], TODAY)
    assert sheet.rows[0].problems == [("姓名", "姓名没有填写。")]


def test_too_long_a_text():
    (sheet,) = read_roster([Sheet("Sheet1", [[*HEAD, "职务"], [*ROW, "长" * 41]])], TODAY)
    assert sheet.rows[0].problems == [("职务", "职务过长，最多40个字。")]


def test_a_short_line():
    (sheet,) = read_roster([Sheet("Sheet1", [HEAD, ["王强"]])], TODAY)
    assert [label for label, _ in sheet.rows[0].problems] == ["性别", "出生年月", "手机号"]
