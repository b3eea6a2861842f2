"""Households of the demonstration and who supports them, in every state, as the moves would have written them."""

import datetime as dt

from portal.actors import Role
from portal.demo import matching, words
from portal.demo.county import County, Person, Place
from portal.demo.household_book import Book, Kept
from portal.demo.writing import sealed, write
from portal.households.kinds import CloseKind, ConsentBy, Difficulty, HouseholdKind, Need, Policy, Way
from portal.households.models import Household, HouseholdNeed, HouseholdPerson, HouseholdState
from portal.numbers import Counter, address_number
from portal.people.models import Sex
from portal.people.names import shown_name

H = HouseholdState
MEMBERS_A_HOUSEHOLD = 12
LOGINS = {"member1": 0, "member2": matching.ASKED * matching.PLACES}
# What stands in the files, by kind: years of birth, difficulty, needs, and who else belongs to the household.
LIFE = {
    HouseholdKind.ELDER: ((1934, 1950), Difficulty.ALONE, (Need.COMPANY, Need.ERRANDS), ()),
    HouseholdKind.POOR: ((1962, 1978), Difficulty.LABOUR, (Need.JOB, Need.POLICY), (("妻子", "1970", "打零工"),)),
    HouseholdKind.COMRADE: ((1938, 1955), Difficulty.ILLNESS, (Need.COMPANY, Need.CLINIC), (("老伴", "1945", "在家"),)),
    HouseholdKind.DISABLED: ((1958, 1985), Difficulty.DISABILITY, (Need.CARE, Need.REPAIR), (("母亲", "1940", ""),)),
    HouseholdKind.STUDENT: ((2010, 2016), Difficulty.STUDY, (Need.TUTORING, Need.GOODS), (("奶奶", "1950", "在家"),)),
}  # fmt: skip
POLICIES = {
    HouseholdKind.ELDER: Policy.OLD_AGE, HouseholdKind.POOR: Policy.ALLOWANCE, HouseholdKind.COMRADE: Policy.PARTY,
    HouseholdKind.DISABLED: Policy.DISABLED, HouseholdKind.STUDENT: Policy.SCHOOLING,
}  # fmt: skip
AIMS = ("每月走访一次，有事随叫随到", "帮助把该享受的政策都办好", "陪着度过这一年", "开学前把作业辅导跟上")


def settle(county: County) -> list[Kept]:
    """Write the households of each community, numbered by the day on which they were entered; those supported."""
    book = Book(county)
    kept = [_household(book, place, turn, day) for day, place, turn in _entered(book)]
    for model, rows in book.rows.items():
        write(model, rows)
    write(Counter, [{"kind": "household", "year": year, "last": last} for year, last in book.serials.items()])
    book.telling.write()
    return [household for household in kept if household.supporters]


def _entered(book: Book) -> list[tuple[dt.date, Place, int]]:
    """On which day each household was entered, where, and the how many-th of its community it is."""
    found = []
    for place in book.county.places:
        there = book.county.registered_in[place.id]
        book.free[place.id] = _in_turn(book, there)
        for turn in range(max(8, len(there) // MEMBERS_A_HOUSEHOLD)):
            ago = 3 if turn == 1 else 20 if turn in (2, 4) else book.rng.randint(300, 420)
            found.append((book.county.days_ago(ago), place, turn))
    return sorted(found, key=lambda each: (each[0], each[1].id, each[2]))


def _in_turn(book: Book, there: list[Person]) -> list[Person]:
    """Whom the households of a community get, one after the other: member1 the first, member2 the one who is asked."""
    logins = {book.county.users[name][0]: at for name, at in LOGINS.items()}
    mine = [person for person in there if person.user_id in logins]
    others = [person for person in there if person not in mine]
    book.rng.shuffle(others)
    for person in sorted(mine, key=lambda each: logins[each.user_id or 0]):
        others.insert(logins[person.user_id or 0], person)
    return others


def _household(book: Book, place: Place, turn: int, day: dt.date) -> Kept:
    kinds = list(HouseholdKind)
    kind, state = kinds[turn % len(kinds)], H.DRAFT if turn == 1 else H.CLOSED if turn % 9 == 7 else H.ACTIVE
    facts = _facts(book, place, kind, turn)
    book.serials[day.year] += 1
    number = address_number(day.year, book.serials[day.year])
    row = facts | _consent(book, kind, state, day) | {
        "state": state, "number": number, "year": day.year, "serial": book.serials[day.year],
        "community_id": place.id, "kind": kind, "entered_on": day, "entered_by_user_id": None,
        "close_kind": None, "closed_on": None, "version": 1 if state is H.DRAFT else 2,
    }  # fmt: skip
    clerk = f"{place.name} {book.county.clerks[place.id][0][1]}"
    row["entered_by"] = f"{place.name} 网格管理员" if turn == 1 else clerk
    if state is H.CLOSED:
        row |= {
            "close_kind": list(CloseKind)[(place.id + turn // 9) % len(CloseKind)],
            "closed_on": book.county.days_ago(40),
        }
        row["version"] = 3
    key = book.add(Household, **row)
    _parts(book, key, kind)
    _tell_household(book, key, row, clerk)
    kept = Kept(key, number, place, kind, row["shown_name"])
    if state is not H.DRAFT and turn != 2:
        matching.settle(book, kept, turn, row, clerk)
    return kept


def _facts(book: Book, place: Place, kind: HouseholdKind, turn: int) -> dict:
    sex = Sex.FEMALE if turn % 2 else Sex.MALE
    given = words.FEMALE_GIVEN if sex is Sex.FEMALE else words.MALE_GIVEN
    name = words.RARE_NAMES[0] if turn == 5 else book.rng.choice(words.SURNAMES) + book.rng.choice(given)
    (first, last), difficulty, _, _ = LIFE[kind]
    estate = place.estates[turn % len(place.estates)][1]
    facts = sealed(
        Household, name=name, born=f"{book.rng.randint(first, last)}-{book.rng.randint(1, 12):02}",
        phone=book.county.phone(9000 + book.rng.randrange(1000)) if turn % 4 else None,
        address=f"{estate}{book.rng.randint(1, 20)}号楼{book.rng.randint(1, 3)}单元{book.rng.randint(1, 6)}01室",
        difficulties=difficulty.value, policies=POLICIES[kind].value, policy_words=None,
        need_words="希望周末有人来家里坐坐" if turn % 3 == 0 else None, ways=Way.VISITS.value,
        aim=book.rng.choice(AIMS), note=None, guardian="由奶奶照看" if kind is HouseholdKind.STUDENT else None,
    )  # fmt: skip
    grid = place.grids[turn % len(place.grids)][0]
    return facts | {"shown_name": shown_name(name), "sex": sex, "grid_id": grid}


def _consent(book: Book, kind: HouseholdKind, state: HouseholdState, day: dt.date) -> dict:
    if state is H.DRAFT:
        return dict.fromkeys(("consent_by", "consent_on", "consent_taken_by", "opened_on"))
    by = ConsentBy.GUARDIAN if kind is HouseholdKind.STUDENT else ConsentBy.SELF
    return {"consent_by": by, "consent_on": day, "consent_taken_by": "网格管理员",
            "opened_on": day + dt.timedelta(days=2)}  # fmt: skip


def _parts(book: Book, key: int, kind: HouseholdKind) -> None:
    for need in LIFE[kind][2]:
        book.add(HouseholdNeed, household_id=key, need=need)
    for relation, born, does in LIFE[kind][3]:
        book.add(HouseholdPerson, household_id=key,
                 **sealed(HouseholdPerson, relation=relation, born=born, does=does))  # fmt: skip


def _tell_household(book: Book, key: int, row: dict, clerk: str) -> None:
    tell, at = book.telling.tell, book.county.moment
    by, label = (Role.GRID_WORKER, "提出建档") if row["state"] is H.DRAFT else (Role.CLERK, "登记")
    tell(Household, key, at(row["entered_on"], 9), "enter", label, (None, H.DRAFT), row["entered_by"], by)
    if row["opened_on"]:
        tell(Household, key, at(row["opened_on"], 10), "activate", "建档", (H.DRAFT, H.ACTIVE), clerk, Role.CLERK)
    if row["closed_on"]:
        tell(Household, key, at(row["closed_on"], 16), "close", "结束帮扶", (H.ACTIVE, H.CLOSED), clerk, Role.CLERK,
             row["close_kind"].label)  # fmt: skip
