"""The lists of pairings, their projects and joint actions, and of contact points, as spreadsheets."""

from sqlalchemy import Select

from portal import clock
from portal.actors import Actor, Role
from portal.list_sheets import ListSheet, offer
from portal.pairings import queries
from portal.pairings.forms import ActionsFilter, PairingsFilter, PointsFilter, ProjectsFilter
from portal.pairings.models import ContactPoint, JointAction, Pairing, PairingProject
from portal.pairings.routes import SIDES


def _of_state(rows: Select, form, state) -> tuple[Select, PairingsFilter]:
    return (rows.where(state == form.state.data) if form.state.data else rows), form


def _pairings(by: Actor):
    form = PairingsFilter()
    rows = queries.waiting(by) if form.mine.data and by.is_in(*SIDES) else queries.visible_to(by)
    return _of_state(queries.with_tallies(rows), form, Pairing.state)


def _projects(by: Actor):
    form = ProjectsFilter()
    rows = queries.overdue(by, clock.today()) if form.late.data else queries.projects(by)
    return _of_state(rows, form, PairingProject.state)


def _actions(by: Actor):
    form = ActionsFilter()
    rows = queries.actions_waiting(by) if form.mine.data and by.is_in(*SIDES) else queries.actions(by)
    return _of_state(rows, form, JointAction.state)


def _points(by: Actor):
    form = PointsFilter()
    waits = form.mine.data and by.is_in(Role.CLERK)
    return _of_state(queries.points_waiting(by) if waits else queries.contact_points(by), form, ContactPoint.state)


PAIRINGS = (
    ("单位", 32, "unit.name"), ("社区", 14, "community.name"), ("提出日期", 12, "proposed_on"),
    ("结对日期", 12, "agreed_on"), ("在办项目", 9, lambda row: len(row.open_projects)),
    ("共同活动", 9, lambda row: len(row.confirmed_actions)), ("结束日期", 12, "ended_on"), ("状态", 12, "state"),
)  # fmt: skip
PROJECTS = (
    ("项目", 32, "what"), ("单位", 32, "pairing.unit.name"), ("社区", 14, "pairing.community.name"),
    ("需求", 24, "need.what"), ("资源", 24, "resource.what"), ("负责人", 20, "responsible"), ("完成期限", 12, "due_on"),
    ("完成日期", 12, "done_on"), ("成效", 36, "result"), ("状态", 12, "state"),
)  # fmt: skip
ACTIONS = (
    ("日期", 12, "held_on"), ("共同活动", 32, "what"), ("单位", 32, "pairing.unit.name"),
    ("社区", 14, "pairing.community.name"), ("参加人数", 9, "took_part"), ("项目", 28, "project.what"),
    ("登记人", 20, "recorded_by"), ("确认人", 20, "confirmed_by"), ("状态", 14, "state"),
)  # fmt: skip
POINTS = (
    ("领导干部", 14, "member.name"), ("单位", 32, "member.unit.name"), ("社区", 14, "community.name"),
    ("提出日期", 12, "proposed_on"), ("同意日期", 12, "agreed_on"), ("状态", 12, "state"),
)  # fmt: skip

offer(
    ListSheet("pairings", "结对共建", "pairings.index", _pairings, PAIRINGS, newest_first=True),
    ListSheet("pairing-projects", "共建项目", "pairings.projects.index", _projects, PROJECTS, (PairingProject.due_on,)),
    ListSheet("joint-actions", "共同活动", "pairings.actions.index", _actions, ACTIONS, (JointAction.held_on,),
              newest_first=True),
    ListSheet("contact-points", "领导联系点", "pairings.contact_points.index", _points, POINTS, newest_first=True),
)  # fmt: skip
