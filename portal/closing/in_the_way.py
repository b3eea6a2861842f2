"""What stands in the way of closing a year: whoever it lies with finishes it first, or the county does.

The hours of a year are final with its closing, so that nothing may wait for a second person any more.  [二(二)4] [四]
"""

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.activities.models import Activity, ActivityState
from portal.closing.kinds import Fate, Line, kind, span
from portal.evaluations.models import TOLD, Evaluation
from portal.exemplars.models import Exemplar, ExemplarState
from portal.households.models import Household, Visit, VisitState
from portal.pledges.models import Pledge, PledgeState
from portal.records.models import Objection, ObjectionState, RecordState, ServiceRecord
from portal.reports.models import Report, ReportState
from portal.wishes.models import Wish, WishState

COUNTY = "县委组织部"


def records(year: int) -> Select:
    """The services of a year that wait for a second person."""
    shown = (joinedload(ServiceRecord.place), joinedload(ServiceRecord.member))
    pending = (ServiceRecord.state == RecordState.PENDING, ServiceRecord.day.between(*span(year)))
    return select(ServiceRecord).where(*pending).options(*shown)


def visits(year: int) -> Select:
    """The visits of a year that wait for a second person."""
    shown = joinedload(Visit.household).joinedload(Household.community)
    return select(Visit).where(Visit.state == VisitState.RECORDED, Visit.day.between(*span(year))).options(shown)


def _objections(year: int) -> Select:
    shown = joinedload(Objection.record).options(joinedload(ServiceRecord.place), joinedload(ServiceRecord.member))
    is_open = (Objection.state == ObjectionState.OPEN, ServiceRecord.day.between(*span(year)))
    return select(Objection).join(Objection.record).where(*is_open).options(shown)


def _activities(year: int) -> Select:
    due = Activity.state.in_((ActivityState.PUBLISHED, ActivityState.HELD))
    return select(Activity).where(due, Activity.day.between(*span(year))).options(joinedload(Activity.community))


def _wishes(year: int) -> Select:
    done = (Wish.state == WishState.DONE, Wish.done_on.between(*span(year)))
    return select(Wish).where(*done).options(joinedload(Wish.community))


def _pledges(year: int) -> Select:
    shown = (joinedload(Pledge.community), joinedload(Pledge.member))
    return select(Pledge).where(Pledge.year == year, Pledge.state == PledgeState.APPROVED).options(*shown)


def _replies(year: int) -> Select:
    """Evaluations that the member may still reply to, or whose reply nobody has answered."""
    may_reply = Evaluation.reply_sealed.is_(None) & (Evaluation.reply_by >= clock.today())
    unanswered = Evaluation.reply_sealed.is_not(None) & Evaluation.answer_sealed.is_(None)
    told = (Evaluation.year == year, Evaluation.state.in_(TOLD), may_reply | unanswered)
    return select(Evaluation).where(*told).options(joinedload(Evaluation.member), joinedload(Evaluation.community))


def _exemplars(year: int) -> Select:
    nominated = (Exemplar.year == year, Exemplar.state == ExemplarState.NOMINATED)
    return select(Exemplar).where(*nominated).options(joinedload(Exemplar.member))


def _reports(year: int) -> Select:
    submitted = (Report.year == year, Report.state == ReportState.SUBMITTED)
    return select(Report).where(*submitted).options(joinedload(Report.supervisor))


@kind("records", "写实记录待确认", Fate.IN_THE_WAY,
      "由服务地社区的另一位同志确认；确实等不到的，县里写明原因一并不予确认。", records)  # fmt: skip
def _record(row: ServiceRecord) -> Line:
    what = f"{row.member.name} {row.day:%-m月%-d日} {row.what}"
    return Line(what, row.place.name, clock.local(row.recorded_at).date(), "records.page", row.id, "record")


@kind(
    "visits", "走访待确认", Fate.IN_THE_WAY, "由社区专干或网格管理员确认；确实等不到的，县里写明原因一并退回。", visits
)
def _visit(row: Visit) -> Line:
    what = f"联系对象{row.household.number} {row.day:%-m月%-d日}的走访"
    return Line(what, row.household.community.name, clock.local(row.recorded_at).date())


@kind("objections", "写实记录的异议待答复", Fate.IN_THE_WAY, "由社区书面答复。", _objections)
def _objection(row: Objection) -> Line:
    record = row.record
    what = f"{record.member.name} {record.day:%-m月%-d日} {record.what}"
    return Line(what, record.place.name, clock.local(row.at).date(), "records.page", record.id, "record")


@kind("activities", "活动没有结算", Fate.IN_THE_WAY, "由主办方结算或者取消。", _activities)
def _activity(row: Activity) -> Line:
    organiser = row.community.name if row.community else COUNTY
    return Line(row.title, organiser, row.day, "activities.page", row.number, "activity")


@kind("wishes", "微心愿已办理、待确认", Fate.IN_THE_WAY, "服务在这一年做的，由居民或社区回访确认。", _wishes)
def _wish(row: Wish) -> Line:
    return Line(f"{row.title}（{row.number}）", row.community.name if row.community else COUNTY, row.done_on)


@kind("pledges", "服务承诺已审定、待公示", Fate.IN_THE_WAY, "社区没有意见的，到期自动公示。", _pledges)
def _pledge(row: Pledge) -> Line:
    return Line(f"{row.member.name}的承诺（{row.number}）", row.community.name, row.approved_on, "pledges.page",
                row.number, "pledge")  # fmt: skip


@kind("replies", "党员对评议还可以说明，或有说明待答复", Fate.IN_THE_WAY,
      "说明期限过后再结账；有说明的，由社区书面答复。", _replies)  # fmt: skip
def _reply(row: Evaluation) -> Line:
    since = row.replied_on or row.sent_on
    return Line(f"{row.member.name}的评议（{row.number}）", row.community.name if row.replied_on else "本人", since,
                "evaluations.page", row.number, "evaluation")  # fmt: skip


@kind("exemplars", "服务标兵待确认", Fate.IN_THE_WAY, "由县委组织部确认或者退回。", _exemplars)
def _exemplar(row: Exemplar) -> Line:
    return Line(f"{row.member.name}（{row.number}）", COUNTY, None, "exemplars.page", row.number, "exemplar")


@kind("reports", "年度上报待接收", Fate.IN_THE_WAY, "由县委组织部接收或者退回。", _reports)
def _report(row: Report) -> Line:
    return Line(f"{row.supervisor.name}：{row.title}", COUNTY, None, "reports.page", row.number, "report")
