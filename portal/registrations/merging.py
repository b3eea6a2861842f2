"""What becomes of registrations, cards and requests when two rows of the roster prove to be one person.

The unit and the community of the row that stays win; what belonged to the other post ends, as with a change of unit.
Papers that were issued keep their numbers: an ended registration says that it was a double.
"""

from sqlalchemy import select

from portal import clock
from portal.extensions import db
from portal.people.members import set_member_facts
from portal.people.merging import Merging, none_stay, rows_naming, when_merged
from portal.people.models import Member
from portal.registrations import deferments, exemptions, queries, transfers, workflow
from portal.registrations.models import (
    Deferment,
    EndKind,
    Exemption,
    InfoCard,
    Registration,
    RegistrationState,
    TransferRequest,
    TransferState,
    Urge,
)
from portal.teams import workflow as teams
from portal.teams.queries import current_of as memberships_of


def settle(merging: Merging) -> None:
    """Of two registrations the other one ends, the only one goes along; a certificate of no use is cancelled."""
    kept, gone, by = merging.kept, merging.gone, merging.by
    if _useless(kept, gone):
        workflow.cancel_on_the_way(gone.id, by, merging.words)
    theirs, own = queries.current_of(gone.id), queries.current_of(kept.id)
    if theirs is None:
        return
    if own is not None:
        before = theirs.state
        theirs.end_kind, theirs.ended_on, theirs.state = EndKind.DUPLICATE, clock.today(), RegistrationState.ENDED
        workflow.flow.noted(theirs, by, "end", "重复登记结束", before, f"{merging.words}（{own.number}）")
        teams.leave_all(gone.id, by, merging.words, but=own.community_id)
        return
    _take_over(theirs, merging)


def _take_over(theirs: Registration, merging: Merging) -> None:
    """The only registration goes along: its member lives where the community received them."""
    kept, on_way = merging.kept, queries.in_progress_of(merging.kept.id)
    if on_way and on_way.community_id == theirs.community_id:
        workflow.cancel_on_the_way(kept.id, merging.by, f"已在{theirs.community.name}报到（{theirs.number}）")
    if merging.changes_unit:
        theirs.issuer_id, theirs.unit = theirs.issuer_id or theirs.unit_id, kept.unit
        workflow.flow.noted(theirs, merging.by, "follow", "随单位变更", theirs.state, merging.words)
    set_member_facts(kept, lives_in_town=True, community_id=theirs.community_id, grid_id=theirs.grid_id)


def foreseen(kept: Member, gone: Member) -> list[str]:
    """What `settle` would do, a line each."""
    lines, theirs, own = [], queries.current_of(gone.id), queries.current_of(kept.id)
    if on_way := _useless(kept, gone):
        lines.append(f"寄往{on_way.community.name}的证明信 {on_way.number} 作废，编号保留。")
    if theirs and own:
        lines += [
            f"两次报到都在：保留{own.community.name}的 {own.number}；{theirs.community.name}的 {theirs.number} "
            "结束（重复登记），证明信和回执的编号保留，仍可查验。",
            *(f"退出{theirs.community.name}的服务队{name}。" for name in _teams_left(gone, own.community_id)),
        ]
    elif theirs:
        lines.append(f"在{theirs.community.name}的报到 {theirs.number} 转到保留的记录，居住社区以它为准。")
        again = queries.in_progress_of(kept.id)
        if again and again.community_id == theirs.community_id:
            lines.append(f"寄往{again.community.name}的证明信 {again.number} 不再需要，作废。")
    return lines


def _teams_left(gone: Member, community_id: int) -> list[str]:
    current = (each.team for each in memberships_of(gone.id) if each.team.community_id != community_id)
    return sorted(f"“{team.name}”" for team in current)


def _useless(kept: Member, gone: Member) -> Registration | None:
    """The certificate on its way that leads nowhere: of another unit, or beside what the row that stays has."""
    on_way = queries.in_progress_of(gone.id)
    other = queries.in_progress_of(kept.id) or queries.current_of(kept.id)
    return on_way if on_way and (other or kept.unit_id != gone.unit_id) else None


def card_stays(kept: Member, gone: Member) -> list[InfoCard]:
    """A second card stays with the row that goes."""
    return rows_naming(InfoCard.member_id, gone) if rows_naming(InfoCard.member_id, kept) else []


def card_foreseen(kept: Member, gone: Member) -> list[str]:
    """What becomes of a second card."""
    return [f"两张信息卡都在：保留{own.filled_by}填写的一张，请本人核对。"
            for own in rows_naming(InfoCard.member_id, kept) if card_stays(kept, gone)]  # fmt: skip


def urges_stay(kept: Member, gone: Member) -> list[Urge]:
    """Urges of days on which both rows were urged."""
    days = select(Urge.day).where(Urge.member_id == kept.id)
    return list(db.session.scalars(select(Urge).where(Urge.member_id == gone.id, Urge.day.in_(days))))


def settle_exemption(merging: Merging) -> None:
    """The exemption of another post ends; so does one beside another, or of a person who has reported."""
    if _exemption_ends(merging.kept, merging.gone):
        exemptions.end_all(merging.gone.id, merging.by, merging.words)
    if queries.current_of(merging.gone.id):
        exemptions.end_all(merging.kept.id, merging.by, merging.words)


def exemption_foreseen(kept: Member, gone: Member) -> list[str]:
    """What becomes of an exemption."""
    ends = [(gone, _exemption_ends(kept, gone)), (kept, queries.current_of(gone.id))]
    return [f"{member.unit.name}的免报申请取消。" for member, end in ends if end and exemptions.open_of(member.id)]


def _exemption_ends(kept: Member, gone: Member) -> bool:
    registered = queries.current_of(kept.id) or queries.current_of(gone.id)
    return kept.unit_id != gone.unit_id or bool(registered or exemptions.open_of(kept.id))


def settle_deferments(merging: Merging) -> None:
    """Months out that another unit asked for end."""
    if merging.changes_unit:
        deferments.end_all(merging.gone.id, merging.by, merging.words)


def deferments_foreseen(kept: Member, gone: Member) -> list[str]:
    """What becomes of months out."""
    words = deferments.foreseen(gone) if kept.unit_id != gone.unit_id else ""
    return [f"{gone.unit.name}申请的{words}"] if words else []


def settle_transfer(merging: Merging) -> None:
    """A request to let the row that goes over to another roster is of no use any more."""
    row = transfers.open_of(merging.gone.id)
    if row is not None:
        before, row.state = row.state, TransferState.WITHDRAWN
        row.decided_on, row.decided_by = clock.today(), merging.by.name
        transfers.flow.noted(row, merging.by, "withdraw", "撤回申请", before, merging.words)


def transfer_foreseen(kept: Member, gone: Member) -> list[str]:
    """What becomes of a request that nobody has answered."""
    row = transfers.open_of(gone.id)
    return [f"{row.to_unit.name}的转入申请撤回；确需转入的，请向{kept.unit.name}重新申请。"] if row else []


def register() -> None:
    """Say it to the merging of members."""
    # Before the registrations, since they ask whether the person has reported.
    when_merged(Exemption.member_id, "免报申请", none_stay, settle_exemption, exemption_foreseen)
    when_merged(Registration.member_id, "报到", none_stay, settle, foreseen)
    when_merged(InfoCard.member_id, "信息卡", card_stays, None, card_foreseen)
    when_merged(Urge.member_id, "催办", urges_stay)
    when_merged(Deferment.member_id, "暂缓申请", none_stay, settle_deferments, deferments_foreseen)
    when_merged(TransferRequest.member_id, "转入申请", none_stay, settle_transfer, transfer_foreseen)
