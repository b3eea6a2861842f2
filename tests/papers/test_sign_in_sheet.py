"""The sheet to sign in at an activity: each printed cell, nobody and forty on it, the longest texts, who prints it."""

import page as validator
import pytest

from portal.activities.models import ActivityKind
from portal.extensions import db
from portal.people.models import Unit, UnitKind, UnitLevel
from tests.activities.making import an_activity, on_list
from tests.cast import make_member
from tests.papers.making import LONG_UNIT

LONG_PLACE = (
    "凤翔县城关镇东关街道翠湖花园小区（二期）甲区中心广场东侧宣传栏前空地（原建设局家属院门口）集合后步行前往河堤"
)


@pytest.fixture(autouse=True)
def in_june(time_machine):
    time_machine.move_to("2026-06-16 02:00:00+00:00")


@pytest.fixture
def as_(browse, cast):
    return lambda username: browse(db.session.merge(cast.users[username]))


def test_each_cell(print_of_year, cast):
    activity = an_activity(cast, service_day=True, days=4)
    activity.grid = cast.grid1
    on_list(cast, activity, "member1", "member2")
    on_list(cast, activity, "dual", state="waitlisted")
    words, pages, pdf = print_of_year("sign-in-sheet", activity)
    assert pages == 1
    for cell in (
        "服务日签到表", f"活动编号：{activity.number}", "活动名称清扫儒林苑楼道活动性质志愿服务（环境保护）",
        "时间2026年6月20日09:00—11:00报名人数2人", "地点儒林苑南门主办儒林社区第一网格",
        "序号姓名单位联系电话签名时长备注",
        "1买买提·吐尔逊凤翔中学党支部138****10022欧阳䶮凤翔中学党支部138****10013456",
        "实到人组织者签字核对人签字年月日",
        "未报名当天到场的，填在空行里。时长按半小时计，不含路途。", "第1页，共1页",
    ):  # fmt: skip
        assert cell in words, cell
    assert "仇文博" not in words and "13891701001" not in words and "校验码" not in words and "未定稿" not in words
    for profile in ("2u", "ua1"):
        assert validator.validate_pdf_bytes(pdf, profile=profile).failures == []


def test_nobody_signed_up_leaves_twenty_lines(print_of_year, cast):
    activity = an_activity(cast, kind=ActivityKind.PARTY_PRACTICE)
    words, pages, _ = print_of_year("sign-in-sheet", activity)
    assert pages == 1 and "志愿服务活动签到表" in words and "报名人数0人" in words and "181920" in words
    assert "党性实践，不计时长" in words


def test_forty_people_of_long_units_with_heads_on_every_page_and_eight_lines_more(print_of_year, cast):
    unit = Unit(code="U09", name=LONG_UNIT, kind=UnitKind.OFFICE, level=UnitLevel.COUNTY, supervisor=cast.dept1)
    db.session.add(unit)
    db.session.flush()
    activity = an_activity(
        cast, home=None, title="全县“学雷锋”志愿服务日集中清理背街小巷和河道垃圾暨宣传活动", place=LONG_PLACE
    )
    for at in range(40):
        cast.places["one_row"] = make_member(unit, cast.community1, f"阿卜杜热合曼·买买提{at}", f"138917{at:05}")
        on_list(cast, activity, "one")
    words, pages, pdf = print_of_year("sign-in-sheet", activity)
    assert pages >= 3 and words.count("序号姓名单位联系电话签名时长备注") == pages
    assert words.count(LONG_UNIT) == 40 and LONG_PLACE in words and "4748实到" in words.replace("\n", "")
    assert "主办全县" in words
    assert validator.validate_pdf_bytes(pdf, profile="2u").failures == []


def test_a_cancelled_one_says_so(print_of_year, cast):
    words, _, _ = print_of_year("sign-in-sheet", an_activity(cast, "cancelled"))
    assert "作" in words and "废" in words


def test_who_prints_it(cast, as_):
    own, county, draft = an_activity(cast), an_activity(cast, home=None), an_activity(cast, "draft")
    on_list(cast, own, "member1")
    sees = {"clerk1": own, "clerk1b": own, "grid1": own, "county": county}
    for person in (
        "clerk1",
        "clerk1b",
        "grid1",
        "clerk2",
        "county",
        "member1",
        "liaison1",
        "chengguan",
        "dept1",
        "admin",
    ):
        browser = as_(person)
        for activity in (own, county, draft):
            answer = browser.get(f"/papers/sign-in-sheet/{activity.number}")
            assert answer.status_code == (200 if sees.get(person) is activity else 404), (person, activity.state)
    clerk, link = as_("clerk1"), f'href="/papers/sign-in-sheet/{own.number}"'
    assert link in clerk.get(f"/activities/{own.number}").text
    assert link not in as_("member1").get(f"/activities/{own.number}").text
    assert "签到表" not in clerk.get(f"/activities/{draft.number}").text
    assert clerk.get(f"/papers/sign-in-sheet/{own.number}.pdf").mimetype == "application/pdf"
    assert "sign-in-sheet" not in clerk.get("/papers").text
