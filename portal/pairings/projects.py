"""What both sides of a pairing have agreed to do (项目清单): planned, underway, done with its result, or dropped."""

import datetime as dt

from portal import clock
from portal.actors import Actor
from portal.errors import RuleBroken
from portal.extensions import db
from portal.flow import Flow
from portal.pairings import concerned, queries
from portal.pairings.models import OPEN_PROJECTS, ItemKind, Pairing, PairingItem, PairingProject, ProjectState
from portal.pairings.sides import either, hold_building

S = ProjectState
flow = Flow(PairingProject, "这个共建项目", room="pairings.projects", noun="project", named=concerned.project_name,
            visible_to=queries.projects)  # fmt: skip


def plan(
    pairing: Pairing, by: Actor, *, what: str, responsible: str, due_on: dt.date,
    need_id: int | None = None, resource_id: int | None = None,
) -> PairingProject:  # fmt: skip
    """Unit and community agree on something to do, from a need, a resource or both.  [三2]

    Raises NotYours, RuleBroken.
    """
    hold_building(pairing, by)
    need = _listed(pairing, ItemKind.NEED, need_id)
    resource = _listed(pairing, ItemKind.RESOURCE, resource_id)
    if need is None and resource is None:
        raise RuleBroken("请选择对应的需求或资源；清单上还没有的，请先列入。")
    _check_day(due_on)
    row = PairingProject(
        pairing=pairing, need=need, resource=resource, what=what, responsible=responsible, due_on=due_on,
        planned_on=clock.today(), state=S.PLANNED,
    )  # fmt: skip
    db.session.add(row)
    flow.opened(row, by, "plan", "商定项目")
    return row


def _listed(pairing: Pairing, kind: ItemKind, key: int | None) -> PairingItem | None:
    if key is None:
        return None
    found = next((item for item in pairing.listed(kind) if item.id == key), None)
    if found is None:
        raise RuleBroken(f"选择的{kind.label}已经不在清单上，请重新选择。")
    return found


def _check_day(due_on: dt.date) -> None:
    if due_on < clock.today():
        raise RuleBroken("完成时限不能早于今天。")


@flow.move("开始实施", start=S.PLANNED, end=S.UNDERWAY, who=either, done="项目已开始实施。", undo=True)
def start(row, by):
    """Unit or community begins with what was agreed.  [三2]"""


@flow.move("项目完成", start=OPEN_PROJECTS, end=S.DONE, who=either, tells=concerned.both_of_result,
           done="项目已完成。", undo=True)  # fmt: skip
def finish(row, by, result=""):
    """Unit or community says what came of it.  [三2]"""
    if not result:
        raise RuleBroken("请填写做成了什么。")
    row.done_on, row.result = clock.today(), result


@flow.move("改期", start=OPEN_PROJECTS, end=OPEN_PROJECTS, who=either, reason=True, tells=concerned.both_of_day,
           done="时限已更改。", undo=True)  # fmt: skip
def postpone(row, by, due_on=None):
    """Unit or community sets another day, saying why.  [三2]"""
    if due_on is None or due_on == row.due_on:
        raise RuleBroken("请填写新的完成时限。")
    _check_day(due_on)
    row.due_on = due_on
    return row.state


@flow.move("不再进行", start=OPEN_PROJECTS, end=S.DROPPED, who=either, reason=True, danger=True,
           tells=concerned.both_of, done="项目不再进行，需求和资源仍在清单上。", undo=True)  # fmt: skip
def drop(row, by):
    """Unit or community gives a project up, saying why.  [三2]"""


def drop_all(pairing: Pairing, by: Actor, why: str) -> None:
    """Give up what is still open, as the pairing has ended."""
    for row in pairing.open_projects:
        before, row.state = row.state, S.DROPPED
        flow.noted(row, by, "drop", "不再进行", before, why)
