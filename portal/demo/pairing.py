"""Pairings of the demonstration with their lists, projects and joint actions, and the contact points of leaders."""

import datetime as dt

from portal import clock
from portal.actors import Role
from portal.demo import words
from portal.demo.county import County, Office, Person, Place
from portal.demo.pairing_acts import Sides, write_acts
from portal.demo.telling import Telling
from portal.demo.writing import write
from portal.labels import Labelled
from portal.pairings.models import ContactPoint, ContactPointState, ItemKind, Pairing, PairingItem, PairingState, Side

P = PairingState
C = ContactPointState
AIM = "发挥本单位所长，一起为居民办些实事。"
# Verb, label and reason of the step that leads to each state.
STEPS: dict[Labelled, tuple] = {
    P.ACTIVE: ("agree", "同意结对", None), C.ACTIVE: ("agree", "同意联系点", None),
    P.DECLINED: ("decline", "不同意", "今年已与三家单位结对，人手不够，明年再议"),
    C.DECLINED: ("decline", "不同意", "已有两位领导干部联系本社区"),
    P.ENDED: ("end", "结束结对", "单位整体搬迁"), C.ENDED: ("end", "结束联系点", "分工调整"),
}  # fmt: skip


def settle(county: County) -> None:
    """Write them in every state; what is active began before the members reported."""
    telling = Telling()
    sides = [_sides(county, *case) for case in _pairs(county)]
    write(Pairing, [_pairing(county, telling, each) for each in sides])
    write(PairingItem, [line for each in sides if each.agreed_on for line in _items(county, each)])
    write_acts(county, telling, [each for each in sides if each.state is P.ACTIVE])
    leaders = [person for person in county.persons if person.leading and person.place][: 2 * len(C)]
    write(ContactPoint, [_point(county, telling, person, list(C)[n % len(C)]) for n, person in enumerate(leaders)])
    telling.write()


def _pairs(county: County) -> list[tuple[Office, Place, P, Side]]:
    """Each unit builds with one community; the first ones show the other states too."""
    offices, places = county.offices, county.places
    special = [
        (offices[0], places[1], P.PROPOSED, Side.COMMUNITY), (offices[1], places[0], P.PROPOSED, Side.UNIT),
        (offices[4], places[1], P.DECLINED, Side.UNIT), (offices[5], places[2], P.ENDED, Side.UNIT),
    ]  # fmt: skip
    taken = {(office.id, place.id) for office, place, _, _ in special}
    usual = [(office, places[n // 2 % len(places)]) for n, office in enumerate(offices)]
    return [
        (office, place, P.ACTIVE, Side.UNIT if office.id % 2 else Side.COMMUNITY)
        for office, place in usual
        if (office.id, place.id) not in taken
    ] + special


def _sides(county: County, office: Office, place: Place, state: P, side: Side) -> Sides:
    user, name = county.users[f"unit{office.id}"]
    clerk, clerk_name = county.clerks[place.id][0]
    people = {Side.UNIT: (user, f"{office.name} {name}"), Side.COMMUNITY: (clerk, f"{place.name} {clerk_name}")}
    asked = county.days_ago(9) if state is P.PROPOSED else dt.date(county.year - 1, 1, 15)
    agreed = asked + dt.timedelta(days=6) if state in (P.ACTIVE, P.ENDED) else None
    if state is P.ACTIVE:
        county.paired.add((office.id, place.id))
    return Sides(county.ids.next(Pairing), office, place, state, side, people, asked, agreed)


def _pairing(county: County, telling: Telling, sides: Sides) -> dict:
    row = _agreed(telling, Pairing, sides.id, sides.state, "提出结对", sides.people, sides.side, sides.asked_on)
    return row | {"unit_id": sides.office.id, "community_id": sides.place.id, "side": sides.side, "aim": AIM}


def _items(county: County, sides: Sides) -> list[dict]:
    lists = ((ItemKind.NEED, words.NEEDS, Side.COMMUNITY), (ItemKind.RESOURCE, words.RESOURCES, Side.UNIT))
    made = []
    for kind, lines, side in lists:
        for what, note in lines:
            key = county.ids.next(PairingItem)
            sides.items[kind].append(key)
            made.append(
                {
                    "id": key, "pairing_id": sides.id, "kind": kind, "what": what, "note": note or None,
                    "listed_on": sides.agreed_on, "listed_by": sides.people[side][1], "struck_on": None,
                }
            )  # fmt: skip
    return made


def _point(county: County, telling: Telling, person: Person, state: C) -> dict:
    place = county.places[0] if state is C.PROPOSED else person.place
    user, name = county.users[f"unit{person.unit.id}"]
    clerk, clerk_name = county.clerks[place.id][0]
    people = {Side.UNIT: (user, f"{person.unit.name} {name}"), Side.COMMUNITY: (clerk, f"{place.name} {clerk_name}")}
    asked = county.days_ago(5) if state is C.PROPOSED else dt.date(county.year - 1, 2, 10)
    key = county.ids.next(ContactPoint)
    if state is C.ACTIVE:
        county.adopted.add((person.id, place.id))
    row = _agreed(telling, ContactPoint, key, state, "提出联系点", people, Side.UNIT, asked)
    return row | {"member_id": person.id, "community_id": place.id}


def _agreed(telling, model, key: int, state: Labelled, asked: str, people: dict, side: Side, day: dt.date) -> dict:
    """What both kinds have alike: proposed by one side, and how the other answered, with the history told."""
    kind = type(state)
    row: dict = {
        "id": key, "state": state, "proposed_on": day, "proposed_by": people[side][1],
        "proposed_by_user_id": people[side][0], "agreed_on": None, "agreed_by": None, "ended_on": None, "version": 1,
    }  # fmt: skip
    _tell(telling, model, key, day, "propose", asked, (None, kind.PROPOSED), people, side)  # type: ignore[attr-defined]
    steps = {"PROPOSED": (), "ENDED": ("ACTIVE", "ENDED")}.get(state.name, (state.name,))
    before = kind.PROPOSED  # type: ignore[attr-defined]
    for after in (kind[name] for name in steps):
        verb, label, reason = STEPS[after]
        day += dt.timedelta(days=6 if verb == "agree" else 200 if verb == "end" else 3)
        acts = side if verb == "end" else side.other
        _tell(telling, model, key, day, verb, label, (before, after), people, acts, reason)
        row |= {"agreed_on": day, "agreed_by": people[acts][1]} if verb == "agree" else {"ended_on": day}
        row["version"] += 1
        before = after
    return row


def _tell(telling, model, key, day, verb, label, states, people, side, reason=None) -> None:
    at = clock.start_of(day) + dt.timedelta(hours=10)
    role = Role.LIAISON if side is Side.UNIT else Role.CLERK
    telling.tell(model, key, at, verb, label, states, people[side][1], role, reason)
