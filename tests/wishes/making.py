"""Wishes and registrations made for a test, straight into a state."""

import datetime as dt

from portal import clock, numbers, vault
from portal.extensions import db
from portal.labels import Category
from portal.registrations.models import Registration, RegistrationState
from portal.wishes.models import Claim, ClaimState, ConfirmedBy, Level, Proposal, ProposalState, Wish, WishState

NAME, PHONE, ADDRESS, TOLD = "陈桂英", "13991234567", "儒林苑3号楼2单元501室", "家里的水龙头漏了三天，孩子们都在外地。"
CODE = "ABCDE23456"
HELD = (WishState.CLAIMED, WishState.DONE, WishState.CONFIRMED)
OVER = (WishState.CONFIRMED, WishState.ARCHIVED, WishState.REJECTED, WishState.MERGED, WishState.WITHDRAWN,
        WishState.CLOSED)  # fmt: skip


def register(cast, *usernames: str) -> None:
    """File a registration for these members, in their home communities."""
    for username in usernames:
        member = cast.places[f"{username}_row"]
        serial = numbers.draw("certificate", 2026)
        db.session.add(
            Registration(
                state=RegistrationState.FILED,
                number=numbers.address_number(2026, serial),
                year=2026,
                serial=serial,
                member_id=member.id,
                unit_id=member.unit_id,
                community_id=member.community_id,
                issued_on=dt.date(2026, 4, 1),
                valid_days=30,
                issued_by="凤翔中学党支部 高翔",
                receipt_number=numbers.address_number(2026, serial),
                receipt_year=2026,
                receipt_serial=serial,
            )
        )
    db.session.commit()


def a_wish(cast, state: str = "published", leader: str = "member1", others: tuple[str, ...] = (), **more) -> Wish:
    """A wish of community1 in a state; from `claimed` on with its leader and further helpers."""
    state = WishState(state)
    serial, now = numbers.draw("wish", 2026), clock.now()
    facts = {
        "state": state, "year": 2026, "serial": serial, "number": numbers.address_number(2026, serial),
        "community_id": cast.community1.id, "grid_id": cast.grid1.id, "shown_name": "陈某某", "submitted_at": now,
        "title": "修一修漏水的水龙头", "category": Category.CONVENIENCE, "detail": "厨房水龙头漏水，请会修的师傅看看。",
        "code_hash": vault.keyed_hash("code", CODE),
        "level": Level.GRID if state is WishState.SUBMITTED else Level.COMMUNITY,
    }  # fmt: skip
    if state is not WishState.SUBMITTED:
        facts["published_at"] = now
    if state in OVER:
        facts["ended_at"] = now
    if state in HELD:
        facts |= {"claimed_at": now, "finish_by": clock.today() + dt.timedelta(days=21)}
        facts |= {"full": len(others) + 1 >= more.get("helpers_needed", 1)}
    if state in HELD[1:]:
        day = {"done_on": clock.today(), "done_from": dt.time(19), "done_by_user_id": cast.users[leader].id}
        facts |= {"done_at": now} | day
    if state is WishState.CONFIRMED:
        facts |= {"confirmed_at": now, "confirmed_by": ConfirmedBy.DEFAULT}
    wish = Wish(**(facts | more))
    wish.told, wish.name, wish.phone, wish.address = TOLD, NAME, PHONE, ADDRESS
    wish.phone_index = vault.blind_index("phone", PHONE)
    if state in HELD:
        wish.claims = [_claim(cast, username, n, state) for n, username in enumerate((leader, *others))]
    db.session.add(wish)
    db.session.commit()
    return wish


def invite(cast, wish: Wish, username: str, state: str = "open", hours: float = 48) -> Proposal:
    """An invitation of this member to the wish; an open one holds a place for so many hours from now."""
    now = clock.now()
    proposal = Proposal(
        wish=wish, member_id=cast.places[f"{username}_row"].id, state=ProposalState(state), why="同一网格",
        by_name="儒林社区 王秀兰", at=now, until=now + dt.timedelta(hours=hours),
        answered_at=None if state == "open" else now,
    )  # fmt: skip
    db.session.add(proposal)
    held = sum(claim.heads or 1 for claim in wish.open_claims) + len(wish.invitations)
    wish.full = held >= wish.helpers_needed
    db.session.commit()
    return proposal


def _claim(cast, username: str, n: int, state: WishState) -> Claim:
    is_open = state is WishState.CLAIMED
    return Claim(
        member_id=cast.places[f"{username}_row"].id,
        place=n + 1,
        slot=1,
        leads=n == 0,
        state=ClaimState.OPEN if is_open else ClaimState.FINISHED,
        claimed_at=clock.now(),
        half_hours=None if is_open else 3,
    )
