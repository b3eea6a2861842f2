"""The life cycle of a pair that may be one person: the county merges the two rows or says that they are two people.

The county reverses a merging for thirty days. Nobody decides of themselves.
"""

from sqlalchemy import select

from portal import clock, vault
from portal.actors import Actor, Role
from portal.doubles import joining, ledger, queries
from portal.doubles.models import Double, DoubleState, Likeness
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.flow import Flow, who
from portal.people.models import Member, MemberStatus
from portal.telling import Addressee, Tells, Topic, to_member, to_office

S = DoubleState
flow = Flow(Double, "这一对疑似重复的记录", room="doubles", noun="double", visible_to=queries.visible_to,
            named=lambda row: f"{row.first.name}的名册记录")  # fmt: skip


def _both_sides(row: Double) -> list[Addressee]:
    units = {member.unit_id: None for member in row.pair}
    liaisons = [to_office(Role.LIAISON, unit_id=unit_id) for unit_id in units]
    return [*(to_member(member.id) for member in row.pair), *liaisons]


# Neither unit reads of the other one's person here.
_became_one = Tells(Topic.MEMBERSHIP, _both_sides, lambda row: "经核对是同一人，报到、记录和承诺都在保留的一条上。")
_became_two = Tells(Topic.MEMBERSHIP, _both_sides, lambda row: "两条记录恢复原样。")


@who("县委组织部（本人的除外）")
def county_of(row: Double, by: Actor) -> bool:
    """The county office, but for the two rows of the person who acts."""
    return by.is_in(Role.COUNTY) and not (by.is_self(row.first_id) or by.is_self(row.second_id))


def look_into(one: Member, other: Member, by: Actor) -> Double:
    """The county opens a pair that the rosters show to be alike; the same pair is opened once.  [二(三)2]

    Raises NotYours, RuleBroken.
    """
    first, second = sorted((one, other), key=lambda member: member.id)
    row = Double(
        first=first, second=second, first_id=first.id, second_id=second.id, first_identity=first.identity_index,
        second_identity=second.identity_index, opened_on=clock.today(), state=S.SUSPECTED,
    )  # fmt: skip
    if not county_of(row, by):
        raise NotYours(f"疑似重复的记录由{county_of.label}核对。")
    _hold(first, second)
    if found := queries.of_pair(first.id, second.id):
        return found
    merged = MemberStatus.MERGED in (first.status, second.status)
    if first.id == second.id or row.likeness is Likeness.CHANGED or merged:
        raise RuleBroken("这两条记录现在没有相同之处，不必核对。")
    db.session.add(row)
    flow.opened(row, by, "look_into", "开始核对")
    return row


@flow.move("合并", start=S.SUSPECTED, end=S.MERGED, who=county_of, reason=True, danger=True, tells=_became_one,
           done="已合并。30 天内可以撤销。")  # fmt: skip
def merge(row, by, reason, kept_id=None, seen=""):
    """The county makes one row of the two: everything of the other one goes over to the row that stays.  [二(三)2]

    `seen` is the mark of what was foreseen when the county looked at it: what has changed since is looked at first.
    """
    if kept_id not in (row.first_id, row.second_id):
        raise RuleBroken("请选择保留哪一条记录。")
    _hold(*row.pair)
    for member in row.pair:
        db.session.refresh(member)
    gone = row.other_than(kept_id)
    kept = row.other_than(gone.id)
    check(kept, gone)
    if seen != mark_of(joining.foreseen(kept, gone)):
        raise RuleBroken("两条记录的情况在您查看之后有了变动，请重新核对将要发生的事项。")
    row.kept_id, row.merged_at = kept.id, clock.now()
    changes = joining.join(kept, gone, by, reason)
    row.ledger = ledger.dumped(kept.unit_id, changes)


@flow.move("不是同一人", start=S.SUSPECTED, end=S.DISMISSED, who=county_of, reason=True,
           done="已记下：不是同一人。资料不变就不再提示。")  # fmt: skip
def dismiss(row, by):
    """The county says that they are two people; nobody asks again as long as their facts stand.  [二(三)2]"""
    _remember(row)


def may_reverse(row: Double, _by: Actor) -> bool:
    """Whether a merging is so young that what it changed is still known."""
    return row.ledger_sealed is not None and clock.now() < row.reversible_until


@flow.move("撤销合并", start=S.MERGED, end=S.REVERSED, who=county_of, reason=True, danger=True, when=may_reverse,
           tells=_became_two, done="已撤销合并，两条记录恢复原样；合并以后的办理仍在保留的记录上。")  # fmt: skip
def reverse(row, by, reason):
    """The county parts the two rows again within thirty days; what happened since stays where it is.  [二(三)2]"""
    if not may_reverse(row, by):
        raise RuleBroken("合并已满 30 天，原来的内容已清除，不能再撤销。")
    _hold(*row.pair)
    for member in row.pair:
        db.session.refresh(member)
    kept = row.second if row.kept_id == row.second_id else row.first
    unit_id, changes = ledger.loaded(row.ledger)
    if kept.unit_id != unit_id:
        raise RuleBroken(f"保留的记录合并以后已转到{kept.unit.name}，不能再撤销这次合并。")
    joining.part(kept, row.other_than(row.kept_id), by, changes, reason)
    row.ledger = None
    _remember(row)


@flow.move("重新核对", start=(S.DISMISSED, S.REVERSED), end=S.SUSPECTED, who=county_of, done="已重新列入待核对。")
def recheck(row, by):
    """The county looks at a pair once more, as it knows better or the facts have changed.  [二(三)2]"""
    if MemberStatus.MERGED in (row.first.status, row.second.status):
        raise RuleBroken("其中一条已与别的记录合并，不必再核对。")
    row.kept_id = row.merged_at = None


def check(kept: Member, gone: Member) -> None:
    """Raise RuleBroken when these two rows can't become the one that is to stay."""
    if MemberStatus.MERGED in (kept.status, gone.status):
        raise RuleBroken("其中一条已与别的记录合并，请先核对那一对。")
    if kept.status is not MemberStatus.ACTIVE:
        raise RuleBroken(f"{kept.unit.name}的一条{kept.status.label}，请保留在册的一条。")


def mark_of(lines: list[str]) -> str:
    """The mark of what was foreseen, for the form that was made of it."""
    return vault.blind_index("foreseen", "\n".join(lines))


def _remember(row: Double) -> None:
    row.first_identity, row.second_identity = row.first.identity_index, row.second.identity_index


def _hold(*members: Member) -> None:
    """Of two people who write for these members at once, let the second wait and then see what the first one did."""
    ids = sorted(member.id for member in members)
    db.session.execute(select(Member.id).where(Member.id.in_(ids)).order_by(Member.id).with_for_update())
