"""The forms of the seal ledger: the box, the scans, and what its lists are narrowed to."""

from wtforms import BooleanField, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from portal.choices import PickField, PickRowField
from portal.files import FileKind
from portal.forms import ChineseForm, LineField, LinesField, NumberField
from portal.seals.links import Link, Stage
from portal.seals.models import BOX_LETTERS, MOST_SCANS, SealState
from portal.sought import SoughtFilter
from portal.uploads import FilesField

SCANS = (FileKind.PICTURE, FileKind.PDF)
MOST_SERIAL = 9_999_999
WORDS = 40


class BoxForm(ChineseForm):
    """Into which box of the archive a paper goes."""

    box = LineField("盒号", BOX_LETTERS, "请填写盒号。", narrow=True, description="档案盒脊背上的号，如 2026-永久-03。")


class ReboxForm(BoxForm):
    """In which box a paper lies in truth."""

    reason = LinesField("原因", 500, "请填写原因。")


class ScansForm(ChineseForm):
    """Scans to add to a paper, and those to take away."""

    files = FilesField("添加扫描件", MOST_SCANS, SCANS)
    remove = SelectMultipleField(
        "删去这些扫描件", widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), choices=[],
    )  # fmt: skip


class LedgerFilter(SoughtFilter):
    """What the ledger is narrowed to."""

    q = LineField("姓名、拼音或编号", WORDS)
    year = PickRowField("年度", nothing="今年")
    kind = SelectField("表样", choices=[], validate_choice=False)
    state = PickField("状态", SealState, nothing="全部")
    unit = PickRowField("单位", nothing="全部")
    community = PickRowField("社区", nothing="全部")
    first = NumberField("编号从", 1, MOST_SERIAL)
    last = NumberField("到", 1, MOST_SERIAL)
    box = LineField("盒号", BOX_LETTERS, narrow=True)
    void = BooleanField("连同作废、已替代的")


class ChainFilter(SoughtFilter):
    """Whose chains are listed: of a year, lacking what."""

    q = LineField("姓名或拼音", WORDS)
    year = PickRowField("年度", nothing="今年")
    link = PickField("哪种表", Link, nothing="全部")
    stage = PickField("到哪一步", Stage, nothing="全部")
    unit = PickRowField("单位", nothing="全部")
    community = PickRowField("社区", nothing="全部")
