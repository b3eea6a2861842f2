"""A resident follows a wish by number and code: the check and its lock, what to read, and what to say back."""

import datetime as dt
import re
from dataclasses import dataclass

from sqlalchemy import func, select

from portal import audit, clock, history, throttle
from portal.actors import Actor
from portal.errors import Refused, RuleBroken, Throttled
from portal.extensions import db
from portal.filters import day
from portal.people.names import shown_name
from portal.scheme import queries as scheme
from portal.text import half_width
from portal.wishes.models import ConfirmedBy, MessageKind, Wish, WishMessage, WishState
from portal.wishes.submitting import hash_code

MISSES = 5
LOCKED_FOR = dt.timedelta(minutes=15)
TRIES_OF_ADDRESS = 60  # a whole community may sit behind one address
ADDRESS_WITHIN = dt.timedelta(minutes=10)
MOST_MESSAGES = 10
VERBS = ("confirm", "reopen", "say", "withdraw")
S = WishState


class WrongCode(Refused):
    """No wish has this number with this code; which of the two is wrong is not said."""

    status = 422


def normal_number(typed: str) -> str:
    """A number as an address holds it, from 2026-0012, 2026 12 or 凤进社愿〔2026〕0012号; '' when it is none."""
    match = re.search(r"(20\d\d)\D{1,3}(\d{1,7})(?!\d)", half_width(typed), re.ASCII)
    return f"{match[1]}-{int(match[2]):04d}" if match else ""


def normal_code(typed: str) -> str:
    """A code in capitals without spaces and dashes."""
    return re.sub(r"[\s\-—–－·.]", "", half_width(typed)).upper()


def open_wish(typed_number: str, typed_code: str, address: str) -> Wish:
    """The wish of this number and code. Raises WrongCode or Throttled, and the caller keeps the counted try."""
    number, code = normal_number(typed_number), normal_code(typed_code)
    if throttle.count("follow/address", address, ADDRESS_WITHIN) > TRIES_OF_ADDRESS:
        raise Throttled("从这里查询的次数太多了，请十分钟后再来。")
    if throttle.is_spent("follow/lock", number, 1, LOCKED_FOR):
        raise Throttled("这个受理号输错的次数太多，为了安全先锁住了。请 15 分钟后再试，或到社区报姓名和电话补领。")
    wish = find(number, code)  # an unknown number counts as much as a wrong code
    if wish is None:
        if throttle.count("follow", number, LOCKED_FOR) >= MISSES:
            throttle.count("follow/lock", number, LOCKED_FOR)
            throttle.forget("follow", number)
        raise WrongCode("受理号或查询码不对，请对照受理单再看一遍。")
    throttle.forget("follow", number)
    return wish


def unlock(number: str) -> None:
    """Lift the lock of a number, when its wish was given a new code."""
    throttle.forget("follow", number)
    throttle.forget("follow/lock", number)


def find(number: str, code: str) -> Wish | None:
    """The wish of this number as long as the code is still its code; counts nothing."""
    wish = db.session.scalar(select(Wish).where(Wish.number == number))
    return wish if wish is not None and wish.code_hash == hash_code(number, code) else None


def target_of(wish: Wish) -> Wish:
    """The wish that is being handled: of a merged one the wish it was merged into."""
    seen = {wish.id}
    while wish.state is S.MERGED and wish.merged_into_id and wish.merged_into_id not in seen:
        seen.add(wish.merged_into_id)
        wish = db.session.get_one(Wish, wish.merged_into_id)
    return wish


@dataclass(frozen=True)
class Story:
    """A wish in plain words: how it stands, and what happens next and by when."""

    now: str
    then: str


def steps(wish: Wish) -> list[tuple[str, dt.datetime | None]]:
    """The way of a wish from the slip to thanks: each step and when it was reached, None when it was not yet.

    A wish that ended otherwise ends with that.
    """
    way = [
        ("提交心愿", wish.submitted_at),
        ("社区审核", wish.published_at),
        ("党员认领", wish.claimed_at),
        ("党员办好", wish.done_at),
        ("您来确认", wish.confirmed_at),
    ]
    if wish.state in (S.REJECTED, S.CLOSED, S.WITHDRAWN):
        return [*((label, at) for label, at in way if at), (wish.state.label, wish.ended_at)]
    return way


def story(wish: Wish) -> Story:
    """How this wish stands, for the person who asked."""
    year = scheme.year_of(clock.local(wish.submitted_at).date())
    tell = _STORIES.get(wish.state)
    return tell(wish, year) if tell else Story("您的心愿已归档。", "如有新的需要，可以再许一个心愿。")


def may_say(wish: Wish) -> bool:
    """Whether the resident may still say what is missing: while the wish is being handled."""
    return wish.state in (S.CLAIMED, S.DONE)


def say(wish: Wish, by: Actor, words: str) -> None:
    """The resident tells the community what is still missing; the wish stays as it is.  [二(二)2]"""
    if not may_say(wish):
        raise RuleBroken("这条心愿现在不在办理中，请直接联系社区。")
    said = db.session.scalar(select(func.count()).where(WishMessage.wish_id == wish.id))
    if (said or 0) >= MOST_MESSAGES:
        raise RuleBroken("您已经留了不少话，社区都收到了；着急的话请直接打电话。")
    message = WishMessage(wish=wish, kind=MessageKind.MISSING, at=clock.now(), by_name=by.name)
    message.words = words
    db.session.add(message)
    db.session.flush()
    history.write(wish, by, "say", "居民留言：还缺什么", wish.state, wish.state)
    audit.write(by, "wishes.say", wish, fields=("words",))


def _submitted(wish, year) -> Story:
    by = scheme.due(clock.local(wish.submitted_at).date(), year.wish_review_workdays)
    return Story("社区正在看您的心愿。", f"最晚 {day(by)} 给您答复：上心愿墙，或者说明为什么办不了。")


def _published(wish, year) -> Story:
    by = clock.local(wish.published_at).date() + dt.timedelta(days=year.wish_town_days)
    return Story(
        "您的心愿已经上了心愿墙，等在职党员认领。" if wish.on_wall else "您的心愿已经受理，社区正在找合适的党员。",
        f"认领后会有人跟您联系。到 {day(by)} 还没人认领，就由镇里、县里想办法，办不了也会书面答复您。",
    )


def _claimed(wish, year) -> Story:
    who = "、".join(f"{claim.member.unit.name}的{shown_name(claim.member.name)}" for claim in wish.open_claims)
    by = f"应在 {day(wish.finish_by)} 以前办好。" if wish.finish_by else ""
    return Story(f"{who or '一位在职党员'}认领了您的心愿。", f"党员会打电话跟您约时间。{by}")


def _done(wish, year) -> Story:
    by = clock.local(wish.done_at).date() + dt.timedelta(days=year.wish_confirm_days)
    return Story(
        "党员说已经办好了，请您看看是不是真的办好了。", f"请在 {day(by)} 以前告诉我们；到时没有回音，先按办好处理。"
    )


def _confirmed(wish, year) -> Story:
    if wish.confirmed_by is ConfirmedBy.DEFAULT:
        by = clock.local(wish.confirmed_at).date() + dt.timedelta(days=year.wish_reopen_days)
        return Story("没有收到您的回音，这条心愿先按办好处理了。", f"其实没办好？{day(by)} 以前还可以请我们重新办。")
    return Story("您的心愿实现了。", "谢谢您告诉我们。有新的需要，可以再许一个心愿。")


def _rejected(wish, year) -> Story:
    again = "" if wish.follows_id else "您可以改一改，再提交一次。"
    return Story("很抱歉，这个心愿没能上墙。", f"原因：{wish.answer}\n{again}")


def _closed(wish, year) -> Story:
    return Story("这个心愿没有办成，社区给了您书面答复。", f"答复：{wish.answer}")


def _withdrawn(wish, year) -> Story:
    return Story("这个心愿已经撤回。", "有新的需要，可以再许一个心愿。")


_STORIES = {
    S.SUBMITTED: _submitted, S.PUBLISHED: _published, S.CLAIMED: _claimed, S.DONE: _done, S.CONFIRMED: _confirmed,
    S.REJECTED: _rejected, S.CLOSED: _closed, S.WITHDRAWN: _withdrawn,
}  # fmt: skip
