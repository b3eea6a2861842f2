"""Posts of the demonstration, who holds them and what was done on them; some of last year, one closed, one unheld."""

import datetime as dt
from collections import Counter as Tally
from dataclasses import dataclass, field
from random import Random

from sqlalchemy import select

from portal import clock
from portal.actors import Role
from portal.demo import serving
from portal.demo.county import SEED, County, Person, Place
from portal.demo.duty_words import POSTS, UNHELD_POST
from portal.demo.telling import Telling
from portal.demo.writing import write
from portal.extensions import db
from portal.numbers import Counter, address_number
from portal.pledges.models import APPROVED, Pledge
from portal.posts.models import MOST_PLACES, Post, PostClaim, PostClaimState, PostFreeTime, PostState
from portal.posts.workflow import claim, close, end_claim, give_up, sign_up
from portal.records.models import Evidence, RecordState, ServiceRecord, Source

S, C = PostState, PostClaimState
# Of ten members one after the other, seven hold a post; of those who hold one, every ninth has given another one up.
HOLDERS, GAVE_UP = 7, 9
OF_AN_ESTATE = ("楼道卫生监督岗", "独居老人陪伴岗", "垃圾分类指导岗")
# What was done on it: for one holder after the other so many duties, the latest one still to be confirmed or not.
DUTIES = ((2, False), (0, False), (3, False), (1, True), (4, False), (0, False), (2, True), (1, False))


@dataclass
class _Book:
    """What is to be written, how far the numbers of each year are drawn, and a chance of its own."""

    posts: list[dict] = field(default_factory=list)
    free_times: list[dict] = field(default_factory=list)
    claims: list[dict] = field(default_factory=list)
    records: list[dict] = field(default_factory=list)
    serials: Tally = field(default_factory=Tally)
    confirmed: set[int] = field(default_factory=set)
    telling: Telling = field(default_factory=Telling)
    rng: Random = field(default_factory=lambda: Random(SEED))


def settle(county: County) -> None:
    """Write the posts of each community, their claims and the services done on them."""
    book = _Book()
    kept = select(Pledge.member_id).where(Pledge.year == county.year, Pledge.state.in_(APPROVED))
    book.confirmed = set(db.session.scalars(kept))
    for place in county.places:
        _of_place(county, book, place)
    for model, rows in ((Post, book.posts), (PostFreeTime, book.free_times), (PostClaim, book.claims),
                        (ServiceRecord, book.records)):  # fmt: skip
        write(model, rows)
    write(Counter, [{"kind": "post", "year": year, "last": last} for year, last in book.serials.items()])
    book.telling.write()


def _of_place(county: County, book: _Book, place: Place) -> None:
    people = county.registered_in[place.id]
    holders = [person for number, person in enumerate(people) if number % 10 < HOLDERS]
    for turn, kind in enumerate(POSTS):
        if turn > 1 and (turn * 5 + place.id * 3) % 7 == 0:  # not every community has every post
            continue
        held = holders[turn :: len(POSTS)][: MOST_PLACES - 1]
        opened = dt.date(county.year - 1, 3, 12) if turn < len(POSTS) - 2 else _lately(county, place, turn)
        # Every third one is full; one is closed in every other community.
        post = _post(county, book, place, kind, max(len(held) + (turn % 3 and 2), 1), opened)
        for number, person in enumerate(held):
            _hold(county, book, place, post, person, number)
        if turn == 1 and place.id % 2:
            _close(county, book, place, post)
    _post(county, book, place, UNHELD_POST, 3, _lately(county, place, len(POSTS)))


def _lately(county: County, place: Place, turn: int) -> dt.date:
    """When a new post was opened: another day of this year in every community."""
    return max(county.days_ago(20 + (place.id * 7 + turn * 11) % 40), dt.date(county.year, 1, 1))


def _post(county: County, book: _Book, place: Place, kind, capacity: int, opened: dt.date) -> dict:
    title, category, duty, where, times, free_times = kind
    if title in OF_AN_ESTATE and place.estates:
        title = place.estates[book.serials.total() % len(place.estates)][1] + title
    book.serials[opened.year] += 1
    serial = book.serials[opened.year]
    post = {
        "id": county.ids.next(Post), "state": S.OPEN, "number": address_number(opened.year, serial), "version": 1,
        "year": opened.year, "serial": serial, "community_id": place.id, "grid_id": None, "team_id": None,
        "category": category, "title": title, "duty": duty, "place": where, "times": times, "capacity": capacity,
        "opened_on": opened, "closed_on": None,
    }  # fmt: skip
    book.posts.append(post)
    book.free_times += [
        {"id": county.ids.next(PostFreeTime), "post_id": post["id"], "free_time": each} for each in free_times
    ]
    _tell(county, book, place, post, opened, "open", "开设", before=None)
    return post


def _hold(county: County, book: _Book, place: Place, post: dict, person: Person, number: int) -> None:
    since = max(person.registered_on or county.today, post["opened_on"])
    stand_in = person.user_id is None
    if stand_in:
        _tell(county, book, place, post, since, sign_up.verb, sign_up.label, why="登记 1 人")
    else:
        _tell(county, book, place, post, since, claim.verb, claim.label, who=person)
    kept = person.id in book.confirmed or since.year == county.year
    row = {
        "id": county.ids.next(PostClaim), "post_id": post["id"], "member_id": person.id, "state": C.ACTIVE,
        "place": number + 1, "at": _at(since), "since": since, "until": None, "stand_in": stand_in,
        "confirmed_for": county.year if kept else max(since.year, county.year - 1), "ended_why": None,
        "with_post": False,
    }  # fmt: skip
    book.claims.append(row)
    if person.id % GAVE_UP == 0 and number > 0:
        day, why = max(county.days_ago(12), since), "夜班多，时间对不上，换一个岗位"
        row |= {"state": C.ENDED, "until": day, "ended_why": why}
        move, who = (end_claim, None) if stand_in else (give_up, person)
        _tell(county, book, place, post, day, move.verb, move.label, who=who, why=why)
    _serve(county, book, place, post, person, row)


def _serve(county: County, book: _Book, place: Place, post: dict, person: Person, held: dict) -> None:
    """Duties done on Saturdays since the member holds it, the latest ones first."""
    duties, waits = DUTIES[held["id"] % len(DUTIES)]
    last = (held["until"] or county.today) - dt.timedelta(days=3)
    saturday = last - dt.timedelta(days=(last.weekday() - 5) % 7)
    for number in range(duties):
        day = saturday - dt.timedelta(weeks=number * (4 + person.id % 3))
        if day < held["since"]:
            return
        pending = waits and number == 0
        recorder, *others = county.clerks[place.id]
        by_clerk = person.user_id is None
        row = serving.record_of(county, person, day) | {
            "state": RecordState.PENDING if pending else RecordState.CONFIRMED, "category": post["category"],
            "what": f"{post['title']}（{post['place']}）", "source": Source.POST, "source_id": held["id"],
            "source_number": post["number"], "evidence": Evidence.ORGANISER, "half_hours": 2 + held["id"] % 4,
            "recorded_by": f"{place.name} {recorder[1]}" if by_clerk else f"{person.unit.name} {person.name}",
            "recorded_by_user_id": recorder[0] if by_clerk else person.user_id,
            "recorded_by_member_id": None if by_clerk else person.id,
        }  # fmt: skip
        if not pending:
            second = (others[0] if others else (None, "网格管理员")) if by_clerk else recorder
            row |= {
                "confirmed_at": min(row["recorded_at"] + dt.timedelta(hours=14), clock.now()),
                "confirmed_by_user_id": second[0], "confirmed_by": f"{place.name} {second[1]}",
            }  # fmt: skip
        book.records.append(row)


def _close(county: County, book: _Book, place: Place, post: dict) -> None:
    day, why = county.days_ago(5), "物业已安排专人，不再需要"
    post |= {"state": S.CLOSED, "closed_on": day}
    for row in book.claims:
        if row["post_id"] == post["id"] and row["state"] is C.ACTIVE:
            row |= {
                "state": C.ENDED,
                "until": max(day, row["since"]),
                "ended_why": f"岗位停设：{why}",
                "with_post": True,
            }
    _tell(county, book, place, post, day, close.verb, close.label, after=S.CLOSED, why=why)


def _tell(county, book, place, post, day, verb, label, before=S.OPEN, after=S.OPEN, who=None, why=None) -> None:
    clerk = f"{place.name} {county.clerks[place.id][0][1]}"
    name, role = (f"{who.unit.name} {who.name}", Role.MEMBER) if who else (clerk, Role.CLERK)
    book.telling.tell(Post, post["id"], _at(day), verb, label, (before, after), name, role, why)


def _at(day: dt.date) -> dt.datetime:
    return min(clock.start_of(day) + dt.timedelta(hours=9), clock.now())
