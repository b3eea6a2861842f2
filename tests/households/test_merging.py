"""Two rows of one person: they support a household once, and came on a visit once."""

import datetime as dt

from portal.doubles import workflow as doubles
from portal.extensions import db
from portal.households import merging, visiting
from portal.households.models import Support, SupportState, Visit, VisitPerson, VisitState
from tests.doubles.conftest import everything, may, pair  # noqa: F401
from tests.households.conftest import a_household, a_support
from tests.wishes.making import register


def test_of_two_supports_of_one_household_one_stays_with_the_lead(pair):  # noqa: F811
    cast = pair.cast
    register(cast, "member1", "member2")
    row = a_household(cast)
    a_support(cast, row, "member2")
    kept = a_support(cast, row)
    lone = a_household(cast, name="李秀英")
    gone = _support(pair, row, place=3, leads=False)
    alone = _support(pair, lone, place=1, leads=True)
    at = dt.datetime(2026, 5, 6, tzinfo=dt.UTC)
    visit = Visit(household=row, day=at.date(), half_hours=2, recorded_at=at,
                  recorded_by="县医院党总支 欧阳䶮", state=VisitState.RECORDED, recorded_by_member_id=pair.second.id,
                  people=[VisitPerson(member=pair.first), VisitPerson(member=pair.second)])  # fmt: skip
    visit.done = "陪老人说话"
    db.session.add(visit)
    db.session.commit()
    assert merging.foreseen(pair.first, pair.second) == ["1 户联系对象有两条结对，只留一条。"]
    before = everything()
    case = pair.merged()
    assert (kept.state, gone.state, alone.member_id) == (SupportState.ACTIVE, SupportState.ENDED, pair.first.id)
    assert [person.member_id for person in visit.people] == [pair.first.id, pair.second.id]
    assert visit.recorded_by_member_id == pair.first.id
    assert visiting.flow.moves["withdraw"].who(visit, cast.by("member1"))
    doubles.reverse(case, cast.by("county"), reason="弄错了")
    db.session.commit()
    now = everything()
    assert {name: now[name] for name in ("supports", "visits", "visit_people")} == {
        name: before[name] for name in ("supports", "visits", "visit_people")
    }


def _support(pair, household, place: int, leads: bool) -> Support:  # noqa: F811
    support = Support(
        household=household, member=pair.second, place=place, leads=leads, state=SupportState.ACTIVE,
        proposed_on=dt.date(2026, 5, 1), proposed_by="儒林社区 王秀兰", since=dt.date(2026, 5, 1),
    )  # fmt: skip
    db.session.add(support)
    db.session.commit()
    return support
