"""The pages of an import, by selector; uploads of every kind answer in words."""

import io
import random
import re

import openpyxl
import pytest

from portal.extensions import db
from portal.people.models import Member
from portal.rosters.models import RosterImport
from tests.rosters.rosters import FIXTURES, HEAD, a_file, person, uploaded, written


def upload(client, data: bytes, name="花名册.xlsx", **more):
    """Post a file as the page's form does."""
    return client.post(
        "/rosters/new", data={"file": (io.BytesIO(data), name), **more}, content_type="multipart/form-data"
    )


def text_of(answer) -> str:
    """The words of a page without its tags, white space as one blank."""
    main = answer.text.split('<main id="main"')[1].split("<footer")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def rows_of(answer) -> list[list[str]]:
    """The cells of the page's table, row by row."""
    body = answer.text.split("<tbody>")[1].split("</tbody>")[0]
    cells = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.S) for row in body.split("<tr>")[1:]]
    return [[re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", cell)).strip() for cell in row] for row in cells]


@pytest.fixture
def liaison(cast, browse):
    return browse(cast.users["liaison1"])


def test_upload_leads_to_the_preview(cast, liaison):
    answer = upload(liaison, (FIXTURES / "untidy.xlsx").read_bytes())
    assert answer.status_code == 303
    page = liaison.get(answer.location)
    words = text_of(page)
    assert "花名册.xlsx 待确认" in words
    assert "6行有错误，还没有写入名册" in words
    assert "没有读取这些栏目：备注。" in words
    for tile in ("6 行 有错误", "6 行 新增", "1 行 无变化", "1 行 在其他单位名册", "1 行 表内重复", "2 行 不在文件中"):
        assert tile in words
    assert 'class="button button--primary write_right"' in page.text
    assert 'write"' not in page.text.replace("write_right", "")


def test_every_bad_row_is_named_with_line_field_and_reason(cast, liaison):
    page = liaison.get(upload(liaison, (FIXTURES / "untidy.xlsx").read_bytes()).location)
    assert rows_of(page)[:3] == [
        ["13", "周文", "手机号", "号码被表格软件改成了科学计数“1.38917E+10”，后几位已丢失；请把这一列设为文本后重填。"],
        ["14", "吴敏", "出生年月", "“1980.1”分不清是1月还是10月，请写成 1980-01 或 1980-10。"],
        [
            "15",
            "郑爽",
            "性别 出生年月 手机号",
            "性别没有填写。 “1980.13”不是真实的日期，请核对。 “1389170200”不是有效的电话号码，请核对位数。",
        ],
    ]
    assert [row[0] for row in rows_of(page)] == ["13", "14", "15", "17", "20", "21"]


def test_changes_are_shown_old_and_new(cast, liaison):
    page = liaison.get(upload(liaison, a_file(person("欧阳䶮", "13891709999", post=""))).location)
    assert rows_of(page) == [["2", "欧阳䶮", "手机号： 13891701001 → 13891709999"]]
    assert "全部写入" in page.text and "只写入正确的行" not in page.text


def test_each_count_leads_to_its_rows(cast, liaison):
    address = upload(liaison, (FIXTURES / "untidy.xlsx").read_bytes()).location
    assert rows_of(liaison.get(f"{address}?show=new"))[0] == ["6", "王强", "男", "1980-05", "教研组长", "儒林社区"]
    assert rows_of(liaison.get(f"{address}?show=same")) == [["19", "欧阳䶮"]]
    assert rows_of(liaison.get(f"{address}?show=elsewhere")) == [["18", "单雪", "已在县医院党总支名册。"]]
    assert rows_of(liaison.get(f"{address}?show=twice")) == [["16", "王强", "与第6行相同，只算一次。"]]
    missing = text_of(liaison.get(f"{address}?show=missing"))
    assert "仇文博" in missing and "买买提·吐尔逊" in missing and "保留不变" in missing
    for odd in ("nonsense", "", "new&after=99999999999999999999", "new&after=-1", "new&after=x"):
        assert liaison.get(f"{address}?show={odd}").status_code == 200


def test_long_lists_have_pages(cast, liaison):
    data = a_file(*(person(f"王{chr(0x4E00 + n)}", str(13891710000 + n)) for n in range(250)))
    address = upload(liaison, data).location
    first = liaison.get(address)
    assert len(rows_of(first)) == 100
    following = re.search(r'rel="next" href="([^"]+)"', first.text)[1].replace("&amp;", "&")
    assert [row[0] for row in rows_of(liaison.get(following))][:2] == ["102", "103"]


def test_writing_from_the_page(cast, liaison):
    address = upload(liaison, a_file(person())).location
    answer = liaison.post(f"{address}/write")
    assert (answer.status_code, answer.location) == (303, address)
    assert "已写入" in text_of(liaison.get(address))
    assert db.session.query(Member).filter_by(name="王强").count() == 1


def test_writing_all_with_bad_rows_is_refused_in_words(cast, liaison):
    address = upload(liaison, a_file(person(), person("李梅", "1"))).location
    answer = liaison.post(f"{address}/write")
    assert answer.status_code == 409
    assert "还有1行有错误" in answer.text
    assert liaison.post(f"{address}/write_right").status_code == 303


def test_undoing_asks_for_the_reason(cast, liaison):
    address = f"/rosters/{written(cast, a_file(person())).id}"
    page = liaison.get(f"{address}/undo")
    assert page.status_code == 200 and 'name="reason"' in page.text
    assert "新增1人、更新0人。撤销后，新增的人移出名册" in text_of(page)
    assert liaison.post(f"{address}/undo", data={"reason": ""}).status_code == 422
    assert liaison.post(f"{address}/undo", data={"reason": "传错了文件"}).status_code == 303
    assert db.session.query(Member).filter_by(name="王强").count() == 0
    assert "已撤销" in text_of(liaison.get(address))


def test_nothing_to_write_is_said(cast, liaison):
    data = a_file(person())
    written(cast, data)
    page = liaison.get(upload(liaison, data).location)
    assert "没有需要写入的内容 文件与现有名册一致。" in text_of(page)
    assert "全部写入" not in page.text.split("办理过程")[0]


def test_the_senders_file_with_the_reasons(cast, liaison):
    address = upload(liaison, (FIXTURES / "untidy.xlsx").read_bytes(), "花名册.xlsx").location
    answer = liaison.get(f"{address}/marked.xlsx")
    assert answer.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert "filename*=UTF-8''" in answer.headers["Content-Disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data))["花名册"]
    assert sheet["A1"].value == "凤翔中学在职党员花名册"
    marks = {cell.row: cell.value for cell in sheet["P"] if cell.value}
    assert marks == {
        5: "错误原因",
        13: "手机号：号码被表格软件改成了科学计数“1.38917E+10”，后几位已丢失；请把这一列设为文本后重填。",
        14: "出生年月：“1980.1”分不清是1月还是10月，请写成 1980-01 或 1980-10。",
        15: "性别没有填写。 出生年月：“1980.13”不是真实的日期，请核对。 "
        "手机号：“1389170200”不是有效的电话号码，请核对位数。",
        16: "未写入：与第6行相同，只算一次。",
        17: "居住社区：与第9行是同一人，但居住社区不同，请只保留一行。",
        18: "未写入：已在县医院党总支名册。",
        20: "居住社区：没有“如林社区”这个社区，是否指儒林社区？",
        21: "居住社区：居住在县城的请填写居住社区（不清楚时可只填小区）；不居住县城的请在“是否居住县城”填否。",
    }
    assert sheet["N6"].value == 13891702001 and sheet["C7"].value == "男性"


def test_the_marked_file_can_be_mended_and_uploaded_again(cast, liaison):
    address = upload(liaison, a_file(person(), person("李梅", "1389170200"))).location
    book = openpyxl.load_workbook(io.BytesIO(liaison.get(f"{address}/marked.xlsx").data))
    book["Sheet1"]["D3"].value = "13891702004"
    mended = io.BytesIO()
    book.save(mended)
    page = liaison.get(upload(liaison, mended.getvalue()).location)
    assert "2 行 新增" in text_of(page) and "错误原因" not in text_of(page)


def test_an_xls_comes_back_as_xlsx(cast, liaison):
    address = upload(liaison, (FIXTURES / "old.xls").read_bytes(), "花名册.xls").location
    sheet = openpyxl.load_workbook(io.BytesIO(liaison.get(f"{address}/marked.xlsx").data)).active
    assert [cell.value for cell in sheet["F"]] == [None, "错误原因", None, "出生年月没有填写。"]


def test_imports_are_listed(cast, liaison, browse):
    written(cast, a_file(person()))
    uploaded(cast, a_file(person("曹静", "13891702077")), by="liaison2")
    assert [row[1] for row in rows_of(liaison.get("/rosters"))] == ["名册.xlsx"]
    county = browse(cast.users["county"])
    assert [row[1] for row in rows_of(county.get("/rosters"))] == ["县医院党总支", "凤翔中学党支部"]


def test_an_empty_list_says_what_to_do(cast, liaison, browse):
    assert "还没有导入过名册" in liaison.get("/rosters").text
    assert "还没有单位导入过名册" in browse(cast.users["county"]).get("/rosters").text


def test_the_county_sees_counts_but_no_values_and_has_no_moves(cast, browse):
    roster = uploaded(cast, a_file(person("欧阳䶮", "13891709999", post=""), person("李梅", "1389170200")))
    county = browse(cast.users["county"])
    for show in ("bad", "changed"):
        page = county.get(f"/rosters/{roster.id}?show={show}").text
        assert "手机号" in page and "1389170" not in page
    assert "全部写入" not in page and "放弃" not in page
    assert county.get(f"/rosters/{roster.id}/marked.xlsx").status_code == 403
    assert county.post(f"/rosters/{roster.id}/drop").status_code == 403
    assert county.get("/rosters/new").status_code == 403


def test_a_foreign_import_is_like_none(cast, browse):
    roster = uploaded(cast, a_file(person()))
    other = browse(cast.users["liaison2"])
    for address in ("", "/marked.xlsx", "/write", "/undo"):
        foreign, missing = other.get(f"/rosters/{roster.id}{address}"), other.get(f"/rosters/999999{address}")
        assert (foreign.status_code, missing.status_code) == (404, 404)
    assert other.post(f"/rosters/{roster.id}/write").status_code == 404


@pytest.mark.parametrize("who", ["member1", "clerk1", "admin", "dept1", "inspector", "grid1"])
def test_others_have_no_such_pages(cast, browse, who):
    visitor = browse(cast.users[who])
    for address in ("/rosters", "/rosters/new", "/rosters/template.xlsx", "/rosters/1", "/rosters/1/write"):
        assert visitor.get(address).status_code == 403


def test_no_file_chosen(cast, liaison):
    answer = liaison.post("/rosters/new", data={})
    assert answer.status_code == 422 and "请选择要上传的名册文件。" in answer.text


@pytest.mark.parametrize(
    ("name", "words"),
    [("truncated.xlsx", "文件不完整或已损坏"), ("without_phones.xlsx", "表头（第1行）缺少：手机号。")],
)
def test_a_file_that_can_not_be_used_is_refused_in_words(cast, liaison, name, words):
    answer = upload(liaison, (FIXTURES / name).read_bytes())
    assert answer.status_code == 422 and words in answer.text
    assert db.session.query(RosterImport).count() == 0


def test_uploads_of_every_kind_never_break_the_page(cast, liaison):
    chance, whole = random.Random(42), (FIXTURES / "untidy.xlsx").read_bytes()
    spoilt = bytearray(whole)
    for place in chance.sample(range(30, len(whole)), 60):
        spoilt[place] = chance.randrange(256)
    files = [
        b"",
        b"PK\x05\x06" + b"\0" * 18,
        chance.randbytes(3000),
        b"PK\x03\x04" + chance.randbytes(3000),
        bytes(spoilt),
    ]
    files += [whole[: len(whole) * tenths // 10] for tenths in range(1, 10)]
    old = (FIXTURES / "old.xls").read_bytes()
    files += [old[: len(old) * tenths // 10] for tenths in range(1, 10, 2)]
    for data in files:
        assert upload(liaison, data).status_code in (303, 422)


@pytest.mark.parametrize(
    "cell",
    [
        "\0",
        "2147483648",
        str(2**63),
        "９" * 40,
        "长" * 10_000,
        "😀",
        "𠮷",
        "0-0",
        "10000-01",
        "=cmd|' /C calc'!A0",
        "<script>",
        "1e308",
    ],
)
def test_no_cell_breaks_the_page(cast, liaison, cell):
    rows = [[cell if at == place else good for at, good in enumerate(person())] for place in range(len(HEAD))]
    answer = upload(liaison, a_file(*rows))
    assert answer.status_code in (303, 422)
    if answer.status_code == 303:
        assert liaison.get(answer.location).status_code == 200
        assert liaison.get(f"{answer.location}/marked.xlsx").status_code == 200


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "名" * 300 + ".xlsx", "a\r\nb.xlsx", "表\u202e.xlsx"])
def test_odd_file_names(cast, liaison, name):
    answer = upload(liaison, a_file(person()), name or "x")
    assert answer.status_code in (303, 422)
    assert answer.status_code == 422 or liaison.get(answer.location).status_code == 200


def test_the_same_upload_sent_twice_by_a_double_click_is_one(cast, liaison):
    once = "k" * 20
    first, second = (upload(liaison, a_file(person()), once=once) for _ in range(2))
    assert first.location == second.location
    assert db.session.query(RosterImport).count() == 1
