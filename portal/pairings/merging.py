"""What becomes of contact points when two rows of the roster prove to be one person: one a community is left."""

from portal import clock
from portal.pairings.contact_points import flow
from portal.pairings.models import LIVE_POINTS, ContactPoint, ContactPointState
from portal.pairings.queries import live_point_of
from portal.people.merging import Merging, none_stay, rows_naming, when_merged
from portal.people.models import Member


def settle(merging: Merging) -> None:
    """The other one of two contact points in one community ends."""
    for row in _twice(merging.kept, merging.gone):
        before, row.state, row.ended_on = row.state, ContactPointState.ENDED, clock.today()
        flow.noted(row, merging.by, "end", "结束联系点", before, merging.words)


def foreseen(kept: Member, gone: Member) -> list[str]:
    """What `settle` would do."""
    return [f"在{row.community.name}的联系点有两个，结束一个。" for row in _twice(kept, gone)]


def _twice(kept: Member, gone: Member) -> list[ContactPoint]:
    live = (row for row in rows_naming(ContactPoint.member_id, gone) if row.state in LIVE_POINTS)
    return [row for row in live if live_point_of(kept.id, row.community_id)]


def register() -> None:
    """Say it to the merging of members."""
    when_merged(ContactPoint.member_id, "领导联系点", none_stay, settle, foreseen)
