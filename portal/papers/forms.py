"""The forms of the papers room."""

from wtforms import BooleanField, RadioField, SelectChoice, SelectField

from portal.choices import PickRowField
from portal.forms import ChineseForm, DayField, NumberField

TOGETHER, EACH = "together", "each"


class BulkForm(ChineseForm):
    """Which papers to print as one file."""

    kind = SelectField("表样", invalid_choice_message="请从列出的表样中选择。")
    year = NumberField("年度", 2014, 2099, "请填写年度，如 2026。")
    unit = PickRowField("单位", nothing="全部单位")
    community = PickRowField("社区", nothing="全部社区")
    files = RadioField(
        "文件",
        choices=[
            SelectChoice(TOGETHER, "合成一个 PDF，送打印机"),
            SelectChoice(EACH, "每份一个 PDF，装在一个压缩包里，按编号命名"),
        ],
        default=TOGETHER,
        invalid_choice_message="请从列出的两种中选择。",
    )
    duplex = BooleanField("双面打印：每一份从单数页开始（份间补空白页）")


class ProofForm(ChineseForm):
    """For which period a member's services are attested."""

    first = DayField("从哪天起", "请填写开始日期。", description="只算经第二人确认的服务；外社区的也算。")
    last = DayField("到哪天止", "请填写结束日期。")
