"""The life cycle of a notice: sent at once, urged once where it asks for an answer, withdrawn with a reason."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal import audit, clock, numbers, undo, uploads
from portal.accounts.rights import same
from portal.actors import Actor, Role
from portal.errors import NotYours, RuleBroken, TooLate
from portal.extensions import db
from portal.files import Kept
from portal.flow import Flow, who
from portal.publicity import audience, notice_queries, offices
from portal.publicity.audience import Audience
from portal.publicity.models import Notice, NoticeAnswer, NoticeSeen, NoticeState

S = NoticeState
MANY = 100  # answers, before a sender is asked whether that many are needed
LONGEST, USUAL = dt.timedelta(days=366), dt.timedelta(days=30)
flow = Flow(
    Notice, "这条通知", room="notices", noun="notice", visible_to=notice_queries.visible_to,
    named=lambda notice: f"通知{notice.number}",
)  # fmt: skip


@dataclass(frozen=True)
class Letter:
    """What a notice says: its words, how long it is in force, and by when it asks for an answer, if it does."""

    title: str
    body: str
    until: dt.date
    asks_answer: bool = False
    answer_by: dt.date | None = None


@who("发出的机构")
def sender_of(notice: Notice, by: Actor) -> bool:
    """The office that sent it."""
    return offices.wrote(notice, by)


@who("县委组织部")
def county(notice: Notice, by: Actor) -> bool:
    """The county office, which may withdraw what should not have been sent."""
    return by.is_in(Role.COUNTY)


def may_read(notice: Notice, by: Actor) -> bool:
    """Whether this person still reads what a notice says: of a withdrawn one only who sent it, and the county."""
    return notice.state is not S.WITHDRAWN or sender_of(notice, by) or county(notice, by)


def send(by: Actor, to: Audience, letter: Letter, files: Sequence[Kept] = ()) -> Notice:
    """An office sends a notice, with files kept already, to those of its scope. Raises NotYours, RuleBroken.  [四]"""
    if not set(to.roles) <= set(audience.MAY_REACH.get(by.role, ())):
        raise NotYours("通知只能发给本机构范围内的人。")
    addressees = audience.rows_of(by, to)
    if not reach(addressees):
        raise RuleBroken("所选的范围里还没有人有账号，没有人能收到。请改选发给谁。")
    _check_days(letter)
    today = clock.today()
    serial = numbers.draw("notice", today.year)
    notice = Notice(
        state=S.PUBLISHED, number=numbers.address_number(today.year, serial), year=today.year, serial=serial,
        to=audience.in_words(by, to), addressees=addressees, sent_at=clock.now(), sent_by_user_id=by.user_id,
        **offices.values_of(by), **vars(letter),
    )  # fmt: skip
    db.session.add(notice)
    flow.opened(notice, by, "send", "发布通知")
    uploads.attach(notice, files, by)
    return notice


def reach(addressees: Sequence) -> int:
    """How many people a notice with these rows goes to now."""
    rows = audience.holders(addressees).with_only_columns(func.count(), maintain_column_froms=True)
    return db.session.scalar(rows.order_by(None)) or 0


def asks_too_many(by: Actor, to: Audience, letter: Letter) -> int:
    """How many people would have to answer, where these are so many that the sender is warned; 0 otherwise."""
    number = reach(audience.rows_of(by, to)) if letter.asks_answer else 0
    return number if number > MANY or (number and by.is_in(Role.COUNTY) and not to.places) else 0


def _check_days(letter: Letter) -> None:
    today = clock.today()
    if not today <= letter.until <= today + LONGEST:
        raise RuleBroken("有效期请填今天以后、一年以内的日期。")
    if letter.asks_answer and (letter.answer_by is None or not today <= letter.answer_by <= letter.until):
        raise RuleBroken("需要回执的，请填回执的最后日期，不早于今天，不晚于有效期。")


def _may_urge(notice: Notice, _by: Actor) -> bool:
    return notice.asks_answer and notice.urged_at is None and notice.until >= clock.today()


@flow.move("催办一次", start=S.PUBLISHED, end=S.PUBLISHED, who=sender_of, when=_may_urge,
           done="已催办：没有回执的，待办里标明已催办。")  # fmt: skip
def urge(notice: Notice, by):
    """The sender urges those who have not answered, once.  [四]"""
    if not _may_urge(notice, by):
        raise RuleBroken("这条通知不要回执、已经过期，或者已经催办过一次。")
    notice.urged_at = clock.now()


@flow.move("撤回通知", start=S.PUBLISHED, end=S.WITHDRAWN, who=sender_of | county, reason=True, danger=True,
           done="已撤回，不再出现在对方的待办里。", undo=True)  # fmt: skip
def withdraw(notice: Notice, by):
    """The sender, or the county, withdraws a notice, saying why.  [四]"""


def note(notice: Notice, by: Actor) -> None:
    """A reader takes note of a notice, for their own desk only: nobody else is shown that.

    Raises NotYours. The row of the trail is what tells the desk that something was done.
    """
    if not notice_queries.goes_to(notice, by):
        raise NotYours("这条通知不是发给您的。")
    if not notice_queries.is_seen(notice, by) and _add_once(NoticeSeen(notice_id=notice.id, user_id=by.user_id)):
        audit.write(by, "notices.note", notice)


def answer(notice: Notice, by: Actor, words: str) -> None:
    """A member, or anybody in the office, answers a notice that asks for it. Raises NotYours, TooLate, RuleBroken."""
    if not notice_queries.goes_to(notice, by):
        raise NotYours("这条通知不是发给您的。")
    if not notice.asks_answer or notice.state is not S.PUBLISHED or notice.until < clock.today():
        raise TooLate("这条通知不要回执，或者已经撤回、过期。")
    member_id = by.member_id if by.is_in(Role.MEMBER) else None
    key = None if member_id else undo.office_of(by)
    given = NoticeAnswer(
        notice_id=notice.id, office_key=key, member_id=member_id, user_id=by.user_id, by_name=by.shown,
        words=words or None, at=clock.now(),
    )  # fmt: skip
    if (first := notice_queries.answer_of(notice, by)) or not _add_once(given):
        first = first or notice_queries.answer_of(notice, by)
        own = first is not None and same(first.user_id, by.user_id)
        raise TooLate("您已经回执过了。" if own or first is None else f"{first.by_name}已经回执过了。")
    audit.write(by, "notice_answers.answer", given)


def _add_once(row) -> bool:
    """Write a row unless the same was written a moment ago by somebody else."""
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        return False
    return True


def answered(notice: Notice) -> list[NoticeAnswer]:
    """The answers given, by when they were given."""
    rows = select(NoticeAnswer).where(NoticeAnswer.notice_id == notice.id)
    return list(db.session.scalars(rows.order_by(NoticeAnswer.at, NoticeAnswer.id)))
