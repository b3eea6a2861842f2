"""Who helps with a demonstration wish, for how long, and how the resident thanks.

What is told of a wish is collected on a Wall while the wishes are made.
"""

import datetime as dt
from collections import Counter as Tally
from dataclasses import dataclass, field

from portal import clock
from portal.demo import words
from portal.demo.county import County, Person, Place
from portal.demo.telling import Telling
from portal.demo.writing import sealed
from portal.labels import Category
from portal.wishes.models import Claim, ClaimState, ConfirmedBy, MessageKind, WishMessage, WishState

S = WishState


@dataclass
class Fulfilled:
    """A wish that came true, as its service records need it."""

    wish_id: int
    number: str
    title: str
    category: Category
    place: Place
    day: dt.date
    shown_name: str
    helpers: list[tuple[Person, int]]
    confirmed_at: dt.datetime
    by_resident: bool


@dataclass
class Wall:
    """The claims, messages, numbers and stories of the wishes made so far."""

    claims: list[dict] = field(default_factory=list)
    messages: list[dict] = field(default_factory=list)
    fulfilled: list[Fulfilled] = field(default_factory=list)
    telling: Telling = field(default_factory=Telling)
    serials: Tally = field(default_factory=Tally)
    open_claims: Tally = field(default_factory=Tally)


def later(county: County, day: dt.date, most: int) -> dt.date:
    """A day at most so many days later, not after today."""
    return min(day + dt.timedelta(days=county.rng.randint(0, most)), county.today)


def help_with(county: County, wall: Wall, row: dict, place: Place, done_words: str) -> None:
    """Give the wish its helpers, and what they did as far as it has come."""
    began = later(county, clock.local(row["published_at"]).date(), 3)
    row["claimed_at"] = county.moment(began, after=row["published_at"])
    row["finish_by"] = began + dt.timedelta(days=21)
    helpers = _helpers(county, wall, row, place)
    row["full"] = len(helpers) >= row["helpers_needed"]
    state = row["state"]
    if state is not S.CLAIMED:
        done = later(county, began, 4)
        row |= {
            "done_at": county.moment(done, 21, after=row["claimed_at"]), "done_on": done, "done_from": dt.time(19, 0),
            "done_words": done_words, "done_by_user_id": helpers[0].user_id,
        }  # fmt: skip
    spent = [county.rng.randint(1, 6) for _ in helpers]
    if state in (S.CONFIRMED, S.ARCHIVED):
        _thank(county, wall, row, place, list(zip(helpers, spent, strict=True)))
    for turn, (helper, half_hours) in enumerate(zip(helpers, spent, strict=True), 1):
        wall.claims.append(_claim(county, row, helper, turn, half_hours, wall.open_claims[helper.id]))


def _helpers(county: County, wall: Wall, row: dict, place: Place) -> list[Person]:
    near = county.registered_in[place.id] if county.rng.random() < 0.8 else county.registered
    if row["state"] is not S.CLAIMED:
        return county.rng.sample(near, row["helpers_needed"])
    # Nobody holds more than two open claims.
    helper = next(person for person in county.rng.sample(near, len(near)) if wall.open_claims[person.id] < 2)
    wall.open_claims[helper.id] += 1
    return [helper]


def _claim(county: County, row: dict, helper: Person, turn: int, half_hours: int, slot: int) -> dict:
    is_open = row["state"] is S.CLAIMED
    return {
        "id": county.ids.next(Claim), "wish_id": row["id"], "member_id": helper.id, "place": turn, "heads": 1,
        "slot": slot if is_open else 1, "leads": turn == 1,
        "state": ClaimState.OPEN if is_open else ClaimState.FINISHED, "claimed_at": row["claimed_at"],
        "ended_at": row["done_at"], "half_hours": None if is_open else half_hours,
    }  # fmt: skip


def _thank(county: County, wall: Wall, row: dict, place: Place, helpers: list[tuple[Person, int]]) -> None:
    by_resident = county.rng.random() < 0.7
    day = later(county, row["done_on"], 4)
    heard_at = county.moment(day, 21, after=row["done_at"])
    row |= {
        "confirmed_at": heard_at, "ended_at": heard_at,
        "confirmed_by": ConfirmedBy.RESIDENT if by_resident else ConfirmedBy.CLERK,
        "rating": county.rng.choice((4, 5, 5, 5)) if by_resident else None,
        "thanks": county.rng.choice(words.THANKS) if by_resident else None,
    }  # fmt: skip
    if by_resident:
        heard = {"wish_id": row["id"], "kind": MessageKind.DONE_WELL, "at": row["confirmed_at"], "by_name": "居民"}
        wall.messages.append(heard | sealed(WishMessage, words="办成了"))
    wall.fulfilled.append(
        Fulfilled(row["id"], row["number"], row["title"], row["category"], place, row["done_on"], row["shown_name"],
                  helpers, row["confirmed_at"], by_resident)
    )  # fmt: skip
