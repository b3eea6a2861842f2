"""A registered member and pieces of a year, written straight into the tables, for the tests of the five ones."""

import datetime as dt

import pytest

from portal import clock
from portal.activities.models import Activity, ActivityKind, ActivityState, Benefit
from portal.extensions import db
from portal.households.kinds import HouseholdKind
from portal.households.models import Household, HouseholdState, Support, SupportState, Visit, VisitState
from portal.labels import Category
from portal.people.models import Sex
from portal.posts.models import Post, PostClaim, PostClaimState
from portal.records.models import Evidence, RecordState, ServiceRecord, Source
from portal.registrations.models import Registration
from tests.registrations.conftest import walk


class Year:
    """member1's year, a piece at a time; each piece is committed."""

    def __init__(self, cast, registration: Registration):
        self.cast, self.member, self.registration = cast, cast.member1_row, registration
        self.serial = 100

    def _number(self) -> dict:
        self.serial += 1
        return {"number": f"2026-{self.serial:04d}", "year": 2026, "serial": self.serial}

    def _keep(self, *rows):
        db.session.add_all(rows)
        db.session.commit()
        return rows[0]

    def service(self, day: dt.date, half_hours: int = 2, state: str = "confirmed", **more) -> ServiceRecord:
        """One service record."""
        facts = {
            "member": self.member, "unit_id": self.member.unit_id, "supervisor_id": self.member.unit.supervisor_id,
            "community_id": self.cast.community1.id, "place_id": self.cast.community1.id, "day": day,
            "half_hours": half_hours, "category": Category.ENVIRONMENT, "what": "清理楼道", "source": Source.HAND,
            "evidence": Evidence.ORGANISER, "recorded_at": clock.now(), "recorded_by": "社区",
            "state": RecordState(state),
        }  # fmt: skip
        return self._keep(ServiceRecord(**facts | more))

    def post(self, since: dt.date, until: dt.date | None = None, confirmed_for: int = 2026) -> PostClaim:
        """A post held."""
        post = Post(**self._number(), community=self.cast.community1, category=Category.ORDER, title="治安巡逻岗",
                    duty="巡逻", place="东门", times="周末晚上", capacity=5, opened_on=dt.date(2025, 1, 1))  # fmt: skip
        state = PostClaimState.ENDED if until else PostClaimState.ACTIVE
        return self._keep(PostClaim(post=post, member=self.member, state=state, place=1, at=clock.now(), since=since,
                                    until=until, confirmed_for=confirmed_for))  # fmt: skip

    def activity(self, day: dt.date, benefit: Benefit = Benefit.PUBLIC) -> Activity:
        """An activity that was settled."""
        return self._keep(
            Activity(
                **self._number(), state=ActivityState.SETTLED, community=self.cast.community1, benefit=benefit,
                kind=ActivityKind.SERVICE, category=Category.ENVIRONMENT, title="清理河道", detail="清理河道",
                place="河边", day=day, starts=dt.time(9), ends=dt.time(11), published_at=clock.now(),
            )
        )  # fmt: skip

    def support(self, since: dt.date, until: dt.date | None = None, member=None, household=None) -> Support:
        """A household supported, by member1 or somebody else."""
        household = household or Household(
            **self._number(), state=HouseholdState.DRAFT, community=self.cast.community1, kind=HouseholdKind.POOR,
            shown_name="陈某某", sex=Sex.FEMALE, entered_on=since, entered_by="社区",
        )  # fmt: skip
        self._keep(household)
        return self._keep(
            Support(
                household=household, member=member or self.member,
                state=SupportState.ENDED if until else SupportState.ACTIVE,
                place=len(household.supports) + 1, since=since, until=until, proposed_on=since, proposed_by="社区",
            )
        )  # fmt: skip

    def visit(self, household: Household, day: dt.date, state: str = "confirmed") -> Visit:
        """A visit, by another supporter; a confirmed one with its record."""
        visit = self._keep(
            Visit(household=household, day=day, half_hours=2, state=VisitState(state), recorded_at=clock.now(),
                  recorded_by="本人", answered_by="网格员")
        )  # fmt: skip
        if state == "confirmed":
            self.service(day, member=self.cast.member2_row, source=Source.VISIT, source_id=visit.id)
        return visit


@pytest.fixture
def year(cast) -> Year:
    """member1, registered for years, in 2026."""
    row = walk(cast, "filed")
    row.accepted_on = row.filed_on = dt.date(2020, 5, 1)
    db.session.commit()
    return Year(cast, row)
