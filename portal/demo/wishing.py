"""Wishes of the demonstration in every state, with helpers, thanks and what was said on them."""

import datetime as dt

from portal import clock
from portal.demo import words
from portal.demo.county import County, Place
from portal.demo.helping import Fulfilled, Wall, help_with, later
from portal.demo.places import person_name
from portal.demo.wish_steps import tell_steps
from portal.demo.writing import in_bulk, sealed, write
from portal.history import HistoryLine
from portal.numbers import Counter, address_number
from portal.people.members import phone_index
from portal.people.names import shown_name
from portal.vault import keyed_hash
from portal.wishes.models import (
    Claim,
    Wish,
    WishMessage,
    WishSource,
    WishState,
)

S = WishState
DEMO_CODE = "FXWJ234567"
# How 50 lately told wishes stand, how many days ago they were told at most; older ones are archived.
RECENT = {
    S.SUBMITTED: (4, 3), S.PUBLISHED: (14, 20), S.CLAIMED: (9, 14), S.DONE: (5, 20), S.CONFIRMED: (8, 40),
    S.REJECTED: (2, 25), S.MERGED: (1, 20), S.WITHDRAWN: (2, 25), S.CLOSED: (2, 28), S.ARCHIVED: (3, 0),
}  # fmt: skip
PILE = [state for state, (count, _) in RECENT.items() for _ in range(count)]
LATELY = 600  # however large the county, so many wishes are on their way
HELPED = (S.CLAIMED, S.DONE, S.CONFIRMED, S.ARCHIVED)


def settle(county: County) -> list[Fulfilled]:
    """Write the wishes with their claims and messages; those that came true."""
    wall = Wall()
    with in_bulk(Wish, Claim, WishMessage, HistoryLine):
        write(Wish, [_wish(county, wall, day, state) for day, state in _calendar(county)])
        write(Claim, wall.claims)
        write(WishMessage, wall.messages)
        wall.telling.write()
    write(Counter, [{"kind": "wish", "year": year, "last": last} for year, last in wall.serials.items()])
    return wall.fulfilled


def _calendar(county: County) -> list[tuple[dt.date, WishState]]:
    """On which day each wish was told and how it stands now, in the order of time."""
    days = []
    lately = min(LATELY, county.scale.wishes)
    for number in range(lately):
        state = PILE[number * 7 % len(PILE)]
        ago = county.rng.randint(60, 400) if state is S.ARCHIVED else county.rng.randint(0, RECENT[state][1])
        days.append((county.days_ago(max(ago, 9) if state in (S.CONFIRMED, S.DONE) else ago), state))
    older = county.scale.wishes - lately
    days += [(county.days_ago(county.rng.randint(60, 700)), S.ARCHIVED) for _ in range(older)]
    return sorted(days, key=lambda told: told[0])


def _wish(county: County, wall: Wall, day: dt.date, state: WishState) -> dict:
    rng = county.rng
    category, title, told, done_words = rng.choice(words.WISHES)
    name, place = person_name(county), rng.choice(county.places)
    wall.serials[day.year] += 1
    number = address_number(day.year, wall.serials[day.year])
    phone = f"139{rng.randint(0, 99_999_999):08d}" if rng.random() < 0.93 else ""
    reviewed = state not in (S.SUBMITTED, S.REJECTED)
    row = dict.fromkeys(_EMPTY) | {
        "id": county.ids.next(Wish), "state": state, "number": number, "year": day.year,
        "serial": wall.serials[day.year], "source": rng.choice((WishSource.WALL,) * 5 + tuple(WishSource)),
        "community_id": place.id, "grid_id": rng.choice(place.grids)[0] if reviewed else None,
        "title": title if reviewed else None, "category": category if reviewed else None,
        "detail": told if reviewed else None, "shown_name": shown_name(name),
        "helpers_needed": 2 if "两个人" in told or "杂物" in title else 1, "full": False, "reopened": 0,
        "phone_index": phone_index(phone) if phone else None, "code_hash": keyed_hash("code", f"{number}:{DEMO_CODE}"),
        "submitted_at": county.moment(day), "on_wall": rng.random() > 0.04, "extended": False,
    } | sealed(
        Wish, told=told, name=name, phone=phone, address=_address(county, place), beneficiary=None, note=None
    )  # fmt: skip
    _move_on(county, wall, row, place, done_words)
    tell_steps(county, wall.telling, row, place)
    return row


_EMPTY = (
    "published_at", "claimed_at", "finish_by", "done_at", "done_by_user_id", "done_on", "done_from", "done_words",
    "confirmed_at", "confirmed_by", "ended_at", "answer", "rating", "thanks", "merged_into_id", "follows_id",
)  # fmt: skip


def _address(county: County, place: Place) -> str:
    estate = county.rng.choice(place.estates)[1]
    return f"{estate}{county.rng.randint(1, 20)}号楼{county.rng.randint(1, 4)}单元{county.rng.randint(1, 6)}01室"


def _move_on(county: County, wall: Wall, row: dict, place: Place, done_words: str) -> None:
    """Carry a wish from its day to the state in which it stands."""
    told, state = clock.local(row["submitted_at"]).date(), row["state"]
    if state is S.MERGED and not row["id"] > 1:
        row["state"] = state = S.WITHDRAWN
    if row["title"]:
        row["published_at"] = county.moment(later(county, told, 2), after=row["submitted_at"])
    if state in HELPED:
        help_with(county, wall, row, place, done_words)
    if state in (S.REJECTED, S.WITHDRAWN, S.MERGED, S.CLOSED):
        row["ended_at"] = county.moment(later(county, told, 6), after=row["published_at"] or row["submitted_at"])
    if state is S.REJECTED:
        row["answer"] = "这件事由物业负责，社区已转告物业，请直接联系物业办理。"
    if state is S.CLOSED:
        row["answer"] = "经与县自来水公司核实，该段管网改造已列入明年计划，今年暂不能办理，请您谅解。"
    if state is S.MERGED:
        row["merged_into_id"] = row["id"] - 1
