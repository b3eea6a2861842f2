"""The forms of inspections: the plan, whom to inspect, what is ticked and found, answers, grades, the notice."""

from wtforms import BooleanField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from portal.choices import PickField, PickRowField
from portal.edits import EditForm
from portal.forms import ChineseForm, DayField, FilterForm, LineField, LinesField, NumberField
from portal.inspections.kinds import (
    AskedOf,
    AssessmentGrade,
    CheckResult,
    Drawn,
    FindingState,
    InspectionKind,
    InspectionState,
    Merit,
    TargetKind,
)
from portal.uploads import FilesField

OF_YEAR = "年度考核的数据取开始日期所在的年度，次年重新取数也只取到12月31日。"


class PlanForm(ChineseForm):
    """What a new inspection is about, and when it is held."""

    checklist_id = PickRowField(
        "督查清单", "请选择督查清单。", description="本次督查留一份副本；清单以后再改，不影响本次。"
    )
    title = LineField("名称", 60, "请填写名称。", description="如：2026年在职党员进社区5月专项督查。")
    about = LinesField("督查事由和安排", 500, "请写明督查的事由和安排。")
    starts_on = DayField("开始日期", "请填写开始日期。", description=OF_YEAR)
    ends_on = DayField("结束日期", "请填写结束日期。", description="督查员的身份到这一天为止。")
    fix_by = DayField("一般整改期限", description="记录问题时先填这一天，可以逐个改。")


class ChangePlanForm(EditForm):
    """What is changed of a plan."""

    title = LineField("名称", 60, "请填写名称。")
    about = LinesField("督查事由和安排", 500, "请写明督查的事由和安排。")
    starts_on = DayField("开始日期", "请填写开始日期。", description=OF_YEAR)
    ends_on = DayField("结束日期", "请填写结束日期。", description="督查员的身份随之延长或缩短。")
    fix_by = DayField("一般整改期限")


class ListFilter(FilterForm):
    """What the list of inspections is narrowed to."""

    state = PickField("状态", InspectionState, nothing="全部")


class FindingFilter(FilterForm):
    """What the list of findings is narrowed to."""

    state = PickField("状态", FindingState, nothing="全部")
    late = BooleanField("只看超过整改期限的")


class CandidateFilter(FilterForm):
    """Among which bodies targets are chosen."""

    kind = PickField("对象类别", TargetKind, nothing="请选择")
    body = PickRowField("所属镇、部门", nothing="全部")
    q = LineField("名称", 40)


class InspectorForm(ChineseForm):
    """Who is to inspect."""

    login = LineField("用户名或姓名", 40, "请填写用户名或姓名。", narrow=True,
                      description="先在“账号”里为抽调人员开通账号；这里填用户名最准，姓名没有重名也可以。")  # fmt: skip


class TickForm(EditForm):
    """How an item was found."""

    result = PickField("情况", CheckResult, "请选择情况。", radios=True)
    comment = LineField("说明", 200)


class VisitForm(EditForm):
    """When a body was visited, and what was seen there."""

    visited_on = DayField("督查日期", "请填写督查日期。")
    words = LinesField("总体情况", 500, description="写党组织的工作，不写个人。")


class FindForm(ChineseForm):
    """What is to be mended."""

    item_id = PickRowField(
        "清单里的哪一项", nothing="清单以外", description="选了清单项，本站当时的数据一并存下作为依据。"
    )
    words = LinesField("发现的问题", 300, "请写明发现的问题。", description="写事不写人，不写电话和住址。")
    demand = LinesField("整改要求", 300)
    fix_by = DayField("整改期限", "请填写整改期限。")


class ChangeFindingForm(EditForm):
    """What is changed of a finding before it is sent."""

    words = LinesField("发现的问题", 300, "请写明发现的问题。")
    demand = LinesField("整改要求", 300)
    fix_by = DayField("整改期限", "请填写整改期限。")


class AnswerForm(ChineseForm):
    """What was done about a finding."""

    answer = LinesField("整改情况", 800, "请写明做了什么、结果怎样。", description="写清措施、责任人职务和完成情况。")
    remove = SelectMultipleField(
        "删去上次的这些附件", widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), choices=[],
    )  # fmt: skip
    files = FilesField()  # the last, since it keeps them only where nothing else is wrong


class FixByForm(ChineseForm):
    """A new day, and why."""

    fix_by = DayField("新的整改期限", "请填写新的整改期限。")
    reason = LinesField("原因", 500, "请填写原因。")


class GradeForm(EditForm):
    """The word of the year's assessment, with its reason."""

    grade = PickField("评定", AssessmentGrade, nothing="还没有评定")
    grade_words = LinesField("理由", 300, description="对照各项情况写明依据。只评等次、不打分、不排名。")


class MeritForm(EditForm):
    """What the result notice says of a branch."""

    merit = PickField("通报", Merit, nothing="不点名")
    merit_words = LineField("事由", 200, description="一句话写明事由，通报里照印；不写个人姓名。")


class NoticeForm(EditForm):
    """What the county writes of a result notice itself."""

    title = LineField("标题", 80, "请填写标题。")
    opening = LinesField("开头", 1500, "请填写开头。", description="一行一段。表扬、批评和数据由本站接着排入。")
    closing = LinesField("结尾和要求", 1500, "请填写结尾和要求。", description="一行一段。")


class ChecklistForm(EditForm):
    """The name of a list, and whether it is in use."""

    title = LineField("清单名称", 60, "请填写清单名称。")
    active = BooleanField("启用")


class NewChecklistForm(ChineseForm):
    """A list of the county's own."""

    title = LineField("清单名称", 60, "请填写清单名称。")
    kind = PickField("用于", InspectionKind, "请选择用于哪一类督查。", radios=True)


class ItemForm(EditForm):
    """One line of a list."""

    words = LineField("查什么", 120, "请填写查什么。")
    asked_of = PickField("查谁", AskedOf, "请选择查谁。", default=AskedOf.ALL)
    drawn = PickField("本站提供的数据", Drawn, nothing="没有，看材料和现场")
    clause = LineField("依据的条款", 12, description="如 二(三)2。")
    place = NumberField("排在第几项", 1, 40, description="不填就排在最后。")
