"""The forms of the papers room."""

from wtforms import BooleanField, SelectField

from portal.choices import PickRowField
from portal.forms import ChineseForm, NumberField


class BulkForm(ChineseForm):
    """Which papers to print as one file."""

    kind = SelectField("表样", invalid_choice_message="请从列出的表样中选择。")
    year = NumberField("年度", 2014, 2099, "请填写年度，如 2026。")
    unit = PickRowField("单位", nothing="全部单位")
    community = PickRowField("社区", nothing="全部社区")
    duplex = BooleanField("双面打印：每一份从单数页开始（份间补空白页）")
