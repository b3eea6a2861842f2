"""The forms of closing a year."""

from portal.forms import ChineseForm, LineField, LinesField


class RejectForm(ChineseForm):
    """Why what nobody confirmed is refused with the year's closing."""

    reason = LinesField("原因", 500, "请填写原因。", description="每位党员和登记人都会看到。")


class ReopenForm(ChineseForm):
    """Why a record of a closed year has to be put right."""

    reason = LinesField("更正的原因", 500, "请填写原因。", description="社区和党员本人会看到，并列入更正清单。")


class AddForm(ChineseForm):
    """Whose service of a closed year was never recorded, and why it is entered now."""

    number = LineField(
        "报到证明信编号", 20, "请填写这位党员的报到证明信编号。", narrow=True,
        description="如 2026-0012；写实登记卡上印着，“报到”里也查得到。",
    )  # fmt: skip
    reason = LinesField("补记的原因", 500, "请填写原因。", description="社区会看到，并列入更正清单。")
