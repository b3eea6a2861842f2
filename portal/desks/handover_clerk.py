"""What a clerk hands over: wishes, members to receive, pledges, services, households, and what else is open."""

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.orm import joinedload, selectinload

from portal.activities import queries as activities
from portal.activities.models import Activity, ActivityState
from portal.actors import Actor
from portal.desks.open_cases import Section, of_inspections, of_pairings, section
from portal.desks.open_evaluations import of_evaluations
from portal.desks.open_feedback import of_feedback
from portal.desks.open_publicity import of_publicity
from portal.exemplars import queries as exemplars
from portal.exemplars.models import Exemplar
from portal.extensions import db
from portal.filters import hours
from portal.households import queries as households
from portal.households.models import Household, HouseholdState, Visit, VisitState
from portal.pledges import queries as pledges
from portal.pledges.models import Pledge, PledgeState
from portal.posts import queries as posts
from portal.posts.models import Post
from portal.records import queries as records
from portal.records.models import ObjectionState, RecordState, ServiceRecord
from portal.registrations import queries as registrations
from portal.registrations.models import Registration, RegistrationState
from portal.remarks import queries as remarks
from portal.remarks.models import OPEN, Remark
from portal.reports import queries as reports
from portal.reports.models import Report
from portal.suggestions import queries as suggestions
from portal.suggestions.models import OPEN as UNANSWERED
from portal.suggestions.models import Suggestion
from portal.teams import queries as teams
from portal.wishes import queries as wishes
from portal.wishes.models import Claim, ClaimState, Wish, WishState

W = WishState
UNSETTLED = (ActivityState.DRAFT, ActivityState.PUBLISHED, ActivityState.HELD)
_SINCE = {W.SUBMITTED: "submitted_at", W.PUBLISHED: "published_at", W.CLAIMED: "claimed_at", W.DONE: "done_at"}


def sections(by: Actor, today: dt.date) -> list[Section]:
    """The open cases of a community's office, kind by kind."""
    return [*_wishes(by, today), *_registrations(by), *_services(by), *_remarks(by), *_suggestions(by),
            *_exemplars(by), *_activities(by), *_households(by, today), *_teams(by), *_posts(by),
            *of_evaluations(by), *of_publicity(by, today), *of_inspections(by), *of_pairings(by),
            *_reports(by), *of_feedback(by)]  # fmt: skip


def _wishes(by: Actor, today: dt.date) -> Iterator[Section]:
    helpers = selectinload(Wish.claims).options(
        joinedload(Claim.member), joinedload(Claim.unit), joinedload(Claim.team)
    )
    rows = wishes.cases(by).where(Wish.state.in_(_SINCE)).options(helpers).order_by(Wish.number)
    found = list(db.session.scalars(rows))
    for state, since in _SINCE.items():
        lines = [(w.number, _title(w), getattr(w, since), w) for w in found if w.state is state]
        if state in (W.SUBMITTED, W.PUBLISHED):
            yield section(f"微心愿：{state.label}", "编号 心愿 起始日期", (line[:3] for line in lines))
        elif state is W.CLAIMED:
            yield section(f"微心愿：{state.label}", "编号 心愿 认领日期 承办 应办结",
                          ((*line, _helpers(w), _due(w, today)) for *line, w in lines))  # fmt: skip
        else:
            yield section(f"微心愿：{state.label}", "编号 心愿 办结日期 承办",
                          ((*line, _helpers(w)) for *line, w in lines))  # fmt: skip


def _title(wish: Wish) -> str:
    """What the sheet, which others print and sign too, says of a wish: a delicate one is known by its number."""
    return (wish.title or "（还没有标题）") if wish.on_wall else "（不上墙的心愿）"


def _helpers(wish: Wish) -> str:
    held = [claim for claim in wish.claims if claim.state in (ClaimState.OPEN, ClaimState.FINISHED)]
    names = (claim.organisation or next(o.name for o in (claim.team, claim.unit, claim.member) if o) for claim in held)
    return "、".join(names)


def _due(wish: Wish, today: dt.date) -> str:
    if wish.finish_by is None:
        return ""
    return f"{wish.finish_by:%Y-%m-%d}" + ("（已超期）" if wish.finish_by < today else "")


def _registrations(by: Actor) -> Iterator[Section]:
    waiting = registrations.visible_to(by).where(Registration.state == RegistrationState.PRESENTED)
    rows = db.session.scalars(waiting.order_by(Registration.presented_on, Registration.id))
    yield section("报到待接洽", "证明信编号 姓名 单位 报到日期",
                  ((row.number, row.member.name, row.unit.name, row.presented_on) for row in rows))  # fmt: skip
    shown = pledges.visible_to(by).where(Pledge.state == PledgeState.APPROVED)
    rows = db.session.scalars(shown.order_by(Pledge.show_on, Pledge.id))
    yield section("服务承诺将公示", "编号 姓名 单位 公示日期",
                  ((row.number, row.member.name, row.unit.name, row.show_on) for row in rows))  # fmt: skip


def _services(by: Actor) -> Iterator[Section]:
    here = (ServiceRecord.state == RecordState.PENDING, ServiceRecord.place_id == by.community_id)
    rows = db.session.scalars(records.visible_to(by).where(*here).order_by(ServiceRecord.day, ServiceRecord.id))
    yield section("写实记录待第二人确认", "服务日期 姓名 内容 时长（小时） 登记人",
                  ((row.day, row.member.name, row.what, hours(row.half_hours), row.recorded_by)
                   for row in rows))  # fmt: skip
    rows = db.session.scalars(records.objected(by).options(selectinload(ServiceRecord.objections)))
    yield section("党员异议待答复", "提出日期 姓名 服务日期 内容",
                  ((_asked(row), row.member.name, row.day, row.what) for row in rows))  # fmt: skip


def _remarks(by: Actor) -> Iterator[Section]:
    waiting = remarks.visible_to(by).where(Remark.state.in_(OPEN)).order_by(Remark.id)
    yield section("群众意见待答复", "编号 类别 党员 提出日期 状态 最迟说明",
                  ((row.number, row.kind.label, row.member.name if row.member else "", row.submitted_on,
                    row.state.label, row.answer_by) for row in db.session.scalars(waiting)))  # fmt: skip


def _suggestions(by: Actor) -> Iterator[Section]:
    waiting = suggestions.visible_to(by).where(Suggestion.state.in_(UNANSWERED)).order_by(Suggestion.answer_by)
    rows = db.session.scalars(waiting.order_by(Suggestion.id))
    yield section("合理建议待答复", "编号 题目 提出人 状态 转办 答复最迟",
                  ((row.number, row.title, row.member.name, row.state.label,
                    row.forwarded_to.name if row.forwarded_to else "", row.answer_by) for row in rows))  # fmt: skip


def _exemplars(by: Actor) -> Iterator[Section]:
    waiting = exemplars.nominated_by(by).order_by(Exemplar.nominated_on, Exemplar.id)
    yield section("服务标兵推荐", "编号 姓名 年度 推荐日期 状态",
                  ((row.number, row.member.name, row.year, row.nominated_on, row.state.label)
                   for row in db.session.scalars(waiting)))  # fmt: skip


def _activities(by: Actor) -> Iterator[Section]:
    mine = activities.rows().where(activities.is_organised_by(by), Activity.state.in_(UNSETTLED))
    rows = db.session.scalars(mine.order_by(*activities.IN_TIME)).all()
    coming = activities.counted([row.id for row in rows])
    yield section("志愿服务活动未结算", "编号 活动 状态 日期 地点 报名",
                  ((row.number, row.title, row.state.label, row.day, row.place, f"{coming.get(row.id, 0)} 人")
                   for row in rows))  # fmt: skip


def _households(by: Actor, today: dt.date) -> Iterator[Section]:
    """Files by number and kind only: the sheet is printed, and the names of households are no business of its."""
    seen = households.visible_to(by).order_by(Household.entered_on, Household.id)
    drafts = db.session.scalars(seen.where(Household.state == HouseholdState.DRAFT))
    yield section("联系对象待建档", "编号 类别 登记日期 登记人",
                  ((row.number, row.kind.label, row.entered_on, row.entered_by) for row in drafts))  # fmt: skip
    alone = db.session.scalars(seen.where(households.is_without_supporter(today)))
    yield section("联系对象没有帮扶人", "编号 类别 建档日期",
                  ((row.number, row.kind.label, row.opened_on) for row in alone))  # fmt: skip
    waiting = households.visits(by).where(Visit.state == VisitState.RECORDED).order_by(Visit.day, Visit.id)
    rows = db.session.scalars(waiting)
    yield section("走访待确认", "走访日期 联系对象 登记人",
                  ((row.day, row.household.number, row.recorded_by) for row in rows))  # fmt: skip


def _asked(record: ServiceRecord) -> dt.datetime | None:
    return next((each.at for each in record.objections if each.state is ObjectionState.OPEN), None)


def _teams(by: Actor) -> Iterator[Section]:
    rows = db.session.scalars(teams.filtered(by, teams.Filters(vacant=True)))
    yield section("服务队待任命队长", "服务队 成立日期", ((team.name, team.founded_on) for team in rows))


def _posts(by: Actor) -> Iterator[Section]:
    free = posts.filtered(by, posts.Filters(vacant=True)).order_by(Post.title, Post.id)
    yield section("服务岗位还有名额", "编号 岗位 开设日期 在岗 设几人",
                  ((post.number, post.title, post.opened_on, len(post.active_claims), post.capacity)
                   for post in db.session.scalars(free)))  # fmt: skip


def _reports(by: Actor) -> Iterator[Section]:
    rows = db.session.scalars(reports.parts_to_confirm(by).order_by(Report.year))
    yield section("年度上报数据待核对", "年度 期限", ((part.report.year, part.report.due_on) for part in rows))
