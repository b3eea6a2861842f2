"""Every list as a spreadsheet: what the page shows, in typed cells, never a formula, one query a part; audited."""

import datetime as dt
import io

import openpyxl
import pytest
from sqlalchemy import event, select, update

from portal import list_sheets
from portal.accounts.models import User
from portal.actors import Role
from portal.audit import AuditRow
from portal.doors import door_of
from portal.extensions import db, one_reading, reading, set_may_write
from portal.list_sheets import LISTS, ListSheet
from portal.people.exports import MEMBERS
from portal.people.models import Member, Unit
from tests import demonstration
from tests.cast import make_member, sign_in
from tests.pages import select as selected
from tests.suggestions.conftest import a_suggestion

# By hand: each list, who reads its page in the demonstration, and the address of that page.
PAGES = {
    "activities": ("community1", "/activities?community="),
    "bulletins": ("county", "/feedback"),
    "contact-points": ("county", "/pairings/contact-points"),
    "contacts": ("county", "/feedback/contacts"),
    "deferments": ("county", "/registrations/deferments"),
    "evaluations": ("community1", "/evaluations"),
    "exemplars": ("county", "/exemplars"),
    "exemptions": ("county", "/registrations/exemptions"),
    "findings": ("county", "/inspections/findings"),
    "households": ("community1", "/households"),
    "inspections": ("county", "/inspections"),
    "joint-actions": ("county", "/pairings/actions"),
    "members": ("unit1", "/members"),
    "notes": ("community1", "/evaluations/notes"),
    "notices": ("county", "/notices"),
    "organisations-communities": ("county", "/organisations/communities"),
    "organisations-supervisors": ("county", "/organisations/supervisors"),
    "organisations-units": ("county", "/organisations/units"),
    "pairing-projects": ("county", "/pairings/projects"),
    "pairings": ("county", "/pairings"),
    "pledges": ("county", "/pledges/cases"),
    "posts": ("county", "/posts"),
    "records": ("county", "/records"),
    "remarks": ("community1", "/remarks"),
    "seal-missing": ("community1", "/seals/missing"),
    "seals": ("community1", "/seals"),
    "stories": ("county", "/stories/cases"),
    "suggestions": ("county", "/suggestions"),
    "supports": ("unit1", "/households/unit"),
    "teams": ("county", "/teams"),
    "visits": ("community1", "/households/visits"),
    "wishes": ("community1", "/wishes/cases"),
    "work": ("county", "/work"),
    "work-lacking": ("county", "/work/lacking"),
}

MAY_BE_EMPTY = {"bulletins", "contacts", "work-lacking", "stories", "notices", "inspections", "findings"}


def test_every_list_has_its_page_typed_here(application):
    assert set(PAGES) == set(LISTS)


def sheet_of(answer):
    assert answer.status_code == 200 and answer.headers["Content-Disposition"].startswith("attachment"), answer.text
    return openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0]


def exported(browser, page: str) -> tuple[str, object]:
    """What the button of a page sends."""
    forms = [form.get("action") for form in selected(browser.get(page), "form.move") if "/lists/" in form.get("action")]
    assert len(forms) == 1, forms
    return forms[0], browser.post(forms[0])


@pytest.fixture
def demo(app):
    demonstration.load()


def selects(act) -> int:
    """How many SELECTs an act needs."""
    asked = []

    def count(_connection, _cursor, statement, *_):
        if statement.lstrip().upper().startswith("SELECT"):
            asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        act()
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    return len(asked)


def test_every_list_of_the_demonstration(demo, app):
    """The button stands on the page; typed cells, a frozen and repeated head, A4 landscape; no query for each row."""
    users = {user.username: user for user in db.session.scalars(select(User))}
    for name, (username, page) in PAGES.items():
        browser = sign_in(app, users[username])
        address, answer = exported(browser, page)
        assert address.startswith(f"/lists/{name}"), name
        sheet, columns = sheet_of(answer), LISTS[name].columns
        assert [cell.value for cell in sheet[2]] == [label for label, *_ in columns], name
        assert LISTS[name].title in sheet["A1"].value and "截至" in sheet["A1"].value, name
        assert sheet.max_row > 2 or name in MAY_BE_EMPTY, name
        assert (sheet.freeze_panes, sheet.print_title_rows) == ("A3", "$2:$2"), name
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9), name
        assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"], name
        for column, cell in enumerate(sheet[2], 1):
            if cell.value.endswith("日期"):
                values = {sheet.cell(line, column).value for line in range(3, sheet.max_row + 1)} - {None}
                assert all(isinstance(value, dt.datetime) for value in values), (name, cell.value)
        assert selects(lambda: browser.post(address)) < 45, name  # noqa: B023
    acts = list(db.session.scalars(select(AuditRow.act).where(AuditRow.act.endswith(".export"))))
    assert len(acts) == 2 * len(PAGES)


FORMULAS = ("=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", '=HYPERLINK("http://x")', "http://x.cn", "\tx", "1e5")


@pytest.mark.parametrize("words", FORMULAS)
def test_no_cell_is_a_formula_whatever_a_name_begins_with(cast, browse, words):
    row = a_suggestion(cast)
    row.title = cast.unit1.name = cast.member1_row.name = words
    db.session.commit()
    stored = row.title
    sheet = sheet_of(browse(cast.users["county"]).post("/lists/suggestions"))
    line = [cell for cell in sheet[3] if cell.value == stored]
    assert len(line) == 3 and {cell.data_type for cell in line} == {"s"}
    assert {cell.hyperlink for cell in line} == {None}


def test_the_filters_of_the_page_are_those_of_the_sheet_and_stand_in_its_title(cast, browse):
    a_suggestion(cast, "accepted")
    county = browse(cast.users["county"])
    for query, found in (("?state=accepted", 1), ("?state=answered", 0)):
        address, answer = exported(county, f"/suggestions{query}&after=99")
        sheet = sheet_of(answer)
        assert address == f"/lists/suggestions{query}"
        assert sheet.max_row == 2 + found
        assert "；状态：" in sheet["A1"].value
    reasons = list(
        db.session.scalars(select(AuditRow.reason).where(AuditRow.act == "suggestions.export").order_by(AuditRow.id))
    )
    assert reasons == ["导出合理建议 1 行", "导出合理建议 0 行"]


def test_a_part_follows_the_other_in_the_order_of_the_page(cast, monkeypatch):
    for place in range(23):
        make_member(cast.unit1, cast.community1, f"张{'甲乙丙丁戊己庚辛壬癸'[place % 10]}", f"138917020{place:02d}")
    db.session.commit()
    monkeypatch.setattr(list_sheets, "PART", 10)
    sheet = ListSheet("x", "x", "people.index", lambda by: (select(Member), ""), MEMBERS[:4], (Member.pinyin,))
    lines = list(sheet.lines(select(Member)))
    rows = db.session.scalars(select(Member).order_by(Member.pinyin, Member.id)).all()
    assert [line[0] for line in lines] == [row.name for row in rows] and len(lines) == 27


def test_no_writer_waits_while_a_long_list_is_written(cast, monkeypatch):
    monkeypatch.setattr(list_sheets, "PART", 1)
    name, unit = cast.unit1.name, cast.unit1.id
    sheet = ListSheet("x", "x", "people.index", lambda by: (select(Member), ""), MEMBERS[:4], (Member.pinyin,))
    with reading(), one_reading() as let_go:
        lines = sheet.lines(select(Member), let_go)
        next(lines)
        set_may_write(True)  # a request beside this one
        with db.engine.connect() as other:
            other.execute(update(Unit).where(Unit.id == unit).values(name=f"{name}（新）"))
            other.commit()
        set_may_write(False)
        assert len(list(lines)) == 3
    assert db.session.get_one(Unit, unit).name == f"{name}（新）"


def test_too_many_rows_are_refused_in_words(cast, browse, monkeypatch):
    monkeypatch.setattr(list_sheets, "MOST_ROWS", 1)
    answer = browse(cast.users["county"]).post("/lists/members")
    assert answer.status_code == 409 and "一次最多导出 1 行，请先筛选再导出" in answer.text
    assert db.session.scalars(select(AuditRow).where(AuditRow.act == "people.export")).all() == []


def test_a_phone_is_exported_as_the_page_shows_it(cast, browse):
    phones = {}
    for person in ("liaison1", "county", "dept1", "committee"):
        sheet = sheet_of(browse(cast.users[person]).post("/lists/members"))
        found = {row[0].value: row[9].value for row in sheet.iter_rows(min_row=3)}
        phones[person] = found.get("欧阳䶮")
    assert phones == {"liaison1": "13891701001", "county": "138****1001", "dept1": "138****1001", "committee": None}
    fields = set(db.session.scalars(select(AuditRow.fields).where(AuditRow.act == "people.export")))
    assert fields == {"phone"}


def test_who_may_not_have_a_list_is_offered_none(cast, browse):
    for username, offered in (("inspector", False), ("county", True)):
        page = browse(cast.users[username]).get("/inspections")
        assert bool(selected(page, "form[action^='/lists/']")) is offered, username


def test_members_and_those_whom_a_page_is_closed_to_get_none(cast, browse, application):
    a_suggestion(cast)
    member = browse(cast.users["member1"])
    assert "/lists/" not in member.get("/suggestions").text
    assert member.post("/lists/suggestions").status_code == 403
    for name, sheet in LISTS.items():
        roles = door_of(sheet.page).roles
        for person in ("clerk1", "liaison1", "chengguan", "committee", "grid1", "admin"):
            role = cast.by(person).role
            if role not in roles and role is not Role.MEMBER:
                assert browse(cast.users[person]).post(f"/lists/{name}").status_code == 403, (name, person)
    assert browse(cast.users["county"]).post("/lists/nothing").status_code == 404
