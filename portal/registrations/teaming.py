"""What the beginning and the end of a registration mean for the teams of its community.  [二(二)3]"""

from portal.actors import Actor
from portal.people.models import Member
from portal.registrations import queries as registrations
from portal.registrations import workflow as reporting
from portal.registrations.models import Registration
from portal.teams import queries, reception, workflow


def leave_with(registration: Registration, by: Actor) -> None:
    """Whoever is registered no longer leaves every team, in the same transaction."""
    workflow.leave_all(registration.member_id, by, "队员的报到已结束")


def leave_elsewhere(registration: Registration, by: Actor) -> None:
    """Whom a new community receives leaves the teams of the old one, and keeps what they said they would come for."""
    workflow.leave_all(registration.member_id, by, "队员已迁居", but=registration.community_id)


def joined_since(registration: Registration, _by: Actor) -> str:
    """What keeps an acceptance from being undone: a team of the community joined under it, which takes nobody else."""
    joined = next(
        (each.team for each in queries.current_of(registration.member_id)
         if each.team.community_id == registration.community_id and each.team_id != registration.team_id), None
    )  # fmt: skip
    return f"{registration.member.name}报到后已加入{joined.name}，不能撤销。" if joined else ""


def foreseen(member: Member) -> str:
    """What the end of the member's registration would do here."""
    teams = "、".join(each.team.name for each in queries.current_of(member.id))
    return f"退出服务队：{teams}。" if teams else ""


def register() -> None:
    """Say it to the teams, which know nothing of registrations, and to the life cycle of registrations."""
    reception.told_by(registrations.is_received)
    reporting.when_ended(leave_with, foreseen)
    reporting.when_accepted(leave_elsewhere)
    reporting.accept.stays_if(joined_since)
