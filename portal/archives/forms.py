"""Forms of the archive: what is shown of it, what a package is to hold, why a paper is erased."""

from wtforms import SelectChoice, SelectField
from wtforms.validators import Optional

from portal.archives.models import ErasureReason
from portal.choices import PickField, PickRowField
from portal.forms import ChineseForm, FilterForm, LinesField, NumberField
from portal.labels import Labelled


class Shown(Labelled):
    """What the list is narrowed to."""

    WAITING = "waiting", "待归档"
    STORED = "stored", "已归档"
    BROKEN = "broken", "已损坏"
    FAILED = "failed", "未能归档"
    ERASED = "erased", "已依法删除"


class CopyFilter(FilterForm):
    """Which stored papers are listed."""

    year = PickRowField("年度", nothing="全部年度")
    kind = SelectField("表样", validators=[Optional()], choices=[SelectChoice("", "全部表样")])
    state = PickField("状态", Shown, nothing="全部")


class ErasureForm(ChineseForm):
    """Why a paper is erased: a reason that whoever verifies it is told, and words for the trail."""

    reason = PickField("原因", ErasureReason, "请选择原因。", description="扫码核验时会显示。", radios=True)
    words = LinesField(
        "依据", 400, "请写明依据，如来函日期、文号。", description="只记入日志，不公开；不写姓名和电话。"
    )


class PackageForm(ChineseForm):
    """Of which year, unit or community a package is made, and what for, where that is to be said."""

    year = NumberField("年度", 2014, 2099, "请填写年度，如 2026。")
    unit = PickRowField("单位", nothing="全部单位")
    community = PickRowField("社区", nothing="全部社区")
    reason = LinesField("用途", 300, "请写明用途。", description="归档包里的电话、住址没有隐去，下载留痕。")
