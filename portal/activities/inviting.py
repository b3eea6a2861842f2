"""Asking teams to come, and single members to stand in: they are told, and sign up themselves; a leader may do it for
those who said yes.  [二(二)3]
"""

import datetime as dt
from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.activities import holds, places, queries, rights, signing
from portal.activities.models import Activity, ActivityState, Invitation, SignUp, SignUpState
from portal.activities.workflow import fill_places, flow, when
from portal.actors import Actor, Role
from portal.errors import RuleBroken
from portal.extensions import db
from portal.flow import who
from portal.people.models import Member
from portal.registrations.queries import is_registered
from portal.teams import queries as teams
from portal.teams.models import Team, TeamMember, TeamState
from portal.telling import Topic, tell, to_member

S = ActivityState


@who("受邀服务队的队长")
def leads_invited(activity: Activity, by: Actor) -> bool:
    """A member who leads a team that is invited."""
    return by.is_in(Role.MEMBER) and bool(db.session.scalar(_led(activity, by).limit(1)))


@who("主办的社区专干、县委组织部或受邀服务队的队长")
def may_ask(activity: Activity, by: Actor) -> bool:
    """Whoever may ask a single member to come."""
    return rights.organiser(activity, by) or leads_invited(activity, by)


def _takes(activity: Activity, _by: Actor) -> bool:
    return rights.takes_sign_ups(activity)


@flow.move("邀请服务队", start=S.PUBLISHED, end=S.PUBLISHED, who=rights.organiser, when=_takes,
           done="已邀请，队员都会收到消息。", undo=True)  # fmt: skip
def invite_team(activity, by, team_id: int, held: int | None = None, held_until: dt.date | None = None):
    """A clerk asks a team to come, and may keep places for it until a day; asked again, the number is changed.

    [二(二)3]
    """
    _check_takes(activity)
    places.fresh(activity)
    team = db.session.get(Team, team_id) if team_id else None
    if team is None or team.state is not TeamState.ACTIVE or activity.community_id not in (None, team.community_id):
        raise RuleBroken("请选择本社区的服务队。")
    invitation = next((each for each in holds.of(activity) if each.team_id == team_id), None)
    new = invitation is None
    if invitation is None:
        invitation = Invitation(activity_id=activity.id, team_id=team_id, held=0)
        db.session.add(invitation)
    invitation.at, invitation.by_name = clock.now(), by.shown
    _keep_places(activity, invitation, held or 0, held_until)
    db.session.flush()
    holds.count(activity)
    if new:
        inside = {each.member_id for each in activity.sign_ups if places.is_in(each)}
        told = [to_member(each.member_id) for each in team.current if each.member_id not in inside]
        tell(
            Topic.ACTIVITY, told, activity, by, invite_team.label, adds=f"{team.name}：{_where(activity)}能来的请报名。"
        )
    fill_places(activity, by)


def _keep_places(activity: Activity, invitation: Invitation, held: int, until: dt.date | None) -> None:
    if held and activity.capacity is None:
        raise RuleBroken("不限名额的活动不用保留名额。")
    if held and not (until is not None and clock.today() <= until < activity.day):
        raise RuleBroken("请写明名额保留到哪一天：今天以后、活动以前。")
    before, invitation.held = invitation.held, 0
    db.session.flush()
    holds.count(activity)
    free = activity.places_left
    if free is not None and held > before and held > free:
        raise RuleBroken(f"现在只空着 {free} 个名额，保留的不能更多。")
    invitation.held, invitation.until = held, until if held else None


@flow.move("为队员报名", start=S.PUBLISHED, end=S.PUBLISHED, who=leads_invited, stand_in=leads_invited, when=_takes,
           done="已为队员报名，每个人都会收到消息，来不了的可以自己退出。")  # fmt: skip
def sign_up_team(activity, by, people: Collection[int]):
    """The leader of a team that is invited signs up members of it who said yes; each is told and may withdraw.

    [二(二)3]
    """
    offered = {key for key, _ in of_team(activity, by)}
    if not people or not set(people) <= offered:
        raise RuleBroken("请从本队已报到、还没有报名的队员中选择。")
    for member_id in dict.fromkeys(people):
        signing.enter(activity, member_id, db.session.get_one(Member, member_id).name).stand_in = True
    tell(Topic.ACTIVITY, map(to_member, people), activity, by, sign_up_team.label,
         adds=f"队长已为您报名：{_where(activity)}来不了的请退出报名。")  # fmt: skip


@flow.move("邀请顶替", start=S.PUBLISHED, end=S.PUBLISHED, who=may_ask, when=_takes, done="已邀请，本人会收到消息。",
           undo=True)  # fmt: skip
def ask_member(activity, by, member_id: int):
    """A clerk, or the leader of a team that is invited (of the own team), asks one member to come, where somebody is
    missing.

    [二(二)3]
    """
    _check_takes(activity)
    places.fresh(activity)
    member = db.session.get(Member, member_id)
    if member is None or by.is_self(member_id) or not rights.in_reach(activity, member):
        raise RuleBroken("请选择已报到的党员（您本人请直接报名）。")
    if by.is_in(Role.MEMBER) and member_id not in dict(of_team(activity, by)):
        raise RuleBroken("请从本队已报到、还没有报名的队员中选择。")
    if places.is_in(activity.sign_up_of(member_id)):
        raise RuleBroken(f"{member.name}已经在名单上。")
    if db.session.scalar(_asked(activity).where(Invitation.member_id == member_id)):
        raise RuleBroken(f"{member.name}已经邀请过，请等本人答复。")
    db.session.add(Invitation(activity_id=activity.id, member_id=member_id, held=0, at=clock.now(), by_name=by.shown))
    db.session.flush()
    tell(
        Topic.ACTIVITY, [to_member(member_id)], activity, by, ask_member.label, adds=f"{_where(activity)}能来的请报名。"
    )


def to_invite(activity: Activity) -> list[tuple[int, str]]:
    """The teams that may be asked, as (id, name): those of the community, or all for a county-wide activity."""
    rows = select(Team).where(Team.state == TeamState.ACTIVE).options(joinedload(Team.community))
    if activity.community_id is not None:
        rows = rows.where(Team.community_id == activity.community_id)
    found = db.session.scalars(rows.order_by(Team.community_id, Team.name, Team.id))
    return [(each.id, each.name if activity.community_id else f"{each.community.name} {each.name}") for each in found]


def of_team(activity: Activity, by: Actor) -> list[tuple[int, str]]:
    """The registered members of the invited teams that this member leads who are not on the list, as (id, name)."""
    rows = select(Member.id, Member.name).join(TeamMember, TeamMember.member_id == Member.id)
    rows = rows.where(TeamMember.until.is_(None), TeamMember.team_id.in_(_led(activity, by)), is_registered(Member.id))
    rows = rows.where(Member.id != by.member_id, ~is_on_list(activity, Member.id)).order_by(Member.pinyin, Member.id)
    return list(dict.fromkeys((key, name) for key, name in db.session.execute(rows)))


def is_on_list(activity: Activity, member_id) -> ColumnElement[bool]:
    """The condition that the member of this column holds a place of the activity or waits for one."""
    on = (SignUp.activity_id == activity.id, SignUp.state != SignUpState.CANCELLED)
    return select(SignUp.id).where(SignUp.member_id == member_id, *on).exists()


def invited(member_id: int | None, now: dt.datetime) -> list[Activity]:
    """The activities to which this member is asked, the next one on top."""
    whole = (joinedload(Activity.community), joinedload(Activity.grid))
    return list(db.session.scalars(asked_to(member_id, now).options(*whole).order_by(*queries.IN_TIME)))


def asked_to(member_id: int | None, now: dt.datetime) -> Select:
    """The activities to which this member, or a team of theirs, is asked, and may sign up for, but has not answered."""
    mine = select(TeamMember.team_id).where(TeamMember.member_id == member_id, TeamMember.until.is_(None))
    asked = select(Invitation.activity_id).where((Invitation.member_id == member_id) | Invitation.team_id.in_(mine))
    on = select(SignUp.activity_id).where(SignUp.member_id == member_id)  # also who withdrew has answered
    return select(Activity).where(queries.takes_sign_ups(now), Activity.id.in_(asked), Activity.id.not_in(on))


def _asked(activity: Activity) -> Select:
    return select(Invitation.id).where(Invitation.activity_id == activity.id).limit(1)


def _led(activity: Activity, by: Actor) -> Select:
    """The ids of the invited teams that this member leads."""
    rows = select(Invitation.team_id).where(Invitation.activity_id == activity.id, Invitation.team_id.is_not(None))
    return rows.where(Invitation.team_id.in_(teams.led_by(by.member_id)))


def _where(activity: Activity) -> str:
    return f"{when(activity)}，{activity.place}。"


def _check_takes(activity: Activity) -> None:
    if not rights.takes_sign_ups(activity):
        raise RuleBroken("报名已经截止，不能再邀请。")
