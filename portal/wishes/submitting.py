"""How wishes come in, from the wall, the box, the telephone or a visit; and the code that goes with them."""

import datetime as dt
from dataclasses import dataclass

from portal import clock, numbers, vault
from portal.actors import Actor
from portal.errors import RuleBroken
from portal.extensions import db
from portal.labels import Category
from portal.people.models import Community, Grid
from portal.people.names import shown_name, tidy_name
from portal.wishes import phones
from portal.wishes.models import Level, Wish, WishSource, WishState
from portal.wishes.workflow import flow

CODE_LETTERS = 10
CODE_SHOWN_FOR = dt.timedelta(minutes=15)
HELPERS_WITH_THE_FRAIL = 2  # nobody is alone with a child, nor with an old person who lives alone


@dataclass(frozen=True)
class Asked:
    """What a resident asks for, as told; `name` is the requester, `on_behalf_of` who the wish is for."""

    detail: str
    name: str
    phone: str = ""
    community: Community | None = None
    grid: Grid | None = None
    address: str = ""
    on_behalf_of: str = ""
    title: str = ""
    category: Category | None = None
    helpers_needed: int | None = None
    wanted_by: dt.date | None = None
    minor: bool = False
    guardian_consent: bool = False
    lone_elder: bool = False
    note: str = ""


def submit(asked: Asked, by: Actor, source: WishSource, secret: str, follows: Wish | None = None) -> Wish:
    """Write a new wish that waits for its review, with number and query code; `follows` is the rejected one
    that it says again.  [二(二)2]

    The code is derived from `secret`, so that a form sent twice shows one code. Raises RuleBroken.
    """
    if asked.minor and not asked.guardian_consent:
        raise RuleBroken("14 岁以下孩子的心愿，需要监护人同意。")
    if follows is not None:
        _check_once(follows)
    year = clock.today().year
    serial = numbers.draw("wish", year)
    wish = Wish(
        number=numbers.address_number(year, serial), year=year, serial=serial, source=source,
        submitted_at=clock.now(), entered_by_user_id=by.user_id, follows_id=follows.id if follows else None,
        shown_name=shown_name(asked.name),
    )  # fmt: skip
    _fill(wish, asked)
    give_code(wish, secret)
    db.session.add(wish)
    flow.opened(wish, by, "submit", "提交心愿")
    return wish


def give_code(wish: Wish, secret: str) -> None:
    """Give the wish the query code derived from this secret; an earlier one stops working."""
    wish.code_hash = hash_code(wish.number, _derived(wish, secret))
    wish.code_at = clock.now()


def code_shown(wish: Wish, secret: str) -> str | None:
    """The wish's query code for whoever holds the secret, for a quarter of an hour; None otherwise."""
    code = _derived(wish, secret)
    if not secret or wish.code_at is None or wish.code_at <= clock.now() - CODE_SHOWN_FOR:
        return None
    return code if hash_code(wish.number, code) == wish.code_hash else None


def hash_code(number: str, code: str) -> str:
    """What is stored of a query code; it is useless without the number."""
    return vault.keyed_hash("code", f"{number}:{code}")


def _derived(wish: Wish, secret: str) -> str:
    return vault.code_from(f"wish/{wish.number}/{wish.version}/{secret}", CODE_LETTERS)


def _fill(wish: Wish, asked: Asked) -> None:
    wish.version = 1
    wish.community, wish.grid = asked.community, asked.grid
    wish.level = Level.GRID if asked.grid else Level.COMMUNITY
    wish.title, wish.category, wish.wanted_by = asked.title or None, asked.category, asked.wanted_by
    wish.minor, wish.guardian_consent, wish.lone_elder = asked.minor, asked.guardian_consent, asked.lone_elder
    frail = asked.minor or asked.lone_elder
    wish.helpers_needed = asked.helpers_needed or (HELPERS_WITH_THE_FRAIL if frail else 1)
    wish.told, wish.name, wish.phone = asked.detail, tidy_name(asked.name), asked.phone
    phones.index(wish)
    wish.address, wish.beneficiary, wish.note = asked.address, tidy_name(asked.on_behalf_of), asked.note


def _check_once(follows: Wish) -> None:
    again = db.session.scalar(db.select(Wish.number).where(Wish.follows_id == follows.id))
    if follows.state is not WishState.REJECTED or follows.follows_id is not None:
        raise RuleBroken("这条心愿不能再提交一次，请与社区联系。")
    if again:
        raise RuleBroken(f"这条心愿已经重新提交过，新的受理号是 {again}。")
