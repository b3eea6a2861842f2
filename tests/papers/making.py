"""Registrations with their papers in the ledger, for tests of papers."""

import datetime as dt

from sqlalchemy import delete

from portal import clock, numbers
from portal.archives.models import ArchivedPaper
from portal.extensions import db
from portal.labels import Category
from portal.people.models import Education, Member, Unit, UnitKind, UnitLevel
from portal.people.names import surname_of
from portal.records.models import Evidence, RecordState, ServiceRecord, Source
from portal.registrations.models import (
    CardFreeTime,
    CardIntention,
    CardSkill,
    FreeTime,
    InfoCard,
    Registration,
    RegistrationState,
    ReportMode,
)  # fmt: skip
from tests.cast import Cast, make_member

LONG_UNIT = "凤翔县住房和城乡建设局下属城市建设综合服务中心（市政站）"  # 28 characters


def certificate(member: Member, **facts) -> Registration:
    """A registration whose certificate was issued on 6 May 2026."""
    serial = numbers.draw("certificate", 2026)
    row = Registration(
        number=numbers.address_number(2026, serial), year=2026, serial=serial, member=member, unit=member.unit,
        community=member.community, issued_on=dt.date(2026, 5, 6), valid_days=30, issued_by="高翔", **facts,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    numbers.issue("certificate", 2026, serial, 1, row.id, surname_of(member.name), member.unit.name)
    return row


def accepted(row: Registration) -> Registration:
    """The same, received by 王秀兰 on 10 May 2026, with receipt and final card."""
    serial = numbers.draw("receipt", 2026)
    row.receipt_number = numbers.address_number(2026, serial)
    row.receipt_year, row.receipt_serial = 2026, serial
    row.state, row.mode = RegistrationState.ACCEPTED, ReportMode.ALONE
    row.presented_on, row.accepted_on, row.received_by = dt.date(2026, 5, 9), dt.date(2026, 5, 10), "王秀兰"
    numbers.issue("receipt", 2026, serial, 1, row.id, surname_of(row.member.name), row.community.name)
    serial = numbers.draw("info-card", 2026)
    numbers.issue("info-card", 2026, serial, 1, row.id, surname_of(row.member.name), row.unit.name)
    return row


def card(member: Member, skills=(), intentions=(), free_times=(), estate=None) -> InfoCard:
    """A filled card."""
    made = InfoCard(member=member, estate=estate, filled_at=clock.now(), filled_by=member.name, checked_year=2026)
    made.skills = [CardSkill(skill=skill) for skill in skills]
    made.intentions = [CardIntention(category=category) for category in intentions]
    made.free_times = [CardFreeTime(free_time=time) for time in free_times]
    db.session.add(made)
    return made


def full_member(cast: Cast) -> Member:
    """A member whose every fact is long."""
    unit = Unit(code="U09", name=LONG_UNIT, kind=UnitKind.OFFICE, level=UnitLevel.COUNTY, supervisor=cast.dept1,
                phone="0917-7212999")  # fmt: skip
    member = make_member(
        unit, cast.community1, "买买提·吐尔逊·阿卜杜热合曼", "13891701009", ethnicity="维吾尔族", born="1979-11",
        joined="2001-06", education=Education.MASTER, post="党支部副书记、综合办公室主任（兼工会主席）",
        title="高级工程师（市政公用）", branch="凤翔县住房和城乡建设局下属城市建设综合服务中心第二党支部（市政管理站）",
        address="东关街道翠湖花园小区（二期）甲区18号楼3单元21层2104室（原建设局家属院）",
    )  # fmt: skip
    member.grid = cast.grid2
    card(
        member,
        skills=("市政道路与排水设计", "维汉双语翻译与普通话教学", "无人机航拍", "家电维修", "法律咨询", "书法与春联"),
        intentions=Category, free_times=FreeTime, estate=cast.estate1,
    )  # fmt: skip
    return member


def service(member: Member, day: dt.date, **facts) -> ServiceRecord:
    """A confirmed service of 1.5 hours from nine o'clock, recorded by one clerk and confirmed by another."""
    given = {
        "state": RecordState.CONFIRMED, "starts": dt.time(9), "half_hours": 3, "category": Category.CONVENIENCE,
        "what": "修理楼道灯", "for_whom": "独居老人", "source": Source.HAND, "evidence": Evidence.ORGANISER,
        "recorded_by": "儒林社区 王秀兰", "confirmed_by": "儒林社区 赵晓梅", "place": member.community,
        "recorded_at": clock.now(),
    }  # fmt: skip
    row = ServiceRecord(
        member=member, unit=member.unit, supervisor_id=member.unit.supervisor_id, community=member.community, day=day,
        **given | facts,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def as_before_the_archive() -> None:
    """Forget the words kept of all papers so far: those of before the archive are printed as their records stand."""
    db.session.commit()
    db.session.execute(delete(ArchivedPaper))
    db.session.commit()
