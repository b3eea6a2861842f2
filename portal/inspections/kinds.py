"""The words of inspections: what kinds there are, how they stand, what is found, what the portal shows for it."""

from portal.labels import Labelled


class InspectionKind(Labelled):
    """A check of any bodies on the spot, or the year's assessment of towns and departments."""

    CHECK = "check", "专项督查"
    YEARLY_ASSESSMENT = "yearly_assessment", "年度考核"


class InspectionState(Labelled):
    """The states of an inspection."""

    PLANNED = "planned", "筹备中"
    UNDERWAY = "underway", "督查中"
    ISSUED = "issued", "已下发待整改"
    ANSWERED = "answered", "整改已答复"
    CLOSED = "closed", "已办结"
    CANCELLED = "cancelled", "已取消"


class TargetKind(Labelled):
    """What sort of body is inspected."""

    UNIT = "unit", "单位"
    COMMUNITY = "community", "社区"
    TOWN = "town", "镇"
    DEPARTMENT = "department", "部门"


class AskedOf(Labelled):
    """Of whom an item of a checklist is asked."""

    ALL = "all", "全部对象"
    UNITS = "units", "单位"
    COMMUNITIES = "communities", "社区"
    BODIES = "bodies", "镇、部门"

    def includes(self, kind: TargetKind) -> bool:
        """Whether a target of this kind is asked."""
        return self is AskedOf.ALL or self is _ASKED[kind]


_ASKED = {
    TargetKind.UNIT: AskedOf.UNITS,
    TargetKind.COMMUNITY: AskedOf.COMMUNITIES,
    TargetKind.TOWN: AskedOf.BODIES,
    TargetKind.DEPARTMENT: AskedOf.BODIES,
}


class Drawn(Labelled):
    """What the portal itself draws from its records as evidence for an item."""

    REPORTED = "reported", "报到率"
    UNREPORTED = "unreported", "未报到党员"
    RECEIPTS = "receipts", "回执未备案"
    PLEDGES = "pledges", "没有审定承诺的党员"
    SERVICE = "service", "服务次数和时长"
    FIVE_ONES = "five_ones", "五个一还有缺项的党员"
    ENTERED_LATE = "entered_late", "补录占比"
    UNCONFIRMED = "unconfirmed", "待确认的写实记录"
    WISHES = "wishes", "超期未办的微心愿"
    VISITS = "visits", "上月未走访的联系对象"
    REMARKS = "remarks", "未答复的群众意见"
    SUGGESTIONS = "suggestions", "超期未答复的建议"
    OWN_WORK = "own_work", "没有工作记录的单位"
    LIAISON = "liaison", "没有联络员的单位"


class CheckResult(Labelled):
    """How an item was found on the spot."""

    GOOD = "good", "符合"
    PARTLY = "partly", "部分符合"
    BAD = "bad", "不符合"
    NOT_ASKED = "not_asked", "不适用"


class Merit(Labelled):
    """Whether the result notice praises or criticises a branch; never a person."""

    PRAISED = "praised", "通报表扬"
    CRITICISED = "criticised", "通报批评"


class AssessmentGrade(Labelled):
    """The word of a yearly assessment, each with its reason; never a mark, a sum or a place in a row."""

    GOOD = "good", "好"
    FAIR = "fair", "较好"
    PLAIN = "plain", "一般"
    POOR = "poor", "差"


class FindingState(Labelled):
    """The states of a finding."""

    OPEN = "open", "待整改"
    ANSWERED = "answered", "已答复待审核"
    RETURNED = "returned", "退回重新整改"
    ACCEPTED = "accepted", "整改已认可"
    WITHDRAWN = "withdrawn", "已撤销"


class NoticeState(Labelled):
    """The states of a result notice."""

    DRAFT = "draft", "草拟中"
    PUBLISHED = "published", "已印发"
