"""The 基本情况信息卡: filled by the member or by the unit's liaison in their place.

Facts of the roster are shown, not asked again; only phone and address may be corrected here.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, exists, select
from sqlalchemy.orm import selectinload

from portal import audit, clock, history
from portal.accounts.queries import able_members, members_with_login
from portal.actors import Actor, Role
from portal.errors import NotYours, RuleBroken, TooLate
from portal.extensions import db
from portal.labels import Category
from portal.people.members import set_member_facts
from portal.people.models import Estate, Member
from portal.registrations import queries, workflow
from portal.registrations.models import (
    CURRENT,
    IN_PROGRESS,
    CardFreeTime,
    CardIntention,
    CardSkill,
    FreeTime,
    InfoCard,
    Registration,
)
from portal.registrations.workflow import works_for

MOST_SKILLS = 8


@dataclass(frozen=True)
class CardFacts:
    """What a card holds beyond the roster, and the two roster facts that a member may correct."""

    skills: Sequence[str]
    intentions: Sequence[Category]
    free_times: Sequence[FreeTime]
    estate_id: int | None
    phone: str
    address: str


def may_fill(member: Member, by: Actor) -> bool:
    """Whether this person fills the card of this member: the member, or a liaison for one who cannot sign in."""
    return _is_own(member, by) or (works_for(member.unit, member, by) and not members_with_login([member.id]))


def check_may_fill(member: Member, by: Actor) -> None:
    """Say why this person does not fill the card: NotYours, or RuleBroken for a member who can sign in."""
    if may_fill(member, by):
        return
    if works_for(member.unit, member, by):
        raise RuleBroken(f"{member.name}有登录账号，请本人填写。")
    raise NotYours("信息卡由本人填写；没有账号的，由所在单位联络员代办（本人的除外）。")


def _is_own(member: Member, by: Actor) -> bool:
    return by.is_in(Role.MEMBER) and by.is_self(member.id)


def card_of(member_id: int) -> InfoCard | None:
    """The card of a member, or None when it was never filled."""
    return db.session.scalar(select(InfoCard).where(InfoCard.member_id == member_id))


def fill(member: Member, by: Actor, facts: CardFacts, version: int = 0) -> InfoCard:
    """A member fills the card, or the unit for one without a login; once accepted, each correction is a new version.

    `version` is that of the card which was shown (0: none yet). Raises NotYours, RuleBroken, TooLate when
    somebody else saved it in between.  [二(一)] [附件1]
    """
    check_may_fill(member, by)
    _check(member, facts)
    workflow.hold(member)
    card = card_of(member.id)
    if card is not None and card.version != version:
        raise TooLate(f"{card.filled_by}刚刚更新过这张信息卡，请核对后再保存。")
    stand_in = not by.is_in(Role.MEMBER)
    changed = set_member_facts(member, phone=facts.phone, address=facts.address)
    card = card or InfoCard(member=member, version=0)
    _write(card, facts)
    card.filled_at, card.filled_by, card.stand_in = clock.now(), by.shown, stand_in
    card.checked_year, card.checked_by = clock.today().year, None
    card.version += 1
    db.session.add(card)
    db.session.flush()
    history.write(card, by, "fill", "填写信息卡", stand_in=stand_in)
    audit.write(by, "info_cards.fill", card, fields=("skills", "intentions", "free_times", "estate", *changed))
    _renew_paper(member)
    return card


def check(member: Member, by: Actor, version: int | None = None) -> InfoCard:
    """A member says once a year that the card is still right; the unit only for a member who cannot sign in.

    `version` is that of the card which was shown, where one was. Raises NotYours, RuleBroken, TooLate.  [二(一)]
    """
    own, card = _is_own(member, by), card_of(member.id)
    if not own and not works_for(member.unit, member, by):
        raise NotYours("信息卡由本人核对；没有账号的，由所在单位联络员代办（本人的除外）。")
    if not own and members_with_login([member.id]):
        raise RuleBroken(f"{member.name}有登录账号，请本人核对。")
    if card is None:
        raise RuleBroken(f"{member.name}还没有填写信息卡，请先填写。")
    workflow.hold(member)
    db.session.refresh(card)
    if card.version != (version or card.version):
        raise TooLate(f"{card.filled_by}刚刚更新过这张信息卡，请核对新的内容。")
    card.checked_year, card.checked_by = clock.today().year, by.shown + ("" if own else "（代办）")
    history.write(card, by, "check", "信息无误", stand_in=not own)
    audit.write(by, "info_cards.check", card, fields=("checked_year",))
    return card


def cards_of(member_ids: Collection[int]) -> dict[int, InfoCard]:
    """The cards of these members, with what stands in their lists."""
    lists = map(selectinload, (InfoCard.skills, InfoCard.intentions, InfoCard.free_times))
    rows = select(InfoCard).where(InfoCard.member_id.in_(member_ids)).options(*lists)
    return {card.member_id: card for card in db.session.scalars(rows)}


def without_card(member_id: int | None) -> Select:
    """The member, as long as they have no card."""
    return select(Member).where(Member.id == member_id, ~exists().where(InfoCard.member_id == Member.id))


def to_check(member_id: int | None) -> Select:
    """The member, as long as their card waits for the yearly look of who is registered."""
    return select(Member).where(Member.id == member_id, _waits_for_its_look())


def must_check(member_id: int | None) -> bool:
    """Whether the member's card waits for the yearly look."""
    return db.session.scalar(to_check(member_id).with_only_columns(Member.id)) is not None


def unchecked(unit_id: int | None) -> Select:
    """The registered members of a unit whose card nobody found right this year, by name."""
    return select(Member).where(Member.unit_id == unit_id, _waits_for_its_look()).order_by(Member.pinyin, Member.id)


def _waits_for_its_look() -> ColumnElement[bool]:
    old = exists().where(InfoCard.member_id == Member.id, InfoCard.checked_year < clock.today().year)
    return and_(old, queries.is_registered(Member.id))


def unfilled(unit_id: int | None) -> Select:
    """The members of a unit on their way or registered who can't sign in and whose card nobody filled, by name."""
    case = exists().where(Registration.member_id == Member.id, Registration.state.in_((*IN_PROGRESS, *CURRENT)))
    lacking = (~exists().where(InfoCard.member_id == Member.id), Member.id.not_in(able_members()))
    return select(Member).where(Member.unit_id == unit_id, case, *lacking).order_by(Member.pinyin, Member.id)


def _check(member: Member, facts: CardFacts) -> None:
    if len(facts.skills) > MOST_SKILLS:
        raise RuleBroken(f"特长最多填写 {MOST_SKILLS} 项。")
    estate = facts.estate_id and db.session.get(Estate, facts.estate_id)
    if facts.estate_id and (estate is None or estate.community_id != member.community_id):
        raise RuleBroken("请选择居住社区内的小区。")


def _write(card: InfoCard, facts: CardFacts) -> None:
    """Set what the card holds; rows that stay are kept, since a delete and an insert of the same would clash."""
    card.estate_id = facts.estate_id
    card.skills = _kept(card.skills, CardSkill, "skill", facts.skills)
    card.intentions = _kept(card.intentions, CardIntention, "category", facts.intentions)
    card.free_times = _kept(card.free_times, CardFreeTime, "free_time", facts.free_times)


def _kept(rows: list, model: type, name: str, values: Sequence) -> list:
    old = {getattr(row, name): row for row in rows}
    return [old.get(value) or model(**{name: value}) for value in dict.fromkeys(values)]


def _renew_paper(member: Member) -> None:
    current = queries.current_of(member.id)
    if current is not None:
        workflow.make_card_final(current)
