"""What of a year ends with its closing: what nobody approved, sent or returned in time.  [四]"""

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from portal.closing.kinds import Fate, Line, kind
from portal.evaluations.models import Evaluation, EvaluationState, Note, NoteState
from portal.exemplars.models import Exemplar, ExemplarState
from portal.feedback.models import Bulletin, BulletinState
from portal.pledges.models import Pledge, PledgeState
from portal.reports.models import UNSENT, Report

UNFINISHED = (PledgeState.DRAFT, PledgeState.SUBMITTED, PledgeState.RETURNED)


def pledges(year: int) -> Select:
    """The pledges of a year that no unit approved."""
    shown = (joinedload(Pledge.unit), joinedload(Pledge.member))
    return select(Pledge).where(Pledge.year == year, Pledge.state.in_(UNFINISHED)).options(*shown)


def evaluations(year: int) -> Select:
    """The evaluations of a year that were never sent."""
    shown = (joinedload(Evaluation.member), joinedload(Evaluation.community))
    return select(Evaluation).where(Evaluation.year == year, Evaluation.state == EvaluationState.DRAFT).options(*shown)


def _without_slip(year: int) -> Select:
    shown = (joinedload(Evaluation.member), joinedload(Evaluation.unit))
    return select(Evaluation).where(Evaluation.year == year, Evaluation.state == EvaluationState.SENT).options(*shown)


def _notes(year: int) -> Select:
    shown = (joinedload(Note.member), joinedload(Note.unit))
    return select(Note).where(Note.year == year, Note.state == NoteState.SENT).options(*shown)


def _bulletins(year: int) -> Select:
    shown = (joinedload(Bulletin.unit), joinedload(Bulletin.community))
    open_ = Bulletin.state != BulletinState.ACKNOWLEDGED
    return select(Bulletin).where(Bulletin.year == year, open_).options(*shown)


def _reports(year: int) -> Select:
    return select(Report).where(Report.year == year, Report.state.in_(UNSENT)).options(joinedload(Report.supervisor))


def _exemplars(year: int) -> Select:
    returned = (Exemplar.year == year, Exemplar.state == ExemplarState.RETURNED)
    return select(Exemplar).where(*returned).options(joinedload(Exemplar.member), joinedload(Exemplar.community))


@kind("unfinished_pledges", "服务承诺没有审定", Fate.ENDS, "终止，不再审定；新的一年重新承诺。", pledges)
def _pledge(row: Pledge) -> Line:
    lies_with = row.unit.name if row.state is PledgeState.SUBMITTED else "本人"
    return Line(f"{row.member.name}的承诺（{row.number}）", lies_with, row.submitted_on, "pledges.page", row.number,
                "pledge")  # fmt: skip


@kind("draft_evaluations", "现实表现评议没有反馈", Fate.ENDS, "不再评议，记明是结账时没有反馈。", evaluations)
def _evaluation(row: Evaluation) -> Line:
    return Line(f"{row.member.name}的评议（{row.number}）", row.community.name, row.opened_on)


@kind("slips", "现实表现评议没有回执", Fate.ENDS, "保持“已反馈”，单位不能再补回执。", _without_slip)
def _slip(row: Evaluation) -> Line:
    return Line(f"{row.member.name}的评议（{row.number}）", row.unit.name, row.sent_on, "evaluations.page", row.number,
                "evaluation")  # fmt: skip


@kind("notes", "重要情况随时反馈没有回执", Fate.ENDS, "保持“已反馈”，单位不能再补回执。", _notes)
def _note(row: Note) -> Line:
    return Line(f"{row.member.name}的随时反馈（{row.number}）", row.unit.name, row.sent_on, "evaluations.notes.page",
                row.number, "note")  # fmt: skip


@kind("bulletins", "季度反馈没有反馈或签收", Fate.ENDS, "保持现在的状态，不能再反馈、签收。", _bulletins)
def _bulletin(row: Bulletin) -> Line:
    lies_with = row.community.name if row.state is BulletinState.COMPILED else row.unit.name
    return Line(f"{row.community.name}致{row.unit.name}：{row.period}", lies_with, row.sent_on or row.compiled_on)


@kind("unsent_reports", "年度总结及汇总表没有上报", Fate.ENDS, "记为没有上报，不能再补报。", _reports)
def _report(row: Report) -> Line:
    return Line(f"{row.supervisor.name}：{row.title}", row.supervisor.name, row.due_on, "reports.page", row.number,
                "report")  # fmt: skip


@kind("returned_exemplars", "服务标兵被退回、没有再报", Fate.ENDS, "保持“已退回”，不能再报。", _exemplars)
def _exemplar(row: Exemplar) -> Line:
    return Line(
        f"{row.member.name}（{row.number}）", row.community.name, None, "exemplars.page", row.number, "exemplar"
    )
