"""Supervisors, units, communities, grids and estates of the demonstration, and its scheme years."""

import datetime as dt

from portal.demo import words
from portal.demo.county import County, Office, Place
from portal.demo.writing import write
from portal.people.models import (
    Community,
    Estate,
    Grid,
    Supervisor,
    SupervisorKind,
    Unit,
    UnitKind,
    UnitLevel,
)
from portal.scheme.models import CalendarDay, SchemeYear
from portal.scheme.queries import default_year
from portal.scheme.workflow import KNOWN_YEARS, known_days

GRIDS = 4


def settle(county: County) -> None:
    """Write the offices and places of the county."""
    _years(county)
    _supervisors(county)
    _units(county)
    _communities(county)


def person_name(county: County) -> str:
    """A life-like name, two characters in three given names."""
    given = county.rng.choice(words.MALE_GIVEN if county.rng.random() < 0.55 else words.FEMALE_GIVEN)
    return county.rng.choice(words.SURNAMES) + given


def _years(county: County) -> None:
    skipped = {"id"}
    rows, days_off = [], []
    for year in (county.year - 1, county.year, county.year + 1):
        made = default_year(year)
        columns = [c.name for c in SchemeYear.__table__.columns if c.name not in skipped]
        rows.append({name: getattr(made, name) for name in columns} | {"version": 1})
        if year in KNOWN_YEARS:
            days_off += [{"day": day, "kind": kind, "note": note} for day, (kind, note) in known_days(year).items()]
    write(SchemeYear, rows)
    write(CalendarDay, days_off)


def _supervisors(county: County) -> None:
    towns = [(name + "党委", SupervisorKind.TOWN) for name in words.TOWNS]
    departments = [
        (name + ("党组" if name in ("县总工会", "团县委", "县妇联") else "党委"), SupervisorKind.DEPARTMENT)
        for name in words.DEPARTMENTS
    ]
    others = [("长青工业园区党工委", SupervisorKind.PARK), ("县直机关工委", SupervisorKind.WORK_COMMITTEE)]
    rows = []
    for number, (name, kind) in enumerate([*towns, *departments, *others], 1):
        county.supervisors[name] = number
        rows.append(
            {
                "id": county.ids.next(Supervisor),
                "code": f"S{number:02d}",
                "name": name,
                "kind": kind,
                "leads_county_town": name == "城关镇党委",
                "head": person_name(county),
                "deputy": person_name(county),
                "phone": f"0917-721{number:04d}",
            }
        )
    write(Supervisor, rows)


def _units(county: County) -> None:
    write(Unit, [_unit(county, number) for number in range(1, county.scale.units + 1)])


def _unit(county: County, number: int) -> dict:
    if number <= len(words.UNITS):
        name, department, kind, level = words.UNITS[number - 1]
        supervisor = county.supervisors[words.DEPARTMENTS[department] + "党委"]
    else:
        name, supervisor, kind, level = _further_unit(county, number)
    office = Office(county.ids.next(Unit), name, supervisor, kind)
    county.offices.append(office)
    return {
        "id": office.id,
        "code": f"U{number:03d}",
        "name": name,
        "kind": UnitKind(kind),
        "level": UnitLevel(level),
        "supervisor_id": supervisor,
        "head": person_name(county),
        "deputy": person_name(county),
        "phone": f"0917-722{number % 10000:04d}",
    }


def _further_unit(county: County, number: int) -> tuple[str, int, str, str]:
    owners = list(county.supervisors)[:-1]  # 县直机关工委 owns no unit
    owner = owners[number % len(owners)]
    tail = words.UNIT_TAILS[(number // len(owners)) % len(words.UNIT_TAILS)]
    stem = owner.removesuffix("党工委").removesuffix("党委").removesuffix("党组")
    turn = number // (len(owners) * len(words.UNIT_TAILS))
    name = f"{stem}{tail}" + (f"第{turn + 1}支部" if turn else "")
    kind = "office" if tail == "机关党支部" else "enterprise" if "企业" in tail else "institution"
    return name, county.supervisors[owner], kind, "town" if "镇" in stem else "county"


def _communities(county: County) -> None:
    rows, grids, estates = [], [], []
    for number in range(1, county.scale.communities + 1):
        turn, stem = divmod(number - 1, len(words.COMMUNITIES))
        name = f"{words.COMMUNITIES[stem]}{f'第{turn + 1}' if turn else ''}社区"
        place = Place(county.ids.next(Community), name, county.supervisors["城关镇党委"])
        county.places.append(place)
        rows.append(_community(county, place, number))
        grids += [_grid(county, place, turn) for turn in range(1, GRIDS + 1)]
        estates += [_estate(county, place, turn) for turn in range(3)]
    write(Community, rows)
    write(Grid, grids)
    write(Estate, estates)


def _community(county: County, place: Place, number: int) -> dict:
    return {
        "id": place.id,
        "code": f"C{number:03d}",
        "name": place.name,
        "town_id": place.town_id,
        "head": person_name(county),
        "receptionist": person_name(county),
        "phone": f"0917-729{number % 10000:04d}",
        "address": f"{county.rng.choice(words.STREETS)}{county.rng.randint(1, 199)}号",
    }


def _grid(county: County, place: Place, number: int) -> dict:
    name = f"第{'一二三四'[number - 1]}网格"
    grid_id = county.ids.next(Grid)
    place.grids.append((grid_id, name))
    worker = {"worker": person_name(county), "phone": f"0917-728{grid_id % 10000:04d}"}
    return {"id": grid_id, "community_id": place.id, "code": f"G{number}", "name": name} | worker


def _estate(county: County, place: Place, turn: int) -> dict:
    stem = words.ESTATES[(place.id * 3 + turn) % len(words.ESTATES)]
    estate = (county.ids.next(Estate), f"{stem}{'ABC'[turn]}区" if county.scale.communities > 3 else stem)
    place.estates.append(estate)
    return {"id": estate[0], "community_id": place.id, "name": estate[1]}


def working_age(county: County) -> str:
    """A birth month of somebody who works."""
    return f"{county.year - county.rng.randint(24, 58)}-{county.rng.randint(1, 12):02d}"


def joined_after(county: County, born: str) -> str:
    """A month of joining the Party after the eighteenth birthday."""
    return f"{min(int(born[:4]) + county.rng.randint(19, 30), county.year - 1)}-{county.rng.choice((6, 7, 12)):02d}"


def some_day(county: County, first: dt.date, last: dt.date) -> dt.date:
    """A day between two days."""
    return first + dt.timedelta(days=county.rng.randint(0, max((last - first).days, 0)))
