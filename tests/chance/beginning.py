"""What begins in a county: a wish, a certificate, a request, a pledge, a service written down by hand."""

import datetime as dt
from functools import partial
from random import Random

from portal import clock
from portal.activities import workflow as activities
from portal.activities.models import ActivityKind, Benefit
from portal.actors import Actor, Role
from portal.errors import NotYours, RuleBroken
from portal.evaluations import noting
from portal.evaluations import workflow as evaluations
from portal.evaluations.models import Evaluation, NoteKind
from portal.exemplars import workflow as exemplars
from portal.exemplars.models import Lead
from portal.extensions import db
from portal.feedback import asking, contacting
from portal.feedback.models import ContactHow, Side
from portal.households import supporting, visiting
from portal.households import workflow as households
from portal.households.kinds import HouseholdKind, Need
from portal.households.models import Household, HouseholdState, Support, SupportState
from portal.inspections import checking, mending, noticing
from portal.inspections import workflow as inspections
from portal.inspections.kinds import AskedOf, AssessmentGrade, Drawn, InspectionKind, TargetKind
from portal.inspections.models import Checklist, ChecklistItem, Inspection, Target
from portal.inspections.workflow import Plan
from portal.labels import Category
from portal.pairings import actions, contact_points, projects
from portal.pairings import workflow as pairings
from portal.pairings.models import Pairing, PairingItem
from portal.papers import attesting
from portal.people.models import Community, Grid, Member, Sex, Unit
from portal.pledges import workflow as pledges
from portal.posts import serving
from portal.posts import workflow as posts
from portal.posts.models import PostClaim
from portal.posts.serving import Done
from portal.posts.workflow import Duty
from portal.publicity import audience, notices, story_writing
from portal.publicity.audience import Audience
from portal.publicity.models import StoryKind
from portal.publicity.notices import Letter
from portal.publicity.offices import WRITERS
from portal.publicity.story_writing import Draft
from portal.records import workflow as records
from portal.records.models import Evidence
from portal.registrations import deferments, exemptions, transfers
from portal.registrations import workflow as registrations
from portal.registrations.models import DefermentKind, Registration, RegistrationState
from portal.remarks import workflow as remarks
from portal.remarks.models import RemarkKind, RemarkSource
from portal.remarks.workflow import Told
from portal.reports import opening
from portal.reports import workflow as workflow_of_reports
from portal.reports.models import Report
from portal.suggestions import workflow as suggestions
from portal.suggestions.models import Addressed
from portal.suggestions.workflow import Proposal
from portal.teams import workflow as teams
from portal.wishes import submitting
from portal.wishes.models import WishSource
from portal.work import workflow as work
from portal.work.models import WorkKind
from tests.chance.people import STRANGER, in_office
from tests.pledges.conftest import item
from tests.reports.making import laid_down

PHONES = ("13991234567", "13991234568", "13891701001", "")  # the third is a member's own


def any_row(chance: Random, model):
    """A row of this kind."""
    return chance.choice(list(db.session.scalars(db.select(model).order_by(model.id))))


def a_liaison(chance: Random, unit_id: int) -> Actor:
    """Mostly a liaison of this unit, seldom anybody; a stranger where it has none."""
    people = list(in_office())
    own = [by for by in people if by.is_in(Role.LIAISON) and by.unit_id == unit_id]
    return chance.choice(own if own and chance.random() < 0.8 else [*people, STRANGER])


def a_wish(chance: Random):
    """A resident asks on the wall, or a clerk types what came by box, telephone or visit."""
    place = chance.choice([any_row(chance, Community), None])
    grid = db.session.scalar(db.select(Grid).where(Grid.community == place)) if chance.random() < 0.5 else None
    source = chance.choice(list(WishSource))
    typist = [by for by in in_office() if by.is_in(Role.CLERK)]
    by = STRANGER if source is WishSource.WALL or not typist else chance.choice(typist)
    asked = submitting.Asked(
        detail="家里的水龙头漏了三天。", name="陈桂英", phone=chance.choice(PHONES), community=place, grid=grid,
        helpers_needed=chance.choice([None, 1, 2]), minor=chance.random() < 0.2, guardian_consent=chance.random() < 0.7,
    )  # fmt: skip
    return submitting.submit, asked, by, source, f"secret{chance.random()}"


def a_certificate(chance: Random):
    """A unit issues a certificate."""
    member = any_row(chance, Member)
    return registrations.issue, member, a_liaison(chance, member.unit_id)


def an_exemption(chance: Random):
    """A unit asks that a member need not report."""
    member = any_row(chance, Member)
    return exemptions.ask, member, a_liaison(chance, member.unit_id), "长期驻外"


def a_deferment(chance: Random):
    """A unit asks that nothing is asked of a member for some months."""
    member, this_month = any_row(chance, Member), f"{clock.today():%Y-%m}"
    return deferments.ask, member, a_liaison(chance, member.unit_id), DefermentKind.SECONDED, this_month, "2026-12"


def a_transfer(chance: Random):
    """A unit asks for a member, who may be on its own roster already."""
    unit = any_row(chance, Unit)
    return transfers.ask, any_row(chance, Member), unit, a_liaison(chance, unit.id)


def a_pledge(chance: Random):
    """A member, or the unit in their place, writes the year's pledge."""
    member = any_row(chance, Member)
    own = [by for by in in_office() if by.is_in(Role.MEMBER) and by.is_self(member.id)]
    by = own[0] if own and chance.random() < 0.7 else a_liaison(chance, member.unit_id)
    return pledges.write, member, by, [item()]


def a_service(chance: Random):
    """A clerk writes down what somebody else did in the community."""
    clerk = chance.choice([by for by in in_office() if by.is_in(Role.CLERK)] or [None])
    member = any_row(chance, Member)
    if clerk is None or clerk.is_self(member.id):
        return a_wish(chance)
    service = records.Service(
        member=member, place=db.session.get(Community, clerk.community_id),
        day=clock.today() - dt.timedelta(days=chance.randint(0, 9)), starts=dt.time(19),
        half_hours=chance.randint(1, 6), category=Category.ENVIRONMENT, what="清理楼道杂物",
    )  # fmt: skip
    return records.record_service, service, clerk, Evidence.ORGANISER


def a_team(chance: Random):
    """A clerk founds a team of volunteers."""
    clerk = chance.choice([by for by in in_office() if by.is_in(Role.CLERK)] or [STRANGER])
    return teams.found, any_row(chance, Community), clerk, chance.choice(["水电维修队", "陪伴队"])


def a_post(chance: Random):
    """A clerk opens a service post."""
    clerk = chance.choice([by for by in in_office() if by.is_in(Role.CLERK)] or [STRANGER])
    place = db.session.get(Community, clerk.community_id or 0) or any_row(chance, Community)
    duty = Duty("治安巡逻岗", Category.ORDER, "晚上在小区里走一走。", "小区内", "每周六晚上", chance.randint(1, 2))
    return posts.open_, place, clerk, duty


def a_duty(chance: Random):
    """Who holds or held a post, or a clerk for them, writes down a duty done."""
    claim = chance.choice(list(db.session.scalars(db.select(PostClaim).order_by(PostClaim.id))) or [None])
    if claim is None:
        return a_post(chance)
    done = Done(clock.today() - dt.timedelta(days=chance.randint(0, 3)), chance.randint(1, 6))
    people = [by for by in in_office() if by.is_self(claim.member_id) or by.is_in(Role.CLERK)]
    return serving.serve, claim.post, claim.member_id, chance.choice([*people, STRANGER]), done


def a_pairing(chance: Random):
    """A unit or a community asks the other to build together."""
    unit, place = any_row(chance, Unit), any_row(chance, Community)
    clerks = [by for by in in_office() if by.is_in(Role.CLERK) and by.community_id == place.id]
    return pairings.propose, unit, place, chance.choice([a_liaison(chance, unit.id), *clerks])


def a_joint_action(chance: Random):
    """One side of a pairing writes down what both did."""
    pairing = chance.choice(list(db.session.scalars(db.select(Pairing).order_by(Pairing.id))) or [None])
    if pairing is None:
        return a_pairing(chance)
    facts = {"held_on": clock.today(), "what": "义诊", "took_part": chance.randint(1, 30)}
    return partial(actions.record, **facts), pairing, a_liaison(chance, pairing.unit_id)


def a_project(chance: Random):
    """Both sides of a pairing agree on something to do for a need."""
    need = chance.choice(list(db.session.scalars(db.select(PairingItem).order_by(PairingItem.id))) or [None])
    if need is None:
        return a_pairing(chance)
    facts = {"what": "教老人用手机", "responsible": "高翔", "due_on": clock.today(), "need_id": need.id}
    return partial(projects.plan, **facts), need.pairing, a_liaison(chance, need.pairing.unit_id)


def a_contact_point(chance: Random):
    """A unit proposes that a leading member adopts a community."""
    member = any_row(chance, Member)
    return contact_points.propose, member, any_row(chance, Community), a_liaison(chance, member.unit_id)


def a_remark(chance: Random):
    """A resident says what they think of a service."""
    told = Told(chance.choice(list(RemarkKind)), any_row(chance, Community), "约好了没有来。", "修水管的", "陈桂英")
    return remarks.submit, told, STRANGER, RemarkSource.WALL


def a_household(chance: Random):
    """A clerk or a grid worker files a household."""
    people = [by for by in in_office() if by.is_in(Role.CLERK, Role.GRID_WORKER)]
    by, name = chance.choice(people or [STRANGER]), chance.choice(["陈桂英", "李秀英"])
    facts = {"kind": HouseholdKind.ELDER, "name": name, "sex": Sex.FEMALE, "born": "1941-03", "needs": [Need.COMPANY]}
    return partial(households.enter, **facts), any_row(chance, Community), by


def a_support(chance: Random):
    """A clerk asks a member to support a household."""
    rows = db.select(Household).where(Household.state == HouseholdState.ACTIVE).order_by(Household.id)
    household = chance.choice(list(db.session.scalars(rows)) or [None])
    if household is None:
        return a_household(chance)
    clerks = [by for by in in_office() if by.is_in(Role.CLERK) and by.community_id == household.community_id]
    return supporting.propose, household, any_row(chance, Member), chance.choice(clerks or [STRANGER])


def a_visit(chance: Random):
    """A supporter, or somebody else, writes a visit down."""
    rows = db.select(Support).where(Support.state == SupportState.ACTIVE).order_by(Support.id)
    support = chance.choice(list(db.session.scalars(rows)) or [None])
    if support is None:
        return a_support(chance)
    own = [by for by in in_office() if by.is_in(Role.MEMBER) and by.is_self(support.member_id)]
    by = chance.choice([*own, *own, *in_office()])
    facts = {"day": clock.today(), "starts": dt.time(chance.randint(17, 20)), "half_hours": chance.randint(1, 4),
             "done": "陪老人说话", "people": [support.member_id]}  # fmt: skip
    return partial(visiting.record, **facts), support.household, by


def a_proof(chance: Random):
    """A clerk, mostly of the right community, attests what a member did since New Year."""
    rows = list(db.session.scalars(db.select(Registration).where(Registration.state == RegistrationState.FILED)))
    if not rows:
        return a_certificate(chance)
    row, today = chance.choice(rows), clock.today()
    clerks = [by for by in in_office() if by.is_in(Role.CLERK) and by.community_id == row.community_id]
    return attesting.issue, row, chance.choice([*clerks, STRANGER]), today.replace(month=1, day=1), today


def a_suggestion(chance: Random):
    """A member proposes something to the community or its town; a clerk sometimes for them."""
    member = any_row(chance, Member)
    own = [by for by in in_office() if by.is_in(Role.MEMBER) and by.is_self(member.id)]
    clerks = [by for by in in_office() if by.is_in(Role.CLERK)]
    to = chance.choice(list(Addressed))
    proposal = Proposal(to, "装一盏路灯", chance.choice(["东门没有路灯。", "请打13891701001。"]))
    return suggestions.submit, member, chance.choice([*own, *own, *clerks] or [STRANGER]), proposal


def a_collection(chance: Random):
    """The county office, or somebody else, begins the year's reports."""
    return opening.open_year, clock.today().year, chance.choice([*in_office()])


def a_handing_in(chance: Random):
    """A body, or mostly nobody whose it is, hands a report in: everything is counted and frozen first."""
    report = chance.choice(list(db.session.scalars(db.select(Report).order_by(Report.id))) or [None])
    if report is None:
        return a_collection(chance)
    own = [by for by in in_office() if workflow_of_reports.sender_of(report, by)]
    return hand_in, report, chance.choice([*own, *own, *own, *in_office()])


def hand_in(report: Report, by: Actor) -> None:
    """What the page does: lay everything down, then hand it in."""
    workflow_of_reports.submit(report, by, snapshot_id=laid_down(report, by))


def an_exemplar(chance: Random):
    """A clerk, mostly of the right community, nominates a member for this year."""
    rows = list(db.session.scalars(db.select(Registration).where(Registration.state == RegistrationState.FILED)))
    if not rows:
        return a_certificate(chance)
    row = chance.choice(rows)
    clerks = [by for by in in_office() if by.is_in(Role.CLERK) and by.community_id == row.community_id]
    deeds = exemplars.Deeds(chance.sample(list(Lead), chance.randint(0, 2)), "每周义务调解邻里纠纷。")
    return exemplars.nominate, row.member, clock.today().year, chance.choice([*clerks, *clerks, STRANGER]), deeds


def some_work(chance: Random):
    """Somebody in office writes down what their office did."""
    day = clock.today() - dt.timedelta(days=chance.randint(-1, 20))
    return (
        work.record,
        chance.choice(list(in_office())),
        work.Done(chance.choice(list(WorkKind)), day, "动员会", "开会。"),
    )


def an_activity(chance: Random):
    """A clerk or the county office drafts an activity of the next days."""
    by = chance.choice([by for by in in_office() if by.is_in(Role.CLERK, Role.COUNTY)] or [STRANGER])
    starts = dt.time(chance.choice([9, 15, 19]))
    facts = activities.Facts(
        title="清扫楼道", category=chance.choice(list(Category)), detail="带上手套。", place="儒林苑南门",
        day=clock.today() + dt.timedelta(days=chance.randint(0, 3)), starts=starts,
        ends=dt.time(starts.hour + 2), kind=chance.choice([*ActivityKind, ActivityKind.SERVICE]),
        benefit=chance.choice(list(Benefit)), capacity=chance.choice([None, 1, 1, 2]),
    )  # fmt: skip
    return activities.draft, by, facts


def a_story(chance: Random):
    """An office writes a story, mostly one that may be published as it is."""
    by = chance.choice([by for by in in_office() if by.is_in(*WRITERS)] or [STRANGER])
    words = chance.choice([*["老人说，这灯一亮，心里也亮堂了。"] * 4, "请打13891701001找陈桂英。"])
    return story_writing.write, by, Draft(StoryKind.DEED, "雨夜里的一盏灯", words, consent=chance.random() < 0.8)


def a_notice(chance: Random):
    """An office sends a notice to those of its scope, or tries to reach others."""
    by = chance.choice([by for by in in_office() if by.is_in(*WRITERS)] or [STRANGER])
    roles = audience.MAY_REACH.get(by.role, (Role.MEMBER,))
    to = Audience((chance.choice([*roles, *roles, Role.CLERK]),))
    asks, until = chance.random() < 0.5, clock.today() + dt.timedelta(days=5)
    return notices.send, by, to, Letter("碰头会", "周六上午九点。", until, asks, until if asks else None)


def the_county(chance: Random) -> Actor:
    """Mostly somebody of the county office, seldom anybody."""
    people = list(in_office())
    county = [by for by in people if by.is_in(Role.COUNTY)]
    return chance.choice(county if chance.random() < 0.9 else [*people, STRANGER])


def an_inspection(chance: Random):
    """The county plans an inspection, or chooses whom to inspect in one that it planned."""
    rows = list(db.session.scalars(db.select(Inspection).order_by(Inspection.id)))
    if rows and chance.random() < 0.6:
        kind = chance.choice(list(TargetKind))
        return inspections.choose, chance.choice(rows), the_county(chance), kind, [1, 2, 999_999]
    kind, today = chance.choice(list(InspectionKind)), clock.today()
    checklist = Checklist(title=f"清单{chance.random()}", kind=kind, items=[
        ChecklistItem(place=at, asked_of=AskedOf.ALL, words="看材料", drawn=drawn)
        for at, drawn in enumerate(chance.sample(list(Drawn), 3), 1)
    ])  # fmt: skip
    plan = Plan("专项督查", "看报到和服务。", today, today + dt.timedelta(days=chance.choice([3, -1])))
    return inspections.plan, the_county(chance), kind, checklist, plan


def at_a_target(chance: Random):
    """Somebody of the county writes down what was seen at an inspected body, grades it, or finds something."""
    rows = list(db.session.scalars(db.select(Target).order_by(Target.id)))
    if not rows:
        return an_inspection(chance)
    target, by, today = chance.choice(rows), the_county(chance), clock.today()
    found = mending.Found("报到进度慢。", today + dt.timedelta(days=chance.choice([10, 10, -1])))
    return chance.choice([
        (checking.sum_up, target, by, today, "工作扎实。"),
        (checking.grade, target, by, chance.choice(list(AssessmentGrade)), "各项落实。"),
        (mending.find, target, by, found),
    ])  # fmt: skip


def a_result_notice(chance: Random):
    """The county drafts the notice of an inspection."""
    rows = list(db.session.scalars(db.select(Inspection).order_by(Inspection.id)))
    if not rows:
        return an_inspection(chance)
    row = chance.choice(rows)
    return noticing.draft, row, the_county(chance), noticing.first_words(row, len(row.targets))


def an_evaluation(chance: Random):
    """A clerk opens the draft of somebody whom the community has received."""
    return _draft, _a_registration(chance), _a_clerk(chance)


def _a_registration(chance: Random) -> Registration | None:
    found = list(db.session.scalars(db.select(Registration).order_by(Registration.id)))
    return chance.choice(found) if found else None


def _a_clerk(chance: Random) -> Actor:
    return chance.choice([by for by in in_office() if by.is_in(Role.CLERK)] or [STRANGER])


def _draft(row: Registration | None, by):
    if row is None or row.accepted_on is None or not by.is_in(Role.CLERK) or by.community_id != row.community_id:
        raise NotYours("评议由本社区专干发起。")
    same = {"member_id": row.member_id, "community_id": row.community_id, "year": clock.today().year}
    if db.session.scalars(db.select(Evaluation).filter_by(**same)).first():
        raise RuleBroken("这位党员已有评议。")
    evaluations.opened(draft := evaluations.new_draft(clock.today().year, row), by)
    return draft


def a_note(chance: Random):
    """A clerk feeds something of weight back at once."""
    row, by, words = _a_registration(chance), _a_clerk(chance), chance.choice(["深夜抢修水管", "请打13891701001"])
    if row is None:
        return _draft, row, by
    return noting.send, row, by, noting.Happened(chance.choice(list(NoteKind)), clock.today(), words)


def a_contact(chance: Random):
    """A liaison or a clerk writes down a contact, mostly of the own side."""
    by = chance.choice([by for by in in_office() if by.is_in(Role.CLERK, Role.LIAISON)] or [STRANGER])
    units, communities = (list(db.session.scalars(db.select(kind.id).order_by(kind.id))) for kind in (Unit, Community))
    told = contacting.Told(clock.today(), ContactHow.PHONE, "联络员", chance.choice(["商量走访", "请打13891701001"]))
    unit_id = by.unit_id or chance.choice(units)
    return contacting.record, unit_id, by.community_id or chance.choice(communities), by, told


def a_difficulty(chance: Random):
    """A member, seldom another one, asks the unit or the community for help."""
    member = chance.choice(list(db.session.scalars(db.select(Member).order_by(Member.id))))
    own = [by for by in in_office() if by.is_in(Role.MEMBER) and by.member_id == member.id]
    return asking.ask, member, chance.choice([*own, *own, STRANGER]), chance.choice(list(Side)), "孩子下午没有人接。"


BEGINNINGS = (a_proof, an_exemplar, some_work,
              a_post, a_post, a_duty, a_duty,
              a_wish, a_wish, a_wish, a_certificate, a_certificate, an_exemption, a_deferment, a_transfer, a_pledge,
              a_pledge, a_service, a_team, a_pairing, a_joint_action, a_project,
              a_contact_point, a_remark, a_remark, an_activity, an_activity, a_suggestion, a_suggestion)  # fmt: skip
BEGINNINGS += (a_story, a_story, a_notice)
BEGINNINGS += (an_inspection, an_inspection, at_a_target, at_a_target, at_a_target, a_result_notice)
BEGINNINGS += (an_evaluation, an_evaluation, a_note)
BEGINNINGS += (a_collection, a_handing_in)
BEGINNINGS += (a_household, a_household, a_support, a_support, a_visit, a_visit)
BEGINNINGS += (a_contact, a_difficulty, a_difficulty)
