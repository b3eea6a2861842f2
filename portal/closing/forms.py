"""The forms of closing a year."""

from portal.forms import ChineseForm, LinesField


class RejectForm(ChineseForm):
    """Why what nobody confirmed is refused with the year's closing."""

    reason = LinesField("原因", 500, "请填写原因。", description="每位党员和登记人都会看到。")


class ReopenForm(ChineseForm):
    """Why a record of a closed year has to be put right."""

    reason = LinesField("更正的原因", 500, "请填写原因。", description="社区和党员本人会看到，并列入更正清单。")
