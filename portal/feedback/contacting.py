"""The life cycle of an entry of the contact log: either side writes it down; after a day it is corrected by another.

[三2]
"""

import datetime as dt
from dataclasses import dataclass

from portal import clock, wording
from portal.actors import Actor, Role
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.feedback import contact_log
from portal.feedback.models import Contact, ContactHow, ContactState, Side
from portal.flow import Flow, who
from portal.telling import Addressee, Tells, Topic, to_office

EDITED_FOR = dt.timedelta(hours=24)
EARLIEST = dt.date(2014, 1, 1)
S = ContactState
flow = Flow(
    Contact, "这条联系记录", room="contacts", noun="contact", visible_to=contact_log.visible_to,
    named=lambda row: f"{row.unit.name}与{row.community.name}的联系（{row.day:%-m月%-d日}）",
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """What is told of a contact: the day, how, who, about what, and what came of it."""

    day: dt.date
    how: ContactHow
    present: str
    about: str
    outcome: str | None = None


def _other_side(row: Contact) -> list[Addressee]:
    if row.side is Side.UNIT:
        return [to_office(Role.CLERK, community_id=row.community_id)]
    return [to_office(Role.LIAISON, unit_id=row.unit_id)]


tells_other_side = Tells(Topic.FEEDBACK, _other_side)


@who("登记的一方")
def writer_of(row: Contact, by: Actor) -> bool:
    """The office that wrote it down: the unit's liaison, or a clerk of the community."""
    if row.side is Side.UNIT:
        return by.is_in(Role.LIAISON) and by.unit_id is not None and by.unit_id == row.unit_id
    return by.is_in(Role.CLERK) and by.community_id is not None and by.community_id == row.community_id


def record(unit_id: int, community_id: int, by: Actor, told: Told) -> Contact:
    """A liaison or a clerk writes down a contact of unit and community.  [三2]

    Raises NotYours, RuleBroken.
    """
    liaison = by.is_in(Role.LIAISON) and by.unit_id == unit_id
    if not liaison and not (by.is_in(Role.CLERK) and by.community_id == community_id):
        raise NotYours("联系记录由单位联络员或社区专干登记。")
    row = _new(unit_id, community_id, Side.UNIT if liaison else Side.COMMUNITY, by, told)
    flow.opened(row, by, "record", "登记", tells=tells_other_side)
    return row


def _is_fresh(row: Contact, _by: Actor) -> bool:
    """Whether it may still be edited: for a day."""
    return clock.now() - row.recorded_at <= EDITED_FOR


@flow.move("修改", start=S.RECORDED, end=S.RECORDED, who=writer_of, when=_is_fresh)
def amend(row: Contact, by, day, how, present, about, outcome=None):
    """A liaison or a clerk mends what the own side wrote down within the last day.  [三2]"""
    if not _is_fresh(row, by):
        raise RuleBroken("已过一天，不能修改，请另写一条更正。")
    told = Told(day, how, present, about, outcome or None)
    check(told)
    row.day, row.how, row.people, row.about, row.outcome = told.day, told.how, told.present, told.about, told.outcome


@flow.move("更正", start=S.RECORDED, end=S.CORRECTED, who=writer_of, when=lambda row, by: not _is_fresh(row, by),
           tells=tells_other_side, done="已另写一条更正，原来的一条留着。")  # fmt: skip
def correct(row: Contact, by, day, how, present, about, outcome=None):
    """A liaison or a clerk corrects an entry older than a day by another one, which names it.  [三2]"""
    if _is_fresh(row, by):
        raise RuleBroken("登记不满一天，请直接修改。")
    told = Told(day, how, present, about, outcome or None)
    anew = _new(row.unit_id, row.community_id, row.side, by, told, row)
    flow.opened(anew, by, "record", "更正登记")


def _new(
    unit_id: int, community_id: int, side: Side, by: Actor, told: Told, corrects: Contact | None = None
) -> Contact:
    check(told)
    row = Contact(
        state=S.RECORDED, unit_id=unit_id, community_id=community_id, side=side, recorded_at=clock.now(),
        recorded_by=by.shown, corrects=corrects, day=told.day, how=told.how, people=told.present, about=told.about,
        outcome=told.outcome,
    )  # fmt: skip
    db.session.add(row)
    return row


def check(told: Told) -> None:
    """Raise RuleBroken where the day can't be, or the words tell of somebody what they should not."""
    if told.day > clock.today():
        raise RuleBroken("联系的日期不能晚于今天。")
    if told.day < EARLIEST:
        raise RuleBroken(f"联系的日期不能早于{EARLIEST.year}年。")
    texts = (told.present, told.about, told.outcome or "")
    if found := [sentence for text in texts for sentence in wording.problems(text, says_where=True)]:
        raise RuleBroken("".join(dict.fromkeys(found)))
