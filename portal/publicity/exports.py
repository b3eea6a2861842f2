"""The lists of stories and of notices as spreadsheets; who is named in a story stays sealed."""

from sqlalchemy import Select

from portal import clock
from portal.actors import Actor
from portal.list_sheets import ListSheet, offer
from portal.publicity import notice_queries, story_queries
from portal.publicity.notice_forms import NoticeFilter
from portal.publicity.story_forms import CasesFilter


def _stories(by: Actor) -> tuple[Select, CasesFilter]:
    form = CasesFilter()
    return story_queries.listed(by, form.state.data, form.own.data), form


def _notices(by: Actor) -> tuple[Select, NoticeFilter]:
    form = NoticeFilter()
    return notice_queries.listed(by, clock.today(), form.own.data, form.past.data), form


STORIES = (
    ("编号", 12, "number"), ("类别", 10, "kind"), ("题目", 36, "title"), ("供稿", 28, "office"),
    ("写作日期", 12, "written_on"), ("提交日期", 12, "submitted_on"), ("发布时间", 16, "published_at"),
    ("状态", 10, "state"),
)  # fmt: skip
NOTICES = (
    ("编号", 12, "number"), ("题目", 40, "title"), ("发自", 28, "office"), ("发给", 40, "to"),
    ("发出时间", 16, "sent_at"), ("有效期至", 12, "until"), ("要回执", 8, "asks_answer"),
    ("回执最迟", 12, "answer_by"), ("状态", 10, "state"),
)  # fmt: skip

offer(
    ListSheet("stories", "事迹稿件", "stories.cases", _stories, STORIES, newest_first=True),
    ListSheet("notices", "通知公告", "notices.index", _notices, NOTICES, newest_first=True),
)
