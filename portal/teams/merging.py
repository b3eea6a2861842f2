"""What becomes of a member's teams when two rows of the roster prove to be one person: in each team they are once."""

from portal import clock
from portal.extensions import db
from portal.people.merging import Merging, none_stay, rows_naming, when_merged
from portal.people.models import Member
from portal.teams.models import TeamMember
from portal.teams.workflow import flow


def settle(merging: Merging) -> None:
    """Who belongs to a team twice leaves it once; the lead passes to the row that stays."""
    for twice in _twice(merging.kept, merging.gone):
        led, twice.until, twice.leads = twice.leads, clock.today(), False
        db.session.flush()  # a team has one leader at most, at every moment
        if led:
            twice.team.membership_of(merging.kept.id).leads = True
        flow.noted(twice.team, merging.by, "leave", "退出服务队", twice.team.state, merging.words)


def foreseen(kept: Member, gone: Member) -> list[str]:
    """What `settle` would do."""
    names = "、".join(each.team.name for each in _twice(kept, gone))
    return [f"服务队 {names} 里有两条，只留一条。"] if names else []


def _twice(kept: Member, gone: Member) -> list[TeamMember]:
    """The memberships of the row that goes in teams to which the row that stays belongs as well."""
    both = (each for each in rows_naming(TeamMember.member_id, gone) if each.until is None)
    return [each for each in both if each.team.membership_of(kept.id) is not None]


def register() -> None:
    """Say it to the merging of members."""
    when_merged(TeamMember.member_id, "服务队", none_stay, settle, foreseen)
