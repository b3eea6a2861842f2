"""One cell as a fact: every untidiness by itself, expectations typed by hand."""

import datetime as dt

import pytest

from portal.people.models import Education, Sex
from portal.rosters import months, values
from portal.rosters.values import Unreadable

TODAY = dt.date(2026, 11, 24)


def reason(read, cell) -> str:
    with pytest.raises(Unreadable) as unreadable:
        read(cell, TODAY)
    return str(unreadable.value)


@pytest.mark.parametrize(
    "cell",
    ["1980.5", "1980.05", "1980年5月", "1980年05月12日", "198005", "19800512", "1980-05-12", "1980/5/12", "1980-5",
     "１９８０．５", "1980. 5", "1980 年 5 月", "1980.05\n(46岁)", "1980.5（46岁）", "1980-05-12 00:00:00", "1980、5",
     "1980.5.", "1980年5月12号", 1980.5, 1980.05, 198005, 198005.0, 19800512, 29353, 29353.0, dt.date(1980, 5, 12)],
)  # fmt: skip
def test_months_in_all_their_ways(cell):
    assert months.born(cell, TODAY) == "1980-05"


@pytest.mark.parametrize("cell", ["2014.5.15", "20140515", "2014年5月15日", "2014-05", 20140515, dt.date(2014, 5, 15)])
def test_days_of_joining(cell):
    assert months.joined(cell, TODAY) == "2014-05"


@pytest.mark.parametrize(("cell", "month"), [(1980.11, "1980-11"), (1980.12, "1980-12"), ("1980.10", "1980-10"),
                                             ("1980.1", "1980-01"), (1980.2, "1980-02")])  # fmt: skip
def test_months_that_a_number_keeps(cell, month):
    assert months.born(cell, TODAY) == month


def test_a_number_that_lost_the_nought_of_october():
    assert reason(months.born, 1980.1) == "“1980.1”分不清是1月还是10月，请写成 1980-01 或 1980-10。"


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("1980.13", "“1980.13”不是真实的日期，请核对。"),
        ("1980-02-30", "“1980-02-30”不是真实的日期，请核对。"),
        ("80.5", "“80.5”看不出年月，请写成如 1980-05。"),
        ("1980", "“1980”看不出年月，请写成如 1980-05。"),
        (1980, "“1980”看不出年月，请写成如 1980-05。"),
        ("不详", "“不详”看不出年月，请写成如 1980-05。"),
        (True, "不是日期，请写成如 1980-05。"),
        ("2015-05", "出生年月 2015-05 不合理，请核对。"),
        ("1880-05", "出生年月 1880-05 不合理，请核对。"),
        (10**18, "“1000000000000000000”看不出年月，请写成如 1980-05。"),
        (1e300, None),
        (-5, "“-5”看不出年月，请写成如 1980-05。"),
        ("0000-00", "“0000-00”不是真实的日期，请核对。"),
    ],
)
def test_months_that_are_none(cell, words):
    assert reason(months.born, cell) == words or words is None


def test_joining_in_the_future_or_before_there_was_a_party():
    assert reason(months.joined, "2027.1") == "入党时间 2027-01 不合理，请核对。"
    assert reason(months.joined, "1911.10") == "入党时间 1911-10 不合理，请核对。"


@pytest.mark.parametrize(
    "cell",
    [13891701234, 13891701234.0, "13891701234", "１３８９１７０１２３４", " 138 9170 1234 ", "138-9170-1234",
     "+8613891701234", "1.3891701234E+10", "1.3891701234e10"],
)  # fmt: skip
def test_phones_in_all_their_ways(cell):
    assert values.phone(cell, TODAY) == "13891701234"


def test_a_landline():
    assert values.phone("0917-7212345", TODAY) == "09177212345"
    assert values.phone(7212345, TODAY) == "7212345"


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("1.38917E+10", "号码被表格软件改成了科学计数“1.38917E+10”，后几位已丢失；请把这一列设为文本后重填。"),
        ("1.38E+10", "号码被表格软件改成了科学计数“1.38E+10”，后几位已丢失；请把这一列设为文本后重填。"),
        ("1389170123", "“1389170123”不是有效的电话号码，请核对位数。"),
        (138917012345, "“138917012345”不是有效的电话号码，请核对位数。"),
        ("13891701234/7212345", "有2个号码，请只留一个。"),
        ("无", "“无”不是有效的电话号码，请核对位数。"),
        ("9.9E+99", "号码被表格软件改成了科学计数“9.9E+99”，后几位已丢失；请把这一列设为文本后重填。"),
    ],
)
def test_phones_that_are_none(cell, words):
    assert reason(values.phone, cell) == words


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("王　强", "王强"),
        (" 王 强 ", "王强"),
        ("欧阳䶮", "欧阳䶮"),
        ("张\ue863", "张䶮"),
        ("买买提•吐尔逊", "买买提·吐尔逊"),
        ("买买提・吐尔逊", "买买提·吐尔逊"),
        ("买买提‧吐尔逊", "买买提·吐尔逊"),
        ("买买提．吐尔逊", "买买提·吐尔逊"),
        ("买买提.吐尔逊", "买买提·吐尔逊"),
        ("买买提 · 吐尔逊", "买买提·吐尔逊"),
        ("𬬭㛃", "𬬭㛃"),
        ("王\u200b强", "王强"),
        ("王\n强", "王强"),
    ],
)
def test_names(cell, name):
    assert values.name(cell, TODAY) == name


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("王强（女）", "姓名中有“（”，请核对。"),
        ("王强1", "姓名中有“1”，请核对。"),
        ("=王强", "姓名中有“=”，请核对。"),
        ("张\ue000", "姓名中有本机自造字（别处显示为方框），请改用标准汉字。"),
        ("王", "姓名“王”的长度不对，请核对。"),
        (12.0, "姓名中有“1”，请核对。"),
    ],
)
def test_names_that_are_none(cell, words):
    assert reason(values.name, cell) == words


@pytest.mark.parametrize(
    ("cell", "sex"), [("男", Sex.MALE), ("男性", Sex.MALE), ("女 ", Sex.FEMALE), ("女士", Sex.FEMALE)]
)
def test_sexes(cell, sex):
    assert values.sex(cell, TODAY) == sex


def test_nationalities():
    assert values.ethnicity("汉", TODAY) == values.ethnicity("汉族", TODAY) == "汉族"
    assert values.ethnicity("维吾尔", TODAY) == "维吾尔族"
    assert reason(values.ethnicity, "汗族") == "民族“汗族”无法识别，请填写如汉族、回族。"
    assert len(values.ETHNICITIES) == 56


@pytest.mark.parametrize(
    ("cell", "level"),
    [
        ("大学本科", Education.BACHELOR),
        ("大学", Education.BACHELOR),
        ("大学专科", Education.COLLEGE),
        ("大专", Education.COLLEGE),
        ("省委党校研究生", Education.MASTER),
        ("硕士", Education.MASTER),
        ("博士研究生", Education.DOCTOR),
        ("高中", Education.SENIOR),
        ("中专", Education.SECONDARY),
    ],
)
def test_education(cell, level):
    assert values.education(cell, TODAY) == level


@pytest.mark.parametrize(
    ("cell", "answer"),
    [
        ("是", True),
        ("√", True),
        ("有", True),
        (True, True),
        (1, True),
        ("否", False),
        ("×", False),
        ("无", False),
        ("", None),
    ],
)
def test_yes_and_no(cell, answer):
    assert values.yes_or_no(cell, TODAY) is answer


@pytest.mark.parametrize(("cell", "answer"), [("正式", False), ("正式党员", False), ("预备党员", True), ("", None)])
def test_probation(cell, answer):
    assert values.probationary(cell, TODAY) is answer


def test_others_are_no_members():
    assert reason(values.probationary, "群众") == "党员类型“群众”无法识别，请填正式或预备。"
