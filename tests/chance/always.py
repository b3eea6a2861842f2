"""What must hold after every act, whoever did what: asked of the database in plain words, not of the rooms' rules."""

from collections import Counter
from dataclasses import dataclass

from portal.activities.models import Activity
from portal.audit import AuditRow
from portal.extensions import db
from portal.flow import FLOWS
from portal.history import HistoryLine
from portal.households.models import Household, Support
from portal.people.models import Member
from portal.posts.models import Post, PostClaim
from portal.records import queries as records
from portal.records.models import RecordState, ServiceRecord, Source
from portal.registrations.models import Registration
from portal.wishes.models import Claim, Wish
from tests.chance.people import everybody

# Not acted on here: an import and the closing of a year have a worker of their own, a login's end would leave nobody
# to act, two rows of one person are found by time alone, and a sheet's way into its box is of the sheet alone.
APART = {
    "users", "appointments", "roster_imports", "firstday_imports", "doubles", "closings", "corrections", "seal_entries",
}  # fmt: skip
# Where a case may stand for good; from every other state somebody, or time, can lead on.
FOR_GOOD = {
    "wishes": {"archived"},
    "registrations": {"cancelled", "ended"},
    "service_records": {"confirmed", "rejected", "voided"},
    "service_proofs": {"cancelled"},
    "objections": {"upheld", "dismissed"},
    "exemptions": {"declined", "ended"},
    "deferments": {"declined", "ended"},
    "transfer_requests": {"released", "declined", "withdrawn"},
    "pledges": {"ended"},
    "teams": {"ended"},
    "posts": set(),  # a closed one may be opened again
    "pairings": {"declined", "ended"},
    "pairing_projects": {"done", "dropped"},
    "joint_actions": {"confirmed", "rejected", "withdrawn"},
    "contact_points": {"declined", "ended"},
    "remarks": {"settled", "declined"},
    "households": set(),
    "supports": {"ended"},
    "visits": {"confirmed", "rejected", "withdrawn"},
    "activities": {"settled", "cancelled"},
    "suggestions": {"answered", "withdrawn"},
    "stories": set(),  # what was taken down may be taken up again
    "notices": {"withdrawn"},
    "inspections": {"issued", "closed", "cancelled"},  # what was found leads one on that was sent out
    "findings": {"accepted", "withdrawn"},
    "result_notices": {"published"},
    "evaluations": {"withdrawn"},  # one that was acknowledged may be written anew
    "evaluation_notes": {"withdrawn"},
    "reports": {"accepted"},
    "report_parts": {"confirmed"},
    "exemplars": {"confirmed", "revoked", "withdrawn"},
    "own_work": {"cancelled"},
    "bulletins": {"acknowledged"},
    "contacts": {"corrected"},
    "difficulties": {"answered", "withdrawn"},
}
CURRENT, ON_THE_WAY = ("accepted", "filed"), ("issued", "presented", "returned")


def flows() -> dict:
    """The life cycles that are acted on, by the name of their table."""
    return {flow.name: flow for flow in FLOWS.values() if flow.name not in APART}


@dataclass
class Seen:
    """How everything stood: each case's state and version, and where history and trail ended."""

    cases: dict[tuple[str, int], tuple[str, int]]
    lines: int
    rows: int

    @classmethod
    def now(cls) -> "Seen":
        cases = {}
        for name, flow in flows().items():
            model = flow.model
            for key, state, version in db.session.execute(db.select(model.id, model.state, model.version)):
                cases[name, key] = (state.value, version)
        last = db.session.execute(
            db.select(db.select(db.func.max(HistoryLine.id)).scalar_subquery(),
                      db.select(db.func.max(AuditRow.id)).scalar_subquery())
        ).one()  # fmt: skip
        return cls(cases, last[0] or 0, last[1] or 0)

    def changed_since(self, before: "Seen") -> set[tuple[str, int]]:
        """The cases that are new or stand otherwise than before."""
        return {case for case, how in self.cases.items() if before.cases.get(case) != how}


def each_change_left_one_line_and_one_row(before: Seen, after: Seen, undone: bool = False) -> None:
    """Each change counts the case's version on by one and leaves one line and one row; nothing else leaves any.

    Undoing an act is one change, and counts the version on further, so that who saw the act is told too.
    """
    changes = Counter()
    for case in after.changed_since(before):
        _, version = before.cases.get(case, ("", 0))
        counted = after.cases[case][1] - version
        changes[case] = min(counted, 1) if undone else counted
    assert all(count > 0 for count in changes.values()), f"changed, but not counted: {-changes}"
    for kept, last in ((HistoryLine, before.lines), (AuditRow, before.rows)):
        rows = db.session.execute(db.select(kept.kind, kept.row_id).where(kept.id > last))
        left = Counter(tuple(row) for row in rows if row.kind in flows())
        assert left == changes, f"{kept.__tablename__}: too many {left - changes}, missing {changes - left}"


def one_registration_a_member() -> None:
    """At most one registration is current and one on its way, for each member."""
    for states in (CURRENT, ON_THE_WAY):
        held = Counter(db.session.scalars(db.select(Registration.member_id).where(Registration.state.in_(states))))
        assert not [member for member, count in held.items() if count > 1], states


def one_open_claim_a_place() -> None:
    """No place of a wish is held twice; whoever holds one leads or follows one who does; nobody holds what is over."""
    held = db.select(Claim.wish_id, Claim.place, Claim.leads, Wish.state).join(Wish, Wish.id == Claim.wish_id)
    rows = db.session.execute(held.where(Claim.state == "open")).all()
    assert max(Counter((row.wish_id, row.place) for row in rows).values(), default=1) == 1
    assert {row.state.value for row in rows} <= {"claimed"}
    leading = Counter(row.wish_id for row in rows if row.leads)
    claimed = db.session.scalars(db.select(Wish.id).where(Wish.state == "claimed"))
    assert leading == Counter(claimed)


def one_holder_a_place_of_a_post() -> None:
    """No place of a post is held twice, nobody holds one twice, and none is held of a closed one or beyond its size."""
    held = db.select(PostClaim.post_id, PostClaim.place, PostClaim.member_id, Post.state, Post.capacity)
    rows = db.session.execute(held.join(Post, Post.id == PostClaim.post_id).where(PostClaim.state == "active")).all()
    assert max(Counter((row.post_id, row.place) for row in rows).values(), default=1) == 1
    assert max(Counter((row.post_id, row.member_id) for row in rows).values(), default=1) == 1
    assert {row.state.value for row in rows} <= {"open"}
    assert all(count <= next(r.capacity for r in rows if r.post_id == key)
               for key, count in Counter(row.post_id for row in rows).items())  # fmt: skip


def places_of_activities_are_fair() -> None:
    """Nobody holds a place twice, no more than there are, and nobody waits beside a free one or was overtaken."""
    for activity in db.session.scalars(db.select(Activity).where(Activity.state == "published")):
        held = [each.place for each in activity.sign_ups if each.place is not None]
        assert len(set(held)) == len(held) <= (activity.capacity or len(held))
        waiting = [each for each in activity.sign_ups if each.state.value == "waitlisted"]
        assert not waiting or activity.places_left == 0


def households_are_supported_in_order() -> None:
    """At most five support a household or are asked to; one leads; only where the file is open with consent."""
    rows = db.session.execute(db.select(Support.household_id, Support.state, Support.leads, Support.member_id)).all()
    live = [row for row in rows if row.state.value != "ended"]
    active = [row for row in live if row.state.value == "active"]
    assert max(Counter(row.household_id for row in live).values(), default=0) <= 5
    assert max(Counter((row.household_id, row.member_id) for row in live).values(), default=1) == 1
    leading = Counter(row.household_id for row in active if row.leads)
    assert leading == Counter({row.household_id for row in active})
    files = {each.id: each for each in db.session.scalars(db.select(Household))}
    assert all(files[row.household_id].state.value == "active" for row in live)
    assert all(each.consent_on for each in files.values() if each.state.value == "active")


def hours_stand_on_two_people_and_count_once() -> None:
    """Who recorded or did it never confirmed it; a case gives a member hours once; the year's sum is a recount."""
    found = db.select(ServiceRecord).where(ServiceRecord.state.in_(("pending", "confirmed")))
    standing = db.session.scalars(found.execution_options(populate_existing=True)).all()
    confirmed = [record for record in standing if record.state is RecordState.CONFIRMED]
    selves = {user.member_id: user.id for user in everybody() if user.member_id}
    for record in confirmed:
        assert record.confirmed_by and record.confirmed_by_user_id != record.recorded_by_user_id
        assert record.confirmed_by_user_id is None or record.confirmed_by_user_id != selves.get(record.member_id)
    # On a post one serves again and again, but no duty is written down twice.
    apart = {each: (each.day, each.starts) if each.source is Source.POST else None for each in standing}
    cases = Counter((each.source, each.source_id, each.member_id, apart[each]) for each in standing if each.source_id)
    assert max(cases.values(), default=1) == 1
    for member_id in db.session.scalars(db.select(Member.id)):
        of_year = [r for r in confirmed if r.member_id == member_id and r.day.year == 2026 and r.half_hours]
        assert records.year_total(member_id, 2026) == (len(of_year), sum(r.half_hours for r in of_year))


def somebody_can_lead_on(case: tuple[str, int], actors) -> None:
    """From where the case stands now, some person or time has a move to another state."""
    name, key = case
    flow = flows()[name]
    row = db.session.get(flow.model, key)
    if row.state.value in FOR_GOOD[name]:
        return
    onward = [move for move in flow.moves.values() if row.state in move.starts and set(move.ends) - {row.state}]
    assert any(move.who(row, by) for move in onward for by in actors(name, row)), f"{name} {row.state} has no way on"
