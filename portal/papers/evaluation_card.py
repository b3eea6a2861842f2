"""What stands in each cell of the 现实表现评议情况反馈卡, yearly or at once, as it was sent.

Whenever it is printed it says the same: what the member replied and the community answered later stands on the page.
Its lower part is the unit's slip, to be filled in by hand and torn off; what the unit wrote here is on the page too.
"""

from portal.evaluations import evidence, noting, workflow
from portal.evaluations.facts import Facts, Voice
from portal.evaluations.models import Evaluation, Handling, Note, Use
from portal.filters import NOTHING, day, hours
from portal.numbers import latest, official_number
from portal.papers import queries
from portal.papers.catalogue import paper
from portal.papers.fill import party_body

TITLE = "在职党员现实表现评议情况反馈卡"
MOST_VOICES = 8  # the others are on the page of the evaluation


@paper("5", TITLE, kind=workflow.CARD, who=queries.evaluation_cards_seen_by)
def evaluation_card(row: Evaluation, full: bool) -> dict:
    """What a community says of a member's year, for the unit and its supervisor.  [附件5] [二(二)4]"""
    facts = evidence.of_one(row)
    replaced = latest(workflow.CARD, row.replaces_id) if row.replaces_id else None
    return _of_both(row) | {
        "kind": "年度",
        "period": f"{day(facts.first)}—{facts.last:%-m月%-d日}",
        "facts": _lines(facts),
        "promises": facts.promises_words,
        "five_ones": "；".join(f"{one}（{stands}）" for one, stands in facts.five_ones),
        "self_assessment": row.self_assessment,
        "voices": _voices(facts),
        "grade": row.grade.label if row.grade else None,
        "performance": row.performance,
        "advice": row.advice,
        "replaces": official_number(workflow.CARD, replaced.number) if replaced else None,
        "uses": _boxes(*(use.label for use in Use)),
    }


@paper("5", TITLE, kind=noting.CARD, who=queries.evaluation_notes_seen_by, number="number")
def evaluation_note(row: Note, full: bool) -> dict:
    """What a community tells at once of a member (重要情况随时反馈).  [附件5] [二(二)4]"""
    return _of_both(row) | {
        "kind": f"随时（{row.kind.label}）",
        "period": day(row.day),
        "facts": [],
        "promises": None,
        "five_ones": None,
        "self_assessment": None,
        "voices": [],
        "grade": None,
        "performance": row.words,
        "advice": None,
        "replaces": None,
        "uses": [],
    }


def _of_both(row: Evaluation | Note) -> dict:
    return {
        "issuer": row.community.name,
        "filed_as": row.number,
        "to": f"{party_body(row.unit.name)}、{row.supervisor.name}",
        "name": row.member.name,
        "unit": row.unit.name,
        "community": row.community.name,
        "community_body": party_body(row.community.name),
        "unit_body": party_body(row.unit.name),
        "sent_on": day(row.sent_on) if row.sent_on else None,
        "handlings": _boxes(*(each.label for each in Handling)),
        "told": _boxes("是", "否"),
    }


def _boxes(*labels: str) -> list[tuple[str, bool]]:
    return [(label, False) for label in labels]


def _lines(facts: Facts) -> list[tuple[str, str]]:
    """The numbers as pairs of what is counted and how much."""
    return [
        ("服务次数", f"{facts.times}次"),
        ("服务时长", f"{hours(facts.half_hours)}小时"),
        ("走　　访", f"{facts.visits}次"),
        ("参加活动", f"{facts.activities}次"),
        ("服 务 日", f"{facts.service_days}次"),
        ("提出建议", f"{facts.suggestions}条，采纳{facts.adopted}条"),
        ("认领心愿", f"{facts.wishes_claimed}件"),
        ("办成心愿", f"{facts.wishes_done}件"),
        ("暂　　缓", facts.deferred_words or NOTHING),
    ]


def _voices(facts: Facts) -> list[str]:
    said = [_said(voice) for voice in facts.voices[:MOST_VOICES]]
    more = len(facts.voices) - MOST_VOICES
    return [*said, f"另有{more}条，见评议页面。"] if more > 0 else said


def _said(voice: Voice) -> str:
    if not voice.concern:
        return f"表扬：{voice.words}"
    reply = f"；本人说明：{voice.reply}" if voice.reply else ""
    return f"意见：{voice.words}（{voice.finding}{reply}）"
