"""Activities of the demonstration: service days with their rolls, waiting lists, one postponed, one urgent, one off."""

import datetime as dt
from collections import Counter as Tally
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from portal import clock
from portal.activities.models import Activity, ActivityKind, ActivityState, SignUp, SignUpState
from portal.demo import rolls, words
from portal.demo.county import SEED, County, Person, Place
from portal.demo.telling import Telling
from portal.demo.writing import write
from portal.numbers import Counter, address_number
from portal.records.models import ServiceRecord

S, U = ActivityState, SignUpState
# Days ago of what is over, in every community; the last one is still to be settled, in every
# other one later than it should be.
PAST = (2, 23, 44, 65, 93, 121, 156, 184, 219, 247, 282, 310)
TO_COME = (2, 6, 13, 20)
PLACES = 12
CALLED_UP = (0, 0)  # the first one to come of the first community is urgent
NEAR, ONE_DAY = dt.timedelta(days=10), dt.timedelta(days=1)
HOURS = (9, 14, 15, 10)
EVENINGS = ("治安夜巡", words.CALL_UP[0])


@dataclass
class Book:
    """What is to be written, and a chance of its own."""

    activities: list[dict] = field(default_factory=list)
    sign_ups: list[dict] = field(default_factory=list)
    records: list[dict] = field(default_factory=list)
    serials: Tally = field(default_factory=Tally)
    telling: Telling = field(default_factory=Telling)
    rng: Random = field(default_factory=lambda: Random(SEED))


def settle(county: County) -> None:
    """Write the activities in the order of the days on which they were drafted."""
    book = Book()
    for drafted, state, place, turn, day in sorted(_planned(county), key=lambda each: (each[0], each[4])):
        row = _drafted(county, book, place, turn, state, drafted, day)
        people = county.registered_in[place.id] if place else county.registered[:: max(len(county.registered) // 40, 1)]
        known = [person for person in people if person.registered_on <= drafted]
        _people(county, book, row, place, _coming(book, known, turn))
    write(Activity, book.activities)
    write(SignUp, book.sign_ups)
    write(ServiceRecord, book.records)
    write(Counter, [{"kind": "activity", "year": year, "last": last} for year, last in book.serials.items()])
    book.telling.write()


def _planned(county: County) -> Iterator[tuple[dt.date, ActivityState, Place | None, int, dt.date]]:
    """(drafted on, state, place, turn, day) of each; a turn names what is done, and what is odd about it."""
    for number, place in enumerate(county.places):
        for at, ago in enumerate(PAST):
            day = _past_day(county, number, at, ago)
            state = S.HELD if at == 0 else S.CANCELLED if at == 4 else S.SETTLED
            yield day - dt.timedelta(days=14), state, place, number + at, day
        for at, ahead in enumerate(TO_COME):
            day = county.today + dt.timedelta(days=ahead)
            if (number, at) != CALLED_UP:
                day = _saturday(day + dt.timedelta(days=6 - (number + at) % 2)) + ONE_DAY * ((number + at) % 2)
            state = S.DRAFT if at == 3 else S.PUBLISHED
            yield county.days_ago(3 + at), state, place, -1 - at, day
    # of the whole county: on the Sundays of the last service days and of the next ones
    last = max(each.last for each in county.service_days if each.last < county.days_ago(7))
    coming = min(each.last for each in county.service_days if each.last > county.today)
    yield last - dt.timedelta(days=23), S.SETTLED, None, 0, last
    yield county.days_ago(5), S.PUBLISHED, None, -2, coming


def _past_day(county: County, number: int, at: int, ago: int) -> dt.date:
    """A Saturday or Sunday about so long ago; close to service days their first one."""
    day = _saturday(county.days_ago(ago + 7 * (number % 2))) + ONE_DAY * ((number + at) % 2)
    over = [each.first for each in county.service_days if each.first < county.today]
    return next((each for each in over if abs(each - day) <= NEAR), day)


def _saturday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=(day.weekday() - 5) % 7)


def _said(place: Place | None, turn: int) -> Sequence:
    if place is None:
        return words.COUNTY_WIDE
    if (place.id - 1, -1 - turn) == CALLED_UP:
        return words.CALL_UP
    if turn < 0:  # what is to come is another thing in every community
        return words.ACTIVITIES[(place.id * 5 - turn * 7) % len(words.ACTIVITIES)]
    if turn > 0 and turn % 11 == 0:
        return words.PARTY_PRACTICE
    return words.ACTIVITIES[turn % len(words.ACTIVITIES)]


def _drafted(county: County, book: Book, place: Place | None, turn: int, state, drafted: dt.date, day: dt.date) -> dict:
    title, category, benefit, where, detail = _said(place, turn)
    year = drafted.year
    book.serials[year] += 1
    hour = HOURS[(place.id + turn) % len(HOURS)] if place else 9
    serial, starts = book.serials[year], dt.time(19 if title in EVENINGS else hour)
    estate = place.estates[turn % len(place.estates)][1] if place and place.estates else (place.name if place else "")
    row = {
        "id": county.ids.next(Activity), "state": state, "number": address_number(year, serial), "year": year,
        "serial": serial, "community_id": place.id if place else None,
        "grid_id": place.grids[turn % len(place.grids)][0] if place and turn % 3 == 0 else None,
        "kind": ActivityKind.PARTY_PRACTICE if title == words.PARTY_PRACTICE[0] else ActivityKind.SERVICE,
        "category": category, "benefit": benefit, "title": title, "detail": detail, "place": where.format(estate),
        "day": day, "starts": starts, "ends": dt.time(starts.hour + 2),
        "capacity": _capacity(place, turn), "sign_up_by": None,
        "renew_by": day - dt.timedelta(days=2) if turn == -3 else None,
        "service_day": any(each.includes(day) for each in county.service_days), "urgent": title == words.CALL_UP[0],
        "copied_from_id": None, "version": 1,
        "published_at": None if state is S.DRAFT else _at(drafted, 16),
    }  # fmt: skip
    book.activities.append(row)
    rolls.tell_steps(county, book.telling, row, place, drafted)
    return row


def _capacity(place: Place | None, turn: int) -> int | None:
    """How many may come: everybody to what is of the whole county; the second one to come is full, and people wait."""
    if place is None or turn % 4 == 0:
        return None
    return PLACES // 2 + 2 * (place.id % 3) if turn == -2 else rolls.MOST


def _coming(book: Book, people: list[Person], turn: int) -> list[Person]:
    """Who signs up: those with a login first for what is to come, so that a demonstration has something of its own."""
    some = book.rng.sample(people, min(len(people), book.rng.randint(PLACES - 2, rolls.MOST - 4)))
    if turn < 0:
        known = [person for person in people if person.user_id and person not in some]
        some = sorted([*known, *some], key=lambda person: person.user_id is None)
    return some[: rolls.MOST]  # of places that nobody waits for, some withdrew


def _people(county: County, book: Book, row: dict, place: Place | None, people: list[Person]) -> None:
    """Sign-ups in the order of signing; of what is over, with the roll and the records that it wrote."""
    if row["state"] is S.DRAFT:
        return
    held, since = 0, row["published_at"]
    for turn, person in enumerate(people):
        at = min(since + dt.timedelta(minutes=17 * turn + 5), clock.now())
        full = row["capacity"] is not None and held >= row["capacity"]
        sign_up = rolls.signed_up(county, row, person, at, U.WAITLISTED if full else U.SIGNED_UP, held + 1)
        held += not full
        book.sign_ups.append(sign_up)
        rolls.go_on(county, book, row, place, person, turn, sign_up)
        if not sign_up["walk_in"]:
            rolls.tell_sign_up(county, book.telling, row, place, person, sign_up)


def _at(day: dt.date, hour: int) -> dt.datetime:
    return min(clock.start_of(day) + dt.timedelta(hours=hour), clock.now())
