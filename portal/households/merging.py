"""What becomes of supports and visits when two rows of the roster prove to be one person: each counts once."""

from collections.abc import Collection

from sqlalchemy import select

from portal import clock
from portal.extensions import db
from portal.households.models import Support, SupportState, Visit, VisitPerson
from portal.households.supporting import flow
from portal.people.merging import Merging, also_names, none_stay, rows_naming, when_merged
from portal.people.models import Member

S = SupportState


def settle(merging: Merging) -> None:
    """Of two supports of one household the one that lasts stays, with the lead; the other ends."""
    for going, staying in _twice(merging.kept, merging.gone):
        before, led, going.leads = going.state, going.leads, False
        going.state, going.until, going.ended_why = S.ENDED, clock.today(), merging.words
        db.session.flush()  # a household has one leader at most, at every moment
        if led:
            staying.leads = True
        flow.noted(going, merging.by, "end", "结束结对", before, merging.words)


def foreseen(kept: Member, gone: Member) -> list[str]:
    """What `settle` would do."""
    count = len(_twice(kept, gone))
    return [f"{count} 户联系对象有两条结对，只留一条。"] if count else []


def _twice(kept: Member, gone: Member) -> list[tuple[Support, Support]]:
    """Live supports that both rows have of one household, the one to end first."""
    theirs = {each.household_id: each for each in _live(kept)}
    pairs = [(own, theirs[own.household_id]) for own in _live(gone) if own.household_id in theirs]
    return [(other, own) if own.state is S.ACTIVE is not other.state else (own, other) for own, other in pairs]


def _live(member: Member) -> list[Support]:
    return [each for each in rows_naming(Support.member_id, member) if each.state is not S.ENDED]


def _came_as_both(kept: Member, gone: Member) -> Collection:
    """Places on visits on which both rows stand: the second one stays behind."""
    kept_on = select(VisitPerson.visit_id).where(VisitPerson.member_id == kept.id)
    rows = select(VisitPerson).where(VisitPerson.member_id == gone.id, VisitPerson.visit_id.in_(kept_on))
    return list(db.session.scalars(rows.order_by(VisitPerson.id)))


def register() -> None:
    """Say it to the merging of members."""
    when_merged(Support.member_id, "结对帮扶", none_stay, settle, foreseen)
    when_merged(VisitPerson.member_id, "走访", _came_as_both)
    also_names(Visit.recorded_by_member_id, "由其登记的走访")
