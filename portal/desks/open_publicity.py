"""What of stories and notices is open at a community and at a unit: sections of the handover sheet."""

import datetime as dt

from portal.actors import Actor
from portal.desks.open_cases import Section, section
from portal.extensions import db
from portal.publicity import notice_queries, story_queries
from portal.publicity.models import Notice, Story, StoryState

UNDER_WAY = (StoryState.DRAFT, StoryState.SUBMITTED, StoryState.RETURNED)


def of_publicity(by: Actor, today: dt.date) -> list[Section]:
    """The office's stories that are not published yet, and the notices that it has not answered."""
    written = story_queries.listed(by, own=True).where(Story.state.in_(UNDER_WAY)).order_by(Story.id)
    stories = db.session.scalars(written).unique()
    asked = [row for urged in (True, False) for row in db.session.scalars(_unanswered(by, today, urged))]
    return [
        section("事迹稿件未发布", "编号 标题 写稿日期 状态",
                ((row.number, row.title, row.written_on, row.state.label) for row in stories)),
        section("通知待回执", "编号 标题 发出 回执最迟",
                ((row.number, row.title, row.office, row.answer_by) for row in asked)),
    ]  # fmt: skip


def _unanswered(by: Actor, today: dt.date, urged: bool):
    return notice_queries.unanswered(by, today, urged).order_by(Notice.answer_by, Notice.id)
