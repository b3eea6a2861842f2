"""The forms of activities: what one is, a new day, who is meant, how long somebody stayed, filters."""

from collections.abc import Sequence

from wtforms import BooleanField, SelectField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from portal.activities.models import ActivityKind, ActivityState, Benefit, SignUpState
from portal.choices import PickField, PickRowField
from portal.edits import EditForm
from portal.forms import ChineseForm, DayField, FilterForm, LineField, LinesField, NumberField
from portal.labels import Category

MOST = 999
HALF_HOURS = [SelectChoice(str(n), f"{n / 2:g} 小时") for n in range(1, 49)]
PLACE = "写清楚在哪里集合，公开显示。"
DETAIL = "做什么、带什么、注意什么。公开显示，不要写居民的姓名、电话和门牌。"


def _time(label: str, words: str) -> TimeField:
    return TimeField(label, [InputRequired(message=words)])


class ActivityForm(EditForm):
    """What an activity is, when, where and for how many."""

    title = LineField("名称", 40, "请填写活动的名称。", description="如：儒林苑楼道清扫。")
    category = PickField("类别", Category, "请选择类别。")
    kind = PickField("性质", ActivityKind, "请选择性质。", radios=True, default=ActivityKind.SERVICE,
                     description="党性实践照样报名、点名，只是不计服务时长。")  # fmt: skip
    benefit = PickField("公益类别", Benefit, "请选择公益类别。", nothing="请选择",
                        description="选“无”以外的，参加一次即完成“五个一”中的“参加一次公益活动”。")  # fmt: skip
    day = DayField("日期", "请填写活动日期，如 2026-06-20。")
    starts = _time("开始时间", "请填写开始时间，如 09:00。")
    ends = _time("结束时间", "请填写结束时间，如 11:00。")
    place = LineField("地点", 80, "请填写地点。", description=PLACE)
    grid_id = PickRowField("所在网格", nothing="全社区")
    detail = LinesField("说明", 500, "请写明做什么。", description=DETAIL)
    capacity = NumberField("名额", 1, MOST, description="不填就是不限。报满以后的列入候补，有人退出时按先后自动递补。")
    sign_up_by = DayField("报名截止日", description="不填就是到活动开始为止。")
    service_day = BooleanField("这是志愿服务日的活动")
    urgent = BooleanField("紧急召集（在有关同志的待办里排在最前，到活动结束为止）")


class CorrectForm(EditForm):
    """What may be corrected after publishing."""

    place = LineField("地点", 80, "请填写地点。", description=PLACE)
    detail = LinesField("说明", 500, "请写明做什么。", description=DETAIL)
    capacity = NumberField("名额", 1, MOST, description="不填就是不限。名额增加时，候补的按先后自动递补。")
    sign_up_by = DayField("报名截止日", description="不填就是到活动开始为止。")
    urgent = BooleanField("紧急召集（在有关同志的待办里排在最前，到活动结束为止）")


class PostponeForm(ChineseForm):
    """The new day and time, and why."""

    day = DayField("新的日期", "请填写新的日期，如 2026-06-27。")
    starts = _time("开始时间", "请填写开始时间，如 09:00。")
    ends = _time("结束时间", "请填写结束时间，如 11:00。")
    sign_up_by = DayField("报名截止日", description="不填就是到活动开始为止。")
    reason = LinesField("改期的原因", 500, "请填写改期的原因。", description="报了名的党员会看到。")


class CancelForm(ChineseForm):
    """Why an activity is called off."""

    reason = LinesField("取消的原因", 500, "请填写取消的原因。", description="报了名的党员会看到。")


class WithdrawForm(ChineseForm):
    """Why a member does not come."""

    reason = LinesField("原因", 200, "请写一句原因，主办的同志好安排。",
                        description="早点退出，候补的同志就能早点知道。退出不影响别的。")  # fmt: skip


class MemberForm(ChineseForm):
    """Which member is meant."""

    member_id = PickRowField("党员", "请选择党员。")


class SignUpForm(ChineseForm):
    """Which of those on the list is meant."""

    sign_up_id = PickRowField("名单上的哪一位", "请从名单中选择一位。")


class TakeOffForm(SignUpForm):
    """Who is taken off the list, and why."""

    reason = LinesField("原因", 200, "请填写退出的原因。", description="如：本人来电，当天要加班。")


class MarkForm(SignUpForm):
    """One tap on the roll: whom, and as what."""

    to = PickField("记为", SignUpState, "请选择记为什么。")


class HoursForm(SignUpForm):
    """How long somebody stayed."""

    half_hours = SelectField("时长", choices=HALF_HOURS, coerce=int, description="以半小时为单位，不含路上的时间。")


class SettleForm(ChineseForm):
    """Settling the roll; `follows` says what will happen then, a line each."""

    rest_absent = BooleanField("其余没有点名的记为未到")
    follows: Sequence[str] = ()


class ListFilter(FilterForm):
    """What a list of activities is narrowed to."""

    q = LineField("名称、地点或编号", 40)
    state = PickField("状态", ActivityState, nothing="全部状态")
    category = PickField("类别", Category, nothing="各类")
    community = PickRowField("主办", nothing="全部社区")
    benefit = BooleanField("只看公益活动")
    service_day = BooleanField("只看志愿服务日")
    today = BooleanField("只看今天的")
    urgent = BooleanField("只看紧急召集")
