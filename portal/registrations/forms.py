"""The forms of registrations: what the moves ask for, the info card, and the filters of lists."""

import re
from collections.abc import Sequence

from wtforms import BooleanField, HiddenField, SelectChoice, SelectMultipleField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from portal.choices import PickField, PickRowField, TicksField
from portal.forms import ChineseForm, LineField, LinesField, is_phone
from portal.labels import Category, Labelled
from portal.people.forms import MonthField
from portal.registrations.models import DefermentKind, EndKind, FreeTime, RegistrationState, ReportMode
from portal.sought import SoughtFilter

# Offered as suggestions; a member may write any other in their own words.
SKILLS = (
    "法律咨询", "医疗保健", "心理疏导", "水电维修", "家电维修", "电脑手机", "课业辅导", "理发", "书法绘画", "音乐舞蹈",
    "摄影摄像", "写作宣传", "财务会计", "农业技术", "矛盾调解", "体育健身",
)  # fmt: skip
_BETWEEN = re.compile(r"[、，,;；/\s]+")
_SKILL_LETTERS = 20
_MONTH = {"placeholder": "2026-03", "class": "control--short"}
WORDS = 40


class PresentForm(ChineseForm):
    """How a member reports."""

    mode = PickField("报到方式", ReportMode, "请选择报到方式。", radios=True)


class AcceptForm(ChineseForm):
    """How who brings the certificate along reports, and which grid and team the member is assigned to."""

    mode = PickField("报到方式", ReportMode, nothing="有联系点的按联系点，其余个人报到")
    grid_id = PickRowField("分配网格", nothing="暂不分配")
    team_id = PickRowField("编入服务队", nothing="暂不编入", description="就近编组；本人不愿意的，以后可以自己退出。")
    post_id = PickRowField(
        "认领岗位", nothing="暂不认领", description="当面说好认领哪个岗位的选上，印在回执上；以后也可以自己认领。"
    )


class SendBackForm(ChineseForm):
    """Where the certificate should have gone, and why."""

    community_id = PickRowField("应当报到的社区", "请选择应当报到的社区。")
    reason = LinesField("退回原因", 500, "请填写退回的原因。")


class ReissueForm(ChineseForm):
    """To which community the certificate is issued anew."""

    community_id = PickRowField("居住地社区", "请选择居住地社区。", description="社区指出的应报到社区已选好，请核对。")


class EndForm(ChineseForm):
    """Why a registration ends; `follows` says what will happen then, a line each."""

    follows: Sequence[str] = ()
    kind = PickField(
        "原因类别", EndKind, "请选择原因类别。", radios=True,
        description="“迁居”指迁出县城；在县城内搬家请用“登记迁居”，调到县内其他单位请等新单位申请转入后放行。",
    )  # fmt: skip
    reason = LinesField("情况说明", 500, "请填写情况说明。")


class RelocateForm(ChineseForm):
    """Where a member lives now."""

    community_id = PickRowField("新的居住社区", "请选择新的居住社区。")
    address = LineField(
        "新的家庭住址", 80, "请填写新的家庭住址。", description="写到小区、楼栋、单元、房号。只有社区和本单位能看到。"
    )

    def asked(self) -> dict:
        """What was asked for, and in words for the history where to."""
        homes = {choice.value: choice.label for choice in self.community_id.choices}
        return super().asked() | {"reason": f"新的居住社区：{homes[str(self.community_id.data)]}"}


class DeferForm(ChineseForm):
    """Why and in which months nothing is asked of a member."""

    kind = PickField("暂缓原因", DefermentKind, "请选择暂缓原因。", radios=True)
    first = MonthField("从哪个月", "请填写开始的月份。", render_kw=_MONTH)
    last = MonthField("到哪个月", "请填写结束的月份。", render_kw=_MONTH)


class TransferForm(ChineseForm):
    """By what a member of another unit is known: the three must agree with that unit's roster."""

    name = LineField("姓名", 40, "请填写姓名。")
    born = MonthField("出生年月", "请填写出生年月。")
    phone = LineField("手机号", 20, "请填写手机号。", extra=[is_phone], narrow=True, render_kw={"type": "tel"})


class ExemptForm(ChineseForm):
    """Why a member need not report."""

    reason = LinesField(
        "免报原因", 200, "请填写免报原因。", description="如：长期借调外县、住院治疗、长期驻村。不写病情。"
    )


class CardForm(ChineseForm):
    """The 基本情况信息卡: what the roster does not know, and the two facts that a member may correct."""

    phone = LineField("联系电话", 20, "请填写联系电话。", extra=[is_phone], narrow=True)
    estate_id = PickRowField("居住小区", nothing="不在列出的小区")
    address = LineField(
        "家庭住址", 80, "请填写家庭住址。", description="写到楼栋、单元、房号。只有社区和本单位能看到。"
    )
    skills = SelectMultipleField(
        "特长", choices=[SelectChoice(skill, skill) for skill in SKILLS], widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(), description="会什么就选什么，可以不选。",
    )  # fmt: skip
    other_skills = LineField("其他特长", 80, description="用顿号分开，如：修自行车、手语。")
    intentions = TicksField("服务意向", Category, "请至少选择一类服务意向。")
    free_times = TicksField("空闲时间", FreeTime, "请至少选择一个空闲时间。")
    version = HiddenField()

    def validate_other_skills(self, field):
        """Each skill in a member's own words fits its column."""
        if any(len(skill) > _SKILL_LETTERS for skill in split_skills(field.data)):
            raise ValidationError(f"每项特长最多 {_SKILL_LETTERS} 个字，多项之间用顿号分开。")

    @property
    def all_skills(self) -> list[str]:
        """The skills ticked and written, each once."""
        return list(dict.fromkeys([*(self.skills.data or []), *split_skills(self.other_skills.data)]))


def split_skills(words: str | None) -> list[str]:
    """The skills of a line, separated by 顿号, commas or spaces."""
    return [skill for skill in _BETWEEN.split(words or "") if skill]


class Order(Labelled):
    """How a list is ordered where not by number."""

    NAME = "name", "按姓名"


class ListFilter(SoughtFilter):
    """What the list of registrations is narrowed to."""

    state = PickField("状态", RegistrationState, nothing="全部")
    q = LineField("姓名、拼音或编号", WORDS)
    unit = PickRowField("单位", nothing="全部")
    community = PickRowField("社区", nothing="全部")
    sort = PickField("排序", Order, nothing="按编号")
    leading = BooleanField("只看领导干部")


class FileFilter(SoughtFilter):
    """What the community's member file is searched for."""

    q = LineField("姓名或拼音", WORDS)
    skill = LineField("特长", _SKILL_LETTERS)
    intention = PickField("服务意向", Category, nothing="全部")
    free_time = PickField("空闲时间", FreeTime, nothing="全部")
    grid = PickRowField("网格", nothing="全部")
    team = PickRowField("服务队", nothing="全部")
    unplaced = BooleanField("只看未编队的")
