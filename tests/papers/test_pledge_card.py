"""The 服务承诺卡: each printed cell, draft and final, the longest texts, single and a unit's in one file."""

import datetime as dt
import io

import page as validator
import pdfplumber
import pytest
from sqlalchemy import event

from portal.actors import SYSTEM, Role
from portal.extensions import db
from portal.labels import Category
from portal.papers import drawing, part_drawing
from portal.papers.catalogue import PAPERS
from portal.papers.compose import compose, print_html
from portal.people.models import Education
from portal.pledges import workflow
from portal.records.models import RecordState
from tests.papers.making import LONG_UNIT, full_member
from tests.pledges.conftest import item, pledged, registered
from tests.records.test_life_cycle import a_record

LONG = (
    "每周六上午到社区活动室辅导小学生作业、教老人使用智能手机挂号和视频通话，"
    "并协助整理图书室的旧书旧报纸以及登记借阅情况等事"
)
WHOM = "翠湖花园小区独居老人、行动不便的残疾人和放学后没人照看的小学生共三十余人等等等等"


@pytest.fixture(autouse=True)
def in_may(time_machine):
    time_machine.move_to("2026-05-21 02:00:00+00:00")


@pytest.fixture
def draw(app, room):
    """Prints a pledge's card: (words of the PDF cell by cell, without spaces, number of pages, bytes)."""

    def printed(row):
        with app.test_request_context():
            paper = PAPERS["pledge-card"]
            pdf = room.print_one(print_html(paper, compose(paper, paper.cases([row], 2026, SYSTEM)[0], full=False)))
        with pdfplumber.open(io.BytesIO(pdf)) as opened:
            drawn = "".join(char["text"] for page in opened.pages for char in page.chars)
            return drawn.replace(" ", "").replace("　", ""), len(opened.pages), pdf

    return printed


def work():
    while drawing.draw_next(db.session.commit):
        pass


def test_each_cell_of_a_shown_pledge(draw, cast):
    cast.member1_row.post, cast.member1_row.education = "数学教师", Education.BACHELOR
    registered(cast)
    items = [
        item("每月清扫一次楼道", for_whom="本小区居民"),
        item("辅导初中数学", category=Category.CULTURE, times=None, half_hours=17, due_on=dt.date(2026, 8, 31)),
        item("帮邻居换灯泡", category=Category.CONVENIENCE, times=None),
    ]
    row = workflow.write(cast.member1_row, cast.by("member1"), items)
    workflow.submit(row, cast.by("member1"))
    workflow.approve(row, cast.by("liaison1"))
    workflow.show(row, SYSTEM)
    record = a_record(cast)
    record.category, record.day, record.state = Category.ENVIRONMENT, dt.date(2026, 4, 1), RecordState.CONFIRMED
    db.session.commit()
    words, pages, _ = draw(row)
    assert pages == 1
    for cell in (
        "在职党员服务承诺卡", "证明信编号：凤进社信〔2026〕0001号编号：凤进社诺〔2026〕0001号", "年度2026年姓名欧阳䶮",
        "工作单位凤翔中学党支部职务数学教师", "居住社区儒林社区认领岗位—",
        "✓认领一个服务岗位✓提出一条合理建议✓参加一次公益活动✓联系一户困难家庭✓争当一名服务标兵",
        "1环境保护每月清扫一次楼道本小区居民2次12月31日1/2次", "2文化娱乐辅导初中数学—8.5小时8月31日0/8.5小时",
        "3便民利民帮邻居换灯泡——12月31日0次", "签名：承诺日期2026年5月21日", "经审定，同意公开承诺。审定人：高翔",
        "无修改意见，予以公示。", "公示日期2026年5月26日兑现情况截至2026年5月21日，3项中已兑现0项", "校验码",
    ):  # fmt: skip
        assert cell in words, cell
    assert words.count("（盖章）") == 2
    assert "None" not in words and "13891701001" not in words


@pytest.mark.parametrize("state", ["draft", "submitted", "returned"])
def test_before_approval_it_is_a_draft_without_number(draw, cast, state):
    words, _, _ = draw(pledged(cast, state))
    assert "编号：—" in words and "本件尚未定稿，无校验码，不得用印" in words
    assert "草" in words and "稿" in words
    assert "审定人：—" in words and "公示日期—" in words


def test_approved_and_not_shown_yet_it_is_final(draw, cast):
    words, _, _ = draw(pledged(cast, "approved"))
    assert "凤进社诺〔2026〕0001号" in words and "校验码" in words and "草" not in words
    assert "公示日期—" in words and "无修改意见" not in words


def test_after_the_year_it_says_how_far_it_was_kept_by_its_end(draw, cast, time_machine):
    row = pledged(cast, "shown")
    time_machine.move_to("2027-02-01 02:00:00+00:00")
    assert "截至2026年12月31日，1项中已兑现0项" in draw(row)[0]


def test_the_longest_texts_stay_whole_and_break_over_pages_with_their_heads(draw, cast):
    member = full_member(cast)
    cast.appoint("liaison9", "高翔", Role.LIAISON, unit=member.unit)
    db.session.commit()
    registered(cast, member, "liaison9")
    items = [item(LONG, category=each, for_whom=WHOM, times=99) for each in list(Category)[:5]]
    row = workflow.write(member, cast.by("liaison9"), items)
    workflow.submit(row, cast.by("liaison9"))
    workflow.approve(row, cast.by("dept1"))
    db.session.commit()
    words, pages, pdf = draw(row)
    assert pages == 2
    assert words.count(LONG) == 5 and words.count(WHOM) == 5 and words.count("承诺事项") == 2
    assert "买买提·吐尔逊·阿卜杜热合曼" in words and LONG_UNIT in words
    for profile in ("2u", "ua1"):
        assert validator.validate_pdf_bytes(pdf, profile=profile).failures == []


def test_a_character_no_face_has_is_a_blank_in_the_promises_too(draw, cast):
    registered(cast)
    row = workflow.write(cast.member1_row, cast.by("member1"), [item("教\U0002a6d6字")])
    words, _, pdf = draw(row)
    assert "教＿字" in words
    assert validator.validate_pdf_bytes(pdf, profile="2u").failures == []


SEES = {
    "member1": True, "member2": False, "liaison1": True, "liaison2": False, "clerk1": True, "clerk2": False,
    "dept1": True, "dept2": False, "chengguan": True, "town2": False, "committee": False, "county": True,
    "admin": False, "inspector": False, "grid1": False,
}  # fmt: skip


def test_who_sees_the_card(cast, browse):
    row = pledged(cast, "approved")
    for person, sees in SEES.items():
        browser = browse(cast.users[person])
        assert browser.get("/papers/pledge-card/2026-0001").status_code == (200 if sees else 404), person
        assert browser.get(f"/papers/pledge-card/of/{row.number}").status_code == (302 if sees else 404), person


def test_a_draft_is_previewed_and_printed_under_the_pledges_number(cast, browse, words_of):
    row, member = pledged(cast, "draft"), browse(cast.users["member1"])
    assert "草稿" in member.get(f"/papers/pledge-card/of/{row.number}").text
    answer = member.get(f"/papers/pledge-card/of/{row.number}.pdf")
    assert answer.mimetype == "application/pdf" and "每月清扫一次楼道" in words_of(answer.data)


def test_a_cancelled_card_is_told_so_by_its_code(cast, client):
    from portal.numbers import latest
    from portal.papers.seal_code import shown

    row = pledged(cast, "approved")
    code = shown(latest("pledge-card", row.id).check_code)
    assert "有效" in client.get(f"/verify/{code}").text
    workflow.send_back(row, cast.by("clerk1"), reason="请改")
    db.session.commit()
    page = client.get(f"/verify/{code}").text
    assert "已作废" in page and "欧阳䶮" not in page


def test_a_units_cards_come_as_one_file_by_number(cast, browse):
    pledged(cast, "approved")
    registered(cast, cast.member2_row)
    second = workflow.write(cast.member2_row, cast.by("member2"), [item()])
    workflow.submit(second, cast.by("member2"))
    workflow.approve(second, cast.by("liaison1"))
    registered(cast, cast.dual_row)
    workflow.write(cast.dual_row, cast.by("dual", Role.MEMBER), [item()])  # a draft
    db.session.commit()
    liaison = browse(cast.users["liaison1"])
    job = liaison.post("/papers", data={"kind": "pledge-card", "year": "2026"}).headers["Location"]
    work()
    with liaison.get(f"{job}/file") as answer, pdfplumber.open(io.BytesIO(answer.data)) as opened:
        pages = ["".join(c["text"] for c in page.chars) for page in opened.pages]
    assert ["欧阳䶮" in pages[0], "买买提" in pages[1], len(pages)] == [True, True, 2]
    counts, ids, by = [], [second.id, second.id - 1], cast.by("liaison1")
    for some in (ids[:1], ids):
        db.session.rollback()
        db.session.expunge_all()
        seen = []
        listener = (db.engine, "before_cursor_execute", lambda *told, seen=seen: seen.append(told[2]))
        event.listen(*listener)
        sheets = list(part_drawing._composed(PAPERS["pledge-card"], by, some, 2026, False, []))
        event.remove(*listener)
        assert [key for key, _ in sheets] == some
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_command_renders_a_communitys_cards(app, cast, tmp_path):
    pledged(cast, "shown")
    args = ["papers", "render", "--kind", "pledge-card", "--year", "2026", "--out", str(tmp_path)]
    told = app.test_cli_runner().invoke(args=[*args, "--community", "C01"])
    assert told.exit_code == 0, told.output
    assert (tmp_path / "pledge-card-2026-C01.pdf").exists()
