"""The yearly summaries of the demonstration's reports, written by their senders and frozen as the move does."""

import datetime as dt

from portal import numbers
from portal.actors import Actor
from portal.extensions import db
from portal.reports.models import Report, Snapshot
from portal.summaries import workflow
from portal.summaries.models import Summary

# Problems and plans, by turns; no figure is typed, as in a real one.
WRITTEN = (
    (
        "一是部分党员工作任务重，参加服务集中在周末和服务日。\n二是服务项目还不够精准，与居民需求结合不紧。\n三是个别支部写实登记不够及时。",
        "一是提前征集居民需求，按党员特长安排岗位。\n二是每季度督促一次，服务情况当周登记、当周确认。\n三是继续做好困难家庭每月走访。",
    ),
    (
        "一是新调入党员报到衔接不够及时。\n二是合理建议数量偏少，落实情况反馈不够。",
        "一是党员调动当月办理证明信和报到。\n二是结合本系统业务，每季度到社区开展一次政策咨询。\n三是用好评议结果，表扬先进、带动后进。",
    ),
)


def freeze(report: Report, snapshot_id: int, sender: Actor, at: dt.datetime) -> None:
    """The sender's words, then what is handed in: the text with its figures, and its number."""
    problems, plans = WRITTEN[report.id % len(WRITTEN)]
    db.session.add(Summary(report_id=report.id, problems=problems, plans=plans, version=1))
    db.session.flush()
    workflow.freeze(report, db.session.get_one(Snapshot, snapshot_id), sender)
    if paper := numbers.latest(workflow.KIND, report.id):
        paper.issued_at = at


def cancel(report: Report, by: Actor) -> None:
    """What came back is no valid paper any more."""
    workflow.cancel(report, by)
