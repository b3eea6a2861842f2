"""How stories and notices are found: by number, or by the words of the title."""

from flask import url_for
from sqlalchemy import Select, or_

from portal.actors import Actor
from portal.finding import Kind, Line, Sought, joined
from portal.publicity import notice_queries, story_queries
from portal.publicity.models import Notice, Story
from portal.publicity.offices import WRITERS
from portal.search import contains


def _stories(by: Actor, sought: Sought) -> Select | None:
    published = not by.is_in(*WRITERS)
    return _fitting(story_queries.published() if published else story_queries.visible_to(by), Story, sought)


def _notices(by: Actor, sought: Sought) -> Select | None:
    return _fitting(notice_queries.visible_to(by), Notice, sought)


def _fitting(rows: Select, model, sought: Sought) -> Select | None:
    if not (sought.is_text or sought.numbers_of()):
        return None
    numbered = model.number.in_(sought.numbers_of())
    return rows.where(or_(numbered, contains(model.title, sought.words)) if sought.is_text else numbered)


def _story(_key, number, title, office, state) -> Line:
    return Line(title, url_for("stories.page", story=number), joined(number, office), state)


def _notice(_key, number, title, office, state) -> Line:
    return Line(title, url_for("notices.page", notice=number), joined(number, office), state)


STORIES = Kind("stories", "事迹稿件", "stories.page", _stories, (Story.number, Story.title, Story.office, Story.state),
               _story, newest_first=True)  # fmt: skip
NOTICES = Kind("notices", "通知公告", "notices.page", _notices,
               (Notice.number, Notice.title, Notice.office, Notice.state), _notice, newest_first=True)  # fmt: skip
