"""Making one row of two and two of one: everything that names the one names the other, and back again.  [二(三)2]"""

from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy.exc import IntegrityError

from portal import audit, history, years
from portal.actors import Actor
from portal.doubles.ledger import Change, written_down
from portal.doubles.models import Double
from portal.errors import RuleBroken
from portal.extensions import db
from portal.flow import FLOWS
from portal.people.merging import Merging, going_over, names_of_members, rows_naming, rule_of, when_merged
from portal.people.models import Member, MemberStatus

JOINED, PARTED = "合并重复记录", "撤销合并"

_before_joined: dict[Callable[[Member, Member], None], None] = {}


def before_joined(precaution: Callable[[Member, Member], None]) -> None:
    """A later room says what is done while there still are two rows: `precaution(kept, gone)`."""
    _before_joined[precaution] = None


def foreseen(kept: Member, gone: Member) -> list[str]:
    """What merging would do, a line each: first what goes over, then what clashes and what becomes of it."""
    lines: list[str] = []
    numbers: dict[str, int] = {}
    for column in names_of_members():
        rule = rule_of(column)
        if count := len(going_over(column, kept, gone)):
            numbers[rule.noun] = numbers.get(rule.noun, 0) + count
        lines += rule.foreseen(kept, gone) if rule.foreseen else []
    moved = "、".join(f"{noun} {count} 项" for noun, count in numbers.items())
    over = f"转到保留的记录：{moved}。" if moved else "没有需要转过去的报到、记录或承诺。"
    roster = f"{gone.unit.name}名册上的一条列为“已合并”，不再出现在名册、报到率和查找结果中。"
    return [over, *lines, roster]


def join(kept: Member, gone: Member, by: Actor, reason: str) -> list[Change]:
    """Let everything that names `gone` name `kept`; what this changed, so that it can be taken back."""
    for precaution in _before_joined:
        precaution(kept, gone)
    merging = Merging(kept, gone, by)
    with years.lifted(), written_down() as changes:  # also of a closed year: whose they are, not what was done
        columns = names_of_members()
        rows = [(column.key, row) for column in columns for row in going_over(column, kept, gone)]
        for settle in filter(None, (rule_of(column).settle for column in columns)):
            settle(merging)
            db.session.flush()
        for name, row in rows:
            setattr(row, name, kept.id)
        gone.status, gone.merged_into_id = MemberStatus.MERGED, kept.id
    _trace(kept, gone, by, "merge", JOINED, reason)
    db.session.expire_all()
    return changes


def part(kept: Member, gone: Member, by: Actor, changes: list[Change], reason: str) -> None:
    """Put back what a merging changed; what happened since stays with the row that stayed. Raises RuleBroken."""
    if kept.status is not MemberStatus.ACTIVE:
        raise RuleBroken(f"保留的记录现在是“{kept.status.label}”，不能再撤销这次合并。")
    pointing = {(column.class_.__tablename__, column.key) for column in names_of_members()}
    rows: dict[tuple[str, int], list[Change]] = {}
    for each in changes:
        rows.setdefault((each.table, each.row_id), []).append(each)
    waiting, wholly = list(rows.values()), True
    while waiting:  # a row may have to wait for another one to give up its place (the lead of a wish, of a team)
        with years.lifted():
            blocked = [of_row for of_row in waiting if not _put_back(of_row, by, pointing, wholly)]
        if len(blocked) == len(waiting):
            if not wholly:
                raise RuleBroken("合并以后又有新的办理，与恢复的内容冲突，不能再撤销这次合并。")
            wholly = False  # somebody else has taken the place since
        waiting = blocked
    _trace(kept, gone, by, "part", PARTED, reason)
    db.session.expire_all()


def _put_back(changes: list[Change], by: Actor, pointing: set[tuple[str, str]], wholly: bool) -> bool:
    """One row as it was: the member it named, and `wholly` the rest too, if nobody has changed any of it since.

    False, and nothing changed, when another row stands in its place.
    """
    row: Any = db.session.get(changes[0].model, changes[0].row_id)
    if row is None:  # taken away since: there is nothing to put back
        return True
    names = [each for each in changes if (each.table, each.column) in pointing and not isinstance(row, Member)]
    facts = [each for each in changes if each not in names]
    if not _stands(row, names):
        raise RuleBroken("转到保留记录的内容后来又转到了别处，不能再撤销这次合并。")
    before, untouched = getattr(row, "state", None), wholly and _stands(row, facts)
    if not _set(row, changes if untouched else names):
        return False
    if facts and untouched and type(row) in FLOWS:
        FLOWS[type(row)].noted(row, by, "restore", "恢复", before, "重复记录的合并已撤销")
    return True


def _stands(row: Any, changes: list[Change]) -> bool:
    """Whether the row still says what the merging made it say."""
    return all(getattr(row, each.column) == each.after for each in changes)


def _set(row: Any, changes: list[Change]) -> bool:
    """Put the earlier values back; False, and nothing changed, when another row stands in the way by now."""
    try:
        with db.session.begin_nested():
            for each in changes:
                setattr(row, each.column, each.before)
    except IntegrityError:
        return False
    return True


def _trace(kept: Member, gone: Member, by: Actor, verb: str, label: str, reason: str) -> None:
    for member in (kept, gone):
        member.version += 1
        history.write(member, by, verb, label, reason=reason)
        audit.write(by, f"members.{verb}", member, fields=("merged_into_id",), reason=reason)


def _of_itself(column: Any) -> Callable[[Member, Member], Collection]:
    return lambda kept, gone: rows_naming(column, gone)


def register() -> None:
    """The pairs themselves name for good the two rows that they are about."""
    for column in (Double.first_id, Double.second_id, Double.kept_id):
        when_merged(column, "核对疑似重复", _of_itself(column))
