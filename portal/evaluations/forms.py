"""The forms of evaluations and notes: the grade and its words, the member's own words, the unit's slip, filters."""

from wtforms import BooleanField

from portal.choices import PickField, PickRowField, TicksField
from portal.edits import EditForm
from portal.evaluations.models import EvaluationState, Handling, Lacking, NoteKind, NoteState, Use
from portal.forms import ChineseForm, DayField, FilterForm, LineField, LinesField, NumberField
from portal.labels import Labelled
from portal.sought import SoughtFilter

NO_NAMES = "不写居民的姓名、电话、住址。"


class Telling(Labelled):
    """Whether the unit told the member."""

    YES = "yes", "已告知本人"
    NO = "no", "没有告知本人"


class GradeForm(ChineseForm):
    """How the member did; no grade is chosen beforehand."""

    grade_id = PickRowField("等次", "请选择等次。", radios=True)
    performance = LinesField("现实表现", 600, description=f"一两句话写清在社区做了什么、做得怎么样；{NO_NAMES}")
    advice = LinesField("社区的建议", 300, description="如建议推荐评优、请单位督促；没有可以不填。")


class AssessForm(ChineseForm):
    """The member's own words on the year."""

    self_assessment = LinesField("自我评价", 500, "请写下您的自我评价。",
                                 description=f"次数和时长系统已经统计好，不用再写；{NO_NAMES}")  # fmt: skip


class ReplyForm(ChineseForm):
    """What the member has to say of what was sent."""

    reply = LinesField("您的说明", 500, "请写下您的说明。", description="社区和单位都看得到。")


class AnswerForm(ChineseForm):
    """The community's answer to that."""

    answer = LinesField("答复", 500, "请写下答复。", description="本人和单位都看得到。")


class SlipForm(ChineseForm):
    """The unit's slip on a note: how it was handled, and whether the member was told."""

    handling = PickField("处理", Handling, "请选择处理。", radios=True)
    told = PickField("是否告知本人", Telling, "请选择是否告知本人。", radios=True)

    def asked(self) -> dict:
        """What was chosen."""
        return super().asked() | {"told": self.told.data is Telling.YES}


class UseForm(SlipForm):
    """The unit's slip on an evaluation: besides, what it was used for."""

    uses = TicksField("结果运用", Use, "请选择结果运用；没有用到的选“无”。")


class NoteForm(ChineseForm):
    """Something of weight on one member."""

    kind = PickField("类型", NoteKind, "请选择类型。", radios=True)
    day = DayField("发生在哪一天", "请填写日期。")
    words = LinesField("情况", 600, "请写明情况。",
                       description=f"写清时间、事情和核实的情况，不写党员的私事；{NO_NAMES}")  # fmt: skip


class GradeRowForm(EditForm):
    """One grade of the table."""

    label = LineField("等次", 12, "请填写等次的名称。")
    sort = NumberField("顺序", 1, 99, required="请填写顺序。")
    needs_text = BooleanField("必须写明现实表现")
    in_bulk = BooleanField("可以批量评定")
    active = BooleanField("正在使用")


class ListFilter(SoughtFilter):
    """What the list of evaluations is narrowed to."""

    q = LineField("姓名、拼音或编号", 40)
    state = PickField("状态", EvaluationState, nothing="全部")
    grade = PickRowField("等次", nothing="全部")
    lacking = PickField("还缺", Lacking, nothing="不限")
    unit = PickRowField("单位", nothing="全部")
    community = PickRowField("社区", nothing="全部")
    year = PickRowField("年度", nothing="当前")


class NotesFilter(FilterForm):
    """What the list of notes is narrowed to."""

    state = PickField("状态", NoteState, nothing="全部")


class WhoFilter(SoughtFilter):
    """Whom a note is to be about."""

    q = LineField("姓名或拼音", 40)
