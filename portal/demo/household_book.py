"""What the households of the demonstration are written down in, before they are written."""

import datetime as dt
from collections import Counter as Tally
from dataclasses import dataclass, field
from random import Random

from portal.demo.county import SEED, County, Person, Place
from portal.demo.telling import Telling
from portal.households.kinds import HouseholdKind
from portal.households.models import Household, HouseholdNeed, HouseholdPerson, Support


@dataclass
class Kept:
    """A household that is or was supported: its number and kind, and who supported it from when to when."""

    id: int
    number: str
    place: Place
    kind: HouseholdKind
    shown_name: str
    supporters: list[tuple[Person, dt.date, dt.date | None]] = field(default_factory=list)


@dataclass
class Book:
    """What is to be written, how far the numbers of each year are drawn, and a chance of its own."""

    county: County
    rows: dict[type, list[dict]] = field(default_factory=lambda: {
        model: [] for model in (Household, HouseholdPerson, HouseholdNeed, Support)})  # fmt: skip
    serials: Tally = field(default_factory=Tally)
    telling: Telling = field(default_factory=Telling)
    rng: Random = field(default_factory=lambda: Random(SEED + 1))
    free: dict[int, list[Person]] = field(default_factory=dict)

    def add(self, model: type, **row) -> int:
        """One more row of this table; its id."""
        row["id"] = self.county.ids.next(model)
        self.rows[model].append(row)
        return row["id"]
