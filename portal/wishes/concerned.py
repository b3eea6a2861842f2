"""Whom the moves of a wish concern: its helpers, and the offices that raised it to the level which acts.  [二(二)2]"""

from portal.actors import Role
from portal.telling import Addressee, Tells, Topic, to_login, to_member, to_office
from portal.wishes.models import Claim, Level, Wish


def helpers(wish: Wish) -> list[Addressee]:
    """Those who help or helped: members, who comes for a unit or team, the liaisons and the leader."""
    return [each for claim in wish.helpers for each in _of_claim(claim)]


def raisers(wish: Wish) -> list[Addressee]:
    """The offices below the level that holds a raised wish; none of a wish that nobody raised."""
    if wish.level not in (Level.TOWN, Level.COUNTY) or wish.community is None:
        return []
    town = [to_office(Role.TOWN, supervisor_id=wish.community.town_id)] if wish.level is Level.COUNTY else []
    return [to_office(Role.CLERK, community_id=wish.community_id), *town]


def _of_claim(claim: Claim) -> list[Addressee]:
    people = [to_member(person.member_id) for person in claim.people]
    if claim.member_id is not None:
        people.append(to_member(claim.member_id))
    if claim.unit_id is not None:
        people.append(to_office(Role.LIAISON, unit_id=claim.unit_id))
    if claim.team is not None and claim.team.leading:
        people.append(to_member(claim.team.leading.member_id))
    return people


def _invited(wish: Wish) -> list[Addressee]:
    return [to_member(invitation.member_id) for invitation in wish.invitations]


def _everybody(wish: Wish) -> list[Addressee]:
    return [*helpers(wish), *_invited(wish), *raisers(wish)]


def _who_typed(wish: Wish) -> list[Addressee]:
    return [to_login(wish.entered_by_user_id)]


def until(wish: Wish) -> str:
    """The day by which it is to be done, as a sentence."""
    return f"请在{wish.finish_by:%-m月%-d日}前办完。" if wish.finish_by else ""


def _thanks(wish: Wish) -> str:
    return f"居民留言：{wish.thanks}" if wish.thanks else ""


of_helpers = Tells(Topic.WISH, helpers)
of_helpers_and_invited = Tells(Topic.WISH, lambda wish: [*helpers(wish), *_invited(wish)])
of_helpers_until = Tells(Topic.WISH, helpers, until)
of_helpers_thanked = Tells(Topic.WISH, helpers, _thanks)
of_helpers_pending = Tells(Topic.WISH, helpers, lambda wish: "居民到期未答复；服务时长由社区另一人确认后计入。")
of_invited = Tells(Topic.WISH, _invited)
of_raisers = Tells(Topic.WISH, raisers)
of_raisers_and_invited = Tells(Topic.WISH, lambda wish: [*raisers(wish), *_invited(wish)])
of_everybody = Tells(Topic.WISH, _everybody)
of_who_typed = Tells(Topic.WISH, _who_typed)
