"""What the demonstration shows of closing a year: the year before last is closed, with a correction in each state."""

import datetime as dt

from sqlalchemy import select

from portal import years
from portal.actors import SYSTEM
from portal.closing import correcting, recounting, workflow
from portal.closing.models import Closing
from portal.demo.county import County
from portal.demo.moving import login
from portal.extensions import db
from portal.labels import Category
from portal.people.models import Community, Member, MemberStatus
from portal.records import workflow as records
from portal.records.models import Evidence, ServiceRecord
from portal.scheme.queries import default_year

WHAT = ("清扫儒林苑楼道", "值守社区便民服务台", "为老人代购药品")


def settle(county: County) -> None:
    """Three services of the year before last, its closing by two of the county office, and what was put right since."""
    year = county.year - 2
    db.session.add(default_year(year))
    served = [_served(county, year, number, what) for number, what in enumerate(WHAT)]
    _close(county, year)
    first, second, clerk = login(county, "county"), login(county, "county2"), login(county, "community1")
    done = correcting.reopen(served[0], first, "本人反映这次服务没有参加，社区查实")
    records.void(served[0], clerk, reason="本人没有参加，登记有误")
    correcting.finish(done, first)
    correcting.reopen(served[1], second, "时长登记多了一小时，请社区核对")
    taken_back = correcting.reopen(served[2], first, "单位来电询问")
    correcting.withdraw(taken_back, first, reason="核对后没有差错")


def _served(county: County, year: int, number: int, what: str) -> ServiceRecord:
    place = db.session.get_one(Community, county.places[0].id)
    here = (Member.community_id == place.id, Member.status == MemberStatus.ACTIVE)
    member = db.session.scalars(select(Member).where(*here).order_by(Member.id.desc()).offset(number).limit(1)).one()
    service = records.Service(
        member=member, place=place, day=dt.date(year, 9, 7 + number), starts=dt.time(19, 0), half_hours=4,
        category=Category.CONVENIENCE, what=what,
    )  # fmt: skip
    record = records.record_service(service, login(county, "community1"), Evidence.LATE)
    records.confirm(record, login(county, "community1b"))
    return record


def _close(county: County, year: int) -> Closing:
    """What the worker does, in the one transaction of the demonstration."""
    row = workflow.propose(year, login(county, "county"))
    workflow.confirm(row, login(county, "county2"))
    with years.lifted():
        for work in workflow.works():
            for ids in work.parts(year):
                work.part(year, ids)
                row.total += len(ids)
    for number, by in recounting.PLAN:
        db.session.add(recounting.counted(row.id, year, number, by))
        row.total += 1
    db.session.flush()
    workflow.close(row, SYSTEM, sha256=recounting.fingerprint(row.id))
    return row
