"""What of a year moves over to the next one, and what simply stands.  [四]"""

import datetime as dt

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.activities.models import Activity, ActivityState
from portal.closing.kinds import Fate, Line, kind, span
from portal.households.models import Household, Support, SupportState
from portal.inspections.kinds import InspectionState
from portal.inspections.models import Inspection
from portal.posts.models import Post, PostClaim, PostClaimState
from portal.registrations.models import CURRENT, Deferment, DefermentState, Exemption, ExemptionState, Registration
from portal.remarks.models import OPEN as OPEN_REMARKS
from portal.remarks.models import Remark
from portal.suggestions.models import OPEN as OPEN_SUGGESTIONS
from portal.suggestions.models import Suggestion
from portal.wishes.models import Wish, WishState

COUNTY = "县委组织部"
OPEN_WISHES = (WishState.SUBMITTED, WishState.PUBLISHED, WishState.CLAIMED)


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
