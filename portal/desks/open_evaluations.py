"""What of evaluations is open at a community and at a unit: sections of the handover sheet, without grades or words."""

from portal.actors import Actor, Role
from portal.desks.open_cases import Section, section
from portal.evaluations import queries
from portal.evaluations.models import Evaluation, EvaluationState, Lacking
from portal.extensions import db


def of_evaluations(by: Actor) -> list[Section]:
    """A clerk's drafts and unanswered replies; the slips that a liaison owes."""
    seen = queries.visible_to(by).order_by(Evaluation.year, Evaluation.id)
    if by.is_in(Role.CLERK):
        return [
            _of("现实表现评议待反馈", "编号 姓名 单位 发起日期",
                seen.where(Evaluation.state == EvaluationState.DRAFT), "opened_on"),
            _of("党员对评议的说明待答复", "编号 姓名 单位 说明日期", seen.where(queries.lacks(Lacking.ANSWER)),
                "replied_on"),
        ]  # fmt: skip
    return [
        _of("现实表现评议待回执", "编号 姓名 单位 反馈日期", queries.to_acknowledge(by), "sent_on"),
        _of("重要情况随时反馈待回执", "编号 姓名 单位 反馈日期", queries.notes_to_acknowledge(by), "sent_on"),
    ]


def _of(title: str, heads: str, rows, day: str) -> Section:
    found = db.session.scalars(rows).unique()
    return section(title, heads, ((row.number, row.member.name, row.unit.name, getattr(row, day)) for row in found))
