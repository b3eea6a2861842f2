"""The 督查结果通报: each printed cell, praise and criticism by branches, its check, a draft, who reads it."""

import pytest

from portal.extensions import db
from portal.inspections import checking, noticing
from portal.inspections.kinds import InspectionKind, Merit
from portal.numbers import PaperState, latest
from portal.papers.catalogue import PAPERS
from portal.papers.compose import compose, print_html
from portal.papers.verification import find
from tests.inspections.conftest import drafted, target_of, walk


@pytest.fixture(autouse=True)
def in_may(time_machine):
    time_machine.move_to("2026-05-19 02:00:00+00:00")


@pytest.fixture
def printed(app, room, words_of):
    """The words of a notice's PDF, without spaces."""

    def draw(notice):
        with app.test_request_context():
            paper = PAPERS["result-notice"]
            return words_of(room.print_one(print_html(paper, compose(paper, notice, full=False))))

    return draw


@pytest.fixture
def notice(cast):
    """A notice that praises community1 and criticises unit1, published by county_b."""
    row = drafted(cast)
    county = cast.by("county")
    checking.name(target_of(row.inspection, cast.community1), county, Merit.PRAISED, "心愿办结及时。")
    checking.name(target_of(row.inspection, cast.unit1), county, Merit.CRITICISED, "报到进度慢")
    noticing.publish(row, cast.by("county_b"))
    db.session.commit()
    return row


def test_each_printed_cell(notice, printed):
    words = printed(notice)
    for piece in (
        "凤进社督〔2026〕0001号", "关于5月专项督查结果的通报",
        "各镇党委，县级各部门党组（党委），园区党工委，县直机关工委，各单位、社区党组织：",
        "5月18日至5月22日，县委组织部抽调人员，对2个党组织开展在职党员进社区工作情况进行了督查。",
        "一、总体情况共督查单位1个、社区1个，发现问题1个。截至2026年5月19日，整改已认可0个。",
        "二、予以通报表扬的党组织儒林社区：心愿办结及时。",
        "三、予以通报批评的党组织凤翔中学党支部：报到进度慢。",
        "四、问题整改情况党组织问题已认可其余整改期限凤翔中学党支部102026年6月5日",
        "五、有关要求受到表扬的党组织要再接再厉",
        "中共凤翔县委组织部2026年5月19日",
    ):  # fmt: skip
        assert piece in words, piece
    for person in ("韩宁", "高翔", "王秀兰", "欧阳"):
        assert person not in words


def test_a_draft_says_so_and_bears_no_number(cast, printed):
    words = printed(drafted(cast))
    assert "凤进社督" not in words
    assert "本件尚未定稿" in words


def test_its_code_tells_anybody_that_it_is_genuine_and_to_nobody_by_name(notice):
    verdict = find(latest("result-notice", notice.id).check_code)
    assert (verdict.title, verdict.number, verdict.whom) == ("督查结果通报", "凤进社督〔2026〕0001号", "党组织")


def test_taken_back_it_is_void_and_published_anew_it_has_the_next_number(cast, notice, printed):
    noticing.flow.undo(notice, cast.by("county_b"))
    db.session.commit()
    assert latest("result-notice", notice.id).state is PaperState.CANCELLED
    assert "本件尚未定稿" in printed(notice)
    noticing.publish(notice, cast.by("county_b"))
    db.session.commit()
    assert "凤进社督〔2026〕0002号" in printed(notice)


def test_an_assessment_is_told_by_name_with_the_word_of_each_and_no_order(cast, printed):
    row = walk(cast, "answered", InspectionKind.YEARLY_ASSESSMENT)
    notice = noticing.draft(row, cast.by("county"), noticing.first_words(row, 4))
    db.session.commit()
    words = printed(notice)
    assert "评定情况党组织评定城关镇党委好柳林镇党委好县卫生健康局党委好县教育体育局党委好" in words
    assert not any(word in words for word in ("第一名", "得分", "名次"))
