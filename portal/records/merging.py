"""What becomes of service records when two rows of the roster prove to be one person: no hour counts twice.

Third law: what the person confirmed for the other row of themselves has no second person behind it any more.
"""

from sqlalchemy import select

from portal.accounts.models import User
from portal.actors import Actor
from portal.extensions import db
from portal.people.merging import Merging, also_names, none_stay, when_merged
from portal.people.models import Member
from portal.records import checks
from portal.records.models import RecordState, ServiceRecord
from portal.records.queries import LIVE
from portal.records.workflow import flow

S = RecordState


def settle(merging: Merging) -> None:
    """A service that stands on both rows is voided once; what overlaps or was confirmed by oneself waits again."""
    kept, gone, by = merging.kept, merging.gone, merging.by
    for record, _ in _twice(kept, gone):
        before, record.state = record.state, S.VOIDED
        flow.noted(record, by, "void", "作废", before, "重复记录已合并，同一次服务只计一次")
    db.session.flush()
    for record, other in _overlapping(kept, gone):
        record.overlaps = other
        _wait_again(record, by, f"重复记录已合并，与{other.day:%-m月%-d日}另一条记录时间重叠")
    db.session.flush()
    for record in _own(kept, gone):
        _wait_again(record, by, "重复记录已合并，原确认人就是本人")


def foreseen(kept: Member, gone: Member) -> list[str]:
    """What `settle` would do, a line each."""
    numbers = (
        (len(_twice(kept, gone)), "条写实记录是同一次服务，作废一条，时长只计一次。"),
        (len(_overlapping(kept, gone)), "条写实记录的时间与保留的记录重叠，改为待确认，由社区另一位同志核对。"),
        (len(_own(kept, gone)), "条写实记录的确认人就是本人，改为待确认。"),
    )
    return [f"{number} {words}" for number, words in numbers if number]


def _twice(kept: Member, gone: Member) -> list[tuple[ServiceRecord, ServiceRecord]]:
    """Records that both rows have of one case, the one to void first: the confirmed one stays."""
    theirs = {(record.source, record.source_id): record for record in _live(kept) if record.source_id is not None}
    pairs = [(each, theirs[key]) for each in _live(gone) if (key := (each.source, each.source_id)) in theirs]
    return [(kept_one, own) if own.state is S.CONFIRMED is not kept_one.state else (own, kept_one)
            for own, kept_one in pairs]  # fmt: skip


def _overlapping(kept: Member, gone: Member) -> list[tuple[ServiceRecord, ServiceRecord]]:
    """The confirmed records of the row that goes that lie over one of the other row, with that one."""
    voided = {each.id for each, _ in _twice(kept, gone)}
    theirs = [record for record in _live(kept) if record.id not in voided]
    found = []
    for record in _live(gone):
        over = next((other for other in theirs if _overlap(record, other)), None)
        if over and record.state is S.CONFIRMED and record.id not in voided:
            found.append((record, over))
    return found


def _overlap(record: ServiceRecord, other: ServiceRecord) -> bool:
    times = (record.starts, record.half_hours, other.starts, other.half_hours)
    return record.day == other.day and checks.overlap(*times)


def _own(kept: Member, gone: Member) -> list[ServiceRecord]:
    """The confirmed records of either row that a login of this person confirmed, and that do not wait for more."""
    logins = set(db.session.scalars(select(User.id).where(User.member_id.in_((kept.id, gone.id)))))
    others = {each.id for each, _ in _overlapping(kept, gone)} | {each.id for each, _ in _twice(kept, gone)}
    both = [*_live(kept), *_live(gone)]
    return [each for each in both if each.confirmed_by_user_id in logins and each.id not in others]


def _wait_again(record: ServiceRecord, by: Actor, why: str) -> None:
    before, record.state = record.state, S.PENDING
    record.confirmed_at = record.confirmed_by_user_id = record.confirmed_by = None
    flow.noted(record, by, "recheck", "重新待确认", before, why)


def _live(member: Member) -> list[ServiceRecord]:
    rows = select(ServiceRecord).where(ServiceRecord.member_id == member.id, ServiceRecord.state.in_(LIVE))
    return list(db.session.scalars(rows.order_by(ServiceRecord.id)))


def register() -> None:
    """Say it to the merging of members."""
    when_merged(ServiceRecord.member_id, "写实记录", none_stay, settle, foreseen)
    also_names(ServiceRecord.recorded_by_member_id, "由其登记的写实记录")
