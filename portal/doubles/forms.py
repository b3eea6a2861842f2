"""What the county says of a pair."""

from collections.abc import Sequence

from wtforms.widgets import HiddenInput

from portal.forms import ChineseForm, LineField, LinesField, NumberField


class LookIntoForm(ChineseForm):
    """Two members who are alike."""

    first = NumberField("第一条", 1, required="请从名单中选择。")
    second = NumberField("第二条", 1, required="请从名单中选择。")


class MergeForm(ChineseForm):
    """Which row stays, and why the two are one person.

    `follows` says what will happen then, a line each; `mark` stands for these lines. What was `seen` is sent along,
    and a form that comes back shows, and marks, what would happen now.
    """

    follows: Sequence[str] = ()
    mark = ""
    kept_id = NumberField("保留的记录", 1, required="请选择保留哪一条记录。", widget=HiddenInput())
    seen = LineField("核对过的内容", 32, widget=HiddenInput())
    reason = LinesField(
        "依据", 500, "请填写依据。", description="如何核实的，如：已与两个单位的联络员电话核对。会记入办理过程。"
    )

    def asked(self) -> dict:
        """What was answered; from here on the form bears the mark of what it shows."""
        answers = super().asked()
        self.seen.data = self.mark
        return answers
