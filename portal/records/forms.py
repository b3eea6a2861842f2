"""The forms of service records."""

from wtforms import DateField, RadioField, SelectChoice, SelectField, TimeField
from wtforms.validators import InputRequired, Optional

from portal.forms import ChineseForm, LineField, LinesField
from portal.labels import Category
from portal.records.models import Evidence

HALF_HOURS = [SelectChoice(str(n), f"{n / 2:g} 小时") for n in range(1, 25)]


class ServiceForm(ChineseForm):
    """One service done: when, how long, what, for whom, and what shows it."""

    day = DateField("服务日期", [InputRequired(message="请填写服务日期，如 2026-05-16。")])
    starts = TimeField("开始时间", [Optional()], description="不含路上的时间。填了才能查出时间是否重叠。")
    half_hours = SelectField("时长", choices=HALF_HOURS, coerce=int, default=4, description="以半小时为单位。")
    category = SelectField("类别", choices=Category.choices(), coerce=Category)
    what = LineField("做了什么", 200, "请写明做了什么、在哪里。")
    for_whom = LineField("服务对象", 60, description="如：3号楼独居老人、参加活动的居民约30人。不写身份证号和病情。")
    evidence = RadioField(
        "凭据",
        choices=[
            SelectChoice(Evidence.SERVED.value, "服务对象签了字"),
            SelectChoice(Evidence.LATE.value, "没有签字（按补录登记）"),
        ],
        coerce=Evidence,
        default=Evidence.LATE,
    )
    note = LineField("备注", 200, description="一天超过 8 小时，或在工作日上班时间内的，请在这里说明。")


class PlacedServiceForm(ServiceForm):
    """A member's own entry, which also says in which community it was."""

    place = SelectField("在哪个社区", coerce=int)


class RewriteForm(ServiceForm):
    """A record written anew, and why the old one is void."""

    reason = LinesField("原记录为什么作废", 500, "请填写原记录作废的原因。")


class WordsForm(ChineseForm):
    """What a member objects to."""

    words = LinesField("您的意见", 500, "请写明哪里不对、应该是怎样。")


class AnswerForm(ChineseForm):
    """The community's written answer."""

    answer = LinesField("书面答复", 500, "请填写书面答复。")
