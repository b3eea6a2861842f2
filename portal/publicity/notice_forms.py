"""The forms of notices: what is said to whom, the answer, and what lists are narrowed to."""

from collections.abc import Iterable

from wtforms import BooleanField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from portal.actors import Role
from portal.choices import TickRowsField
from portal.forms import ChineseForm, DayField, FilterForm, LineField, LinesField
from portal.uploads import FilesField

NOT_OFFERED = "请从列出的选项中选择。"


class RolesField(SelectMultipleField):
    """Some of the roles that the route offers, as ticks."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: str, required: str, **kw):
        """`required` is the sentence shown when nothing is ticked."""
        super().__init__(label, [InputRequired(message=required)], coerce=Role, choices=[],
                         invalid_value_message=NOT_OFFERED, invalid_choice_message=NOT_OFFERED, **kw)  # fmt: skip

    def offer(self, roles: Iterable[Role]) -> None:
        """Offer these roles."""
        self.choices = [SelectChoice(role.value, role.label) for role in roles]


class NoticeForm(ChineseForm):
    """A notice to a scope; the places are offered where the sender has several."""

    title = LineField("标题", 60, "请填写标题。")
    body = LinesField("内容", 3000, "请填写内容。", render_kw={"rows": 10})
    roles = RolesField("发给谁", "请勾选发给谁。")
    bodies = TickRowsField("只发给其中这些镇、部门所属的（不勾就是全部）")
    communities = TickRowsField("只发给其中这些社区的（不勾就是全部）")
    units = TickRowsField("只发给其中这些单位的（不勾就是全部）")
    until = DayField("有效期至", "请填写有效期。", description="过了这一天，对方的待办里不再出现。")
    asks_answer = BooleanField("需要回执（对方要按一下“回执”，您看得到谁还没有回）")
    answer_by = DayField("回执最迟", description="需要回执时填写。")
    sure = BooleanField("确认要请这么多人逐一回执")
    files = FilesField()  # the last, since it keeps them only where nothing else is wrong


class AnswerForm(ChineseForm):
    """The answer to a notice that asks for one; words only where there is something to say."""

    words = LineField("要说的话", 200, description="可以不填；如参会人姓名。")


class NoticeFilter(FilterForm):
    """What the list of notices is narrowed to."""

    own = BooleanField("只看本机构发的")
    past = BooleanField("也看过期和撤回的")
