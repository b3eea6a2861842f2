"""A team as helper: its leader claims and names who comes; what follows when one leaves it, or it is disbanded."""

from collections.abc import Collection

from sqlalchemy import select

from portal import clock, history
from portal.actors import Actor
from portal.errors import RuleBroken
from portal.extensions import db
from portal.teams import queries as teams
from portal.teams.models import JoinedBy, Team, TeamMember
from portal.wishes import groups, leaving, rights, workflow
from portal.wishes.models import Claim, ClaimPerson, ClaimState, Wish
from portal.wishes.models import WishState as S
from portal.wishes.raising import flow

__all__ = ["claim_for_team", "flow"]


@flow.move("本队认领", start=(S.PUBLISHED, S.CLAIMED), end=S.CLAIMED, who=rights.team_leader,
           when=workflow.has_place_for_group, done="已由服务队认领，请转告来的队员与居民联系。")  # fmt: skip
def claim_for_team(wish, by, team_id: int, people: Collection[int]):
    """A team's leader takes a wish, or a place on it, for the team, and names the members who will come.  [二(二)3]"""
    if team_id not in {team.id for team in teams.teams_led_by(by.member_id)}:
        raise RuleBroken("请选择您带领的服务队。")
    workflow.take_for_group(wish, by, claim_for_team, people, groups.may_come_for_team(team_id), team_id=team_id)


def stay_away(team: Team, member_id: int, by: Actor) -> None:
    """Who leaves the team comes with it no more; when it was the last, the team gives its place back.  [二(二)3]"""
    coming = _open(team).join(ClaimPerson).where(ClaimPerson.member_id == member_id)
    leaving.stay_away_from(coming, by, member_id, "已退出服务队")


def give_back(team: Team, by: Actor) -> None:
    """A team that is disbanded gives back every place it holds.  [二(二)3]"""
    leaving.give_back_each(_open(team), by, "服务队已解散")


def sent_since(team: Team, _by: Actor) -> str:
    """What keeps a recommendation from being undone: who came in by it has been sent to a wish."""
    line = history.last(team)
    if line is None:
        return ""
    came = (TeamMember.team_id == team.id, TeamMember.how == JoinedBy.RECOMMENDED,
            TeamMember.since == clock.local(line.at).date())  # fmt: skip
    sent = _open(team).join(ClaimPerson).join(Wish, Wish.id == Claim.wish_id).with_only_columns(Wish.number)
    theirs = ClaimPerson.member_id.in_(select(TeamMember.member_id).where(*came))
    number = db.session.scalar(sent.where(theirs, Claim.claimed_at >= line.at).limit(1))
    return f"推荐的队员已随本队办理微心愿 {number}，不能撤销。" if number else ""


def foreseen(team: Team) -> str:
    """What disbanding a team would do to the wishes it has in hand, in one line."""
    held = _open(team).join(Wish, Wish.id == Claim.wish_id).with_only_columns(Wish.number).order_by(Wish.number)
    numbers = list(db.session.scalars(held))
    return f"认领的 {len(numbers)} 条微心愿退回，名额重新开放：{'、'.join(numbers)}。" if numbers else ""


def _open(team: Team):
    return select(Claim).where(Claim.team_id == team.id, Claim.state == ClaimState.OPEN)
