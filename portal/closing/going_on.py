"""What of a year ends with its closing, what moves over to the next one, and what simply stands.  [四]"""

import datetime as dt

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.activities.models import Activity, ActivityState
from portal.closing.kinds import Fate, Line, kind, span
from portal.evaluations.models import Evaluation, EvaluationState
from portal.exemplars.models import Exemplar, ExemplarState
from portal.feedback.models import Bulletin, BulletinState
from portal.households.models import Household, Support, SupportState
from portal.inspections.kinds import InspectionState
from portal.inspections.models import Inspection
from portal.pledges.models import Pledge, PledgeState
from portal.posts.models import Post, PostClaim, PostClaimState
from portal.registrations.models import CURRENT, Deferment, DefermentState, Exemption, ExemptionState, Registration
from portal.remarks.models import OPEN as OPEN_REMARKS
from portal.remarks.models import Remark
from portal.reports.models import UNSENT, Report
from portal.suggestions.models import OPEN as OPEN_SUGGESTIONS
from portal.suggestions.models import Suggestion
from portal.wishes.models import Wish, WishState

COUNTY = "县委组织部"
UNFINISHED = (PledgeState.DRAFT, PledgeState.SUBMITTED, PledgeState.RETURNED)
OPEN_WISHES = (WishState.SUBMITTED, WishState.PUBLISHED, WishState.CLAIMED)


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


def _wishes(year: int) -> Select:
    before = Wish.submitted_at < clock.start_of(dt.date(year + 1, 1, 1))
    return select(Wish).where(Wish.state.in_(OPEN_WISHES), before).options(joinedload(Wish.community))


def _suggestions(year: int) -> Select:
    asked = (Suggestion.state.in_(OPEN_SUGGESTIONS), Suggestion.submitted_on <= span(year)[1])
    return select(Suggestion).where(*asked).options(joinedload(Suggestion.community))


def _remarks(year: int) -> Select:
    asked = (Remark.state.in_(OPEN_REMARKS), Remark.submitted_on <= span(year)[1])
    return select(Remark).where(*asked).options(joinedload(Remark.community))


def _inspections(year: int) -> Select:
    return select(Inspection).where(Inspection.year == year, Inspection.state != InspectionState.CLOSED)


def _drafts(year: int) -> Select:
    drafted = (Activity.state == ActivityState.DRAFT, Activity.day <= span(year)[1])
    return select(Activity).where(*drafted).options(joinedload(Activity.community))


@kind(
    "open_wishes",
    "微心愿还在办理",
    Fate.MOVES,
    "照常审核、认领、办理；办好的那一天算在哪一年，时长就记在哪一年。",
    _wishes,
)
def _wish(row: Wish) -> Line:
    lies_with = row.community.name if row.community else COUNTY
    return Line(f"{row.title or '待审核的心愿'}（{row.number}）", lies_with, clock.local(row.submitted_at).date())


@kind("suggestions", "合理建议待答复", Fate.MOVES, "照常受理、答复。", _suggestions)
def _suggestion(row: Suggestion) -> Line:
    return Line(f"合理建议{row.number}", row.community.name, row.submitted_on, "suggestions.page", row.number,
                "suggestion")  # fmt: skip


@kind("remarks", "群众意见待办理", Fate.MOVES, "照常办理。", _remarks)
def _remark(row: Remark) -> Line:
    return Line(f"群众意见{row.number}", row.community.name, row.submitted_on)


@kind("inspections", "督查没有办结", Fate.MOVES, "照常整改、办结。", _inspections)
def _inspection(row: Inspection) -> Line:
    return Line(f"{row.title}（{row.number}）", COUNTY, row.starts_on, "inspections.page", row.number, "inspection")


@kind("draft_activities", "活动没有发布", Fate.MOVES, "改了日期以后照常发布。", _drafts)
def _draft(row: Activity) -> Line:
    return Line(row.title, row.community.name if row.community else COUNTY, row.day)


def _registrations(_year: int) -> Select:
    shown = (joinedload(Registration.member), joinedload(Registration.community))
    return select(Registration).where(Registration.state.in_(CURRENT)).options(*shown)


def _claims(_year: int) -> Select:
    shown = (joinedload(PostClaim.member), joinedload(PostClaim.post).joinedload(Post.community))
    return select(PostClaim).where(PostClaim.state == PostClaimState.ACTIVE).options(*shown)


def _supports(_year: int) -> Select:
    shown = (joinedload(Support.member), joinedload(Support.household).joinedload(Household.community))
    return select(Support).where(Support.state == SupportState.ACTIVE).options(*shown)


def _deferments(year: int) -> Select:
    over = f"{year + 1}-01"
    agreed = (Deferment.state == DefermentState.AGREED, Deferment.last >= over)
    return select(Deferment).where(*agreed).options(joinedload(Deferment.member), joinedload(Deferment.unit))


def _exemptions(_year: int) -> Select:
    agreed = Exemption.state == ExemptionState.AGREED
    return select(Exemption).where(agreed).options(joinedload(Exemption.member), joinedload(Exemption.unit))


@kind("registrations", "报到", Fate.STANDS, "一直有效；新的一年只请本人核对信息卡、填写承诺。", _registrations)
def _registration(row: Registration) -> Line:
    return Line(f"{row.member.name}的报到（{row.number}）", row.community.name, row.accepted_on, "registrations.page",
                row.number, "registration")  # fmt: skip


@kind("posts", "在岗", Fate.STANDS, "新的承诺审定时确认或退出。", _claims)
def _claim(row: PostClaim) -> Line:
    return Line(f"{row.member.name}：{row.post.title}", row.post.community.name, row.since)


@kind("supports", "结对帮扶", Fate.STANDS, "照常走访。", _supports)
def _support(row: Support) -> Line:
    return Line(f"{row.member.name}：联系对象{row.household.number}", row.household.community.name, row.since)


@kind("deferments", "暂缓到下一年", Fate.STANDS, "到期为止。", _deferments)
def _deferment(row: Deferment) -> Line:
    return Line(f"{row.member.name}：{row.kind.label}（{row.first} 至 {row.last}）", row.unit.name, row.asked_on)


@kind("exemptions", "免报", Fate.STANDS, "照常有效，情况变了由单位取消。", _exemptions)
def _exemption(row: Exemption) -> Line:
    return Line(f"{row.member.name}：免报", row.unit.name, row.asked_on)
