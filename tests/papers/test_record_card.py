"""The 写实登记卡: each printed cell, none, forty, the longest, who sees it, many with a fixed number of queries."""

import datetime as dt
import io
from contextlib import contextmanager

import page as validator
import pdfplumber
import pytest
from sqlalchemy import event

from portal import clock, numbers
from portal.actors import Actor, Role
from portal.closing.queries import stored
from portal.extensions import db
from portal.labels import Category
from portal.papers import drawing, part_drawing, queries
from portal.papers.catalogue import PAPERS
from portal.papers.workflow import Wanted
from portal.people.names import surname_of
from portal.posts.models import Post, PostClaim
from portal.records.models import Evidence, RecordState, Source
from portal.registrations.models import EndKind, RegistrationState
from portal.scheme import queries as scheme
from portal.teams.models import JoinedBy, Team, TeamMember
from tests.cast import make_member
from tests.papers.making import LONG_UNIT, accepted, certificate, full_member, service

LONG = "组织小区楼长、物业和商户代表一起清理东大街背街小巷的卫生死角，逐户宣传垃圾分类和电动车入棚充电的要求。" * 4
WHOM = "翠湖花园小区独居老人、行动不便的残疾人和放学后没人照看的小学生共三十余人等等等等"
COUNTY = Actor(role=Role.COUNTY, name="命令行")


@pytest.fixture(autouse=True)
def in_november(time_machine):
    time_machine.move_to("2026-11-20 02:00:00+00:00")


@pytest.fixture
def row(cast):
    """欧阳䶮's registration, accepted on 10 May 2026."""
    made = accepted(certificate(cast.member1_row))
    db.session.commit()
    return made


@pytest.fixture
def as_(browse, cast):
    return lambda username: browse(cast.users[username])


@contextmanager
def selects():
    """The SELECT statements of a block, as a list."""
    seen = []

    def hear(conn, cursor, statement, *_):
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", hear)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", hear)


def close_year(row, year=2026):
    """The record card becomes final, as the closing of the year will make it."""
    stored(year).closed_at = clock.now()  # before, its numbers are seen by nobody
    serial = numbers.draw("record-card", year)
    community = row.community.name
    made = numbers.issue("record-card", year, serial, 1, row.id, surname_of(row.member.name), community)
    db.session.commit()
    return made


def test_each_cell(print_of_year, row, cast):
    team = Team(community=cast.community1, name="雷锋志愿服务队", founded_on=dt.date(2026, 1, 1))
    team.memberships = [TeamMember(member=cast.member1_row, how=JoinedBy.CHOSEN, since=dt.date(2026, 5, 12))]
    post = Post(
        number="2026-0001", year=2026, serial=1, community=cast.community1, category=Category.ORDER, title="楼栋长",
        duty="调解", place="儒林苑", times="周末", capacity=2, opened_on=dt.date(2026, 1, 1),
    )  # fmt: skip
    post.claims = [PostClaim(member=cast.member1_row, place=1, at=clock.now(), since=dt.date(2026, 5, 13),
                             confirmed_for=2026)]  # fmt: skip
    db.session.add_all([team, post])
    service(cast.member1_row, dt.date(2026, 5, 17), source=Source.WISH, source_id=1)
    service(
        cast.member1_row, dt.date(2026, 6, 6), half_hours=5, starts=dt.time(14, 30), place=cast.community2,
        category=Category.ENVIRONMENT, what="清运河道垃圾", for_whom="沿河居民40人", evidence=Evidence.LATE,
        stand_in=True, recorded_by="凤鸣社区 李桂英",
    )  # fmt: skip
    service(cast.member1_row, dt.date(2026, 7, 1), starts=None, for_whom=None, confirmed_by=None, opening=True)
    service(cast.member1_row, dt.date(2026, 7, 2), half_hours=0, what="重温入党誓词", for_whom=None)
    words, pages, pdf = print_of_year("record-card", row)
    assert pages == 1
    for cell in (
        "在职党员进社区情况写实登记卡", "证明信编号：凤进社信〔2026〕0001号编号：—截至2026年11月20日",
        "年度2026年姓名欧阳䶮工作单位凤翔中学党支部", "社区儒林社区服务队雷锋志愿服务队服务岗位楼栋长",
        "15月17日09:00–10:301.5便民利民微心愿修理楼道灯独居老人组织者确认，赵晓梅王秀兰",
        "26月6日14:30–17:002.5环境保护清运河道垃圾（凤鸣社区，外社区）沿河居民40人补录，赵晓梅凤鸣社区李桂英（代办）",
        "37月1日—1.5便民利民修理楼道灯—组织者确认，期初王秀兰",
        "47月2日09:000便民利民重温入党誓词—组织者确认，赵晓梅王秀兰",
        "合计服务3次时长5.5小时达到2次或8小时：✓是否", "儒林社区党组织（盖章）2026年11月20日",
        "本件截至2026年11月20日，年度结账时编号，并附校验码", "第1页，共1页",
    ):  # fmt: skip
        assert cell in words, cell
    assert "None" not in words and "草" not in words and "13891701001" not in words
    for profile in ("2u", "ua1"):
        assert validator.validate_pdf_bytes(pdf, profile=profile).failures == []


def test_what_waits_for_a_second_person_is_said_but_not_counted(print_of_year, row, cast):
    service(cast.member1_row, dt.date(2026, 5, 17))
    service(cast.member1_row, dt.date(2026, 5, 18), state=RecordState.PENDING, confirmed_by=None, what="扫雪")
    for state in (RecordState.REJECTED, RecordState.VOIDED):
        service(cast.member1_row, dt.date(2026, 5, 19), state=state, what="别的")
    words, _, _ = print_of_year("record-card", row)
    assert "服务1次时长1.5小时达到2次或8小时：是✓否" in words
    assert "注：另有1次（1.5小时）已登记、待第二人确认，未列入，也未计入合计。" in words
    assert "扫雪" not in words and "别的" not in words


def test_of_none_it_says_so(print_of_year, row):
    words, pages, _ = print_of_year("record-card", row)
    assert pages == 1 and "没有经第二人确认的服务记录" in words
    assert "服务0次时长0小时达到2次或8小时：是✓否" in words
    assert "服务队—服务岗位—" in words


@pytest.mark.parametrize(
    ("half_hours", "reached"), [((15,), "是✓否"), ((16,), "✓是否"), ((1, 1), "✓是否"), ((0, 1), "是✓否")]
)
def test_two_services_or_eight_hours(print_of_year, row, cast, half_hours, reached):
    for day, spent in enumerate(half_hours, 1):
        service(cast.member1_row, dt.date(2026, 6, day), half_hours=spent)
    assert f"小时：{reached}" in print_of_year("record-card", row)[0]


def test_a_year_without_a_least_number_of_services_asks_for_hours(print_of_year, row):
    """As the five ones take it: 0 is no minimum of that sort, never one that everybody has reached."""
    scheme.year_of(dt.date(2026, 1, 1)).least_services = 0
    db.session.commit()
    assert "达到8小时：是✓否" in print_of_year("record-card", row)[0]


def test_forty_services_go_over_pages_with_their_heads_and_whose_they_are(print_of_year, row, cast):
    for day in range(40):
        service(cast.member1_row, dt.date(2026, 6, 1) + dt.timedelta(day), what=f"第{day + 1}次修理楼道灯")
    words, pages, pdf = print_of_year("record-card", row)
    assert pages >= 2
    assert words.count("服务内容和地点") == pages
    assert all(f"第{place}次修理楼道灯独居老人" in words for place in range(1, 41))
    assert words.count("欧阳䶮2026年凤进社信〔2026〕0001号") == pages
    assert f"第{pages}页，共{pages}页" in words and "服务40次时长60小时" in words
    assert validator.validate_pdf_bytes(pdf, profile="2u").failures == []


def test_the_sums_never_stand_alone_on_a_sheet(print_of_year, row, cast):
    """With some number of services the closing just fails to fit: the last of them goes with it."""
    seen = []
    for day in range(17):
        service(cast.member1_row, dt.date(2026, 6, 1) + dt.timedelta(day), what=f"第{day + 1}次修理楼道灯")
        db.session.commit()
        if day >= 8:
            words, pages, _ = print_of_year("record-card", row)
            assert words.count("服务内容和地点") == pages
            seen.append(pages)
    assert (seen[0], seen[-1]) == (1, 2)


def test_the_longest_texts_stay_whole(print_of_year, cast):
    member = full_member(cast)
    row = accepted(certificate(member))
    for day in range(1, 6):
        service(member, dt.date(2026, 6, day), what=LONG[:200], for_whom=WHOM + WHOM[:20],
                recorded_by=f"{LONG_UNIT[:-1]}二站） 买买提·吐尔逊",
                confirmed_by="凤翔县城关镇翠湖花园小区社区居民委员会 古丽·买买提𬭎㛃")  # fmt: skip
    words, _, pdf = print_of_year("record-card", row)
    assert words.count(LONG[:200]) == 5 and words.count(f"{LONG_UNIT[:-1]}二站）买买提·吐尔逊") == 5
    assert words.count("古丽·买买提𬭎㛃") == 5 and LONG_UNIT in words and "买买提·吐尔逊·阿卜杜热合曼" in words
    for profile in ("2u", "ua1"):
        assert validator.validate_pdf_bytes(pdf, profile=profile).failures == []


def test_closed_it_bears_its_number_and_can_be_verified(print_of_year, row, client, as_):
    close_year(row)
    words, _, _ = print_of_year("record-card", row)
    assert "编号：凤进社实〔2026〕0001号" in words and "校验码" in words and "截至" not in words
    assert as_("clerk1").get("/papers/record-card/2026-0001").status_code == 200
    assert as_("liaison2").get("/papers/record-card/2026-0001").status_code == 404
    answer = as_("member1").get(f"/papers/record-card/of/{row.number}?year=2026")
    assert answer.headers["Location"] == "/papers/record-card/2026-0001"
    code = numbers.latest("record-card", row.id).check_code
    assert "欧阳××同志" in client.get(f"/verify/{code}").text


SEES = {
    "member1": True, "member2": False, "liaison1": True, "liaison2": False, "clerk1": True, "clerk2": False,
    "dept1": True, "dept2": False, "chengguan": True, "town2": False, "committee": False, "county": True,
    "admin": False, "inspector": False, "grid1": False,
}  # fmt: skip


def test_who_sees_it(row, as_):
    for person, sees in SEES.items():
        browser = as_(person)
        assert browser.get(f"/papers/record-card/of/{row.number}").status_code == (200 if sees else 404), person
    assert as_("clerk1").get(f"/papers/record-card/of/{row.number}.pdf").mimetype == "application/pdf"


def test_the_pages_of_a_member_lead_to_it(row, cast, as_):
    link = f'href="/papers/record-card/of/{row.number}?year=2026"'
    for person, pages in (("member1", ("/records", f"/registrations/{row.number}")),
                          ("clerk1", (f"/members/{row.member_id}", f"/registrations/{row.number}"))):  # fmt: skip
        for page in pages:
            assert link in as_(person).get(page).text, (person, page)
    assert link not in as_("member2").get("/records").text
    assert "写实登记卡" not in as_("member1").get("/records?year=2025").text


@pytest.mark.parametrize("year", ["2025", "2099x", "", "-1", "20 6", "９９９９"])
def test_a_year_before_the_registration_has_no_card_and_no_year_is_this_one(row, as_, year):
    answer = as_("clerk1").get(f"/papers/record-card/of/{row.number}", query_string={"year": year})
    assert answer.status_code == (404 if year == "2025" else 200)


def test_the_card_of_a_year_is_of_the_community_at_its_end(row, cast, as_, time_machine):
    service(cast.member1_row, dt.date(2026, 6, 1))
    time_machine.move_to("2027-06-01 02:00:00+00:00")
    row.state, row.ended_on, row.end_kind = RegistrationState.ENDED, dt.date(2027, 4, 1), EndKind.MOVED
    moved = certificate(cast.member1_row)
    moved.community = cast.community2
    accepted(moved).accepted_on = dt.date(2027, 4, 1)
    db.session.commit()
    old, new = as_("clerk1"), as_("clerk2")
    assert old.get(f"/papers/record-card/of/{row.number}?year=2026").status_code == 200
    assert old.get(f"/papers/record-card/of/{row.number}?year=2027").status_code == 404
    assert new.get(f"/papers/record-card/of/{moved.number}?year=2027").status_code == 200
    assert new.get(f"/papers/record-card/of/{moved.number}?year=2026").status_code == 404
    page = as_("member1").get(f"/papers/record-card/of/{row.number}?year=2026").text
    assert f'href="/papers/record-card/of/{row.number}.pdf?year=2026"' in page
    assert "修理楼道灯" in page and "截至2026年12月31日" in page


def test_a_units_cards_come_as_one_file_by_certificate_number(cast, as_):
    names = ("赵一", "钱二", "孙三")
    rows = [accepted(certificate(make_member(cast.unit1, cast.community1, name, f"1389170200{at}")))
            for at, name in enumerate(names)]  # fmt: skip
    service(rows[1].member, dt.date(2026, 6, 1), what="扫雪")
    certificate(cast.member1_row)  # not accepted yet
    db.session.commit()
    liaison = as_("liaison1")
    page = liaison.get("/papers?kind=record-card&year=2026")
    assert '<option selected value="record-card">' in page.text
    job = liaison.post("/papers", data={"kind": "record-card", "year": "2026", "duplex": "y"}).headers["Location"]
    while drawing.draw_next(db.session.commit):
        pass
    with liaison.get(f"{job}/file") as answer, pdfplumber.open(io.BytesIO(answer.data)) as opened:
        pages = ["".join(char["text"] for char in page.chars) for page in opened.pages]
        assert all(page.width > page.height for page in opened.pages)
    assert [name in words for name, words in zip(names, pages[::2], strict=True)] == [True] * 3
    assert "扫雪" in pages[2] and not any(pages[1::2])


def test_fifty_take_as_many_queries_as_one(app, cast):
    rows = [accepted(certificate(make_member(cast.unit1, cast.community1, f"赵{at}", f"138917{at:05}")))
            for at in range(6)]  # fmt: skip
    for row in rows:
        for day in (1, 2, 3):
            service(row.member, dt.date(2026, 6, day), place=cast.community2 if day == 2 else cast.community1)
    db.session.commit()
    ids = queries.ids_of(queries.in_bulk(PAPERS["record-card"], COUNTY, 2026, None, cast.community1.id))
    assert ids == [row.id for row in rows]
    counts = []
    with app.test_request_context():
        for some in (ids[:1], ids):
            db.session.expunge_all()
            with selects() as seen:
                lost = []
                sheets = list(part_drawing._composed(PAPERS["record-card"], COUNTY, some, 2026, True, lost))
            assert [key for key, _ in sheets] == some and lost == []
            counts.append(len(seen))
    assert counts[1] <= counts[0] <= 6


def test_the_command_renders_a_communitys_cards(app, row, tmp_path):
    args = ["papers", "render", "--kind", "record-card", "--year", "2026", "--out", str(tmp_path)]
    told = app.test_cli_runner().invoke(args=[*args, "--community", "C01"])
    assert told.exit_code == 0, told.output
    assert (tmp_path / "record-card-2026-C01.pdf").exists()
    told = app.test_cli_runner().invoke(args=[*args, "--community", "C02"])
    assert told.exit_code == 1 and "没有符合条件的表" in told.output


def test_a_name_no_face_has_is_named_by_the_certificates_number(row, cast, app):
    cast.member1_row.name = "周😀"
    db.session.commit()
    with app.test_request_context():
        wanted = Wanted("record-card", 2026)
        drawn = part_drawing.draw_part(COUNTY, [row.id], wanted)
    assert drawn.key is None
    assert [(each.called, each.reason) for each in drawn.lost] == [
        ("2026年 凤进社信〔2026〕0001号", "字库没有“😀”，请单独打印，手写补上")
    ]
