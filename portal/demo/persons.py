"""Members of the demonstration with their info cards, and the logins of every role."""

import datetime as dt

from portal.accounts.models import Appointment, AppointmentState, User
from portal.accounts.passwords import hash_password
from portal.actors import Role
from portal.demo import words
from portal.demo.county import County, Person
from portal.demo.places import joined_after, person_name, working_age
from portal.demo.writing import sealed, write
from portal.labels import Category
from portal.people.members import identity_index, phone_index, phone_tail_index
from portal.people.models import Education, Member, MemberStatus, Sex
from portal.people.names import pinyin_of
from portal.registrations.models import CardFreeTime, CardIntention, CardSkill, FreeTime, InfoCard

DEMO_PASSWORD = "demo-2026-fengxiang"
IN_TOWN = 0.92
WITH_LOGIN = 60


def settle(county: County) -> None:
    """Write the members, their cards and all logins."""
    write(Member, (_member(county, number) for number in range(county.scale.members)))
    _cards(county)
    _logins(county)


def _member(county: County, number: int) -> dict:
    rng = county.rng
    name = words.RARE_NAMES[number] if number < len(words.RARE_NAMES) else person_name(county)
    born = working_age(county)
    office = county.offices[number % len(county.offices)]
    lives_in_town = number < 12 or rng.random() < IN_TOWN
    place = (county.places[0] if number in (0, 1) else rng.choice(county.places)) if lives_in_town else None
    estate, where = rng.choice(place.estates) if place else (None, rng.choice(words.TOWNS))
    person = Person(county.ids.next(Member), name, office, place, None, estate)
    county.persons.append(person)
    phone = county.phone(number)
    row = {
        "id": person.id, "unit_id": office.id, "community_id": place and place.id, "grid_id": None, "name": name,
        "pinyin": pinyin_of(name), "sex": Sex.FEMALE if name[-1] in words.OF_WOMEN else Sex.MALE,
        "ethnicity": "维吾尔族" if "·" in name else "汉族", "born": born, "joined": joined_after(county, born),
        "probationary": rng.random() < 0.04, "leading": rng.random() < 0.12,
        "education": rng.choice((Education.COLLEGE, Education.BACHELOR, Education.BACHELOR, Education.MASTER)),
        "branch": f"第{'一二三'[number % 3]}党支部", "post": rng.choice(_posts(office.name)), "title": None,
        "lives_in_town": lives_in_town, "status": MemberStatus.ACTIVE,
        "since": dt.date(county.year - rng.randint(1, 8), rng.randint(1, 12), 1),
        "phone_index": phone_index(phone), "phone_tail_index": phone_tail_index(phone),
        "identity_index": identity_index(name, born, phone),
    } | sealed(Member, phone=phone, address=_address(county, where))  # fmt: skip
    person.leading = bool(row["leading"])
    if person.leading:
        row["post"] = next(post for word, post in words.LEADING_POSTS.items() if word in office.name)
    return row


def _posts(unit: str) -> list[str]:
    """The posts that a unit of this name has."""
    return next(posts for word, posts in words.POSTS.items() if word in unit)


def _address(county: County, where: str) -> str:
    rng = county.rng
    return f"{where}{rng.randint(1, 20)}号楼{rng.randint(1, 4)}单元{rng.randint(1, 6)}0{rng.randint(1, 3)}室"


def _cards(county: County) -> None:
    cards: list[dict] = []
    skills, intentions, free_times = [], [], []
    for person in county.persons:
        if person.place is None or county.rng.random() < 0.08:
            continue
        card_id = county.ids.next(InfoCard)
        days = county.rng.randint(60, 300)
        waits = person.id % 9 == 1  # nobody has looked through these cards this year
        filled_on = county.days_ago(days if not waits else 366 + days)
        # The later ones have no login: their unit's liaison fills the card in their place.
        stand_in = person.id > WITH_LOGIN
        by = f"{person.unit.name} {'高翔' if stand_in else person.name}"
        looked = by + "（代办）" * stand_in if filled_on.year < county.year and not waits else None
        cards.append(
            {
                "id": card_id, "member_id": person.id, "estate_id": person.estate_id,
                "checked_year": county.year - waits, "checked_by": looked, "filled_at": county.moment(filled_on),
                "filled_by": by, "stand_in": stand_in,
            }
        )  # fmt: skip
        skills += [{"card_id": card_id, "skill": s} for s in county.rng.sample(words.SKILLS, county.rng.randint(1, 3))]
        liked = county.rng.sample(list(Category), county.rng.randint(1, 3))
        intentions += [{"card_id": card_id, "category": category} for category in liked]
        times = county.rng.sample(list(FreeTime), county.rng.randint(1, 2))
        free_times += [{"card_id": card_id, "free_time": time} for time in times]
    write(InfoCard, cards)
    write(CardSkill, skills)
    write(CardIntention, intentions)
    write(CardFreeTime, free_times)


def _logins(county: County) -> None:
    named = _offices(county) | _members(county)
    password = hash_password(DEMO_PASSWORD)
    users, appointments = [], []
    for username, (name, member, roles) in named.items():
        user_id = county.ids.next(User)
        county.users[username] = (user_id, name)
        if member:
            member.user_id = user_id
        users.append(
            {
                "id": user_id, "username": username, "name": name, "password_hash": password,
                "must_change_password": False, "member_id": member and member.id,
            }
        )  # fmt: skip
        for role, scope in roles:
            appointments.append(_appointment(county, user_id, role, scope))
            if role is Role.CLERK:
                county.clerks.setdefault(scope["community_id"], []).append((user_id, name))
    write(User, users)
    write(Appointment, appointments + _other_states(county))


def _appointment(county: County, user_id: int, role: Role, scope: dict, state=AppointmentState.ACTIVE) -> dict:
    empty = dict.fromkeys(("supervisor_id", "unit_id", "community_id", "grid_id", "ends_on"))
    made = {"id": county.ids.next(Appointment), "user_id": user_id, "role": role, "state": state}
    return empty | made | {"main": role is Role.LIAISON, "starts_on": dt.date(county.year - 1, 1, 1)} | scope


def _offices(county: County) -> dict:
    """The logins of offices, by user name: name, member, roles with scope."""
    boss, places, offices = county.supervisors, county.places, county.offices
    logins = {
        "county": (Role.COUNTY, {}), "county2": (Role.COUNTY, {}), "admin": (Role.ADMIN, {}),
        "dept1": (Role.DEPARTMENT, {"supervisor_id": offices[0].supervisor_id}),
        "chengguan": (Role.TOWN, {"supervisor_id": boss["城关镇党委"]}),
        "town2": (Role.TOWN, {"supervisor_id": boss["柳林镇党委"]}),
        "park": (Role.DEPARTMENT, {"supervisor_id": boss["长青工业园区党工委"]}),
        "committee": (Role.COMMITTEE, {"supervisor_id": boss["县直机关工委"]}),
        "inspector1": (Role.INSPECTOR, {}),
        "community1b": (Role.CLERK, {"community_id": places[0].id}),
        "grid1": (Role.GRID_WORKER, {"community_id": places[0].id, "grid_id": places[0].grids[0][0]}),
    }  # fmt: skip
    logins |= {f"unit{n}": (Role.LIAISON, {"unit_id": office.id}) for n, office in enumerate(offices, 1)}
    logins |= {f"community{n}": (Role.CLERK, {"community_id": place.id}) for n, place in enumerate(places, 1)}
    return {username: (person_name(county), None, [login]) for username, login in logins.items()}


def _members(county: County) -> dict:
    """The logins of some members; the first two live in the first community, `dual1` is a liaison as well."""
    first, second, third = county.persons[0], county.persons[1], county.persons[len(county.offices)]
    others = [p for p in county.persons[2:WITH_LOGIN] if p.place and p is not third]
    chosen = {"member1": first, "member2": second} | {f"member{n}": p for n, p in enumerate(others, 3)}
    logins = {u: (p.name, p, [(Role.MEMBER, {"unit_id": p.unit.id})]) for u, p in chosen.items()}
    dual = [(Role.MEMBER, {"unit_id": third.unit.id}), (Role.LIAISON, {"unit_id": third.unit.id})]
    return logins | {"dual1": (third.name, third, dual)}


def _other_states(county: County) -> list[dict]:
    """An appointment that has ended, and one that waits for a second person."""
    community = {"community_id": county.places[-1].id}
    past = {"ends_on": dt.date(county.year - 1, 12, 31)}
    town2, dept1 = county.users["town2"][0], county.users["dept1"][0]
    return [
        _appointment(county, town2, Role.CLERK, community | past, AppointmentState.ENDED),
        _appointment(county, dept1, Role.COUNTY, {}, AppointmentState.PROPOSED),
    ]
