"""What the workbook of the first day consists of: its sheets, and the columns of each.  [二(一)] [三1]"""

from portal.firstday import values
from portal.firstday.models import Part
from portal.labels import Category, Labelled
from portal.people.models import SupervisorKind, UnitKind, UnitLevel
from portal.registrations.models import ReportMode
from portal.rosters import columns as roster
from portal.rosters import values as cells
from portal.rosters.columns import YES_NO, Column, Layout


def _labels(kind: type[Labelled]) -> tuple[str, ...]:
    return tuple(one.label for one in kind)


_HEAD = Column("head", "负责人", cells.plain_text, "", "王建国", 12, ("书记", "党组织负责人", "党组织书记"), 40)
_DEPUTY = Column("deputy", "分管领导", cells.plain_text, "", "李梅", 12, ("分管负责人",), 40)
_OFFICE_PHONE = Column(
    "phone", "办公电话", cells.phone, "带区号的座机或手机。", "0917-7212345", 16, ("电话", "联系电话")
)
_CODE = Column("code", "代码", values.code, "县里的组织代码；没有的自编一个，以后用它指明组织。", "U001", 10,
               ("组织代码", "编码"), 20, True)  # fmt: skip
_UNIT = Column("unit", "单位", cells.plain_text, "单位的代码或名称，与“单位”表或系统中的一致。", "凤翔中学党支部", 22,
               ("单位名称", "所在单位", "单位党组织"), 60, True)  # fmt: skip
_COMMUNITY = Column("community", "社区", cells.plain_text, "社区的代码或名称。", "儒林社区", 14,
                    ("社区名称", "所属社区", "所在社区"), 60, True)  # fmt: skip
_PERSON = (
    Column("name", "姓名", cells.name, "与“党员”表或系统名册一致。", "王强", 12, ("党员姓名",), 40, True),
    _UNIT,
    Column("phone", "手机号", cells.phone, "同一单位有同名党员时必须填写。", "13891701234", 15,
           ("手机", "联系电话", "电话")),
)  # fmt: skip


def _name(label: str, example: str, most: int = 60) -> Column:
    return Column("name", label, cells.plain_text, "全称，全县不重复。", example, 26, ("名称",), most, True)


LAYOUTS: dict[Part, Layout] = {
    Part.SUPERVISORS: Layout((
        _CODE, _name("党组织名称", "城关镇党委"),
        Column("kind", "类别", values.supervisor_kind, "", "镇党委", 30, ("党组织类别",), 200, True,
               _labels(SupervisorKind)),
        Column("leads_county_town", "是否牵头县城社区", cells.yes_or_no, "只有城关镇填是；空白为否。", "是", 12,
               ("牵头县城社区",), 200, False, YES_NO),
        _HEAD, _DEPUTY, _OFFICE_PHONE,
    )),
    Part.UNITS: Layout((
        _CODE, _name("单位名称", "凤翔中学党支部"),
        Column("kind", "单位类型", values.label_of(UnitKind), "", "事业", 10, ("类型", "单位性质"), 200, True,
               _labels(UnitKind)),
        Column("level", "级别", values.label_of(UnitLevel), "", "县", 8, ("单位级别", "层级"), 200, True,
               _labels(UnitLevel)),
        Column("supervisor", "上级党组织", cells.plain_text, "代码或名称。", "县教育体育局党委", 22,
               ("主管部门", "上级"), 60, True),
        _HEAD, _DEPUTY, _OFFICE_PHONE,
    )),
    Part.COMMUNITIES: Layout((
        _CODE, _name("社区名称", "儒林社区"),
        Column("supervisor", "所属镇", cells.plain_text, "镇党委的代码或名称。", "城关镇党委", 16,
               ("镇党委", "上级党组织", "所属镇党委"), 60, True),
        _HEAD, Column("receptionist", "接洽人", cells.plain_text, "", "王秀兰", 12, ("接待人",), 40), _OFFICE_PHONE,
        Column("address", "办公地址", cells.plain_text, "", "东大街12号", 24, ("地址",), 80),
    )),
    Part.GRIDS: Layout((
        _COMMUNITY,
        Column("code", "网格代码", values.code, "在本社区内不重复。", "G1", 10, ("代码", "网格编号"), 20, True),
        Column("name", "网格名称", cells.plain_text, "", "第一网格", 16, ("名称", "网格"), 40, True),
        Column("worker", "网格管理员", cells.plain_text, "", "马德胜", 12, ("网格员",), 40), _OFFICE_PHONE,
    )),
    Part.ESTATES: Layout((
        _COMMUNITY,
        Column("name", "小区名称", cells.plain_text, "居民和党员按小区找到社区。", "儒林苑", 20, ("小区", "名称"), 40,
               True),
    )),
    Part.MEMBERS: Layout((_UNIT, *roster.COLUMNS)),
    Part.REGISTRATIONS: Layout((
        *_PERSON,
        Column("old_number", "证明信编号", values.code, "原纸质证明信上的编号，照填。", "凤进社信2019-12", 22,
               ("原编号", "证明信号", "旧编号"), 40, True),
        Column("issued_on", "开具日期", values.day, "如 2019-05-06；2019.5.6、20190506、2019年5月6日也能识别。",
               "2019-05-06", 13, ("证明信日期", "开具证明信日期"), 200, True),
        Column("community", "报到社区", cells.plain_text, "社区的代码或名称。", "儒林社区", 14, ("社区", "接收社区"),
               60, True),
        Column("accepted_on", "接洽日期", values.day, "社区接收的日期。", "2019-05-09", 13, ("报到日期", "接收日期"),
               200, True),
        Column("received_by", "接洽人", cells.plain_text, "", "王秀兰", 12, ("接收人",), 40),
        Column("grid", "网格", cells.plain_text, "报到社区的网格代码或名称。", "第一网格", 12, ("所在网格",), 40),
        Column("mode", "报到方式", values.label_of(ReportMode), "空白为个人报到。", "个人报到", 12, (), 200, False,
               _labels(ReportMode)),
        Column("old_receipt_number", "回执编号", values.code, "原纸质回执上的编号；没有的不填。", "回2019-12", 18,
               ("报到回执编号",), 40),
        Column("filed_on", "备案日期", values.day, "单位收存回执的日期；空白按接洽日期。", "2019-05-12", 13,
               ("回执备案日期",)),
    )),
    Part.RECORDS: Layout((
        *_PERSON,
        Column("day", "服务日期", values.day, "只收今年的。", "2026-03-14", 13, ("日期",), 200, True),
        Column("half_hours", "时长（小时）", values.half_hours, "半小时的整数倍，不含路上时间。", "2", 10,
               ("时长", "服务时长", "小时数"), 200, True),
        Column("category", "类别", values.label_of(Category), "", "便民利民", 12, ("服务类别",), 200, True,
               _labels(Category)),
        Column("what", "服务内容", cells.plain_text, "做了什么，一句话。", "为楼院清扫积雪", 34, ("内容", "服务事项"),
               200, True),
        Column("for_whom", "服务对象", cells.plain_text, "", "儒林苑居民", 16, ("对象",), 60),
        Column("place", "服务社区", cells.plain_text, "空白为居住社区。", "儒林社区", 14, ("服务地点",), 60),
    )),
}  # fmt: skip
