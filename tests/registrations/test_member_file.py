"""The community's member file: filters, pages, and the audited export."""

import io
import re
from urllib.parse import urlencode

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from portal.audit import AuditRow
from portal.extensions import db
from portal.labels import Category
from portal.registrations import cards, certificate_numbers, workflow
from portal.registrations.cards import CardFacts
from portal.registrations.models import FreeTime
from tests.cast import make_member
from tests.pages import listed


@pytest.fixture
def file(cast):
    """Three members registered in community1, with cards, and one in community2."""
    third = make_member(cast.unit1, cast.community1, "=cmd|解", "13891701011")
    own = {cast.member1_row: "member1", cast.member2_row: "member2", cast.member3_row: "member3"}
    for member, skills, intentions, times, grid in (
        (cast.member1_row, ("理发",), (Category.LEGAL,), (FreeTime.WEEKENDS,), cast.grid1),
        (cast.member2_row, ("水电维修", "理发"), (Category.LEGAL, Category.CULTURE), (FreeTime.EVENINGS,), cast.grid2),
        (third, (), (Category.CULTURE,), (FreeTime.EVENINGS, FreeTime.WEEKENDS), None),
        (cast.member3_row, ("理发",), (Category.LEGAL,), (FreeTime.WEEKENDS,), None),
    ):
        here = member.community is cast.community1
        liaison = cast.by("liaison1" if member.unit is cast.unit1 else "liaison2")
        filler = cast.by(own[member]) if member in own else liaison
        cards.fill(member, filler, CardFacts(skills, intentions, times, None, member.phone, member.address))
        row = workflow.issue(member, liaison)
        workflow.accept(row, cast.by("clerk1" if here else "clerk2"), grid_id=grid.id if grid else None)
    db.session.commit()
    return cast


ALL = ["=cmd|解", "买买提·吐尔逊", "欧阳䶮"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ALL), ({"skill": "理发"}, ["买买提·吐尔逊", "欧阳䶮"]), ({"skill": "水电"}, ["买买提·吐尔逊"]),
        ({"intention": "culture"}, ["=cmd|解", "买买提·吐尔逊"]),
        ({"intention": "legal", "free_time": "weekends"}, ["欧阳䶮"]),
        ({"free_time": "evenings", "skill": "理发"}, ["买买提·吐尔逊"]), ({"grid": "grid2"}, ["买买提·吐尔逊"]),
        ({"q": "mmt"}, ["买买提·吐尔逊"]), ({"q": "欧阳"}, ["欧阳䶮"]), ({"q": "%"}, []), ({"skill": "%"}, []),
        ({"intention": "nonsense", "grid": "x"}, ALL), ({"skill": "长" * 9000}, []),
    ],
)  # fmt: skip
def test_the_file_is_searched(file, browse, query, found):
    query = {k: file.grid2.id if v == "grid2" else v for k, v in query.items()}
    page = listed(browse(file.users["clerk1"]), f"/registrations/file?{urlencode(query)}").text
    assert sorted(re.findall(r'<th scope="row"><a[^>]*>([^<]+)', page)) == sorted(found)
    assert "13891701001" not in page  # phones are masked on the page


def exports() -> list[tuple[str, str]]:
    rows = db.session.execute(select(AuditRow.fields, AuditRow.reason).where(AuditRow.act == "registrations.export"))
    return [tuple(row) for row in rows]


def test_the_export_holds_what_is_shown_as_text_and_is_audited(file, browse):
    browser = browse(file.users["clerk1"])
    answer = browser.post("/registrations/file/export?intention=culture")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].isascii()  # the Chinese name is encoded
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert sheet[0][0].startswith("儒林社区 在职党员信息库（截至")
    assert sheet[1][:4] == ["证明信编号", "姓名", "性别", "单位"]
    assert sorted(row[1] for row in sheet[2:]) == ["=cmd|解", "买买提·吐尔逊"]
    assert "13891701002" in {row[9] for row in sheet[2:]}
    assert exports() == [("phone", "导出在职党员信息库 2 行")]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("2026-0012", "2026-0012"), ("2026-12", "2026-0012"), (" 2026—0012 ", "2026-0012"),
        ("２０２６-００１２", "2026-0012"), ("凤进社信〔2026〕0012号", "2026-0012"),
        ("凤进社信[2026]12号", "2026-0012"), ("凤进社信（２０２６）００１２号", "2026-0012"),
        ("〔2025〕0012", "2025-0012"), ("2025年12号", "2025-0012"), ("12", "2026-0012"), ("第12号", "2026-0012"),
        ("0012号", "2026-0012"), ("2026-1234567", "2026-1234567"), ("", None), ("号", None), ("2026-12345678", None),
        ("1999-0001", None), ("欧阳䶮", None), ("2026-", None), ("12-13", None), ("٢٠٢٦-12", None),
    ],
)  # fmt: skip
def test_a_number_is_read_as_people_write_it(application, typed, number):
    assert certificate_numbers.parse(typed, 2026) == number
