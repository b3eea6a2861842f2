"""The pages of an import, by selector: upload, preview, the second person, the marked file, old numbers on papers."""

import io

import openpyxl
import pytest

from portal.extensions import db
from portal.firstday.models import FirstdayImport, FirstdayState
from portal.registrations import queries as registrations
from portal.registrations.models import Registration
from tests.firstday.books import WHOLE, a_book, reported, served, submitted, uploaded, written
from tests.pages import listed, select, texts


def upload(client, data: bytes, name="期初.xlsx"):
    return client.post("/firstday/new", data={"file": (io.BytesIO(data), name)}, content_type="multipart/form-data")


@pytest.fixture
def county(cast, browse):
    return browse(cast.users["county"])


@pytest.fixture
def second(cast, browse):
    return browse(cast.users["county_b"])


def test_from_the_upload_to_the_county(cast, county, second):
    answer = upload(county, a_book(WHOLE | {"本年服务": [served()]}))
    assert answer.status_code == 303
    at = answer.location
    page = county.get(at)
    assert texts(page, "h1") == ["期初.xlsx 待提交"]
    heads = texts(page, ".table thead")[0]
    assert heads == "工作表有错误新增更新无变化表内重复"
    assert "党员02000" in texts(page, ".table tbody tr")
    assert county.post(f"{at}/submit").status_code == 303
    assert county.post(f"{at}/write").status_code == 403
    assert "等待第二人核对" in county.get(at).text
    assert select(county.get(at), "button.write, a.write") == []
    assert second.get(f"{at}/write").status_code == 200
    assert second.post(f"{at}/write").status_code == 303
    assert db.session.query(FirstdayImport).one().state is FirstdayState.WRITTEN
    assert db.session.query(Registration).one().old_number == "凤林信2019-12"


def test_the_desks_of_both_people(cast, county, second):
    uploaded(cast, WHOLE)
    assert "期初导入，待提交" in county.get("/desk").text
    assert "期初导入" not in " ".join(texts(second.get("/desk"), ".todo"))
    submitted(cast, {"小区": [["C01", "新苑"]]})
    assert "期初导入，待您核对写入" in second.get("/desk").text
    assert "期初导入，待您核对写入" not in county.get("/desk").text


def test_rows_of_one_sheet_and_one_result(cast, county):
    firstday = uploaded(cast, {"报到": [reported(), reported("无此人")], "小区": [["C01", "新苑"]]})
    page = county.get(f"/firstday/{firstday.id}?show=bad&part=registrations")
    assert texts(page, "#rows h2") == ["报到：有错误"]
    (row,) = texts(page, "#rows tbody tr")
    assert row == "报到3无此人 姓名：凤翔中学党支部的名册和“党员”表中没有无此人。"
    assert texts(county.get(f"/firstday/{firstday.id}?show=new"), "#rows tbody th") == ["新苑", "欧阳䶮"]
    assert county.get(f"/firstday/{firstday.id}?show=x&part=y&after=-1").status_code == 200


def test_the_senders_own_file_with_the_reasons(cast, county):
    firstday = uploaded(cast, {"小区": [["C01", "新苑"]], "报到": [reported("无此人"), reported()]})
    book = openpyxl.load_workbook(io.BytesIO(county.get(f"/firstday/{firstday.id}/marked.xlsx").data))
    sheet = book["报到"]
    assert sheet.cell(1, 11).value == "错误原因"
    assert sheet.cell(2, 11).value == "姓名：凤翔中学党支部的名册和“党员”表中没有无此人。"
    assert sheet.cell(3, 11).value is None


def test_a_refused_file_says_why(county):
    answer = upload(county, b"no sheet at all")
    assert answer.status_code == 422
    assert "这不是 WPS 或 Excel 表格" in answer.text
    assert upload(county, a_book({"X": []}, {"X": ["姓名"]})).status_code == 422


def test_the_template_holds_what_is_known_and_reads_as_nothing_new(cast, county):
    data = county.get("/firstday/template.xlsx").data
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["上级党组织", "单位", "社区", "网格", "小区", "党员", "报到", "本年服务", "填写说明"]
    assert [cell.value for cell in book["单位"][3]][:5] == ["U01", "凤翔中学党支部", "事业", "县", "县教育体育局党委"]
    listed = {str(v.sqref): v.formula1 for v in book["党员"].data_validations.dataValidation}
    assert listed["A3:A1002"] == "'单位'!$B$3:$B$302"
    at = upload(county, data).location
    page = county.get(at)
    assert "没有需要写入的内容" in page.text


def test_only_the_county_comes_in(cast, browse):
    firstday = uploaded(cast, WHOLE)
    for who in ("admin", "liaison1", "clerk1", "chengguan", "member1"):
        assert browse(cast.users[who]).get(f"/firstday/{firstday.id}").status_code == 403


def test_old_numbers_on_pages_and_papers(cast, browse, county):
    written(cast, {"报到": [reported(receipt="回2019-7")]})
    row = registrations.current_of(cast.member1_row.id)
    member = browse(cast.users["member1"])
    page = member.get(f"/registrations/{row.number}")
    assert "旧2019-1（期初）" in texts(page, ".page-head")[0]
    assert "期初导入，编号为原纸质件的编号" in page.text
    certificate = member.get(f"/papers/certificate/{row.number}")
    assert "旧2019-1" in texts(certificate, ".paper__number")[0]
    assert "期初" in certificate.text and "草稿" not in certificate.text
    receipt = member.get(f"/papers/receipt/{row.receipt_number}")
    assert "回2019-7" in texts(receipt, ".paper__number")[0]
    assert row.number not in certificate.text.replace(f"/{row.number}", "")
    found = texts(listed(county, "/registrations?q=旧2019-1"), "tbody tr")
    assert len(found) == 1 and "期初" in found[0]
