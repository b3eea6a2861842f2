"""What waits for a member, and what their own page shows besides: hours, wishes in hand, wishes that fit."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for
from sqlalchemy import select

from portal.actors import Actor
from portal.desks.todo_line import Todo
from portal.extensions import db
from portal.records import queries as records
from portal.registrations import queries as registrations
from portal.registrations import urging
from portal.registrations.models import InfoCard, RegistrationState
from portal.wishes import queries as wishes
from portal.wishes.models import Claim, Wish


def of_member(by: Actor, today: dt.date) -> Iterator[Todo]:
    """What a member has to do: report in, fill the card, finish the wishes in hand.  [二(一)]"""
    yield from _reporting(by)
    filled = db.session.scalar(select(InfoCard.id).where(InfoCard.member_id == by.member_id))
    yield Todo(
        0 if filled else 1,
        "填写基本情况信息卡",
        url_for("registrations.own_card"),
        note="特长、服务意向、空闲时间，一分钟填完",
    )
    for claim in wishes.in_hand(by):
        late = int(claim.wish.is_overdue(today))
        due = claim.wish.finish_by
        note = f"{due.month}月{due.day}日前办完" if due else ""
        yield Todo(1, f"办理心愿：{claim.wish.title}", url_for("wishes.page", wish=claim.wish.number), late, due, note)


def _reporting(by: Actor) -> Iterator[Todo]:
    row = registrations.in_progress_of(by.member_id)
    if row and row.state is RegistrationState.ISSUED:
        urged = urging.last_of_member(by.member_id)
        note = f"单位于{urged.day.month}月{urged.day.day}日催办" if urged else f"请在{row.valid_until:%-m月%-d日}前报到"
        label = f"持证明信到{row.community.name}报到"
        yield Todo(1, label, url_for("registrations.mine"), since=row.issued_on, note=note)


@dataclass(frozen=True)
class OwnPage:
    """What a member's desk shows under 待办."""

    services: int
    half_hours: int
    in_hand: list[Claim]
    fitting: list[Wish]
    registered_in: str


def own_page(by: Actor, year: int) -> OwnPage:
    """The member's year so far, what is in hand and what would fit."""
    services, half_hours = records.year_total(by.member_id or 0, year)
    current = registrations.current_of(by.member_id)
    return OwnPage(
        services=services,
        half_hours=half_hours,
        in_hand=wishes.in_hand(by),
        fitting=wishes.fitting(by) if current else [],
        registered_in=current.community.name if current else "",
    )
