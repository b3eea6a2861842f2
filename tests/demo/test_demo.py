"""The demonstration: every state of every life cycle occurs, and it is the same each time."""

from collections import Counter as Tally

import pytest
from sqlalchemy import func, select

from portal import clock, numbers
from portal.accounts.models import Appointment, AppointmentState, User, UserState
from portal.accounts.passwords import verify
from portal.activities.models import Activity, ActivityKind, ActivityState, SignUp, SignUpState
from portal.actors import Actor, Role
from portal.doubles.models import Double, DoubleState
from portal.evaluations import facts
from portal.evaluations.models import Evaluation, EvaluationState, Note, NoteState
from portal.exemplars.models import Exemplar, ExemplarState
from portal.extensions import db
from portal.feedback import quarters
from portal.feedback.models import (
    Bulletin,
    BulletinLine,
    BulletinState,
    Contact,
    ContactState,
    Difficulty,
    DifficultyState,
)
from portal.firstday.models import FirstdayImport, FirstdayState
from portal.households import kinds, missing, months
from portal.households.models import Household, HouseholdState, Support, SupportState, Visit, VisitState
from portal.inspections.kinds import FindingState, InspectionState
from portal.inspections.kinds import NoticeState as ResultNoticeState
from portal.inspections.models import Finding, Inspection, ResultNotice
from portal.messages.models import Message, MutedTopic
from portal.numbers import Counter
from portal.pairings.models import (
    ActionState,
    ContactPoint,
    ContactPointState,
    JointAction,
    Pairing,
    PairingProject,
    PairingState,
    ProjectState,
)
from portal.papers.models import ServiceProof, ServiceProofState
from portal.people.models import Community, Member, Unit
from portal.pledges.models import Pledge, PledgeState
from portal.posts.models import Post, PostClaim, PostClaimState, PostState
from portal.publicity.models import Notice, NoticeState, Story, StoryState
from portal.records.models import ObjectionState, RecordState, ServiceRecord, Source
from portal.registrations import grouping, transfers
from portal.registrations.models import (
    CURRENT,
    IN_PROGRESS,
    Deferment,
    DefermentKind,
    DefermentState,
    Exemption,
    ExemptionState,
    InfoCard,
    Registration,
    RegistrationState,
    ReportMode,
    TransferRequest,
    TransferState,
)
from portal.remarks.models import Remark, RemarkState
from portal.reports import frozen, queries
from portal.reports.models import PartState, Report, ReportPart, ReportState
from portal.rosters.models import ImportState, RosterImport, RowResult
from portal.seals.models import SealEntry, SealState
from portal.suggestions.models import Addressed, Suggestion, SuggestionState
from portal.teams.models import JoinedBy, Team, TeamMember, TeamState
from portal.telling import Topic
from portal.wishes.models import Claim, ClaimState, Level, Proposal, ProposalState, Wish, WishState
from portal.work.models import OwnWork, WorkState
from tests import demonstration

LOGINS = (
    "county", "admin", "dept1", "chengguan", "town2", "park", "committee", "inspector1", "unit1", "community1",
    "community1b", "community2", "grid1", "member1", "member2", "dual1",
)  # fmt: skip


@pytest.fixture
def demo(app):
    return demonstration.load()


def count(model, *where) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*where))


def test_small_is_as_large_as_the_contract_says(demo):
    assert (count(Community), count(Unit), count(Member)) == (3, 8, 120)
    names = set(db.session.scalars(select(Unit.name)))
    assert any(len(name) == 28 for name in names)
    assert {"欧阳䶮", "买买提·吐尔逊"} <= set(db.session.scalars(select(Member.name)))


@pytest.mark.parametrize(
    ("model", "states"),
    [
        (Wish, WishState), (Registration, RegistrationState), (ServiceRecord, RecordState),
        (Appointment, AppointmentState), (Exemption, ExemptionState), (User, UserState), (Pledge, PledgeState),
        (Deferment, DefermentState), (TransferRequest, TransferState), (Team, TeamState), (Post, PostState),
        (PostClaim, PostClaimState), (Pairing, PairingState),
        (PairingProject, ProjectState), (JointAction, ActionState), (ContactPoint, ContactPointState),
        (Double, DoubleState),
        (Household, HouseholdState), (Support, SupportState), (Visit, VisitState),
        (Remark, RemarkState), (ServiceProof, ServiceProofState),
        (Story, StoryState), (Notice, NoticeState),
        (Proposal, ProposalState), (Activity, ActivityState), (SignUp, SignUpState),
        (Bulletin, BulletinState), (Contact, ContactState), (Difficulty, DifficultyState),
        (Inspection, InspectionState), (Finding, FindingState), (ResultNotice, ResultNoticeState),
        (Exemplar, ExemplarState), (SealEntry, SealState), (OwnWork, WorkState),
        (Report, ReportState), (ReportPart, PartState),
    ],
)  # fmt: skip
def test_every_state_occurs(demo, model, states):
    assert set(db.session.scalars(select(model.state).distinct())) == set(states)


def test_activities_of_every_kind_occur(demo):
    """Some wait for a place, some are asked again, one is urgent, two county-wide, and hours came of what is over."""
    assert count(Activity, Activity.community_id.is_(None)) == 2
    assert count(Activity, Activity.urgent, Activity.state == ActivityState.PUBLISHED) == 1
    assert count(Activity, Activity.service_day) and count(Activity, Activity.kind == ActivityKind.PARTY_PRACTICE)
    assert count(SignUp, SignUp.renew) and count(SignUp, SignUp.walk_in) and count(SignUp, SignUp.stand_in)
    waited_for = select(Activity).join(SignUp).where(SignUp.state == SignUpState.WAITLISTED).distinct()
    assert {activity.places_left for activity in db.session.scalars(waited_for)} == {0}
    came = select(func.count()).select_from(SignUp).join(Activity).where(Activity.state == ActivityState.SETTLED)
    attended = db.session.scalar(came.where(SignUp.state == SignUpState.ATTENDED))
    assert count(ServiceRecord, ServiceRecord.source == Source.ACTIVITY) == attended > 100
    assert count(ServiceRecord, ServiceRecord.source == Source.ACTIVITY, ServiceRecord.state == RecordState.PENDING)


def test_every_kind_of_deferment_a_late_request_and_both_kinds_of_move_occur(demo):
    assert set(db.session.scalars(select(Deferment.kind))) == set(DefermentKind)
    late = (TransferRequest.state == TransferState.REQUESTED, TransferRequest.asked_on <= transfers.late_since())
    assert count(TransferRequest, *late) == 1
    moved = Registration.state.in_(CURRENT) & (Registration.community_id != Member.community_id)
    rows = db.session.scalars(select(Member.id).join(Registration, Registration.member_id == Member.id).where(moved))
    under_way = [
        count(Registration, Registration.member_id == each, Registration.state.in_(IN_PROGRESS)) for each in rows
    ]
    assert sorted(under_way) == [0, 1]  # the certificate is on its way, and is still to be issued
    assert count(InfoCard, InfoCard.checked_year < demo.year) > 0


def test_teams_have_members_of_both_kinds_and_one_has_no_leader(demo):
    assert set(db.session.scalars(select(TeamMember.how).distinct())) == set(JoinedBy)
    led = select(TeamMember.team_id).where(TeamMember.leads)
    assert count(Team, Team.state == TeamState.ACTIVE, Team.id.not_in(led)) == 1
    assert count(Registration, Registration.team_id.is_not(None)) > 0


def test_posts_are_held_full_free_and_unheld_and_served_on(demo):
    held = dict(iter(db.session.execute(
        select(PostClaim.post_id, func.count()).where(PostClaim.state == "active").group_by(PostClaim.post_id)
    )))  # fmt: skip
    posts = db.session.scalars(select(Post).where(Post.state == "open")).all()
    assert {(post.capacity - held.get(post.id, 0) > 0, post.id in held) for post in posts} == {
        (True, True), (False, True), (True, False),
    }  # fmt: skip
    assert all(held.get(post.id, 0) <= post.capacity for post in posts)
    of_posts = select(ServiceRecord.state).where(ServiceRecord.source == Source.POST).distinct()
    assert set(db.session.scalars(of_posts)) == {RecordState.PENDING, RecordState.CONFIRMED}
    assert set(db.session.scalars(select(PostClaim.confirmed_for).distinct())) == {demo.year, demo.year - 1}
    assert set(db.session.scalars(select(PostClaim.stand_in).distinct())) == {True, False}
    assert count(Post, Post.year == demo.year) > 0 < count(Post, Post.year == demo.year - 1)
    last = dict(iter(db.session.execute(select(Counter.year, Counter.last).where(Counter.kind == "post"))))
    assert last == {year: count(Post, Post.year == year) for year in last}


def test_in_the_first_community_some_are_in_no_team(demo):
    clerk = Actor(Role.CLERK, "郑海涛", community_id=1)
    assert len(grouping.free_members(clerk)) >= 5


def test_who_reported_by_pairing_or_contact_point_had_one(demo):
    modes = dict.fromkeys(ReportMode, 0)
    for row in db.session.scalars(select(Registration).where(Registration.mode.is_not(None))):
        modes[row.mode] += 1
        if row.mode is ReportMode.PAIRING:
            assert (row.unit_id, row.community_id) in demo.paired
        if row.mode is ReportMode.CONTACT_POINT:
            assert (row.member_id, row.community_id) in demo.adopted
    assert all(modes.values())


def test_every_kind_of_household_occurs_and_member1_has_one_to_visit(demo):
    assert set(db.session.scalars(select(Household.kind))) == set(kinds.HouseholdKind)
    member = db.session.scalars(select(User.member_id).where(User.username == "member1")).one()
    held = db.session.scalars(select(Support).where(Support.member_id == member)).all()
    assert [each.state for each in held] == [SupportState.ACTIVE]
    year = missing.of_households([held[0].household_id], demo.today.year, demo.today)[held[0].household_id]
    assert demo.today.month < 3 or months.MonthState.VISITED in year
    numbers = db.session.scalars(select(Household).order_by(Household.year, Household.serial)).all()
    assert [row.entered_on for row in numbers] == sorted(row.entered_on for row in numbers)


def test_every_state_of_an_objection_occurs(demo):
    from portal.records.models import Objection

    assert set(db.session.scalars(select(Objection.state))) == set(ObjectionState)


def test_every_state_of_a_suggestion_occurs_and_the_numbers_go_by_their_days(demo):
    rows = db.session.scalars(select(Suggestion).order_by(Suggestion.year, Suggestion.serial)).all()
    assert {row.state for row in rows} == set(SuggestionState)
    assert {row.addressed_to for row in rows} == set(Addressed)
    assert {row.adopted for row in rows} == {True, False, None}
    assert any(row.is_open and row.answer_by < clock.today() for row in rows)
    assert [row.submitted_on for row in rows] == sorted(row.submitted_on for row in rows)


def test_every_state_of_an_import_that_anybody_sees_occurs(demo):
    assert set(db.session.scalars(select(RosterImport.state))) == set(ImportState) - {ImportState.STAGING}
    assert set(db.session.scalars(select(FirstdayImport.state))) == set(FirstdayState) - {FirstdayState.STAGING}


def test_some_registrations_are_from_before_the_portal(demo):
    old = db.session.scalars(select(Registration).where(Registration.opening)).all()
    assert len(old) == 2
    assert all(row.old_number and row.certificate_number == row.old_number for row in old)


def test_a_wish_lies_at_each_level_and_units_and_organisations_help(demo):
    assert set(db.session.scalars(select(Wish.level).distinct())) == set(Level)
    open_ones = Claim.state == ClaimState.OPEN
    for helper in (Claim.member_id, Claim.unit_id, Claim.team_id, Claim.organisation):
        assert count(Claim, open_ones, helper.is_not(None)) > 0
        assert count(Claim, Claim.state == ClaimState.FINISHED, helper.is_not(None)) > 0


def test_members_have_read_and_unread_messages_and_one_hears_not_of_everything(demo):
    ids = {name: user_id for name, (user_id, _) in demo.users.items()}
    # Two are of remarks, two of activities.
    assert count(Message, Message.user_id == ids["member1"], Message.read_at.is_(None)) == 6
    assert count(Message, Message.user_id == ids["member1"], Message.read_at.is_not(None)) > 2
    topics = set(db.session.scalars(select(Message.topic).distinct()))
    assert topics >= {Topic.REGISTRATION, Topic.PLEDGE, Topic.WISH, Topic.RECORD, Topic.MEMBERSHIP}
    assert list(db.session.scalars(select(MutedTopic.user_id))) == [ids["member3"]]
    assert count(Message, Message.at > clock.now()) == 0


def test_the_import_that_waits_shows_what_rows_come_to(demo):
    waiting = db.session.scalars(select(RosterImport).where(RosterImport.state == ImportState.PREVIEWED)).one()
    counts = {result.value: waiting.count(result) for result in RowResult}
    assert counts == {"bad": 2, "new": 1, "changed": 2, "same": 4, "elsewhere": 1, "twice": 1}


def test_the_contracts_logins_have_the_contracts_password(demo):
    users = {user.username: user for user in db.session.scalars(select(User).where(User.username.in_(LOGINS)))}
    assert set(users) == set(LOGINS)
    assert not any(user.must_change_password for user in users.values())
    assert verify(users["county"].password_hash, "demo-2026-fengxiang")


def test_both_members_are_registered_in_the_first_community(demo):
    for username in ("member1", "member2"):
        user = db.session.scalar(select(User).where(User.username == username))
        row = db.session.scalar(select(Registration).where(Registration.member_id == user.member_id))
        assert row.state is RegistrationState.FILED
        assert row.community_id == demo.places[0].id


def test_a_second_loading_is_refused_and_changes_nothing(demo, app):
    before = count(Wish)
    result = app.test_cli_runner().invoke(args=["demo", "--scale", "small"])
    assert result.exit_code == 1 and "不是空的" in result.output
    assert app.test_cli_runner().invoke(args=["demo", "--if-empty"]).exit_code == 0
    assert count(Wish) == before


def test_last_years_reports_are_accepted_and_frozen_whole(demo):
    rows = db.session.scalars(select(Report).where(Report.year == demo.year - 1)).all()
    assert {row.state for row in rows} == {ReportState.ACCEPTED} and len(rows) > 3
    assert all(frozen.is_whole(queries.standing_of(row.id)) for row in rows)
    assert sum(queries.standing_of(row.id).lines for row in rows) > 50


def test_new_numbers_go_on_after_the_demonstrations(demo):
    from portal import numbers

    year = demo.year
    last = db.session.scalar(select(func.max(Wish.serial)).where(Wish.year == year))
    assert numbers.draw("wish", year) == last + 1


def test_wishes_and_certificates_go_forward_in_time(demo):
    for wish in db.session.scalars(select(Wish)):
        steps = (wish.submitted_at, wish.published_at, wish.claimed_at, wish.done_at, wish.ended_at)
        made = [at for at in steps if at]
        assert made == sorted(made), wish.number
    issued = select(Registration.issued_on).order_by(Registration.year, Registration.serial)
    days = list(db.session.scalars(issued))
    assert days == sorted(days)


def test_a_card_names_the_estate_of_the_members_address(demo):
    for card in db.session.scalars(select(InfoCard)):
        assert card.member.address.startswith(card.estate.name)


def test_evaluations_and_notes_stand_in_every_state_and_each_sent_one_has_its_paper(demo):
    rows = db.session.scalars(select(Evaluation)).all()
    assert {row.state for row in rows} == set(EvaluationState)
    assert {row.state for row in db.session.scalars(select(Note))} == set(NoteState)
    sent = [row for row in rows if row.sent_on]
    assert all(numbers.latest("evaluation-card", row.id) for row in sent)
    told = [facts.read(row.facts) for row in sent]
    assert all(len(each.five_ones) == 5 and each.last <= row.sent_on for each, row in zip(told, sent, strict=True))
    assert any(each.voices for each in told)
    assert any(row.replaces_id for row in rows) and any(row.reply and not row.answer_sealed for row in rows)
    last = db.session.scalars(select(Counter).where(Counter.kind == "evaluation-card")).all()
    assert {each.year: each.last for each in last} == Tally(row.year for row in sent)


def test_bulletins_of_each_quarter_tell_what_residents_said(demo):
    lines = select(BulletinLine).join(BulletinLine.bulletin).where(BulletinLine.words_sealed.is_not(None))
    said = db.session.scalars(lines).all()
    told, latest = {(line.bulletin.year, line.bulletin.quarter) for line in said}, quarters.latest_due(demo.today)
    for of in (latest, latest.previous, latest.previous.previous):
        assert (of.year, of.quarter) in told, of.words
    words = [line.words for line in said]
    assert any(each.startswith("表扬：") for each in words) and any("本人说明：" in each for each in words)
