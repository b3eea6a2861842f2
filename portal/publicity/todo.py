"""What stories and notices ask of each desk (待办)."""

import datetime as dt
from collections.abc import Iterator

from portal.actors import Actor, Role
from portal.publicity import audience, notice_queries, story_queries
from portal.publicity.models import Notice, Story, StoryState
from portal.publicity.offices import WRITERS
from portal.todo import Waiting

S = StoryState
ABOVE = (Role.TOWN, Role.DEPARTMENT, Role.COUNTY)


def items(by: Actor, today: dt.date) -> Iterator[Waiting]:
    """Stories to publish or to mend; notices to answer, and those of which one has not taken note."""
    if by.is_in(*ABOVE):
        yield _stories(story_queries.to_publish(by, today), "事迹稿件待审核发布", S.SUBMITTED, Story.submitted_on)
    if by.is_in(*WRITERS):
        yield _stories(story_queries.returned(by), "事迹稿件被退回，请修改", S.RETURNED, None)
    if audience.is_reader(by.role):
        for urged, label in ((True, "通知请回执（已催办）"), (False, "通知请回执")):
            rows = notice_queries.unanswered(by, today, urged)
            yield Waiting(rows, label, "notices.index", {}, Notice.answer_by, "回执最迟", late_before=today)
        yield Waiting(notice_queries.unseen(by, today), "通知还没有看", "notices.index", note="看过按“知道了”")


def _stories(rows, label: str, state: StoryState, day) -> Waiting:
    return Waiting(rows, label, "stories.cases", {"state": state.value}, day, "最早提交")
