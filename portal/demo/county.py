"""What the parts of the demonstration share: one source of chance, the ids, and who was placed where."""

import datetime as dt
from dataclasses import dataclass, field
from functools import cache, cached_property
from random import Random

from portal import clock
from portal.demo.scale import Scale
from portal.demo.writing import Ids
from portal.scheme.queries import service_days_of
from portal.scheme.service_days import ServiceDays

SEED = 2014_42  # 凤组发〔2014〕42号


_start_of = cache(clock.start_of)


@dataclass
class Place:
    """A community with its grids (ids) and estates."""

    id: int
    name: str
    town_id: int
    grids: list[tuple[int, str]] = field(default_factory=list)
    estates: list[tuple[int, str]] = field(default_factory=list)


@dataclass
class Office:
    """A unit and its supervisor."""

    id: int
    name: str
    supervisor_id: int
    kind: str


@dataclass
class Person:
    """A member as the later parts need one."""

    id: int
    name: str
    unit: Office
    place: Place | None
    grid_id: int | None
    estate_id: int | None
    user_id: int | None = None
    registered_on: dt.date | None = None
    leading: bool = False


@dataclass
class County:
    """A demonstration county in the making.

    `paired` are units with the communities they build with, `adopted` leaders with their contact points.
    """

    scale: Scale
    today: dt.date
    now: dt.datetime = field(default_factory=clock.now)
    rng: Random = field(default_factory=lambda: Random(SEED))
    ids: Ids = field(default_factory=Ids)
    supervisors: dict[str, int] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    offices: list[Office] = field(default_factory=list)
    persons: list[Person] = field(default_factory=list)
    users: dict[str, tuple[int, str]] = field(default_factory=dict)
    clerks: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    paired: set[tuple[int, int]] = field(default_factory=set)
    adopted: set[tuple[int, int]] = field(default_factory=set)

    @property
    def year(self) -> int:
        """The present year."""
        return self.today.year

    @cached_property
    def registered(self) -> list[Person]:
        """The members who are registered now; asked for only once all have reported."""
        return [person for person in self.persons if person.registered_on]

    @cached_property
    def registered_in(self) -> dict[int, list[Person]]:
        """The registered members of each community."""
        found: dict[int, list[Person]] = {place.id: [] for place in self.places}
        for person in self.registered:
            found[person.place.id].append(person)
        return found

    @cached_property
    def service_days(self) -> list[ServiceDays]:
        """The service days of last year, this year and the next one; asked for only once the years are written."""
        return [days for year in (self.year - 1, self.year, self.year + 1) for days in service_days_of(year)]

    def days_ago(self, days: int) -> dt.date:
        """A day so many days before today."""
        return self.today - dt.timedelta(days=days)

    def moment(self, day: dt.date, hour: int | None = None, after: dt.datetime | None = None) -> dt.datetime:
        """A moment of a day, in the hours in which people use such pages; not before `after`, never later than now."""
        hour = self.rng.randint(8, 20) if hour is None else hour
        at = _start_of(day) + dt.timedelta(hours=hour, minutes=self.rng.randrange(60))
        return min(max(at, after or at), self.now)

    def phone(self, number: int) -> str:
        """A mobile phone number nobody has: 138 0917 and four digits, further ones beyond 10,000."""
        return f"138{917_0000 + number:08d}"
