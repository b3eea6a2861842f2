"""The lists as .xlsx: just what the page shows, as text, and audited."""

import io

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from portal.audit import AuditRow
from portal.extensions import db
from tests.page_forms import forms_of
from tests.pages import listed


def rows(browser, address: str) -> list[list]:
    """The lines below the head of the sheet that an address sends."""
    answer = browser.post(address)
    assert answer.status_code == 200 and "attachment" in answer.headers["Content-Disposition"]
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()[2:]


def exports() -> list[str]:
    return list(
        db.session.scalars(select(AuditRow.reason).where(AuditRow.act == "registrations.export").order_by(AuditRow.id))
    )


@pytest.mark.parametrize(
    ("person", "query", "names"),
    [
        ("clerk1", "", ["欧阳䶮", "买买提·吐尔逊", "仇文博", "白院长", "单雪"]),
        ("clerk1", "?state=filed", ["欧阳䶮", "白院长", "单雪"]), ("liaison2", "", ["白院长", "单雪"]),
        ("committee", "", []), ("clerk1", "?state=returned", []),
    ],
)  # fmt: skip
def test_the_list(county, browse, person, query, names):
    found = rows(browse(county.users[person]), f"/registrations/export{query}")
    assert [line[1] for line in found] == names
    assert exports() == [f"导出报到名单 {len(names)} 行"]


def test_what_was_typed_narrows_the_sheet_too_and_stands_in_no_address(county, browse):
    browser = browse(county.users["clerk1"])
    found = listed(browser, "/registrations?q=oyy&state=filed")
    (address,) = [form.action for form in forms_of(found.text) if "/export" in form.action]
    assert address == "/registrations/export?state=filed&s=1"
    assert [line[1] for line in rows(browser, address)] == ["欧阳䶮"]


def test_the_names_behind_a_number(county, browse):
    found = rows(browse(county.users["county"]), "/registrations/people/export?by=unit&standing=missing")
    assert [(line[0], line[4]) for line in found] == [
        ("安副校长", "已开证明信"), ("常科员", "没有证明信"), ("尔无社区", "没有证明信"), ("仇文博", "待接洽"),
        ("单雪", "回执已备案"),
    ]  # fmt: skip


def test_the_rates(county, browse):
    found = rows(browse(county.users["county"]), "/registrations/rates/export?by=supervisor")
    assert sorted(line[:4] for line in found[:2]) == [
        ["县卫生健康局党委", "33.3%", 3.0, 1.0], ["县教育体育局党委", "40%", 5.0, 2.0],
    ]  # fmt: skip
    assert [line[:4] for line in found[2:]] == [["合计", "37.5%", 8.0, 3.0], ["其中：领导干部", "50%", 2.0, 1.0]]


@pytest.mark.parametrize("list_", ["", "/people", "/rates"])
def test_only_offices_export(cast, browse, list_):
    address = f"/registrations{list_}/export"
    for person in ("member1", "grid1", "inspector", "admin"):
        assert browse(cast.users[person]).post(address).status_code == 403
    assert exports() == []
