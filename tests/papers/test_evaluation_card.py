"""The 现实表现评议情况反馈卡: each printed cell, draft and final, the longest texts, notes, many in one file."""

import datetime as dt
import io

import pdfplumber
import pytest

from portal import numbers
from portal.evaluations import noting, workflow
from portal.evaluations.facts import Facts, Voice
from portal.evaluations.models import NoteKind
from portal.evaluations.noting import Happened
from portal.extensions import db
from portal.papers import drawing, verification
from portal.papers.catalogue import PAPERS
from portal.papers.compose import compose, print_html
from portal.people.names import surname_of
from portal.records.models import RecordState
from tests.evaluations.conftest import a_note, an_evaluation, asked, asked_of_note, received, the_grade
from tests.papers.making import full_member
from tests.records.test_life_cycle import a_record

WORDS = "每逢周末到社区活动室辅导留守儿童作业，教老人使用智能手机挂号缴费，雨雪天气主动清扫楼道和院落，"


@pytest.fixture(autouse=True)
def in_november(time_machine):
    time_machine.move_to("2026-11-20 02:00:00+00:00")


@pytest.fixture
def draw(app, room):
    """Prints a card: (words of the PDF cell by cell, without spaces, number of pages, bytes)."""

    def printed(row, kind=workflow.CARD):
        with app.test_request_context():
            paper = PAPERS[kind]
            pdf = room.print_one(print_html(paper, compose(paper, row, full=False)))
        with pdfplumber.open(io.BytesIO(pdf)) as opened:
            drawn = "".join(char["text"] for page in opened.pages for char in page.chars)
            return drawn.replace(" ", "").replace("　", ""), len(opened.pages), pdf

    return printed


def test_each_cell_of_one_that_was_sent(draw, cast):
    received(cast)
    a_record(cast, "confirmed")
    row = an_evaluation(cast, "sent")
    text, pages, pdf = draw(row)
    assert pages == 1
    for cell in (
        "编号：凤进社评〔2026〕0001号", "姓名欧阳䶮", "类别年度", "工作单位凤翔中学党支部", "起止2026年1月1日—11月20日",
        "居住社区儒林社区", "等次良好", "服务次数1次", "服务时长2小时", "提出建议0条，采纳0条", "承诺兑现没有承诺",
        "常年参加夜间巡逻，随叫随到。", "儒林社区党组织（盖章）", "2026年11月20日", "民主评议", "谈话提醒", "告知本人",
        "校验码",
    ):  # fmt: skip
        assert cell in text, cell
    assert "草稿" not in text
    assert pdf.startswith(b"%PDF")


def test_a_draft_bears_its_mark_and_no_number_and_boxes_for_the_pen(draw, cast):
    row = an_evaluation(cast, "draft")
    with_app = compose(PAPERS[workflow.CARD], row, full=False)
    assert (with_app.watermark, with_app.number, with_app.proof) == ("草稿", "—", None)
    text, pages, _ = draw(row)
    assert pages == 1 and "✓" not in text and "不得用印" in text


def test_one_that_was_withdrawn_is_void_and_the_new_one_names_it(draw, cast):
    row = an_evaluation(cast, "withdrawn")
    assert compose(PAPERS[workflow.CARD], row, full=False).watermark == "作废"
    anew = db.session.scalars(db.select(workflow.Evaluation).where(workflow.Evaluation.replaces_id == row.id)).one()
    workflow.send(anew, cast.by("clerk1"))
    db.session.commit()
    text, _, _ = draw(anew)
    assert "替代：凤进社评〔2026〕0001号" in text and "编号：凤进社评〔2026〕0002号" in text
    code = numbers.latest(workflow.CARD, row.id).check_code
    assert verification.find(code).newer == "凤进社评〔2026〕0002号"
    workflow.withdraw(anew, cast.by("clerk1"), reason="又有差错")
    db.session.commit()
    assert verification.find(code).newer == ""
    third = db.session.scalars(db.select(workflow.Evaluation).where(workflow.Evaluation.replaces_id == anew.id)).one()
    workflow.send(third, cast.by("clerk1"))
    db.session.commit()
    assert verification.find(code).newer == "凤进社评〔2026〕0003号"


def test_the_longest_texts_and_rare_names_never_overflow_and_the_slip_stays_whole(draw, cast):
    row = an_evaluation(cast, "graded")
    row.member = full_member(cast)
    row.performance, row.advice = (WORDS * 14)[:600], (WORDS * 7)[:300]
    row.self_assessment = (WORDS * 12)[:500]
    workflow.grade(
        row, cast.by("clerk1"), grade_id=the_grade("优秀").id, performance=row.performance, advice=row.advice
    )
    workflow.send(row, cast.by("clerk1"))
    voices = tuple(Voice((WORDS * 7)[:300], bool(n % 2), WORDS, "部分属实" if n % 2 else "") for n in range(12))
    row.facts = Facts(dt.date(2026, 1, 1), dt.date(2026, 11, 20), 128, 999, voices=voices, deferred=(1, 2, 3)).written()
    db.session.commit()
    text, pages, pdf = draw(row)
    assert 2 <= pages <= 5 and surname_of(row.member.name) in text
    for whole in (row.member.name, row.performance, row.advice, row.self_assessment, "另有4条"):
        assert whole in text
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        ends = [page.extract_text() for page in opened.pages]
        right = max(char["x1"] for page in opened.pages for char in page.chars)
        assert right < opened.pages[0].width
    last = "".join(ends[-1].split())
    assert "（回执）" in last and "单位盖章" in last and "告知本人" in last


def test_a_note_stands_on_the_same_card(draw, cast):
    row = a_note(cast, "acknowledged")
    text, pages, _ = draw(row, noting.CARD)
    assert pages == 1
    for cell in (
        "凤进社馈〔2026〕0001号",
        "类别随时（值得表扬）",
        "深夜抢修水管，全楼没有停水。",
        "谈话提醒",
        "告知本人",
    ):
        assert cell in text, cell
    assert "服务次数" not in text and "✓" not in text


def test_what_comes_after_the_sending_changes_no_card(draw, cast):
    """Neither the records behind it, nor reply and answer, nor the slip, which is torn off and filled in by hand."""
    received(cast)
    record = a_record(cast, "confirmed")
    row, one = an_evaluation(cast, "sent"), a_note(cast)
    first, of_note = draw(row)[0], draw(one, noting.CARD)[0]
    assert "服务次数1次" in first
    record.state = RecordState.VOIDED
    workflow.reply(row, cast.by("member1"), **asked("reply"))
    workflow.answer(row, cast.by("clerk1"), **asked("answer"))
    workflow.acknowledge(row, cast.by("liaison1"), **asked("acknowledge"))
    noting.reply(one, cast.by("member1"), **asked("reply"))
    noting.acknowledge(one, cast.by("liaison1"), **asked_of_note("acknowledge"))
    db.session.commit()
    assert (draw(row)[0], draw(one, noting.CARD)[0]) == (first, of_note)


def test_a_communitys_cards_in_one_file(cast, browse, room):
    an_evaluation(cast, "sent")
    clerk = browse(cast.users["clerk1"])
    answer = clerk.post("/papers", data={"kind": "evaluation-card", "year": "2026"})
    assert answer.status_code == 303
    while drawing.draw_next(db.session.commit):
        pass
    with clerk.get(f"{answer.location}/file") as file, pdfplumber.open(io.BytesIO(file.data)) as opened:
        assert "欧阳䶮" in "".join(char["text"] for char in opened.pages[0].chars)


def test_who_may_print(cast, browse):
    row, one = an_evaluation(cast, "sent"), noting
    for person, status in (("member1", 200), ("liaison1", 200), ("dept1", 200), ("county", 200), ("clerk1", 200),
                           ("clerk2", 404), ("liaison2", 404), ("member2", 404), ("admin", 404)):  # fmt: skip
        assert browse(cast.users[person]).get("/papers/evaluation-card/2026-0001").status_code == status, person
    note = one.send(row.registration, cast.by("clerk1"), Happened(NoteKind.CONCERNING, dt.date(2026, 11, 19), WORDS))
    db.session.commit()
    assert browse(cast.users["member1"]).get(f"/papers/evaluation-note/{note.number}").status_code == 200
    assert browse(cast.users["member2"]).get(f"/papers/evaluation-note/{note.number}").status_code == 404


def test_the_member_prints_no_draft(cast, browse):
    row = an_evaluation(cast, "graded")
    assert browse(cast.users["member1"]).get(f"/papers/evaluation-card/of/{row.number}").status_code == 404
    assert browse(cast.users["clerk1"]).get(f"/papers/evaluation-card/of/{row.number}").status_code == 200
