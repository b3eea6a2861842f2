"""Registrations of the demonstration in every state, with their papers in the ledger."""

import datetime as dt
from collections import Counter as Tally
from dataclasses import dataclass, field

from sqlalchemy import update

from portal import vault
from portal.actors import Role
from portal.demo import excusing
from portal.demo.county import County, Person
from portal.demo.telling import Telling
from portal.demo.writing import write
from portal.extensions import db
from portal.numbers import Counter, IssuedPaper, PaperState, address_number
from portal.people.models import Member, MemberStatus
from portal.people.names import surname_of
from portal.registrations.models import CURRENT, EndKind, Registration, RegistrationState, ReportMode, Urge

S = RegistrationState
# Of each 25 members: how their registration stands; None has no certificate yet. The first few have filed ones.
STATES = (S.FILED,) * 15 + (
    S.ACCEPTED, S.PRESENTED, S.ISSUED, S.RETURNED, S.ACCEPTED, None, S.ENDED, S.PRESENTED, S.CANCELLED, S.ISSUED,
)  # fmt: skip
STEPS = {
    S.ISSUED: (), S.PRESENTED: ("present",), S.ACCEPTED: ("present", "accept"),
    S.FILED: ("present", "accept", "file"), S.RETURNED: ("present", "send_back"), S.CANCELLED: ("cancel",),
    S.ENDED: ("present", "accept", "file", "end"),
}  # fmt: skip
WRITTEN = {
    "present": ("报到", S.PRESENTED), "accept": ("接洽", S.ACCEPTED), "file": ("回执备案", S.FILED),
    "send_back": ("退回", S.RETURNED), "cancel": ("作废", S.CANCELLED), "end": ("结束报到", S.ENDED),
}  # fmt: skip
REASONS = {"send_back": "居住地不在本社区", "cancel": "姓名有误，另行开具", "end": "已办理退休手续"}


@dataclass
class _Book:
    """The numbers drawn so far, the ledger of papers, and what was told of each case."""

    serials: Tally = field(default_factory=Tally)
    papers: list[dict] = field(default_factory=list)
    telling: Telling = field(default_factory=Telling)

    def draw(self, kind: str, year: int) -> int:
        self.serials[kind, year] += 1
        return self.serials[kind, year]


def settle(county: County) -> None:
    """Write a registration for all but a few members, and urge some who have not come."""
    book = _Book()
    cases, without = [], []
    for number, person in enumerate(person for person in county.persons if person.place):
        state = STATES[number % len(STATES)]
        if state is not None:
            cases.append((_days(county, state), person, state))
        else:
            without.append(person)
    # Numbers run in the order of the days on which the certificates were issued.
    rows = [_registration(county, book, *case) for case in sorted(cases, key=lambda case: case[0]["issue"])]
    write(Registration, rows)
    write(IssuedPaper, book.papers)
    write(Counter, [{"kind": k, "year": y, "last": last} for (k, y), last in book.serials.items()])
    _follow(rows)
    _urge(county, rows)
    excusing.settle(county, without)
    book.telling.write()


def _registration(county: County, book: _Book, days: dict[str, dt.date], person: Person, state: S) -> dict:
    issued = days["issue"]
    serial = book.draw("certificate", issued.year)
    row = dict.fromkeys(
        ("mode", "presented_on", "accepted_on", "received_by", "grid_id", "receipt_number", "receipt_year",
         "receipt_serial", "filed_on", "filed_by", "right_community_id", "end_kind", "ended_on")
    ) | {
        "id": county.ids.next(Registration), "state": state, "number": address_number(issued.year, serial),
        "year": issued.year, "serial": serial, "paper_version": 1, "member_id": person.id, "unit_id": person.unit.id,
        "community_id": person.place.id, "issued_on": issued, "valid_days": 30, "issued_by": "高翔",
        "taken_by": person.name, "was_expired": False,
    }  # fmt: skip
    _paper(county, book, "certificate", row, (issued.year, serial), person, person.unit.name, state, issued)
    _carry(county, book, person, row, days)
    return row


def _days(county: County, state: S) -> dict[str, dt.date]:
    """The day of each step: standing registrations began last spring, what is under way began lately."""
    rng = county.rng
    if state in (S.FILED, S.ENDED):
        first = dt.date(county.year - 1, 3, 20) + dt.timedelta(days=rng.randint(0, 45))
    else:
        first = county.days_ago(rng.randint(8, 44))
    days, day = {"issue": first}, first
    for step in STEPS[state]:
        day = min(day + dt.timedelta(days=rng.randint(1, 7)), county.today)
        days[step] = county.days_ago(rng.randint(3, 60)) if step == "end" else day
    return days


def _carry(county: County, book: _Book, person: Person, row: dict, days: dict[str, dt.date]) -> None:
    tell, unit = book.telling.tell, person.unit.name
    tell(Registration, row["id"], county.moment(days["issue"]), "issue", "开具证明信", (None, S.ISSUED),
         f"{unit} 高翔", Role.LIAISON)  # fmt: skip
    before = S.ISSUED
    for step in STEPS[row["state"]]:
        label, after = WRITTEN[step]
        of_community = step in ("accept", "send_back")
        who, role = (person.place.name, Role.CLERK) if of_community else (f"{unit} 高翔", Role.LIAISON)
        _STEPS[step](county, book, person, row, days[step])
        in_person = step == "present" and person.user_id and row["mode"] in (ReportMode.ALONE, ReportMode.CONTACT_POINT)
        if in_person:
            who, role = f"{unit} {person.name}", Role.MEMBER
        tell(Registration, row["id"], county.moment(days[step]), step, label, (before, after), who, role,
             REASONS.get(step), step == "present" and not in_person)  # fmt: skip
        before = after


def _present(county, book, person, row, day) -> None:
    mode = county.rng.choice((ReportMode.ALONE, ReportMode.ALONE, ReportMode.GROUP, ReportMode.PAIRING))
    if (person.id, person.place.id) in county.adopted:
        mode = ReportMode.CONTACT_POINT
    elif mode is ReportMode.PAIRING and (person.unit.id, person.place.id) not in county.paired:
        mode = ReportMode.GROUP
    row["mode"] = mode
    row["presented_on"] = day


def _accept(county, book, person, row, day) -> None:
    serial = book.draw("receipt", day.year)
    row |= {
        "accepted_on": day, "received_by": county.rng.choice(county.clerks[person.place.id])[1],
        "receipt_number": address_number(day.year, serial), "receipt_year": day.year, "receipt_serial": serial,
        "grid_id": county.rng.choice(person.place.grids)[0],
    }  # fmt: skip
    row["was_expired"] = (day - row["issued_on"]).days > row["valid_days"]
    person.grid_id, person.registered_on = row["grid_id"], day
    place, state = person.place.name, row["state"]
    _paper(county, book, "receipt", row, (day.year, serial), person, place, state, day)
    numbered = (day.year, book.draw("info-card", day.year))
    _paper(county, book, "info-card", row, numbered, person, place, state, day)


def _file(county, book, person, row, day) -> None:
    row["filed_on"], row["filed_by"] = day, "高翔"


def _send_back(county, book, person, row, day) -> None:
    others = [place.id for place in county.places if place is not person.place]
    row["right_community_id"] = county.rng.choice(others)


def _cancel(county, book, person, row, day) -> None:
    pass


def _end(county, book, person, row, day) -> None:
    row["end_kind"], row["ended_on"] = EndKind.RETIRED, day
    person.registered_on = None


_STEPS = {
    "present": _present, "accept": _accept, "file": _file, "send_back": _send_back, "cancel": _cancel, "end": _end,
}  # fmt: skip


def _paper(county, book, kind, row, number, person, office, state, day) -> None:
    cancelled = state is S.CANCELLED and kind == "certificate"
    book.papers.append(
        {
            "kind": kind, "year": number[0], "serial": number[1], "version": 1, "subject_id": row["id"],
            "check_code": vault.random_code(12), "family_name": surname_of(person.name), "office": office,
            "state": PaperState.CANCELLED if cancelled else PaperState.VALID, "issued_at": county.moment(day),
        }
    )  # fmt: skip


def _follow(rows: list[dict]) -> None:
    """Members stand in the grid that they were given; who retired is off the roster."""
    gridded = [{"id": row["member_id"], "grid_id": row["grid_id"]} for row in rows if row["state"] in CURRENT]
    db.session.execute(update(Member), gridded)
    left = [{"id": row["member_id"], "status": MemberStatus.LEFT} for row in rows if row["state"] is S.ENDED]
    db.session.execute(update(Member), left)


def _urge(county: County, rows: list[dict]) -> None:
    waiting = [row for row in rows if row["state"] is S.ISSUED][::2]
    day = county.days_ago(3)
    urges = [
        {"unit_id": row["unit_id"], "member_id": row["member_id"], "day": day, "at": county.moment(day),
         "by_appointment_id": None, "by_name": "高翔"}
        for row in waiting
    ]  # fmt: skip
    write(Urge, urges)
