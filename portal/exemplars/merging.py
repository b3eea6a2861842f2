"""What becomes of nominations when two rows of the roster prove to be one person: one a year stands."""

from portal.exemplars.models import STANDING, Exemplar, ExemplarState
from portal.exemplars.workflow import flow
from portal.people.merging import Merging, none_stay, rows_naming, when_merged
from portal.people.models import Member

S = ExemplarState


def settle(merging: Merging) -> None:
    """Of two nominations of one year one stands: the confirmed one, else the one of the row that stays."""
    for going in _second(merging.kept, merging.gone):
        before = going.state
        going.state = S.REVOKED if before is S.CONFIRMED else S.WITHDRAWN
        flow.noted(going, merging.by, "withdraw", "重复推荐结束", before, merging.words)


def foreseen(kept: Member, gone: Member) -> list[str]:
    """What `settle` would do."""
    return [f"{row.year} 年有两份服务标兵推荐：{row.number} 结束，只留一份。" for row in _second(kept, gone)]


def _second(kept: Member, gone: Member) -> list[Exemplar]:
    theirs = {row.year: row for row in _standing(kept)}
    pairs = [(own, theirs[own.year]) for own in _standing(gone) if own.year in theirs]
    return [other if own.state is S.CONFIRMED is not other.state else own for own, other in pairs]


def _standing(member: Member) -> list[Exemplar]:
    return [row for row in rows_naming(Exemplar.member_id, member) if row.state in STANDING]


def register() -> None:
    """Say it to the merging of members."""
    when_merged(Exemplar.member_id, "服务标兵推荐", none_stay, settle, foreseen)
