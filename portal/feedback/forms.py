"""The forms of feedback: a bulletin's text, a contact, a difficulty and its answers, and what lists are narrowed to."""

from wtforms import BooleanField

from portal.choices import PickField, PickRowField
from portal.feedback.models import BulletinState, ContactHow, DifficultyState, Side
from portal.forms import ChineseForm, DayField, FilterForm, LineField, LinesField


class RemarkForm(ChineseForm):
    """The one text that the community adds."""

    remark = LinesField("社区意见", 500, description="对这个单位党员本季度服务的总体意见，可以不写；不写姓名、电话。")


class BulletinFilter(FilterForm):
    """What the list of bulletins is narrowed to."""

    quarter = PickRowField("季度", nothing="全部")
    state = PickField("状态", BulletinState, nothing="全部")
    unit = PickRowField("单位", nothing="全部")
    community = PickRowField("社区", nothing="全部")


class ContactForm(ChineseForm):
    """One contact of a unit and a community."""

    unit = PickRowField("单位", "请选择单位。")
    community = PickRowField("社区", "请选择社区。")
    day = DayField("日期", "请填写联系的日期。")
    how = PickField("方式", ContactHow, "请选择联系的方式。", radios=True)
    present = LineField("双方谁参加", 60, "请填写双方参加的人。", description="如：社区书记、单位联络员。")
    about = LinesField("为什么事", 300, "请填写为什么事联系。", description="不写党员和居民的电话、住址。")
    outcome = LinesField("结果", 300, description="商定了什么、下一步谁来办。")

    def asked(self) -> dict:
        """What is told of the contact itself."""
        return {name: self[name].data for name in ("day", "how", "present", "about", "outcome")}


class ContactFilter(FilterForm):
    """What the log is narrowed to."""

    how = PickField("方式", ContactHow, nothing="全部")
    unit = PickRowField("单位", nothing="全部")
    community = PickRowField("社区", nothing="全部")


class AskForm(ChineseForm):
    """What a member needs help with, and whom they ask."""

    to = PickField("向谁求助", Side, "请选择向谁求助。", radios=True)
    told = LinesField("有什么困难", 800, "请写下困难。",
                      description="加密保存，只有您和收到的办公室能看到；不必写病情、收入。")  # fmt: skip


class AnswerForm(ChineseForm):
    """The answer in writing."""

    words = LinesField("答复", 800, "请写下答复。", description="能办的写怎么办、什么时候办；不能办的写明原因。")


class HandOnForm(ChineseForm):
    """Why the other office can do more."""

    words = LinesField("转交说明", 300, "请写明为什么转交。", description="本人和对方都看得到；只能转交一次。")


class UnsolvedForm(ChineseForm):
    """What is still missing after the answer."""

    words = LinesField("还差什么", 500, "请写下还差什么。", description="只能提一次，对方会再次书面答复。")


class DifficultyFilter(FilterForm):
    """What the list of difficulties is narrowed to."""

    state = PickField("状态", DifficultyState, nothing="全部")
    late = BooleanField("只看超期没有答复的")
