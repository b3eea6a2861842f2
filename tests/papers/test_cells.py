"""Each printed cell of each paper, as the county's forms list them."""

import datetime as dt
import io

import page as validator
import pdfplumber
import pytest

from portal import numbers
from portal.extensions import db
from portal.labels import Category
from portal.papers.catalogue import PAPERS
from portal.papers.compose import compose, print_html
from portal.people.models import Education
from portal.registrations.models import FreeTime, RegistrationState
from portal.teams.models import Team
from portal.wishes.models import Wish
from tests.papers.making import LONG_UNIT, accepted, card, certificate, full_member


@pytest.fixture
def draw(app, room):
    """Prints the paper of a case: (words of the PDF cell by cell, without spaces, number of pages, bytes)."""

    def printed(kind, row):
        with app.test_request_context():
            paper = PAPERS[kind]
            pdf = room.print_one(print_html(paper, compose(paper, row, full=True)))
        with pdfplumber.open(io.BytesIO(pdf)) as opened:
            drawn = "".join(char["text"] for page in opened.pages for char in page.chars)
            return drawn.replace(" ", "").replace("　", ""), len(opened.pages), pdf

    return printed


@pytest.fixture
def teacher(cast):
    """欧阳䶮 of 凤翔中学, with everything filled in."""
    member = cast.member1_row
    member.post, member.title, member.education = "数学教师", "一级教师", Education.BACHELOR
    member.branch, member.grid = "高中部党支部", cast.grid1
    card(member, ("中学数学", "篮球"), (Category.CULTURE,), (FreeTime.WEEKENDS,), cast.estate1)
    return member


def test_certificate_stub(draw, teacher):
    words, pages, _ = draw("certificate", certificate(teacher, taken_by="欧阳䶮"))
    assert pages == 1
    for cell in (
        "在职党员进社区报到证明信（存根）凤进社信〔2026〕0001号", "姓名欧阳䶮性别男", "所在党支部高中部党支部",
        "报到社区儒林社区", "开具日期2026年5月6日有效期30天", "领取人欧阳䶮开具人高翔",
        "凤进社信〔2026〕0001号（骑缝章）",
    ):  # fmt: skip
        assert cell in words, cell


def test_certificate_letter(draw, teacher):
    words, _, _ = draw("certificate", certificate(teacher))
    letter = words[words.index("儒林社区党组织") :]
    assert letter.startswith("儒林社区党组织：")
    assert "兹有欧阳䶮同志，男，汉族，1980年5月出生，2005年7月加入中国共产党" in letter
    assert "系凤翔中学党支部在职党员（正式党员），任数学教师" in letter
    assert "居住在东大街12号院3号楼2单元501室，联系电话13891701001" in letter
    assert "现到你社区报到，请予接洽。" in letter
    assert "（本证明信有效期30天）" in letter
    assert "联络员：高翔" in letter
    assert "联系电话：0917-7212345" in letter
    assert "（盖章）" in letter
    assert letter.count("2026年5月6日") == 1
    assert "校验码" in letter


def test_certificate_of_a_probationary_member_without_facts_prints_dashes(draw, cast):
    member = cast.member3_row
    member.joined, member.probationary, member.post = None, True, None
    member.phone = member.address = None
    words, _, _ = draw("certificate", certificate(member))
    assert "—加入中国共产党" in words
    assert "（预备党员），任—" in words
    assert "居住在—，联系电话—" in words
    assert "领取人—" in words
    assert "None" not in words


def test_a_cancelled_certificate_says_so(draw, teacher):
    row = certificate(teacher)
    row.state = RegistrationState.CANCELLED
    numbers.set_aside("certificate", row.id, numbers.PaperState.CANCELLED)
    words, _, _ = draw("certificate", row)
    assert "作" in words and "废" in words


def test_info_card(draw, teacher):
    words, pages, _ = draw("info-card", accepted(certificate(teacher)))
    assert pages == 1
    for cell in (
        "凤进社卡〔2026〕0001号", "凤进社信〔2026〕0001号", "姓名欧阳䶮性别男", "民族汉族出生年月1980年5月",
        "入党时间2005年7月党员类别正式党员", "文化程度本科职称一级教师", "机关✓事业企业其他",
        "工作单位凤翔中学党支部职务数学教师", "所在党支部高中部党支部联系电话13891701001",
        "居住社区儒林社区所属网格第一网格", "居住地址儒林苑东大街12号院3号楼2单元501室", "特长中学数学、篮球",
        "政策宣传法律援助医疗保健扶贫帮困", "便民利民✓文化娱乐治安调解环境保护", "平日晚✓周末节假日",
        "情况属实，同意到社区报到。", "接收人：王秀兰", "2026年5月10日", "照片", "签名：",
    ):  # fmt: skip
        assert cell in words, cell


def test_an_info_card_before_acceptance_is_a_draft(draw, teacher):
    words, _, _ = draw("info-card", certificate(teacher))
    assert "本件尚未定稿，无校验码，不得用印" in words
    assert "编号：—" in words
    assert "草" in words and "稿" in words


def test_receipt(draw, teacher, cast):
    row = accepted(certificate(teacher))
    row.grid, row.filed_by, row.filed_on = cast.grid1, "高翔", dt.date(2026, 5, 12)
    words, pages, _ = draw("receipt", row)
    assert pages == 1
    for cell in (
        "在职党员进社区报到回执（存根）", "凤进社回〔2026〕0001号", "证明信编号凤进社信〔2026〕0001号姓名欧阳䶮",
        "单位党组织凤翔中学党支部", "报到日期2026年5月9日报到方式个人报到", "编入支部—网格第一网格服务队—",
        "认领岗位—", "接洽人王秀兰开具日期2026年5月10日",
        "你单位开具的凤进社信〔2026〕0001号证明信收悉，欧阳䶮同志已于2026年5月9日到我社区报到",
        "接洽人：王秀兰", "联系电话：0917-7219001", "儒林社区党组织", "单位接收人高翔备案日期2026年5月12日抄送—",
    ):  # fmt: skip
        assert cell in words, cell


@pytest.mark.parametrize("name", ["水电维修服务队", "儒林苑及东大街沿街小区便民维修和矛盾调解党员志愿者服务队"])
def test_a_receipt_names_the_team_assigned_on_both_halves(draw, teacher, cast, name):
    row = accepted(certificate(teacher))
    row.team = Team(name=name, community=cast.community1, founded_on=dt.date(2026, 3, 1))
    words, pages, _ = draw("receipt", row)
    assert (pages, words.count(f"服务队{name}")) == (1, 2)


def test_a_receipt_for_an_office_is_copied_to_the_work_committee(draw, cast):
    cast.member1_row.unit = cast.unit3
    words, _, _ = draw("receipt", accepted(certificate(cast.member1_row)))
    assert "县直机关工委" in words


def test_wish_slip(draw, cast):
    wish = Wish(
        number="2026-0007", year=2026, serial=7, shown_name="李某某", community=cast.community1, title="换一个水龙头",
        category=Category.CONVENIENCE, submitted_at=dt.datetime(2026, 5, 15, 2, 0, tzinfo=dt.UTC),
    )  # fmt: skip
    wish.name, wish.phone, wish.address = "李桂英", "13891709999", "东大街9号"
    db.session.add(wish)
    db.session.flush()
    words, pages, pdf = draw("wish-slip", wish)
    assert pages == 1 and len(pdf) <= 100_000
    for cell in (
        "受理号2026-0007", "查询码—", "凤进社愿〔2026〕0007号", "微心愿换一个水龙头", "类别便民利民来源心愿墙",
        "受理日期2026年5月15日受理社区儒林社区", "社区电话0917-7219001社区地址—", "谨防诈骗", "心愿人李某某",
        "居民签收",
    ):  # fmt: skip
        assert cell in words, cell
    assert "李桂英" not in words and "13891709999" not in words and "东大街9号" not in words


@pytest.mark.parametrize("kind", ["certificate", "info-card", "receipt"])
def test_the_longest_facts_stay_on_one_page_and_whole(draw, cast, kind):
    words, pages, pdf = draw(kind, accepted(certificate(full_member(cast), taken_by="买买提·吐尔逊·阿卜杜热合曼")))
    assert pages == 1
    assert "买买提·吐尔逊·阿卜杜热合曼" in words
    assert LONG_UNIT in words
    for profile in ("2u", "ua1"):
        assert validator.validate_pdf_bytes(pdf, profile=profile).failures == []
    assert len(pdf) <= 100_000


def test_hostile_words_are_printed_as_words(draw, teacher):
    teacher.post = '<img src="file:///etc/passwd">'
    words, _, _ = draw("certificate", certificate(teacher))
    assert '任<imgsrc="file:///etc/passwd">' in words


def test_a_character_no_face_has_is_a_blank_to_write_in_and_the_file_stays_valid(draw, teacher):
    teacher.name = "欧阳\U0002a6d6"
    words, _, pdf = draw("certificate", certificate(teacher))
    assert "兹有欧阳＿同志" in words
    assert validator.validate_pdf_bytes(pdf, profile="2u").failures == []


def test_old_and_traditional_characters_of_names_are_printed(draw, teacher):
    teacher.name = "歐陽龍鳳㐂"
    words, _, pdf = draw("certificate", certificate(teacher))
    assert "兹有歐陽龍鳳㐂同志" in words
    assert validator.validate_pdf_bytes(pdf, profile="2u").failures == []


def test_a_certificate_sent_back_says_so(draw, teacher, cast):
    row = certificate(teacher)
    row.state, row.right_community = RegistrationState.RETURNED, cast.community2
    words, _, _ = draw("certificate", row)
    assert "退" in words
