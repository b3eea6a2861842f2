"""A resident follows a wish by number and code: the check and its lock, what to say back, saying it again."""

import datetime as dt
import re

from sqlalchemy import func, select

from portal import audit, clock, history, throttle
from portal.actors import Actor
from portal.errors import Refused, RuleBroken, Throttled
from portal.extensions import db
from portal.text import half_width
from portal.wishes.models import MessageKind, Wish, WishMessage, WishState
from portal.wishes.submitting import hash_code

MISSES = 5
LOCKED_FOR = dt.timedelta(minutes=15)
TRIES_OF_ADDRESS = 60  # a whole community may sit behind one address
ADDRESS_WITHIN = dt.timedelta(minutes=10)
MOST_MESSAGES = 10
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


def told_before(wish: Wish) -> str | None:
    """The number of the rejected wish that this one says again."""
    return db.session.scalar(select(Wish.number).where(Wish.id == wish.follows_id)) if wish.follows_id else None


def told_again(wish: Wish) -> str | None:
    """The number of the wish that says this rejected one again, or None."""
    again = select(Wish.number).where(Wish.follows_id == wish.id)
    return db.session.scalar(again) if wish.state in (S.REJECTED, S.ARCHIVED) else None


def may_ask_again(wish: Wish) -> bool:
    """Whether the resident may say a rejected wish again, in other words: once, and not what was said again."""
    return wish.state is S.REJECTED and wish.follows_id is None and told_again(wish) is None


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
