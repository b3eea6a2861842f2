"""A new query code for a resident who lost the slip: the clerk compares name and phone first."""

import datetime as dt

from portal import audit, history, throttle
from portal.actors import Actor
from portal.errors import BadValue, Throttled
from portal.people.names import tidy_name
from portal.wishes import following, phones, submitting
from portal.wishes.models import Wish

TRIES = 5
WITHIN = dt.timedelta(hours=1)


def check(wish: Wish, name: str, phone: str) -> None:
    """Compare what the resident says with the wish; the caller keeps the counted try. Raises BadValue, Throttled."""
    if throttle.count("wish/new-code", wish.number, WITHIN) > TRIES:
        raise Throttled("核对不上的次数太多，请一小时后再试，并请居民本人到社区当面核对姓名和电话。")
    same_phone = phones.index_of(phone) == phones.index_of(wish.phone)
    if tidy_name(name) != wish.name or not same_phone:
        raise BadValue("姓名或电话与登记的不一致，请再核对。")
    throttle.forget("wish/new-code", wish.number)


def give(wish: Wish, by: Actor, secret: str) -> None:
    """Give the wish a new code; the old one stops working, and a lock on the number is lifted."""
    wish.version += 1
    submitting.give_code(wish, secret)
    following.unlock(wish.number)
    history.write(wish, by, "new_code", "补发查询码", wish.state, wish.state)
    audit.write(by, "wishes.new_code", wish, fields=("code_hash",))
