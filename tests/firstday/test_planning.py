"""What each row of a workbook means for what is known: new, changed, the same, twice, or wrong in a sentence."""

import pytest

from portal import clock
from portal.extensions import db
from portal.firstday import workflow
from portal.firstday.models import Part
from portal.firstday.planning import plan_book
from portal.people.models import MemberStatus
from portal.registrations import queries as registrations
from portal.registrations.models import EndKind
from portal.registrations.workflow import end
from portal.rosters.models import RowResult
from portal.rosters.parsing import NoHead
from portal.sheets import Sheet
from tests.cast import make_member
from tests.firstday.books import HEADS, WHOLE, a_book, member, planned, reported, said, served, written
from tests.registrations.conftest import walk

R = RowResult


def results(plans) -> list[str]:
    return [plan.result.value for plan in plans]


def test_a_whole_scheme_is_new_and_refers_to_itself(cast):
    plans = planned(**WHOLE)
    assert results(plans) == ["new"] * len(plans)
    by_part = {part: [plan for plan in plans if plan.part is part] for part in Part}
    (unit,), (community,) = by_part[Part.UNITS], by_part[Part.COMMUNITIES]
    for plan in by_part[Part.MEMBERS]:
        assert (plan.after["unit_id"], plan.after["community_id"]) == (-unit.position, -community.position)
    (registration,) = by_part[Part.REGISTRATIONS]
    assert registration.after["member_id"] == -by_part[Part.MEMBERS][0].position
    assert registration.after["grid_id"] == -by_part[Part.GRIDS][0].position
    assert f"{registration.after['issued_on']} {registration.after['filed_on']}" == "2019-05-06 2019-05-12"


def test_what_is_known_is_the_same_whether_named_by_code_or_by_name(cast):
    plans = planned(
        上级党组织=[["S01", "城关镇党委", "镇党委", "是"]],
        单位=[["U01", "凤翔中学党支部", "事业", "县", "S03"]],
        社区=[["C01", "儒林社区", "城关镇党委"]],
        网格=[["C01", "G1", "第一网格"]],
        小区=[["儒林社区", "儒林苑"]],
        党员=[member("欧阳䶮", "１３８９１７０１００１", "凤翔中学党支部", "1980.5")],
    )
    assert results(plans) == ["same"] * 6


@pytest.mark.parametrize(("sheet", "row", "changes"), [
    ("单位", ["U01", "凤翔中学党委", "事业", "县", "S03"], [("单位名称", "凤翔中学党支部", "凤翔中学党委")]),
    ("单位", ["U01", "凤翔中学党支部", "机关", "镇", "S04"],
     [("单位类型", "事业", "机关"), ("级别", "县", "镇"), ("上级党组织", "县教育体育局党委", "县卫生健康局党委")]),
    ("网格", ["儒林社区", "G2", "东二网格"], [("网格名称", "第二网格", "东二网格")]),
    ("党员", member("欧阳䶮", "13891701001", born="1980-05", home="凤鸣社区"), [("居住社区", "儒林社区", "凤鸣社区")]),
])  # fmt: skip
def test_what_differs_is_a_change_with_both_words(cast, sheet, row, changes):
    (plan,) = planned(**{sheet: [row]})
    assert (plan.result, plan.changes) == (R.CHANGED, changes)


@pytest.mark.parametrize(("sheet", "row", "words"), [
    ("上级党组织", ["S09", "新镇党委", "镇党委", "是"], "牵头县城社区的已有一个，全县只能有一个。"),
    ("上级党组织", ["S09", "新局党委", "县级部门", "是"], "只有镇党委可以牵头县城社区。"),
    ("上级党组织", ["S09", "新局", "合作社", ""], "类别“合作社”无法识别，请从下拉列表中选择。"),
    ("单位", ["U09", "凤翔中学党支部", "事业", "县", "S03"], "“凤翔中学党支部”已有，代码是U01，请核对。"),
    ("单位", ["U01", "县医院党总支", "事业", "县", "S03"], "“县医院党总支”已有，代码是U02，请核对。"),
    ("单位", ["U09", "新单位", "事业", "县", "S77"],
     "没有代码或名称为“S77”的上级党组织；如在“上级党组织”表中，请先改正那一行。"),
    ("单位", ["U09", "新单位", "事业", "县", "S05"], "县直机关工委不直接管理单位，请填写主管部门。"),
    ("单位", ["U09", "新单位", "", "县", "S03"], "单位类型没有填写。"),
    ("社区", ["C09", "新社区", "S03"], "县教育体育局党委不是镇党委。"),
    ("网格", ["没有的社区", "G1", "第一网格"], "没有代码或名称为“没有的社区”的社区；如在“社区”表中，请先改正那一行。"),
    ("党员", member(unit="U77"), "没有代码或名称为“U77”的单位；如在“单位”表中，请先改正那一行。"),
    ("党员", member("单雪", "13891701003", born="1980-05"),
     "已在县医院党总支名册：换了单位的，由现单位联络员申请转入。"),
    ("党员", member(home="没有的社区"), "没有“没有的社区”这个社区，请从下拉列表中选择。"),
    ("报到", reported("无此人"), "凤翔中学党支部的名册和“党员”表中没有无此人。"),
    ("报到", reported(phone="13900000000"), "凤翔中学党支部的欧阳䶮不是这个手机号，请核对。"),
    ("报到", reported(community="没有"), "没有代码或名称为“没有”的社区。"),
    ("报到", reported(issued="2019-05-10"), "接洽日期早于开具证明信的日期，请核对两栏。"),
    ("报到", reported(filed="2019-05-08"), "备案日期早于接洽日期，请核对两栏。"),
    ("报到", reported(issued="2019-13-01"), "“2019-13-01”看不出年月日，请写成如 2014-05-15。"),
    ("报到", reported(issued="1999-05-06"), "日期 1999-05-06 不合理（应在2010年以后、今天以前），请核对。"),
    ("报到", reported(number=""), "证明信编号没有填写。"),
    ("报到", reported(grid="第九网格"), "报到社区没有代码或名称为“第九网格”的网格。"),
    ("本年服务", served(day="2019-05-06"), "年度内的服务。"),
    ("本年服务", served(hours="1.3"), "时长“1.3”应是半小时的整数倍，0.5 到 24 小时。"),
    ("本年服务", served(hours="很久"), "时长“很久”无法识别，请填小时数，如 1.5。"),
    ("本年服务", served(category="其他"), "“其他”无法识别，请从下拉列表中选择。"),
    ("本年服务", served(place="没有"), "没有代码或名称为“没有”的社区。"),
])  # fmt: skip
def test_what_is_wrong_is_said_in_a_sentence(cast, sheet, row, words):
    (plan,) = planned(**{sheet: [row]})
    assert plan.result is R.BAD
    assert words in said(plan)


@pytest.mark.parametrize(("sheet", "first", "second", "result", "words"), [
    ("单位", ["U9", "新单位", "事业", "县", "S03"], ["U9", "新单位", "事业", "县", "S03"], R.TWICE, ""),
    ("单位", ["U9", "新单位", "事业", "县", "S03"], ["U9", "新单位", "企业", "县", "S03"], R.BAD,
     "与前面的一行代码或名称相同而内容不同，请只保留一行。"),
    ("党员", member(), member(unit="U02"), R.BAD, "与第2行（凤翔中学党支部）是同一人，一名党员只在一个单位的名册上。"),
    ("党员", member(), member(), R.TWICE, ""),
    ("报到", reported(), reported(), R.TWICE, ""),
    ("报到", reported(), reported(number="旧2019-2"), R.BAD, "与第2行是同一人，只保留现在有效的一次报到。"),
    ("报到", reported(), reported("买买提·吐尔逊"), R.BAD, "与第2行同一单位的编号相同，请核对。"),
    ("本年服务", served(), served(), R.TWICE, ""),
])  # fmt: skip
def test_two_rows_of_one_thing(cast, sheet, first, second, result, words):
    one, two = planned(**{sheet: [first, second]})
    assert (one.result, two.result) == (R.NEW, result)
    assert words in said(two)


def test_of_two_with_one_name_in_a_unit_the_phone_tells(cast):
    make_member(cast.unit1, cast.community1, "欧阳䶮", "13891701099", born="1990-01")
    db.session.commit()
    (unsure,) = planned(报到=[reported()])
    assert "凤翔中学党支部有2名欧阳䶮，请填写手机号。" in said(unsure)
    (sure,) = planned(报到=[reported(phone="138 9170 1001")])
    assert (sure.result, sure.after["member_id"]) == (R.NEW, cast.member1_row.id)


def test_who_has_reported_or_is_on_the_way_is_not_imported_again(cast):
    walk(cast, "presented")
    (plan,) = planned(报到=[reported()])
    assert "请在报到中办理，不用导入。" in said(plan)


def test_who_is_registered_by_the_portal_is_not_imported(cast):
    row = walk(cast, "accepted")
    (plan,) = planned(报到=[reported()])
    assert f"已在儒林社区报到（{row.number}），不能再导入。" in said(plan)


def test_who_has_left_is_not_reported_by_a_sheet(cast):
    cast.member1_row.status = MemberStatus.LEFT
    db.session.commit()
    (plan,) = planned(报到=[reported()])
    assert "欧阳䶮已离册，不能导入报到。" in said(plan)


def test_the_same_file_twice_changes_nothing(cast):
    sheets = WHOLE | {"报到": [*WHOLE["报到"], reported()], "本年服务": [served()]}
    written(cast, sheets)
    assert set(results(planned(**sheets))) == {"same"}
    (other_day,) = planned(报到=[reported(accepted="2019-05-10")])
    assert "这次报到已导入过，但日期不同" in said(other_day)


def test_a_registration_ended_since_may_not_come_back_by_the_same_row(cast):
    written(cast, {"报到": [reported()]})
    row = registrations.current_of(cast.member1_row.id)
    end(row, cast.by("liaison1"), reason="退休", kind=EndKind.RETIRED)
    db.session.commit()
    (plan,) = planned(报到=[reported()])
    assert plan.result is R.BAD and "已离册" in said(plan)


def test_sheets_and_heads(cast):
    with pytest.raises(NoHead, match="没有找到名为上级党组织、单位、社区"):
        workflow.examine(a_book({"Sheet1": [["x"]]}, {"Sheet1": ["姓名"]}))
    with pytest.raises(NoHead, match="“单位”表：表头（第1行）缺少：级别、上级党组织"):
        workflow.examine(a_book({"单位": []}, {"单位": ["代码", "单位名称", "单位类型"]}))
    with pytest.raises(NoHead, match="“小区”表没有找到表头"):
        workflow.examine(a_book({"小区": [["儒林社区", "x"]]}, {"小区": ["甲", "乙"]}))
    with pytest.raises(NoHead, match="都没有内容"):
        workflow.examine(a_book({"单位": []}))
    preview = workflow.examine(a_book({"小区": [["C01", "新苑"]], "其他": [["1"]]}, HEADS | {"其他": ["序号"]}))
    assert preview.notes == ["没有读取这些工作表：其他。"]


def test_totals_titles_and_repeated_heads_are_no_rows(cast):
    sheet = Sheet("小区", [["小区一览"], HEADS["小区"], ["C01", "新苑"], HEADS["小区"], ["合计", "1"], ["", ""]])
    assert [(plan.line, plan.name) for plan in plan_book([sheet], clock.today()).plans] == [(3, "新苑")]


def test_of_two_with_one_name_the_one_on_the_roster_is_meant(cast):
    make_member(cast.unit1, cast.community1, "欧阳䶮", "13891701099", born="1990-01").status = MemberStatus.LEFT
    db.session.commit()
    (plan,) = planned(报到=[reported()])
    assert (plan.result, plan.after["member_id"]) == (R.NEW, cast.member1_row.id)
