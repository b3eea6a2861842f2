"""Exports for other platforms: templates of the county, their headings in the file's first line, nothing beyond."""

import csv
import datetime as dt
import io

import openpyxl
import pytest
from sqlalchemy import select

from portal import clock
from portal.audit import AuditRow
from portal.bridge import workflow
from portal.bridge.catalogue import SOURCES, fields_of
from portal.bridge.columns import Chosen
from portal.bridge.models import BridgeKind, BridgeTemplate
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.people.models import Member
from portal.records.models import RecordState, Source
from portal.registrations.models import EndKind, RegistrationState
from tests import overtaken
from tests.activities.making import an_activity, on_list
from tests.page_forms import form_to
from tests.pages import texts
from tests.papers.making import accepted, certificate, service
from tests.registrations.conftest import walk

# By hand: what may go to another platform. A telephone, an address, a birth date, words of residents are not here.
CATALOGUE = {
    "members": "姓名 性别 证明信编号 单位 主管部门 报到社区 报到日期 服务次数 服务时长（小时） "
               "服务岗位 志愿服务队 （空列）",
    "services": "姓名 单位 主管部门 报到社区 服务地社区 服务日期 开始时间 服务时长（小时） "
                "服务类别 来源 来源编号 证明方式 （空列）",
    "activities": "编号 活动名称 服务类别 活动日期 开始时间 结束时间 活动地点 主办 活动内容 "
                  "参加人数 总时长（小时） 状态 （空列）",
}  # fmt: skip
COLUMNS = [Chosen(2, "hours", "累计服务时长"), Chosen(1, "name", "志愿者姓名"), Chosen(3, "blank", "备注"),
           Chosen(9, "unit", "服务组织")]  # fmt: skip
HEADS = ["志愿者姓名", "累计服务时长", "备注", "服务组织"]


@pytest.mark.parametrize("kind", BridgeKind)
def test_the_catalogue_is_just_this(app, kind):
    assert [field.label for field in SOURCES[kind].fields] == CATALOGUE[kind.value].split()


def a_template(cast, kind: BridgeKind = BridgeKind.MEMBERS, columns=COLUMNS) -> BridgeTemplate:
    template = workflow.save(cast.by("county"), BridgeTemplate(kind=kind), "省平台", columns)
    db.session.commit()
    return template


def sent(browser, template, **more):
    page = browser.get(f"/bridge/{template.id}")
    return browser.post(f"/bridge/{template.id}/send", data=form_to(page.text, "/send").filled(**more))


def test_members_with_their_hours_under_the_other_platforms_headings(cast, browse):
    walk(cast, "filed")
    for _ in range(2):
        service(cast.member1_row, clock.today())
    cast.member1_row.name = "=cmd|'/C calc'!A0"
    db.session.commit()
    template, name = a_template(cast), db.session.get_one(Member, cast.member1_row.id).name
    county = browse(cast.users["county"])
    sheet = openpyxl.load_workbook(io.BytesIO(sent(county, template).data)).worksheets[0]
    assert [cell.value for cell in sheet[1]] == HEADS and sheet.max_row == 2
    line = sheet[2]
    assert (line[0].value, line[0].data_type) == (name, "s")
    assert isinstance(line[1].value, int | float) and line[1].value > 0 and line[2].value is None
    rows = list(csv.reader(io.StringIO(sent(county, template, file="csv").data.decode("utf-8-sig"))))
    assert rows == [HEADS, [f"'{name}", f"{line[1].value:g}", "", cast.unit1.name]]
    year = clock.today().year
    reasons = list(
        db.session.scalars(
            select(AuditRow.reason).where(AuditRow.act == "bridge_templates.export").order_by(AuditRow.id)
        )
    )
    assert reasons == [
        f"对接导出“省平台”（{year}年，Excel（.xlsx）） 1 行",
        f"对接导出“省平台”（{year}年，CSV（.csv）） 1 行",
    ]
    assert len(sent(county, template, community=str(cast.community2.id), file="csv").data.splitlines()) == 1


@pytest.mark.parametrize("kind", BridgeKind)
def test_every_field_of_every_kind_can_be_sent(cast, browse, kind):
    walk(cast, "filed")
    service(cast.member1_row, clock.today())
    db.session.commit()
    template = a_template(cast, kind, [Chosen(1, key, key) for key in fields_of(kind)])
    answer = sent(browse(cast.users["county"]), template)
    assert answer.status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0]
    assert [cell.value for cell in sheet[1]] == list(fields_of(kind))
    assert sheet.max_row == (1 if kind is BridgeKind.ACTIVITIES else 2)
    assert cast.member1_row.phone not in str([[cell.value for cell in row] for row in sheet.iter_rows()])


def lines(browser, template, **more) -> list[list[str]]:
    """What a file says below its headings."""
    return list(csv.reader(io.StringIO(sent(browser, template, file="csv", **more).data.decode("utf-8-sig"))))[1:]


def test_an_activity_has_the_hours_that_are_confirmed(cast, browse):
    template = a_template(cast, BridgeKind.ACTIVITIES, [Chosen(1, "title", "名称"), Chosen(2, "came", "人数"),
                                                        Chosen(3, "hours", "时长")])  # fmt: skip
    day = clock.today()
    settled, held = (an_activity(cast, state, days=0, title=state) for state in ("settled", "held"))  # two hours each
    for activity in (settled, held):
        on_list(cast, activity, "member1", "member2", state="attended")
    for row, activity, half_hours, state in (
        (cast.member1_row, settled, 4, RecordState.CONFIRMED), (cast.member2_row, settled, 3, RecordState.CONFIRMED),
        (cast.member3_row, settled, 4, RecordState.VOIDED), (cast.member1_row, held, 4, RecordState.PENDING),
    ):  # fmt: skip
        service(row, day, source=Source.ACTIVITY, source_id=activity.id, half_hours=half_hours, state=state)
    service(cast.member1_row, day, source=Source.WISH, source_id=settled.id, half_hours=8)
    db.session.commit()
    assert lines(browse(cast.users["county"]), template) == [["settled", "2", "3.5"], ["held", "2", "0"]]


def test_members_of_a_past_year_are_those_of_that_year(cast, browse, time_machine):
    time_machine.move_to("2027-01-04 02:00:00+00:00")
    gone, moved = (accepted(certificate(row)) for row in (cast.member2_row, cast.dual_row))  # accepted in May 2026
    for row, day in ((gone, dt.date(2026, 11, 2)), (moved, dt.date(2027, 1, 3))):
        row.state, row.end_kind, row.ended_on = RegistrationState.ENDED, EndKind.MOVED, day
    service(cast.member2_row, dt.date(2026, 6, 6))  # an hour and a half
    db.session.commit()
    walk(cast, "filed")  # member1, in January
    template, county = a_template(cast), browse(cast.users["county"])
    of_2026 = [[cast.dual_row.name, "0", "", cast.unit1.name], [cast.member2_row.name, "1.5", "", cast.unit1.name]]
    assert sorted(lines(county, template, year="2026")) == sorted(of_2026)
    assert lines(county, template, year="2027") == [[cast.member1_row.name, "0", "", cast.unit1.name]]


def test_a_field_that_the_catalogue_does_not_have_is_not_exported(cast):
    template = a_template(cast, columns=[*COLUMNS, Chosen(4, "phone", "电话"), Chosen(5, "member.phone", "电话")])
    assert [column.heading for column in template.columns] == HEADS


def test_only_the_county_keeps_templates_and_a_name_stands_once(cast):
    template = a_template(cast)
    for person in ("admin", "chengguan", "dept1", "clerk1", "liaison1"):
        with pytest.raises(NotYours):
            workflow.save(cast.by(person), BridgeTemplate(kind=BridgeKind.MEMBERS), "另一个", COLUMNS)
    with pytest.raises(RuleBroken, match="已有名为“省平台”的模板"):
        workflow.save(cast.by("county"), BridgeTemplate(kind=BridgeKind.SERVICES), "省平台", COLUMNS)
    with pytest.raises(RuleBroken, match="请至少选择一列"):
        workflow.save(cast.by("county"), template, "省平台", [])


def test_of_two_templates_of_one_name_at_once_one_stands(cast, browse):
    county = browse(cast.users["county"])
    form = form_to(county.get("/bridge/new").text, "")
    with overtaken.by(BridgeTemplate.__table__, name="省平台", kind=BridgeKind.SERVICES, active=True, version=1):
        answer = county.post("/bridge/new", data=form.filled(name="省平台", kind="members"))
    assert answer.status_code == 409 and "已有名为“省平台”的模板，请换一个名称。" in answer.text


def test_from_a_new_template_to_its_columns(cast, browse):
    county = browse(cast.users["county"])
    form = form_to(county.get("/bridge/new").text, "")
    answer = county.post("/bridge/new", data=form.filled(name="省平台", kind="members"))
    assert answer.status_code == 303 and answer.location.endswith("/edit")
    form = form_to(county.get(answer.location).text, "")
    assert form.values["place_name"] == "1" and form.values["place_blank"] == ""
    empty = {key: "" for key in form.values if key.startswith("place_")}
    filled = form.filled(**empty | {"place_name": "２", "place_hours": "1", "heading_hours": "累计时长"})
    assert county.post(answer.location, data=filled).status_code == 303
    template = db.session.scalars(select(BridgeTemplate)).one()
    assert texts(county.get(f"/bridge/{template.id}"), "tbody th") == ["累计时长", "姓名"]
    refused = county.post(answer.location, data=form_to(county.get(answer.location).text, "").filled(**empty))
    assert refused.status_code == 409 and "请至少选择一列" in refused.text
    wrong = form_to(county.get(answer.location).text, "").filled(place_name="0", active="")
    assert county.post(answer.location, data=wrong).status_code == 422


def test_a_template_out_of_use_sends_nothing(cast, browse):
    template = a_template(cast)
    workflow.save(cast.by("county"), template, "省平台", COLUMNS, active=False)
    db.session.commit()
    county = browse(cast.users["county"])
    assert texts(county.get("/bridge"), "tbody .tag") == ["停用"]
    answer = county.post(f"/bridge/{template.id}/send", data={"year": str(clock.today().year), "file": "csv"})
    assert answer.status_code == 409
    assert db.session.scalars(select(AuditRow).where(AuditRow.act == "bridge_templates.export")).all() == []
