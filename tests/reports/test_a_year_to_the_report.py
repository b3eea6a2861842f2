"""A year of the whole county over HTTP, on a clock that moves: four quarters of service, the report, the closing.

Each service is written down by one person and confirmed by another; each quarter is told to the units; members are
evaluated, the communities confirm their numbers, a department hands in before the deadline, the county returns it, the
department hands in again, the county accepts. What is voided afterwards changes what is counted now and not what was
handed in. Every step is made on the pages by the person whose step it is.
"""

import datetime as dt
import re

import pytest
import time_machine

from portal import clock, numbers, queue
from portal.actors import Role
from portal.closing import queries as queries_of_closing
from portal.closing import working
from portal.closing.models import ClosingState
from portal.extensions import db
from portal.feedback.models import Bulletin
from portal.records.models import RecordState, ServiceRecord
from portal.registrations.models import Registration
from portal.reports import frozen, queries
from portal.reports.models import Report, ReportKind, ReportState
from tests.cast import make_member
from tests.duties.test_a_year import YEAR, Year
from tests.page_forms import form_to
from tests.pages import select, texts
from tests.reports.making import worker
from tests.wishes.making import register

# Per quarter: the day of a service in each community, and the next day, on which it is confirmed.
QUARTERS = ((3, 14), (5, 23), (8, 15), (10, 17))
FEEDBACK = (4, 7, 10)  # the months in which the quarters before are told to the units
TICKS = 8


@pytest.fixture
def year(app, cast) -> Year:
    """The cast, one more member of the second community; everybody reported in January."""
    member4 = make_member(cast.unit2, cast.community2, "解晓东", "13891701009")
    cast.places["member4_row"] = member4
    cast.appoint("member4", "解晓东", Role.MEMBER, member=member4, unit=cast.unit2)
    db.session.commit()
    register(cast, "member1", "member2", "member3", "member4", "dual")
    for row in db.session.scalars(db.select(Registration)):
        row.accepted_on = dt.date(YEAR, 1, 12)
        numbers.draw("receipt", YEAR)
    db.session.commit()
    return Year(app, cast)


def serves(it: Year, month: int, day: int) -> None:
    """One member of each community serves; a clerk writes it down, another person confirms it the next day."""
    facts = {"day": f"{YEAR}-{month:02}-{day:02}", "starts": "09:00", "half_hours": "4", "category": "environment",
             "what": "清理楼道堆物", "for_whom": "3号楼居民", "evidence": "served"}  # fmt: skip
    with it.on(month, day, 15):
        it.sends("clerk1", f"/records/new/{it.cast.member2_row.id}", **facts)
        first = it.address
        it.sends("clerk2", f"/records/new/{it.cast.member4_row.id}", **facts)
        second = it.address
    with it.on(month, day + 1, 10):
        it.sends("clerk1b", f"{first}/confirm")
        it.sends("chengguan", f"{second}/confirm")


def a_bulletin(it: Year, month: int) -> None:
    """On the tenth day after the quarter time compiles; the clerk sends it to the unit, whose liaison acknowledges."""
    with it.on(month, 12, 10):
        for _ in range(TICKS):  # a community a tick
            assert queue.tick(clock.now(), db.session.commit, db.session.rollback) == []
        unit, quarter = it.cast.unit1.id, FEEDBACK.index(month) + 1
        rows = db.select(Bulletin.number).where(Bulletin.unit_id == unit, Bulletin.quarter == quarter)
        number = db.session.scalars(rows.where(Bulletin.year == YEAR)).one()
        it.sends("clerk1", f"/feedback/{number}/send")
        assert "已签收" in it.sends("liaison1", f"/feedback/{number}/acknowledge")


def evaluations(it: Year) -> None:
    """From 1 November the clerk grades who was here for six months; the unit answers with its slip."""
    with it.on(11, 2, 10):
        it.sends("clerk1", "/evaluations/open")
        page = it.reads("clerk1", "/evaluations").text
        [case] = [each for each in set(re.findall(r"/evaluations/\d{4}-\d{4}", page)) if is_of(it, each, "member2_row")]
        form = form_to(it.reads("clerk1", f"{case}/grade").text, "/grade")
        good = next(v for v in form.choices["grade_id"] if v)
        it.sends("clerk1", f"{case}/grade", **form.filled(grade_id=good, performance="四次服务都到场，干得仔细。"))
        it.sends("clerk1", f"{case}/send")
    with it.on(11, 3, 10):
        it.sends("liaison1", f"{case}/acknowledge", uses="review", handling="praise", told="yes")


def is_of(it: Year, case: str, member: str) -> bool:
    return getattr(it.cast, member).name in it.reads("clerk1", case).text


def report_of(it: Year, body: str, kind: ReportKind = ReportKind.OWN) -> Report:
    return queries.of_body(getattr(it.cast, body).id, YEAR, kind)


def the_communities_confirm(it: Year) -> None:
    """Each clerk confirms; then one more service is confirmed, so that the first community looks once more."""
    with it.on(11, 10, 10):
        for clerk in ("clerk1", "clerk2"):
            confirm_part(it, clerk)
    serves(it, 11, 14)
    with it.on(11, 16, 10):
        page = it.reads("clerk1", part_of(it, "clerk1"))
        assert "确认后有变动" in page.text
        assert "服务（人次）" in "".join(line for line in texts(page, "tbody tr") if "变了" in line)
        confirm_part(it, "clerk1")


def part_of(it: Year, clerk: str) -> str:
    [case] = set(re.findall(r"/reports/parts/\d+", it.reads(clerk, "/reports/parts").text))
    return case


def confirm_part(it: Year, clerk: str) -> None:
    case = part_of(it, clerk)
    form = form_to(it.reads(clerk, case).text, "/confirm")
    assert "至今没有变动" in it.sends(clerk, f"{case}/confirm", **form.filled())


def hands_in(it: Year, name: str, report: Report) -> str:
    """A body hands in, having looked at what does not match."""
    address = f"/reports/{report.number}/submit"
    form = form_to(it.reads(name, address).text, address)
    it.sends(name, address, **form.filled(**{tick: "y" for tick in form.names if tick.endswith("_seen")}))
    worker()
    return it.reads(name, f"/reports/{report.number}").text


def live_number(it: Year, name: str, column: str) -> str:
    """A number of the live total of table 6, which opens its list."""
    links = select(it.reads(name, "/reports/tables/6"), "tfoot a")
    of_column = next(link for link in links if f"column={column}&" in f"{link.get('href')}&")
    return re.match(r"[\d.]+", of_column.text.strip())[0]


def the_department_hands_in_and_again(it: Year) -> None:
    with it.on(11, 20, 10):
        assert "还有 6 个工作日" in "".join(texts(it.reads("dept1", "/desk"), ".todo__words"))
        row = report_of(it, "dept1")
        assert "第 1 次上报时的数据" in hands_in(it, "dept1", row)
    with it.on(11, 23, 10):
        it.sends("county", f"/reports/{row.number}/send_back", reason="请补上附属学校的备注")
    with it.on(11, 24, 10):
        assert "请补上附属学校的备注" in it.reads("dept1", f"/reports/{row.number}").text
        address = f"/reports/{row.number}/words/6"
        form = form_to(it.reads("dept1", address).text, "")
        it.sends("dept1", address, **form.filled(**{f"row_{it.cast.unit1.id}": "含附属学校两所"}))
        page = hands_in(it, "dept1", row)
        assert "第 2 次上报时的数据" in page and "含附属学校两所" in page
    with it.on(11, 25, 10):
        assert "已接收" in it.sends("county", f"/reports/{row.number}/accept")
        assert any("接收" in line for line in texts(it.reads("dept1", "/messages"), "main li"))


def the_town_hands_in_for_the_county_town(it: Year) -> None:
    with it.on(11, 26, 10):
        row = report_of(it, "chengguan", ReportKind.LEAD)
        refused = it.browser("chengguan").post(f"/reports/{row.number}/submit", data={})
        assert refused.status_code == 422 and "请先看过变动，再打勾。" in refused.text  # the second community's
        hands_in(it, "chengguan", row)
        it.sends("county", f"/reports/{row.number}/accept")


def who_is_late_is_urged(it: Year) -> None:
    with it.on(12, 1, 10):
        assert texts(it.reads("county", "/reports?late=1"), "tbody th") == ["县卫生健康局党委"]
        it.sends("county", "/reports/urge", year=str(YEAR))
        assert any("催报" in line for line in texts(it.reads("dept2", "/messages"), "main li"))
        hands_in(it, "dept2", report_of(it, "dept2"))
    with it.on(12, 2, 10):
        it.sends("county", f"/reports/{report_of(it, 'dept2').number}/accept")


def one_record_is_voided(it: Year) -> None:
    """What is counted now changes; what was handed in does not, nor the list behind its number."""
    with it.on(12, 10, 10):
        before, listed = live_number(it, "dept1", "services"), frozen_list(it)
        record = db.session.scalars(
            db.select(ServiceRecord.id).where(ServiceRecord.member_id == it.cast.member2_row.id)
        ).first()  # fmt: skip
        it.sends("clerk1", f"/records/{record}/void", reason="写错了人")
        assert (before, live_number(it, "dept1", "services")) == ("5", "4")
        assert frozen_list(it) == listed and len(listed) == 5
        differing = texts(it.reads("county", f"/reports/whole?year={YEAR}"), "tbody tr")
        assert "县教育体育局党委服务（人次） 5 → 4；服务（小时） 10 → 8" in differing
        row = report_of(it, "dept1")
        assert frozen.is_whole(queries.standing_of(row.id))


def frozen_list(it: Year) -> list[str]:
    row = report_of(it, "dept1")
    address = f"/reports/{row.number}/tables/6/behind?edition=2&column=services&row={it.cast.unit1.id}"
    return texts(it.reads("county", address), "tbody th")


def the_year_is_closed(it: Year) -> None:
    """Not before 31 January, by two people of the county; from then on nobody is offered anything of the year."""
    row = report_of(it, "dept1")
    with it.on(12, 30, 10):
        assert it.browser("county").post(f"/closing/{YEAR}/propose").status_code != 303
    february = clock.start_of(dt.date(YEAR + 1, 2, 1)) + dt.timedelta(hours=10)
    with time_machine.travel(february, tick=False):
        it.sends("county", f"/closing/{YEAR}/propose")
        it.sends("county_b", f"/closing/{YEAR}/confirm")
        while working.close_next(db.session.commit):
            db.session.commit()
        assert queries_of_closing.of_year(YEAR).state is ClosingState.CLOSED
        page = it.reads("county", f"/reports/{row.number}")
        assert page.status_code == 200 and not texts(page, "main .send_back, main .urge")
        refused = it.browser("county").post(f"/reports/{row.number}/send_back", data={"reason": "还要改"})
        assert refused.status_code == 409
        assert it.browser("chengguan").post(f"/reports/{row.number}/submit").status_code == 404


def test_a_year_to_the_report(year):
    it = year
    for place, (month, day) in enumerate(QUARTERS):
        if place:
            a_bulletin(it, FEEDBACK[place - 1])
        serves(it, month, day)
    evaluations(it)
    the_communities_confirm(it)
    the_department_hands_in_and_again(it)
    the_town_hands_in_for_the_county_town(it)
    who_is_late_is_urged(it)
    one_record_is_voided(it)

    rows = db.session.scalars(db.select(Report).where(Report.year == YEAR)).all()
    assert {row.state for row in rows} == {ReportState.ACCEPTED} and len(rows) == 3
    confirmed = db.session.scalars(db.select(ServiceRecord).where(ServiceRecord.state == RecordState.CONFIRMED)).all()
    assert len(confirmed) == 9
    assert all(each.confirmed_by_user_id != each.recorded_by_user_id for each in confirmed)
    the_year_is_closed(it)
