"""What each move of an activity asks for, with the choices that the person has."""

from flask import request
from flask_wtf import FlaskForm
from sqlalchemy import select

from portal.activities import joint_asking, listing, places, roll, settling, signing, wishes_taken  # noqa: F401
from portal.activities.forms import (
    ActivityForm,
    CancelForm,
    CorrectForm,
    HoursForm,
    MarkForm,
    MemberForm,
    PostponeForm,
    SettleForm,
    SignUpForm,
    TakeOffForm,
    WithdrawForm,
)
from portal.activities.models import Activity, SignUp, SignUpState
from portal.activities.workflow import flow
from portal.actors import Actor
from portal.choices import row_id
from portal.extensions import db
from portal.people.models import Grid

OF_ROLL = ("mark", "walk_in", "set_hours")
# What stands elsewhere than among the buttons of an activity: on the roll, or behind a search.
ELSEWHERE = (*OF_ROLL, "sign_up_for", "ask_member")
VERBS = tuple(flow.all_moves)


def activity_form(by: Actor, activity: Activity | None = None, data: dict | None = None) -> ActivityForm:
    """The form of a draft, which may hold something beforehand; the county office has no grids."""
    form = ActivityForm(obj=activity, data=data)
    if by.community_id is None:
        del form["grid_id"]
    else:
        rows = select(Grid.id, Grid.name).where(Grid.community_id == by.community_id).order_by(Grid.code)
        form.grid_id.offer((key, name) for key, name in db.session.execute(rows))
    return form


def correct_form(activity: Activity) -> CorrectForm:
    """The form of what may be corrected after publishing."""
    return CorrectForm(obj=activity)


def _postpone_form(activity: Activity) -> PostponeForm:
    return PostponeForm(obj=activity)


def _member_form(activity: Activity) -> MemberForm:
    form = MemberForm()
    form.member_id.offer(listing.member_in_reach(activity, row_id(request.form.get("member_id", ""))))
    return form


def _on_list(form: SignUpForm, people: list[SignUp]) -> FlaskForm:
    form.sign_up_id.offer((each.id, f"{each.member.name}（{each.member.unit.name}）") for each in people)
    asked_for = row_id(request.args.get("of", ""))
    if asked_for and not form.is_submitted():
        form.sign_up_id.data = asked_for
    return form


def _take_off_form(activity: Activity) -> FlaskForm:
    return _on_list(TakeOffForm(), [each for each in activity.sign_ups if places.is_in(each)])


def _renew_form(activity: Activity) -> FlaskForm:
    return _on_list(SignUpForm(), [each for each in activity.sign_ups if each.renew])


def _mark_form(activity: Activity) -> FlaskForm:
    return _on_list(MarkForm(), activity.sign_ups)


def _hours_form(activity: Activity) -> FlaskForm:
    form = HoursForm()
    _on_list(form, activity.in_state(SignUpState.ATTENDED))
    if not form.is_submitted():
        theirs = next((each for each in activity.sign_ups if each.id == form.sign_up_id.data), None)
        form.half_hours.data = (theirs.half_hours if theirs else None) or activity.half_hours
    return form


def _settle_form(activity: Activity) -> SettleForm:
    form = SettleForm()
    form.follows = [*settling.foreseen(activity), *wishes_taken.foreseen(activity)]
    if not activity.in_state(SignUpState.SIGNED_UP):
        del form["rest_absent"]
    return form


ASKS = {
    "postpone": _postpone_form, "cancel": CancelForm, "withdraw": WithdrawForm, "sign_up_for": _member_form,
    "walk_in": _member_form, "take_off": _take_off_form, "renew_for": _renew_form, "mark": _mark_form,
    "set_hours": _hours_form, "settle": _settle_form, **joint_asking.ASKS,
}  # fmt: skip
