"""Templates of exports for other platforms: one in use, one not any more."""

from portal.bridge.models import BridgeColumn, BridgeKind, BridgeTemplate
from portal.demo.county import County
from portal.extensions import db

# As such an import asks for them: name, kind, in use or not, and the fields with their headings.
TEMPLATES = (
    ("省志愿服务平台·党员时长", BridgeKind.MEMBERS, True,
     (("name", "志愿者姓名"), ("unit", "所属组织"), ("times", "服务次数"), ("hours", "累计时长"), ("blank", "备注"))),
    ("市社区活动台账", BridgeKind.ACTIVITIES, True,
     (("title", "活动名称"), ("day", "日期"), ("place", "地点"), ("organiser", "主办单位"), ("came", "参加人数"))),
    ("旧平台服务明细", BridgeKind.SERVICES, False, (("name", "姓名"), ("day", "日期"), ("hours", "小时"))),
)  # fmt: skip


def settle(_county: County) -> None:
    """Write them."""
    for name, kind, active, columns in TEMPLATES:
        written = [BridgeColumn(place=place, field=key, heading=head) for place, (key, head) in enumerate(columns, 1)]
        db.session.add(BridgeTemplate(name=name, kind=kind, active=active, columns=written))
    db.session.flush()
