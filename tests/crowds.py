"""Many rows at once for tests that need a crowd: registered members with logins, and wishes."""

import datetime as dt
from itertools import cycle, islice

from sqlalchemy import insert, select

from portal import clock
from portal.accounts.models import User
from portal.actors import Role
from portal.extensions import db
from portal.history import HistoryLine
from portal.labels import Category
from portal.people.models import Member
from portal.registrations.models import Registration, RegistrationState, ReportMode
from portal.vault import seal
from portal.wishes.models import Claim, ClaimState, Proposal, ProposalState, Wish, WishState
from tests.cast import Cast, make_member, sign_in

PART = 500
TITLES = (
    "想要一盏护眼台灯",
    "修一修楼道的灯",
    "教我用手机挂号",
    "帮忙量一量血压",
    "给孩子讲一讲作业",
    "想听一次法律讲座",
)
# What a wall looks like after some years: most wishes came true, some wait, a few are new.
MIX = (
    *[WishState.ARCHIVED] * 8,
    *[WishState.CONFIRMED] * 5,
    *[WishState.PUBLISHED] * 4,
    WishState.CLAIMED,
    WishState.DONE,
    WishState.SUBMITTED,
)


def registered_members(cast: Cast, count: int) -> list[User]:
    """Logins of new members, registered in the two communities in turns."""
    users = []
    for index in range(count):
        community = (cast.community1, cast.community2)[index % 2]
        member = make_member(cast.unit1, community, f"党员{index:04}", f"139{index:08}")
        db.session.add(registration(member, 5000 + index))
        users.append(cast.appoint(f"crowd{index}", member.name, Role.MEMBER, member=member, unit=cast.unit1))
    db.session.commit()
    return users


def registration(member: Member, serial: int) -> Registration:
    """A registration that has run its whole course this year."""
    day = clock.today()
    return Registration(
        state=RegistrationState.FILED,
        number=f"{day.year}-{serial:04}",
        year=day.year,
        serial=serial,
        member=member,
        unit_id=member.unit_id,
        community_id=member.community_id,
        issued_on=day,
        valid_days=30,
        issued_by="单位",
        mode=ReportMode.ALONE,
        presented_on=day,
        accepted_on=day,
        received_by="社区",
        receipt_number=f"{day.year}-{serial:04}",
        receipt_year=day.year,
        receipt_serial=serial,
        filed_on=day,
        filed_by="单位",
    )


def cookies(app, users: list[User]) -> list[str]:
    """The Cookie header of a signed-in browser of each login."""
    name = app.config["SESSION_COOKIE_NAME"]
    return [f"{name}={sign_in(app, user).get_cookie(name).value}" for user in users]


def wishes(cast: Cast, count: int, states=(WishState.PUBLISHED,), helpers: list[Member] = ()) -> list[str]:
    """The numbers of new wishes, in these states in turns, spread over two years, with claims and history."""
    helpers = helpers or [cast.member1_row]
    turns = list(islice(cycle(states), count))
    rows = [wish(cast, index, turns[index], count) for index in range(count)]
    for start in range(0, count, PART):
        part = rows[start : start + PART]
        db.session.execute(insert(Wish.__table__), part)
        db.session.execute(insert(HistoryLine.__table__), [line for row in part for line in history(row)])
        if taken := [claim(row, helpers[row["id"] % len(helpers)]) for row in part if row["claimed_at"]]:
            db.session.execute(insert(Claim.__table__), taken)
    db.session.commit()
    return [row["number"] for row in rows]


def invite(numbers: list[str], member_ids: list[int]) -> None:
    """Give each of these wishes two places, and hold one of them for one of these members."""
    now = clock.now()
    for number, member_id in zip(numbers, member_ids, strict=True):
        found = db.session.scalar(select(Wish).where(Wish.number == number))
        found.helpers_needed = 2
        found.proposals.append(
            Proposal(member_id=member_id, state=ProposalState.OPEN, why="同一网格", by_name="儒林社区 王秀兰", at=now,
                     until=now + dt.timedelta(hours=48))
        )  # fmt: skip
    db.session.commit()


def wish(cast: Cast, index: int, state: WishState, count: int) -> dict:
    """The columns of one wish; the older the smaller its index, which also gives its id: there are no others."""
    at = clock.now() - dt.timedelta(days=700 * (count - index) / count, hours=1)
    place = f"{index:032x}"
    published = state != WishState.SUBMITTED
    claimed = published and state != WishState.PUBLISHED
    came_true = state in (WishState.CONFIRMED, WishState.ARCHIVED)
    return {
        "id": index + 1,
        "state": state,
        "number": f"{at.year}-{index + 1:05}",
        "year": at.year,
        "serial": index + 1,
        "community_id": (cast.community1, cast.community2)[index % 2].id,
        "title": TITLES[index % len(TITLES)],
        "category": list(Category)[index % len(Category)],
        "detail": "家里老人眼睛不好，晚上看不清，想请热心人帮一帮忙。" * 2,
        "shown_name": "王某某",
        "helpers_needed": 1,
        "seal_id": place,
        "name_sealed": seal("王秀英", f"wishes.name:{place}"),
        "phone_sealed": seal("13891700000", f"wishes.phone:{place}"),
        "submitted_at": at,
        "published_at": at + dt.timedelta(hours=20) if published else None,
        "claimed_at": at + dt.timedelta(days=2) if claimed else None,
        "full": claimed,
        "confirmed_at": at + dt.timedelta(days=9) if came_true else None,
        "ended_at": at + dt.timedelta(days=9) if came_true else None,
    }


def history(row: dict) -> list[dict]:
    """The lines that such a wish has gathered."""
    shared = {
        "kind": Wish.__tablename__,
        "row_id": row["id"],
        "by_role": Role.CLERK.value,
        "by_name": "儒林社区 王秀兰",
    }
    steps = (
        ("submit", "提交", row["submitted_at"], WishState.SUBMITTED),
        ("publish", "审核通过", row["published_at"], WishState.PUBLISHED),
        ("claim", "认领", row["claimed_at"], WishState.CLAIMED),
        ("confirm", "确认", row["confirmed_at"], WishState.CONFIRMED),
    )
    return [
        shared | {"verb": verb, "label": label, "at": at, "to_state": state.value}
        for verb, label, at, state in steps
        if at
    ]


def claim(row: dict, member: Member) -> dict:
    """The claim of a wish that was taken."""
    over = row["state"] != WishState.CLAIMED
    return {
        "wish_id": row["id"],
        "member_id": member.id,
        "place": 1,
        "slot": row["id"],  # beyond what one member may hold, so that few members do for many wishes
        "leads": True,
        "state": ClaimState.FINISHED if over else ClaimState.OPEN,
        "claimed_at": row["claimed_at"],
    }
