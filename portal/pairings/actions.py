"""What unit and community did together on a day (共同活动): recorded by one side, confirmed by the other."""

import datetime as dt

from portal import clock
from portal.actors import Actor
from portal.errors import RuleBroken
from portal.extensions import db
from portal.flow import Flow
from portal.pairings import concerned, queries
from portal.pairings.models import ActionState, JointAction, Pairing, ProjectState
from portal.pairings.sides import hold_building, recording, witnessing

S = ActionState
flow = Flow(JointAction, "这次共同活动", room="pairings.actions", noun="action", named=concerned.action_name,
            visible_to=queries.actions)  # fmt: skip


def record(
    pairing: Pairing, by: Actor, *, held_on: dt.date, what: str, took_part: int, words: str = "",
    project_id: int | None = None,
) -> JointAction:  # fmt: skip
    """One side writes down what both did; it holds once the other side confirms.  [三2]

    Raises NotYours, RuleBroken.
    """
    side = hold_building(pairing, by)
    today = clock.today()
    if held_on > today:
        raise RuleBroken("活动日期还没有到，办过以后再登记。")
    if held_on < pairing.agreed_on:
        raise RuleBroken(f"活动日期早于结对的日期（{pairing.agreed_on:%Y-%m-%d}），请核对。")
    row = JointAction(
        pairing=pairing, project=_project(pairing, project_id), held_on=held_on, what=what, took_part=took_part,
        words=words or None, side=side, recorded_on=today, recorded_by=by.shown, recorded_by_user_id=by.user_id,
        state=S.RECORDED,
    )  # fmt: skip
    db.session.add(row)
    flow.opened(row, by, "record", "登记共同活动")
    return row


def _project(pairing: Pairing, key: int | None):
    if key is None:
        return None
    for project in pairing.projects:
        if project.id == key and project.state is not ProjectState.DROPPED:
            return project
    raise RuleBroken("选择的项目已不再进行，请重新选择。")


@flow.move("确认", start=S.RECORDED, end=S.CONFIRMED, who=witnessing, tells=concerned.both_of,
           done="已确认，双方都认可这次活动。", undo=True)  # fmt: skip
def confirm(row, by):
    """A second person of the other side confirms that it was so.  [三2]"""
    row.confirmed_on, row.confirmed_by, row.confirmed_by_user_id = clock.today(), by.shown, by.user_id


@flow.move("不认可", start=S.RECORDED, end=S.REJECTED, who=witnessing, reason=True, danger=True,
           tells=concerned.both_of, done="已退回；对方核对后可以重新登记。", undo=True)  # fmt: skip
def reject(row, by):
    """The other side says what is not so; it is recorded anew.  [三2]"""


@flow.move("撤回", start=S.RECORDED, end=S.WITHDRAWN, who=recording, done="已撤回，可以重新登记。", undo=True)
def withdraw(row, by):
    """The side that recorded it takes it back as long as nobody confirmed it.  [三2]"""
