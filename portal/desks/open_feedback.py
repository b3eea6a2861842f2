"""What both a clerk and a liaison hand over of feedback: bulletins not yet sent or acknowledged, open difficulties."""

from collections.abc import Iterator

from portal.actors import Actor, Role
from portal.desks.open_cases import Section, section
from portal.extensions import db
from portal.feedback import difficulty_queries, queries
from portal.feedback.models import Bulletin, Difficulty


def of_feedback(by: Actor) -> Iterator[Section]:
    """Difficulties by number and day only: the sheet is printed, and who asked for help is no business of its."""
    clerk = by.is_in(Role.CLERK)
    waiting = (queries.to_send(by) if clerk else queries.to_acknowledge(by)).order_by(Bulletin.id)
    yield section("季度反馈待发出" if clerk else "季度反馈待签收", "编号 季度 单位 社区 报到人数",
                  ((row.number, row.period, row.unit.name, row.community.name, f"{row.registered} 人")
                   for row in db.session.scalars(waiting)))  # fmt: skip
    asked = difficulty_queries.to_answer(by).order_by(Difficulty.answer_by, Difficulty.id)
    yield section("党员求助待答复", "编号 求助日期 状态 答复最迟",
                  ((row.number, row.asked_on, row.state.label, row.answer_by)
                   for row in db.session.scalars(asked)))  # fmt: skip
