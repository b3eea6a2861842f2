"""Pages of the five ones: every number opens the list that it was counted from; a member's own, live."""

import datetime as dt
import io

import pytest
from flask import url_for
from python_calamine import CalamineWorkbook
from sqlalchemy import event

from portal.duties import routes, tally
from portal.duties.five_ones import Status, Step
from portal.extensions import db
from portal.pledges.models import FiveOne
from portal.records.models import Source
from portal.registrations.models import Registration
from portal.registrations.rates import Grouping
from tests.crowds import registered_members
from tests.page_forms import form_to
from tests.pages import listed, same_page, texts

NOW = "2026-11-20 02:00:00+00:00"


@pytest.fixture
def busy(year, time_machine):
    """member1 has a post with a record and two services; member2 has nothing; both are registered in community1."""
    time_machine.move_to(NOW)
    held = year.post(dt.date(2026, 3, 1))
    year.service(dt.date(2026, 5, 1), source=Source.POST, source_id=held.id)
    year.service(dt.date(2026, 5, 2))
    other = {c.name: getattr(year.registration, c.name) for c in year.registration.__table__.columns}
    other |= {"id": None, "member_id": year.cast.member2_row.id, "number": "2026-0901", "serial": 901,
              "receipt_number": "2026-0901", "receipt_serial": 901}  # fmt: skip
    db.session.add(type(year.registration)(**other))
    db.session.commit()
    return year


def test_each_number_opens_its_list(busy, browse):
    clerk = browse(busy.cast.users["clerk1"])
    page = clerk.get("/duties")
    assert texts(page, "tfoot tr:first-child td")[:3] == ["2", "0", "1 缺 1"]
    for one, done, lacking in (("post", 1, 1), ("suggestion", 0, 2), ("activity", 0, 2), ("exemplar", 1, 1)):
        for status, number in (("done", done), ("lacking", lacking)):
            shown = clerk.get(f"/duties/people?one={one}&status={status}")
            assert len(texts(shown, "tbody tr")) == number, (one, status)
    assert texts(clerk.get("/duties/people?one=post&status=lacking"), "tbody th") == ["买买提·吐尔逊"]
    assert len(texts(clerk.get("/duties/people?one=household&status=arrange"), "tbody tr")) == 2
    assert texts(listed(clerk, "/duties/people?q=ouyang"), "tbody th") == ["欧阳䶮"]
    assert texts(clerk.get("/duties/people?leading=1"), ".empty__title") == ["名单是空的"]


@pytest.mark.parametrize(
    ("name", "people"),
    [("clerk1", 2), ("clerk2", 0), ("liaison1", 2), ("liaison2", 0), ("dept1", 2), ("dept2", 0), ("chengguan", 2),
     ("town2", 0), ("committee", 0), ("county", 2)],
)  # fmt: skip
def test_everybody_sees_their_own_scope(busy, browse, name, people):
    browser = browse(busy.cast.users[name])
    assert texts(browser.get("/duties"), "tfoot tr:first-child td")[:1] == ([str(people)] if people else [])
    assert len(texts(browser.get("/duties/people"), "tbody tr")) == people
    for line in ("999999", "0", "x"):
        assert browser.get(f"/duties/people?line={line}&by=unit").status_code == 200
    own = browser.get(f"/duties/{busy.member.id}")
    if people:
        assert own.status_code == 200 and "岗位上有服务" in own.text
    else:
        assert same_page(own, browser.get("/duties/999999"))


def test_nothing_else_in_the_address_breaks_the_list(busy, browse):
    county = browse(busy.cast.users["county"])
    for address in ("one=x&status=y", "after=999999999999", "by=zzz", "after=1&s=%00", "line=99999999999999"):
        assert county.get(f"/duties/people?{address}").status_code == 200
        assert county.get(f"/duties?{address}").status_code == 200


def test_what_was_done_since_is_counted(busy, browse):
    clerk = browse(busy.cast.users["clerk1"])
    assert texts(clerk.get("/duties"), "tfoot tr:first-child td")[3] == "0 缺 2"
    member = browse(busy.cast.users["member1"])
    form = form_to(member.get("/suggestions/new").text, "")
    member.post("/suggestions/new", data=form.filled(addressed_to="community", title="装路灯", body="东门没有灯。"))
    assert texts(clerk.get("/duties"), "tfoot tr:first-child td")[3] == "1 缺 1"


def test_a_members_own_desk_says_what_is_done_and_what_would_help(busy, browse):
    desk = browse(busy.cast.users["member1"]).get("/desk")
    assert texts(desk, "#five-ones strong") == [one.label for one in FiveOne]
    assert texts(desk, "#five-ones .tag") == ["已完成", "未完成", "未完成", "待社区安排", "已完成"]
    assert "提一条建议" in texts(desk, "#five-ones a")
    own = browse(busy.cast.users["member1"]).get(f"/duties/{busy.member.id}")
    assert texts(own, ".panel .tag") == ["已完成", "未完成", "未完成", "待社区安排", "已完成"]
    assert not texts(browse(busy.cast.users["member3"]).get("/desk"), "#five-ones strong")


def sheet(answer) -> list[list]:
    """The rows of a spreadsheet below its title."""
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()[1:]


def test_the_lists_go_out_as_spreadsheets(busy, browse):
    clerk = browse(busy.cast.users["clerk1"])
    page = clerk.get("/duties/people?one=post&status=lacking")
    form = form_to(page.text, "/duties/people/export?by=unit&one=post&status=lacking")
    answer = clerk.post(form.action, data=form.values)
    rows = sheet(answer)
    assert rows[0][:5] == ["姓名", "单位", "社区", "领导干部", "认领一个服务岗位"]
    assert [row[0] for row in rows[1:]] == ["买买提·吐尔逊"]
    assert rows[1][4].startswith("未完成：还没有认领服务岗位")
    whole = clerk.post("/duties/export", data=form.values)
    table = sheet(whole)
    assert table[1][:5] == ["凤翔中学党支部", 2, 0, 1, 1] and table[-2][0] == "合计"


def test_a_long_list_in_pages_by_name(cast, browse, time_machine):
    time_machine.move_to(NOW)
    registered_members(cast, 120)
    county, seen, address = browse(cast.users["county"]), [], "/duties/people?by=community"
    while address:
        page = county.get(address)
        seen += texts(page, "tbody th")
        following = [link for link in page.text.split('"') if "/duties/people?" in link and "after=" in link]
        address = following[-1].replace("&amp;", "&") if following and "下一页" in page.text else ""
    assert seen == [f"党员{index:04}" for index in range(120)]


ADDRESSES = (
    "/duties?by=supervisor",
    "/duties?by=community",
    "/duties/people",
    "/duties/people?one=post&status=lacking",
)


def test_as_many_queries_whatever_the_number_of_members(cast, browse, time_machine):
    time_machine.move_to(NOW)
    county, numbers = browse(cast.users["county"]), []
    users = registered_members(cast, 60)
    for many in (60, 3):
        gone = Registration.member_id.in_([user.member_id for user in users[many:]])
        db.session.execute(db.delete(Registration).where(gone))
        db.session.commit()
        numbers.append([selects(county, address) for address in ADDRESSES])
    assert numbers[0] == numbers[1] and max(numbers[0]) <= 10


def selects(browser, address: str) -> int:
    """How many queries one look takes when nothing is kept."""
    asked = []

    def note(_connection, _cursor, statement, *_):
        asked.append(statement)

    tally.forget()
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert browser.get(address).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len([statement for statement in asked if statement.lstrip().upper().startswith("SELECT")])


def test_the_table_is_a_recount_of_the_list(busy):
    by, today = busy.cast.by("county"), dt.date(2026, 11, 20)
    for grouping in Grouping:
        table, people = tally.table(by, grouping, today), tally.people(by, grouping, today)
        for line in table.lines:
            own = [person for person in people if person.key(grouping) == line.key]
            assert line.people == len(own)
            for one in FiveOne:
                for status in Status:
                    assert line.number(one, status) == sum(person.stands(one) is status for person in own)


def test_every_step_leads_to_a_page_that_members_may_open(app, busy, browse):
    member = browse(busy.cast.users["member1"])
    with app.test_request_context():
        addresses = {step: url_for(endpoint) for step, endpoint in routes.STEPS.items()}
    assert {step: member.get(address).status_code for step, address in addresses.items()} == dict.fromkeys(Step, 200)
