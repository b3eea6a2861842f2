"""The 联系对象档案卡: each cell of both sides and copies, what nobody else reads, many at once, the trail."""

import datetime as dt
import hashlib
import io

import page as validator
import pdfplumber
import pytest

from portal import clock, numbers
from portal.archives import shelf
from portal.archives.models import ArchivedPaper, CopyState
from portal.audit import AuditRow
from portal.closing.queries import stored
from portal.extensions import db
from portal.households import workflow
from portal.households.kinds import CloseKind, ConsentBy, Difficulty, HouseholdKind, Need, Policy, Way
from portal.papers import drawing, part_drawing
from portal.papers.catalogue import PAPERS
from tests.households.conftest import ADDRESS, NAME, PHONE, a_household, a_support, a_visit, consent, county, facts
from tests.papers.making import LONG_UNIT

__all__ = ["county"]
WHOLE, COPY = "household-card", "household-card-unit"
LONG = "每月上旬由牵头党员带队上门走访一次，帮助打扫卫生、检查水电燃气安全，代买米面油和常用药，陪同到县医院复查，" * 6
SECRETS = (ADDRESS, PHONE, "儿子", "务工")


@pytest.fixture(autouse=True)
def in_june(time_machine):
    time_machine.move_to("2026-06-20 02:00:00+00:00", tick=True)


@pytest.fixture
def row(county):
    """陈桂英, supported by 欧阳䶮 and 史珍香 (of another unit), visited in June."""
    household = a_household(county, difficulties=[Difficulty.ALONE, Difficulty.ILLNESS], policies=[Policy.OLD_AGE])
    a_support(county, household)
    a_support(county, household, "member2")
    a_visit(county, household, "confirmed")
    return household


@pytest.fixture
def as_(browse, county):
    return lambda username: browse(db.session.merge(county.users[username]))


def work():
    while drawing.draw_next(db.session.commit):
        pass


def test_each_cell_of_the_communitys_card(print_of_year, row, county):
    a_visit(county, row, by="member2")
    words, pages, pdf = print_of_year(WHOLE, row)
    assert pages == 2
    for cell in (
        "在职党员进社区联系对象档案卡", "社区留存", f"档案编号：{row.number}编号：—截至2026年6月20日",
        "姓名陈桂英性别女出生年月1941年3月", "对象类别贫困户困难党员残疾人贫困学生✓孤寡老人",
        "帮扶类别助贫助困助残助学✓助老", "所在社区儒林社区网格第一网格建档日期2026年6月20日",
        f"家庭住址{ADDRESS}联系电话{PHONE}", "家庭人口2人其他成员儿子，56岁，在外务工", "主要困难因病、独居无人照料",
        "享受政策高龄津贴", "帮扶需求陪伴聊天、代办跑腿；每周有人说说话", "帮扶形式定期走访",
        "帮扶措施和目标每月走访，代买米面",
        "结对党员工作单位联系电话结对时间欧阳䶮（牵头）凤翔中学党支部138917010012026年6月20日起",
        "买买提·吐尔逊凤翔中学党支部13891701002", "征得同意：✓本人监护人同意日期：2026年6月20日征得人：王秀兰签名：",
        "社区党组织（盖章）2026年6月20日", "结对党员所在单位党组织（盖章）年月日", "走访帮扶记录（2026年）",
        "月份日期走访人走访内容解决的问题确认人1月—————2月—————",
        "6月20日欧阳䶮陪老人说话，代买了米面一周的口粮儒林社区第一网格马德胜7月—————", "12月—————",
        "全年走访1次，有走访的月份1个。另有1次走访已登记、待确认，未列入。",
        "本件截至2026年6月20日，年度结账时编号，并附校验码",
    ):  # fmt: skip
        assert cell in words, cell
    assert "None" not in words and "草" not in words
    for profile in ("2u", "ua1"):
        assert validator.validate_pdf_bytes(pdf, profile=profile).failures == []


def test_the_units_copy_has_no_address_phone_or_family(print_of_year, row, county):
    words, pages, _ = print_of_year(COPY, row, by=county.by("clerk1"))
    assert pages == 2 and "单位留存" in words and "社区留存" not in words
    for cell in ("姓名陈桂英", "主要困难因病、独居无人照料", "享受政策高龄津贴", "陪老人说话", "13891701001"):
        assert cell in words, cell
    for secret in (*SECRETS, "家庭住址", "家庭人口"):
        assert secret not in words, secret


def test_a_liaison_prints_name_kind_and_the_own_members_part(print_of_year, row, county):
    a_support(county, row, "silent")
    a_visit(county, row, "confirmed", by="clerk1", done="送了两双手套", solved="")
    words, _, _ = print_of_year(COPY, row, by=county.by("liaison1"))
    for cell in ("姓名陈桂英", "✓孤寡老人", "主要困难（由社区掌握）", "享受政策（由社区掌握）",
                 "帮扶需求陪伴聊天、代办跑腿帮扶形式",
                 "欧阳䶮（牵头）凤翔中学党支部138****1001", "陪老人说话，代买了米面", "全年走访1次"):  # fmt: skip
        assert cell in words, cell
    for secret in (*SECRETS, "因病", "史珍香", "手套", "说说话", "1941"):
        assert secret not in words, secret


def test_of_a_visit_together_a_liaison_reads_the_own_member_only(print_of_year, row, county):
    a_support(county, row, "silent")
    people = [county.member2_row.id, county.places["silent_row"].id]
    a_visit(county, row, "confirmed", by="member2", people=people, done="一起修了窗户")
    words, _, _ = print_of_year(COPY, row, by=county.by("liaison1"))
    assert "买买提·吐尔逊一起修了窗户" in words and "史珍香" not in words
    words, _, _ = print_of_year(COPY, row, by=county.by("clerk1"))
    assert "史珍香" in words


def test_masked_it_names_nobody(print_of_year, row):
    words, _, _ = print_of_year(WHOLE, row, full=False)
    assert "姓名陈某某" in words and words.count("（已隐去）") >= 8
    for secret in (NAME, *SECRETS, "因病", "高龄津贴", "每周有人", "口粮", "代买", "13891701001"):
        assert secret not in words, secret


def test_of_a_child_the_guardian_agreed(print_of_year, county):
    clerk = county.by("clerk1")
    household = workflow.enter(county.community1, clerk, **facts(
        county, kind=HouseholdKind.STUDENT, name="古丽·买买提𬭎㛃", born="2016-09", needs=[Need.TUTORING], people=[],
        policies=[], difficulties=[Difficulty.STUDY], ways=[], aim=None, need_words=None, address=None, phone=None,
    ))  # fmt: skip
    workflow.activate(household, clerk, **consent(consent_by=ConsentBy.GUARDIAN, guardian="买买提·吐尔逊"))
    db.session.commit()
    words, pages, _ = print_of_year(WHOLE, household)
    assert pages == 2 and "本人✓监护人（监护人：买买提·吐尔逊）" in words and "古丽·买买提𬭎㛃" in words
    assert "家庭住址—联系电话—" in words and "其他成员—" in words and "还没有结对党员" in words
    assert "帮扶措施和目标—" in words and "全年走访0次，有走访的月份0个。" in words


def test_five_supporters_long_texts_and_forty_visits_stay_whole(print_of_year, county, row, time_machine):
    row.aim, row.need_words, row.policy_words = LONG[:300], LONG[:100], LONG[:60]
    county.unit1.name = LONG_UNIT
    for each in Way, Difficulty, Policy:
        setattr(row, {Way: "ways", Difficulty: "difficulties", Policy: "policies"}[each], list(each))
    for day in range(1, 41):
        time_machine.move_to(dt.datetime(2026, 6, 20, 2, tzinfo=dt.UTC) + dt.timedelta(days=day), tick=True)
        a_visit(county, row, "confirmed", done=LONG[:120], solved=f"第{day}次解决的困难", starts=dt.time(18))
    words, pages, pdf = print_of_year(WHOLE, row)
    assert LONG[:300] in words and words.count(LONG[:120]) >= 40 and LONG_UNIT in words
    assert all(f"第{day}次解决的困难" in words for day in range(1, 41))
    heads = words.count("走访内容解决的问题")
    assert pages > 3 and 2 <= heads < pages
    assert validator.validate_pdf_bytes(pdf, profile="2u").failures == []


SEES = {"clerk1": (200, 200), "clerk1b": (200, 200), "grid1": (200, 200), "liaison1": (404, 200)}
EVERYBODY = ("member1", "member2", "liaison1", "liaison2", "clerk1", "clerk1b", "clerk2", "grid1", "grid2", "dept1",
             "chengguan", "town2", "committee", "county", "admin", "inspector")  # fmt: skip


def test_who_sees_which_copy(row, as_):
    for person in EVERYBODY:
        browser = as_(person)
        answers = tuple(browser.get(f"/papers/{kind}/of/{row.number}").status_code for kind in (WHOLE, COPY))
        assert answers == SEES.get(person, (404, 404)), person


def test_the_page_of_the_file_leads_to_the_copies(row, as_):
    links = [f'href="/papers/{kind}/of/{row.number}"' for kind in (WHOLE, COPY)]
    for person, shown in (("clerk1", (True, True)), ("liaison1", (False, True)), ("member1", (False, False))):
        page = as_(person).get(f"/households/{row.number}").text
        assert tuple(link in page for link in links) == shown, person


def test_the_preview_is_masked_and_the_pdf_a_noted_look(row, as_, words_of):
    clerk = as_("clerk1")
    page = clerk.get(f"/papers/{WHOLE}/of/{row.number}").text
    assert NAME not in page and ADDRESS not in page and "陈某某" in page
    answer = clerk.get(f"/papers/{WHOLE}/of/{row.number}.pdf")
    assert ADDRESS in words_of(answer.data) and NAME not in answer.headers["Content-Disposition"]
    noted = db.session.scalars(db.select(AuditRow).order_by(AuditRow.id.desc())).first()
    assert (noted.act, noted.kind, noted.row_id) == ("papers.print.household-card", "households", row.id)
    assert "address" in noted.fields
    assert ADDRESS not in words_of(as_("liaison1").get(f"/papers/{COPY}/of/{row.number}.pdf").data)


def test_a_closed_file_is_printed_masked_since_a_look_at_it_needs_a_reason(county, as_, words_of):
    row = a_household(county, "closed")
    words = words_of(as_("clerk1").get(f"/papers/{WHOLE}/of/{row.number}.pdf").data)
    assert "陈某某" in words and ADDRESS not in words and NAME not in words


def test_of_a_closed_file_the_archived_card_is_had_with_a_reason_only(row, county, as_):
    numbers.issue(WHOLE, 2026, 1, 1, row.id, "陈", "儒林社区")
    db.session.commit()
    copy = db.session.scalars(db.select(ArchivedPaper)).one()
    copy.file, copy.sha256, copy.state = shelf.put(b"%PDF"), hashlib.sha256(b"%PDF").hexdigest(), CopyState.STORED
    db.session.commit()
    clerk, page = as_("clerk1"), f"/archive/{copy.id}"
    assert clerk.get(f"{page}.pdf").data == b"%PDF" and f"{page}.pdf" in clerk.get(page).text
    workflow.close(row, county.by("clerk1"), kind=CloseKind.IMPROVED, reason="儿子回来照顾了")
    db.session.commit()
    refused = clerk.get(f"{page}.pdf")
    assert refused.status_code == 409 and "写明原因查看" in refused.text
    assert "写明原因查看" in clerk.get(page).text and f"{page}.pdf" not in clerk.get(page).text


def test_a_file_not_opened_has_no_card(county, as_):
    row = a_household(county, "draft")
    assert as_("clerk1").get(f"/papers/{WHOLE}/of/{row.number}").status_code == 404


def test_before_the_file_was_opened_there_is_no_card_of_the_year(row, as_):
    assert as_("clerk1").get(f"/papers/{WHOLE}/of/{row.number}?year=2025").status_code == 404


def test_closed_the_year_numbers_both_copies_as_one(row, county, print_of_year, as_):
    stored(2026).closed_at = clock.now()
    serial = numbers.draw(WHOLE, 2026)
    numbers.issue(WHOLE, 2026, serial, 1, row.id, "陈", "儒林社区")
    db.session.commit()
    for kind in (WHOLE, COPY):
        words, _, _ = print_of_year(kind, row, by=county.by("clerk1"))
        assert "编号：凤进社档〔2026〕0001号" in words and "校验码" in words and "截至" not in words
        answer = as_("clerk1").get(f"/papers/{kind}/of/{row.number}")
        assert answer.headers["Location"] == f"/papers/{kind}/2026-0001"
        assert as_("clerk1").get(f"/papers/{kind}/2026-0001").status_code == 200


def test_a_communitys_cards_come_duplex_and_each_is_noted(row, county, as_):
    second = a_household(county, name="李秀英")
    clerk = as_("clerk1")
    page = clerk.get("/papers").text
    assert f'value="{WHOLE}"' in page and f'value="{COPY}"' in page
    job = clerk.post("/papers", data={"kind": WHOLE, "year": "2026"}).headers["Location"]
    work()
    with clerk.get(f"{job}/file") as answer, pdfplumber.open(io.BytesIO(answer.data)) as opened:
        pages = ["".join(char["text"] for char in each.chars) for each in opened.pages]
    assert [name in words for name, words in zip((NAME, "李秀英"), pages[::2], strict=True)] == [True, True]
    assert ["走访帮扶记录" in words for words in pages[1::2]] == [True, True]
    noted = db.session.scalars(
        db.select(AuditRow.row_id).where(AuditRow.act == "papers.print.household-card").order_by(AuditRow.id)
    ).all()
    assert noted == [row.id, second.id]


def test_a_units_copies_come_for_its_liaison_only(row, as_):
    liaison, page = as_("liaison1"), as_("liaison1").get("/papers").text
    assert f'value="{COPY}"' in page and f'value="{WHOLE}"' not in page
    assert liaison.post("/papers", data={"kind": WHOLE, "year": "2026"}).status_code == 422
    job = liaison.post("/papers", data={"kind": COPY, "year": "2026"}).headers["Location"]
    work()
    with liaison.get(f"{job}/file") as answer, pdfplumber.open(io.BytesIO(answer.data)) as opened:
        words = "".join(char["text"] for each in opened.pages for char in each.chars)
    assert NAME in words and ADDRESS not in words
    assert as_("liaison2").post("/papers", data={"kind": COPY, "year": "2026"}).status_code == 409
    assert COPY not in as_("county").get("/papers").text


def test_the_command_renders_a_communitys_and_a_units_cards(app, row, tmp_path):
    for kind, place in ((WHOLE, ("--community", "C01")), (COPY, ("--unit", "U01"))):
        args = ["papers", "render", "--kind", kind, "--year", "2026", "--out", str(tmp_path), *place]
        told = app.test_cli_runner().invoke(args=args)
        assert told.exit_code == 0, told.output
        assert (tmp_path / f"{kind}-2026-{place[1]}.pdf").exists()
        assert db.session.scalars(db.select(AuditRow).where(AuditRow.act == f"papers.print.{kind}")).all()
    told = app.test_cli_runner().invoke(args=[*args[:-1], "U02"])
    assert told.exit_code == 1


def test_many_take_as_many_queries_as_one(app, row, county):
    from sqlalchemy import event

    rows = [row.id, *(a_household(county, name=f"李秀英{n}").id for n in "一二三")]
    for key in rows[1:]:
        household = db.session.get(workflow.Household, key)
        a_support(county, household, "member2")
    counts, clerk = [], county.by("clerk1")
    with app.test_request_context():
        for some in (rows[:1], rows):
            db.session.expunge_all()
            seen = []

            def hear(conn, cursor, statement, *_, seen=seen):
                seen.append(statement)

            event.listen(db.engine, "before_cursor_execute", hear)
            sheets = list(part_drawing._composed(PAPERS[WHOLE], clerk, some, 2026, False, []))
            event.remove(db.engine, "before_cursor_execute", hear)
            assert [key for key, _ in sheets] == some
            counts.append(len(seen))
    assert counts[1] <= counts[0], counts  # the first also reads what is kept between sheets
