"""The result notice of an inspection (督查结果通报): drafted by one of the county office, published by another."""

from dataclasses import dataclass

from portal import clock, numbers
from portal.actors import Actor, Role
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.flow import Flow
from portal.inspections import queries, setting_in
from portal.inspections.checking import check_words
from portal.inspections.kinds import NoticeState
from portal.inspections.models import Inspection, ResultNotice
from portal.inspections.rights import BRANCHES, other_than_writer
from portal.inspections.workflow import hold
from portal.telling import Tells, Topic, to_office

KIND = "result-notice"
S = NoticeState
flow = Flow(
    ResultNotice, "这份通报", room="result_notices", noun="notice", visible_to=queries.notices_visible_to,
    named=lambda row: f"督查结果通报“{row.title}”", first=lambda row, by, asked: hold(row.inspection),
)  # fmt: skip
OPENING = (
    "{start}至{end}，县委组织部抽调人员，对{count}个党组织开展在职党员进社区工作情况进行了督查。现将结果通报如下。"
)
CLOSING = (
    "受到表扬的党组织要再接再厉；存在问题的党组织要对照问题逐项整改，按期答复。"
    "各级党组织要认真落实要求，把在职党员进社区、服务群众零距离活动抓紧抓实。"
)


@dataclass(frozen=True)
class Draft:
    """What the county writes of a notice itself; praise, criticism and figures are set in."""

    title: str
    opening: str
    closing: str


def first_words(inspection: Inspection, targets: int) -> Draft:
    """The words with which the county begins."""
    opening = OPENING.format(start=f"{inspection.starts_on:%-m月%-d日}", end=f"{inspection.ends_on:%-m月%-d日}",
                             count=targets)  # fmt: skip
    return Draft(f"关于{inspection.title}结果的通报"[:80], opening, CLOSING)


def draft(inspection: Inspection, by: Actor, written: Draft) -> ResultNotice:
    """The county drafts the notice of an inspection that was sent out. Raises NotYours, RuleBroken.  [三3]"""
    check_draft(inspection, by)
    check_words(*vars(written).values())
    row = ResultNotice(inspection=inspection, number=inspection.number, written_by_user_id=by.user_id, **vars(written))
    db.session.add(row)
    flow.opened(row, by, "draft", "起草通报")
    return row


def check_draft(inspection: Inspection, by: Actor, held: bool = True) -> None:
    """Raise NotYours or RuleBroken where this person may not draft the notice now; without `held` only looked at."""
    _check_county(by)
    if held:
        hold(inspection)
    _check_sent(inspection)
    if inspection.notice is not None:
        raise RuleBroken("这次督查已有一份通报。")


def _check_sent(inspection: Inspection) -> None:
    if not inspection.is_sent:
        raise RuleBroken("督查结果下发以后才能通报。")


def check_change(notice: ResultNotice, by: Actor) -> None:
    """Raise NotYours or RuleBroken where this person may not word a notice anew now."""
    _check_county(by)
    if notice.state is not S.DRAFT:
        raise RuleBroken("通报已印发，不能再改。")


def _check_county(by: Actor) -> None:
    if not by.is_in(Role.COUNTY):
        raise NotYours("督查结果由县委组织部通报。")


def change(notice: ResultNotice, by: Actor, title: str, opening: str, closing: str) -> None:
    """The county words a notice anew before it is published. Raises NotYours, RuleBroken.  [三3]"""
    check_change(notice, by)
    check_words(title, opening, closing)
    notice.title, notice.opening, notice.closing = title, opening, closing
    notice.written_by_user_id = by.user_id
    flow.noted(notice, by, "change", "修改通报", notice.state)


tells_branches = Tells(Topic.INSPECTION, lambda _row: [to_office(role) for role in BRANCHES])


@flow.move("印发", start=S.DRAFT, end=S.PUBLISHED, who=other_than_writer, tells=tells_branches,
           done="已印发，各级党组织可以看到；党员和居民看不到。", undo=True)  # fmt: skip
def publish(notice: ResultNotice, by):
    """A second person of the county publishes the notice to the branches of all levels, and to nobody else.  [三3]"""
    _check_sent(notice.inspection)
    today = clock.today()
    serial = numbers.draw(KIND, today.year)
    numbers.issue(KIND, today.year, serial, 1, notice.id, "", by.shown)
    whole = setting_in.written(setting_in.of(notice.inspection, today))
    notice.state, notice.published_on, notice.set_in = S.PUBLISHED, today, whole
