"""What becomes of nominations when two rows of the roster prove to be one person: one a year stands."""

from collections.abc import Collection

from portal.exemplars.models import STANDING, Exemplar
from portal.people.merging import rows_naming, when_merged
from portal.people.models import Member


def stays(kept: Member, gone: Member) -> Collection[Exemplar]:
    """Of a year in which both rows have a nomination that stands, the one of the row that goes stays behind.

    Nobody decides here which of the two was right: it goes on naming the row that was merged, and the county sees it.
    """
    years = {row.year for row in _standing(kept)}
    return [row for row in _standing(gone) if row.year in years]


def foreseen(kept: Member, gone: Member) -> list[str]:
    """What is left behind."""
    return [
        f"{row.year} 年两条记录都被推荐为服务标兵：保留记录上的一条随人走，另一条留在原记录上。"
        for row in stays(kept, gone)
    ]


def _standing(member: Member) -> list[Exemplar]:
    return [row for row in rows_naming(Exemplar.member_id, member) if row.state in STANDING]


def register() -> None:
    """Say it to the merging of members."""
    when_merged(Exemplar.member_id, "服务标兵推荐", stays, foreseen=foreseen)
