"""How large the demonstration is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """The numbers of a demonstration county."""

    communities: int
    units: int
    members: int
    wishes: int
    records: int


SMALL = Scale(communities=3, units=8, members=120, wishes=90, records=320)
COUNTY = Scale(communities=20, units=150, members=10_000, wishes=30_000, records=300_000)
CITY = Scale(communities=200, units=1_500, members=100_000, wishes=300_000, records=3_000_000)
SCALES = {"small": SMALL, "county": COUNTY, "city": CITY}
