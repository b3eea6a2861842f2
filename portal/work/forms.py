"""The forms of own work: what was done, its files, and what the lists are narrowed to."""

from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from portal.choices import PickField, PickRowField
from portal.edits import EditForm
from portal.forms import ChineseForm, DayField, FilterForm, LineField, LinesField, NumberField
from portal.uploads import FilesField
from portal.work.models import MOST_TOOK_PART, WorkKind, WorkState


class WorkForm(EditForm):
    """What was done on which day."""

    kind = PickField("做了什么", WorkKind, "请选择做了什么。")
    day = DayField("日期", "请填写日期。")
    title = LineField("题目", 60, "请填写题目。", description="如：召开在职党员进社区部署动员会。")
    words = LinesField(
        "内容", 2000, "请写下内容。", description="谁参加、讲了什么、定了什么；有材料的放在附件里，不用照抄。"
    )
    community_id = PickRowField("走访的社区", nothing="不是走访社区")
    took_part = NumberField("参加人数", 1, MOST_TOOK_PART, description="可以不填。")


class RecordForm(WorkForm):
    """What was done on which day, with its files."""

    files = FilesField()

    def asked(self) -> dict:
        """What was typed, by field name, without the files."""
        return {name: value for name, value in super().asked().items() if name != "files"}


class FilesForm(ChineseForm):
    """Files to add to an entry, and those to take away."""

    files = FilesField("添加附件")
    remove = SelectMultipleField(
        "删去这些附件", widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), choices=[],
    )  # fmt: skip


class ListFilter(FilterForm):
    """What the list is narrowed to."""

    kind = PickField("类别", WorkKind, nothing="全部")
    year = PickRowField("年度", nothing="全部年度")
    unit = PickRowField("单位", nothing="全部")
    state = PickField("状态", WorkState, nothing="全部")


class LackingFilter(FilterForm):
    """Of which kind and year the units without are listed."""

    kind = PickField("缺哪一类", WorkKind, nothing="工作方案")
    year = PickRowField("年度", nothing="今年")
