"""The life cycle of a bulletin: time compiles it, the community adds its word and sends it, the unit acknowledges it.

What stands in it is nobody's to write: it was counted from the confirmed records (compiling.py).
"""

from portal import clock, numbers, wording
from portal.actors import Actor, Role
from portal.errors import RuleBroken
from portal.feedback import queries, striking
from portal.feedback.models import Bulletin, BulletinState
from portal.flow import Flow, who
from portal.records import workflow as records
from portal.records.models import ServiceRecord

KIND = "bulletin"
REMARK_LETTERS = 500
S = BulletinState
flow = Flow(
    Bulletin, "这份季度反馈", room="feedback", noun="bulletin", visible_to=queries.visible_to,
    named=lambda row: f"{row.community.name}{row.period}反馈（{row.unit.name}）", of_year=lambda row: row.year,
)  # fmt: skip


@who("本社区专干")
def clerk_of(row: Bulletin, by: Actor) -> bool:
    """A clerk of the community that tells."""
    return by.is_in(Role.CLERK) and by.community_id is not None and by.community_id == row.community_id


@who("反馈到的单位联络员")
def liaison_of(row: Bulletin, by: Actor) -> bool:
    """A liaison of the unit that is told."""
    return by.is_in(Role.LIAISON) and by.unit_id is not None and by.unit_id == row.unit_id


@flow.move("写社区意见", start=S.COMPILED, end=S.COMPILED, who=clerk_of, done="已写好，随反馈一起发出。")
def remark(row: Bulletin, by, remark: str):
    """A clerk writes the one text that the community itself adds to a bulletin.  [三2]"""
    check_remark(remark)
    row.remark = remark or None


@flow.move("发出", start=S.COMPILED, end=S.SENT, who=clerk_of, done="已发出，单位在待办里签收。", undo=True)
def send(row: Bulletin, by):
    """A clerk sends a bulletin to the unit, without what was voided since it was compiled; the paper gets its number.

    [三2]
    """
    striking.strike(row)
    serial = numbers.draw(KIND, row.year)
    numbers.issue(KIND, row.year, serial, 1, row.id, "", row.community.name)
    row.sent_on, row.sent_by = clock.today(), by.shown


@flow.move("签收", start=S.SENT, end=S.ACKNOWLEDGED, who=liaison_of, done="已签收，社区能看到。", undo=True)
def acknowledge(row: Bulletin, by):
    """A liaison acknowledges that the unit has received a bulletin.  [三2]"""
    row.acknowledged_on, row.acknowledged_by = clock.today(), by.shown


def check_remark(text: str | None) -> None:
    """Raise RuleBroken where the words hold somebody's telephone or the like; one text may go to many units."""
    if found := wording.problems(text or "", says_where=True):
        raise RuleBroken("".join(dict.fromkeys(found)))


def _told_already(record: ServiceRecord, _by: Actor) -> str:
    """What keeps a confirmation: the unit has been told of it; what is wrong is voided, and told as taken back."""
    return (
        "这条记录已列入季度反馈，不能撤销；有误的请作废，下一季度反馈会注明更正。" if queries.is_told(record.id) else ""
    )


def _taken_back_already(record: ServiceRecord, _by: Actor) -> str:
    """What keeps a record voided: a bulletin said so."""
    return "季度反馈已注明更正，不能撤销；请重新登记。" if queries.is_taken_back(record.id) else ""


def register() -> None:
    """Say what bulletins keep of other rooms' acts."""
    records.confirm.stays_if(_told_already)
    records.void.stays_if(_taken_back_already)
