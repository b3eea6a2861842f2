"""What the moves ask for by which wishes are taken up, and teams or members asked to come."""

from flask import request
from sqlalchemy.orm import joinedload

from portal import web
from portal.activities import inviting, kept_places, listing, wishes_taken  # noqa: F401
from portal.activities.joint_forms import DropWishForm, InviteTeamForm, MemberForm, SignUpTeamForm, TakeUpForm
from portal.activities.models import Activity
from portal.actors import Role
from portal.choices import row_id
from portal.extensions import db
from portal.wishes.models import Wish


def _take_up_form(activity: Activity) -> TakeUpForm:
    form = TakeUpForm()
    rows = db.session.scalars(wishes_taken.offered(activity).options(joinedload(Wish.grid)))
    form.wishes.offer((each.id, _words(each)) for each in rows)
    return form


def _drop_form(activity: Activity) -> DropWishForm:
    form = DropWishForm()
    form.wish_id.offer((each.claim.wish_id, _words(each.claim.wish)) for each in wishes_taken.standing(activity))
    return form


def _words(wish: Wish) -> str:
    where = wish.grid.name if wish.grid else ""
    about = "，".join(filter(None, (wish.category.label if wish.category else "", where, wish.number)))
    return f"{wish.title}（{about}）"


def _invite_form(activity: Activity) -> InviteTeamForm:
    form = InviteTeamForm()
    form.team_id.offer(inviting.to_invite(activity))
    if activity.capacity is None:
        del form["held"], form["held_until"]
    return form


def _team_form(activity: Activity) -> SignUpTeamForm:
    form = SignUpTeamForm()
    form.people.offer(inviting.of_team(activity, web.me()))
    return form


def _stand_in_form(activity: Activity) -> MemberForm:
    form, by = MemberForm(), web.me()
    offered = listing.member_in_reach(activity, row_id(request.form.get("member_id", "")))
    # A leader learns no name but those of the own team.
    team = dict(inviting.of_team(activity, by)) if by.is_in(Role.MEMBER) else dict(offered)
    form.member_id.offer((key, name) for key, name in offered if key in team)
    return form


ASKS = {
    "take_up": _take_up_form, "drop_wish": _drop_form, "invite_team": _invite_form, "sign_up_team": _team_form,
    "ask_member": _stand_in_form,
}  # fmt: skip
