"""The forms of the handing in: what was looked at before, the words on each row, and the filters of lists."""

from collections.abc import Iterable

from wtforms import BooleanField, HiddenField
from wtforms.validators import InputRequired

from portal.choices import PickField
from portal.edits import EditForm
from portal.forms import ChineseForm, FilterForm, LineField, NumberField
from portal.reports.models import ReportState
from portal.reports.words import mark_of

WORDS_LONGEST = 200
ROW = "row_"


class SubmitForm(ChineseForm):
    """What the sender says of what does not match: asked only where there is something."""

    breaches_seen = BooleanField(
        "上面列出的不相符之处已经逐条看过，照此上报", validators=[InputRequired("请先看过不相符之处，再打勾。")]
    )
    changes_seen = BooleanField(
        "社区核对以后的变动已经看过，按现在的数据上报", validators=[InputRequired("请先看过变动，再打勾。")]
    )

    def ask(self, breaches: bool, changes: bool) -> None:
        """Keep the ticks for which there is a reason."""
        if not breaches:
            del self.breaches_seen
        if not changes:
            del self.changes_seen


class ConfirmForm(ChineseForm):
    """Which numbers the clerk saw: a fingerprint of them."""

    seen = HiddenField()


class ListFilter(FilterForm):
    """What the list of reports is narrowed to."""

    year = NumberField("年度", 2014, 2099)
    state = PickField("状态", ReportState, nothing="全部")
    late = BooleanField("只看超期没有交的")


class WordsForm(EditForm):
    """A line of words (备注) for each row of a table; the version is a fingerprint of the words that were there."""

    def asked(self) -> dict:
        """The words by the rows' keys."""
        return {name.removeprefix(ROW): words for name, words in super().asked().items()}


def words_form(rows: Iterable[tuple[str, str]], words: dict[str, str], **more) -> WordsForm:
    """The form of the words on the rows, given as (key, name), with those that are stored."""
    fields = {ROW + key: LineField(name, WORDS_LONGEST) for key, name in rows}
    stored = {ROW + key: text for key, text in words.items()} | {"version": mark_of(words)}
    return type("WordsFormOfTable", (WordsForm,), fields)(data=stored, **more)
