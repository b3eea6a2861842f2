"""One person on two rosters, with everything that can hang on a member, for the room's tests."""

import datetime as dt
from dataclasses import dataclass

import pytest
from sqlalchemy import func, select

from portal.actors import Role
from portal.doubles import joining, workflow
from portal.doubles.models import Double
from portal.extensions import Base, db
from portal.labels import Category
from portal.people.models import Member
from portal.pledges import workflow as pledges
from portal.records.models import Evidence, RecordState, ServiceRecord
from portal.records.workflow import Service, record_service
from portal.registrations import workflow as registrations
from portal.registrations.models import InfoCard, Registration
from tests.cast import make_member
from tests.pledges.conftest import item

NAME, PHONE = "欧阳䶮", "13891701001"
WHY = "已与两个单位的联络员电话核对"


@pytest.fixture(autouse=True)
def may(time_machine):
    time_machine.move_to("2026-05-06 02:00:00+00:00")


@dataclass
class Pair:
    """member1 of unit1 in community1, and the same person on unit2's roster, in community2."""

    cast: object
    first: Member
    second: Member

    def opened(self, by: str = "county") -> Double:
        """The case of the two, opened by the county."""
        row = workflow.look_into(self.first, self.second, self.cast.by(by))
        db.session.commit()
        return row

    def merged(self, keep: str = "first", by: str = "county") -> Double:
        """The case, merged into one of the two."""
        row = self.opened()
        merge(row, getattr(self, keep), self.cast.by(by))
        db.session.commit()
        return row

    def registered(self, which: str) -> Registration:
        """One of the two reports where they live."""
        member = getattr(self, which)
        liaison, clerk = ("liaison1", "clerk1") if which == "first" else ("liaison2", "clerk2")
        row = registrations.issue(member, self.cast.by(liaison))
        registrations.accept(row, self.cast.by(clerk))
        db.session.commit()
        return row

    def record(self, which: str, day: int = 2, at: int = 9, state: str = "confirmed", **more) -> ServiceRecord:
        """A service of one of the two, on a day of May, of two hours."""
        member, by = getattr(self, which), self.cast.by("clerk1")
        service = Service(
            member=member, place=self.cast.community1, day=dt.date(2026, 5, day), starts=dt.time(at), half_hours=4,
            category=Category.ENVIRONMENT, what="清扫楼道", **more,
        )  # fmt: skip
        row = record_service(service, by, Evidence.ORGANISER, confirmed_by=self.cast.by("clerk1b"))
        row.state = RecordState(state)
        db.session.commit()
        return row

    def pledge(self, which: str, state: str = "shown"):
        """This year's pledge of one of the two."""
        member, username = getattr(self, which), "member1" if which == "first" else "member1b"
        row = pledges.write(member, self.cast.by(username), [item()])
        pledges.submit(row, self.cast.by(username))
        if state != "submitted":
            pledges.approve(row, self.cast.by("liaison1" if which == "first" else "liaison2"))
        db.session.commit()
        return row

    def card(self, which: str) -> InfoCard:
        """The info card of one of the two."""
        row = InfoCard(
            member=getattr(self, which), filled_at=dt.datetime(2026, 5, 1, tzinfo=dt.UTC), filled_by=NAME,
            checked_year=2026,
        )  # fmt: skip
        db.session.add(row)
        db.session.commit()
        return row


def merge(row: Double, kept: Member, by) -> None:
    """Merge as the page does: with the mark of what was foreseen."""
    gone = row.other_than(kept.id)
    seen = workflow.mark_of(joining.foreseen(kept, gone))
    workflow.merge(row, by, reason=WHY, kept_id=kept.id, seen=seen)


@pytest.fixture
def pair(cast) -> Pair:
    """One person on two rosters, with a login on each."""
    second = make_member(cast.unit2, cast.community2, NAME, PHONE)
    cast.places["member1b_row"] = second
    cast.appoint("member1b", NAME, Role.MEMBER, member=second, unit=cast.unit2)
    db.session.commit()
    return Pair(cast, cast.member1_row, second)


def everything() -> dict[str, list[dict]]:
    """Every row of every table but the traces, without the counts of changes: what a reversal must restore."""
    found = {}
    for table in Base.metadata.sorted_tables:
        if table.name in ("history", "audit", "messages", "doubles", "signed_in_sessions", "once_keys"):
            continue
        columns = [column for column in table.c if column.name != "version"]
        rows = db.session.execute(select(*columns).order_by(columns[0]))
        found[table.name] = [dict(row) for row in rows.mappings()]
    return found


def count(model, *where) -> int:
    """How many rows of a kind there are."""
    return db.session.scalar(select(func.count()).select_from(model).where(*where))
