"""The lists of bulletins and of contacts as spreadsheets; what a member entrusts to an office is in none."""

from sqlalchemy import Select

from portal.actors import Actor
from portal.feedback import contact_log, routes
from portal.feedback.forms import BulletinFilter, ContactFilter
from portal.list_sheets import ListSheet, offer


def _bulletins(by: Actor) -> tuple[Select, BulletinFilter]:
    form, rows, _ = routes.narrowed(by)
    return rows, form


def _contacts(by: Actor) -> tuple[Select, ContactFilter]:
    form = ContactFilter()
    form.unit.offer(contact_log.units_to_choose(by))
    form.community.offer(contact_log.communities_to_choose(by))
    return contact_log.listed(by, form.how.data, form.unit.data, form.community.data), form


BULLETINS = (
    ("编号", 12, "number"), ("年度", 8, "year"), ("季度", 8, "quarter"), ("单位", 32, "unit.name"),
    ("社区", 14, "community.name"), ("报到人数", 9, "registered"), ("汇总日期", 12, "compiled_on"),
    ("意见", 40, "remark"), ("反馈日期", 12, "sent_on"), ("签收日期", 12, "acknowledged_on"), ("状态", 12, "state"),
)  # fmt: skip
CONTACTS = (
    ("联系日期", 12, "day"), ("方式", 10, "how"), ("单位", 32, "unit.name"), ("社区", 14, "community.name"),
    ("参加的人", 24, "people"), ("内容", 48, "about"), ("结果", 36, "outcome"), ("登记方", 8, "side"),
    ("登记人", 24, "recorded_by"), ("状态", 10, "state"),
)  # fmt: skip

offer(
    ListSheet("bulletins", "季度反馈", "feedback.index", _bulletins, BULLETINS, newest_first=True),
    ListSheet("contacts", "单位—社区联系记录", "contacts.index", _contacts, CONTACTS, newest_first=True),
)
