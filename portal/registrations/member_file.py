"""The community's file of in-service members (在职党员信息库): who is registered there, and what they can do."""

from dataclasses import dataclass

from sqlalchemy import Select, String, select, type_coerce
from sqlalchemy.orm import joinedload

from portal.actors import Actor
from portal.labels import Category
from portal.people.models import Member
from portal.people.queries import named
from portal.registrations.models import (
    CURRENT,
    CardFreeTime,
    CardIntention,
    CardSkill,
    FreeTime,
    InfoCard,
    Registration,
)
from portal.registrations.queries import visible_to
from portal.teams import queries as teams


@dataclass(frozen=True)
class Wanted:
    """What the file is searched for; nothing means all."""

    words: str = ""
    skill: str = ""
    intention: Category | None = None
    free_time: FreeTime | None = None
    grid_id: int | None = None
    team_id: int | None = None
    unplaced: bool = False


def listed(by: Actor, wanted: Wanted) -> Select:
    """The current registrations of this person's community that fit, with their members and cards."""
    rows = visible_to(by).where(Registration.state.in_(CURRENT))
    if wanted.words:
        rows = rows.where(named(Member, wanted.words))
    if wanted.grid_id is not None:
        rows = rows.where(Registration.grid_id == (wanted.grid_id or None))
    if wanted.team_id is not None:
        rows = rows.where(teams.is_in(wanted.team_id, Registration.member_id))
    if wanted.unplaced:
        rows = rows.where(~teams.is_in_any(Registration.member_id))
    for card_line, condition in _card_conditions(wanted):
        fitting = select(InfoCard.member_id).join(card_line, card_line.card_id == InfoCard.id).where(condition)
        rows = rows.where(Registration.member_id.in_(fitting))
    card = joinedload(Registration.card)
    return rows.options(
        joinedload(Registration.grid),
        card.selectinload(InfoCard.skills), card.selectinload(InfoCard.intentions),
        card.selectinload(InfoCard.free_times), card.joinedload(InfoCard.estate),
    )  # fmt: skip


def _card_conditions(wanted: Wanted) -> list:
    conditions: list = []
    if wanted.skill:
        conditions.append((CardSkill, type_coerce(CardSkill.skill, String).contains(wanted.skill, autoescape=True)))
    if wanted.intention:
        conditions.append((CardIntention, CardIntention.category == wanted.intention))
    if wanted.free_time:
        conditions.append((CardFreeTime, CardFreeTime.free_time == wanted.free_time))
    return conditions


def lines(rows: list[Registration]) -> list[list]:
    """The cells of these registrations for the exported sheet, as HEADS names them."""
    named = teams.names_of([row.member_id for row in rows])
    return [_line(row, named.get(row.member_id, "")) for row in rows]


def _line(row: Registration, teams_of: str) -> list:
    member, card = row.member, row.card
    return [
        row.number, member.name, member.sex.label, row.unit.name, member.post or "", "是" if member.leading else "",
        row.grid.name if row.grid else "", teams_of, card.estate.name if card and card.estate else "",
        member.phone or "",
        "、".join(skill.skill for skill in card.skills) if card else "",
        "、".join(each.category.label for each in card.intentions) if card else "",
        "、".join(each.free_time.label for each in card.free_times) if card else "",
        row.accepted_on, row.receipt_number,
    ]  # fmt: skip


HEADS = (
    ("证明信编号", 12), ("姓名", 14), ("性别", 6), ("单位", 28), ("职务", 14), ("领导干部", 9), ("网格", 12),
    ("服务队", 18), ("小区", 16), ("电话", 14), ("特长", 24), ("服务意向", 28), ("空闲时间", 18), ("报到日期", 12),
    ("回执编号", 12),
)  # fmt: skip
