"""The lists of exemptions and of 暂缓 as spreadsheets; the others of this room are in sheet_routes.py."""

from collections.abc import Callable

from flask import request
from sqlalchemy import Select

from portal.actors import Actor
from portal.list_sheets import ListSheet, offer
from portal.registrations import deferments, exemptions
from portal.registrations.models import Deferment, DefermentState, Exemption, ExemptionState


def _of_state(visible_to: Callable[[Actor], Select], column, states):
    def shown(by: Actor) -> tuple[Select, str]:
        state = states.of(request.args.get("state"))
        rows = visible_to(by)
        return (rows.where(column == state), f"状态：{state.label}") if state else (rows, "")

    return shown


WHO = (("姓名", 14, "member.name"), ("单位", 28, "unit.name"))
DECIDED = (
    ("申请日期", 12, "asked_on"), ("申请人", 24, "asked_by"), ("审核日期", 12, "decided_on"),
    ("审核人", 24, "decided_by"), ("状态", 10, "state"),
)  # fmt: skip

offer(
    ListSheet(
        "exemptions", "免报", "registrations.exemptions.index",
        _of_state(exemptions.visible_to, Exemption.state, ExemptionState), (*WHO, ("原因", 36, "reason"), *DECIDED),
        newest_first=True,
    ),
    ListSheet(
        "deferments", "暂缓", "registrations.deferments.index",
        _of_state(deferments.visible_to, Deferment.state, DefermentState),
        (*WHO, ("原因", 10, "kind"), ("自", 10, "first"), ("至", 10, "last"), *DECIDED), newest_first=True,
    ),
)  # fmt: skip
