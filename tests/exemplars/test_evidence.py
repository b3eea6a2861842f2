"""What the records say of a member's year, recounted by hand: wishes alone and with others, ratings, thanks."""

import datetime as dt

from portal import clock
from portal.exemplars import evidence
from portal.extensions import db
from portal.wishes.models import ClaimPerson, ClaimState
from tests.wishes.making import a_wish

MAY = clock.moment_of("2026-05-16T10:00")


def fulfilled(cast, helper: dict, people: dict[str, int | None], **more):
    """A wish of this May that came true by this helper; `people` came for it, with their half hours."""
    wish = a_wish(cast, "confirmed", **{"confirmed_at": MAY} | more)
    (claim,) = wish.claims
    for name, value in ({"member_id": None, "slot": None, "half_hours": None} | helper).items():
        setattr(claim, name, value)
    claim.people = [ClaimPerson(member=cast.places[f"{name}_row"], half_hours=spent) for name, spent in people.items()]
    db.session.commit()
    return wish


def test_a_wish_that_several_fulfilled_counts_once_for_each_who_took_part(cast):
    alone = {"member_id": cast.member1_row.id, "slot": 1}
    fulfilled(cast, alone | {"half_hours": 2}, {}, rating=5, thanks="多谢。")
    fulfilled(cast, alone, {}, rating=2)  # they took no part in the end
    of_unit = {"unit_id": cast.unit1.id}
    fulfilled(cast, of_unit, {"member1": 3, "member2": 2, "member3": None}, rating=4, thanks="修得好。")
    fulfilled(cast, of_unit, {"member1": 1}, confirmed_at=MAY - dt.timedelta(days=365), rating=1)  # last year's
    fulfilled(cast, of_unit, {"member1": 2}, rating=3)
    given_up = fulfilled(cast, of_unit, {"member1": 2})
    given_up.claims[0].state = ClaimState.RELEASED
    db.session.commit()
    first, second, third = (
        evidence.of(each.id, 2026) for each in (cast.member1_row, cast.member2_row, cast.member3_row)
    )
    assert (first.wishes, first.rated, first.average, first.thanks) == (3, 3, 4.0, ["多谢。", "修得好。"])
    assert (second.wishes, second.rated, second.average, second.thanks) == (1, 1, None, ["修得好。"])
    assert (third.wishes, third.thanks) == (0, [])
