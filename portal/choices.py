"""Fields in which people choose: a member of an enum or several, a row by its id or several."""

from collections.abc import Callable, Iterable

from wtforms import SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget, RadioInput

from portal.labels import Labelled
from portal.text import MAX_INT

_NOT_OFFERED = "请从列出的选项中选择。"


class PickField(SelectField):
    """One member of an enum, from a list or by radio buttons; None where nothing is chosen."""

    def __init__(
        self, label: str, kind: type[Labelled], required: str | None = None, nothing="请选择", radios=False, **kw
    ):
        """`required` is the sentence shown when nothing is chosen; `nothing` the first line of the list."""
        if radios:
            kw |= {"widget": ListWidget(prefix_label=False), "option_widget": RadioInput()}
        super().__init__(
            label,
            validators=[InputRequired(message=required) if required else Optional()],
            coerce=_member_of(kind),
            choices=([] if radios else [SelectChoice("", nothing)]) + kind.choices(),
            invalid_value_message=_NOT_OFFERED,
            invalid_choice_message=_NOT_OFFERED,
            **kw,
        )


class PickRowField(SelectField):
    """One row by its id, of those that the route offers by `offer`; None where nothing is chosen."""

    def __init__(self, label: str, required: str | None = None, nothing="请选择", radios=False, **kw):
        """`required` is the sentence shown when nothing is chosen; by radio buttons, nothing is chosen beforehand."""
        if radios:
            kw |= {"widget": ListWidget(prefix_label=False), "option_widget": RadioInput()}
        self.nothing = None if radios else nothing
        super().__init__(
            label,
            validators=[InputRequired(message=required) if required else Optional()],
            coerce=_row_id,
            choices=self._nothing(),
            invalid_value_message=_NOT_OFFERED,
            invalid_choice_message=_NOT_OFFERED,
            **kw,
        )

    def offer(self, rows: Iterable[tuple[int, str]]) -> None:
        """Offer these rows as (id, what people read)."""
        self.choices = [*self._nothing(), *(SelectChoice(str(key), words) for key, words in rows)]

    def _nothing(self) -> list[SelectChoice]:
        return [] if self.nothing is None else [SelectChoice("", self.nothing)]


class TicksField(SelectMultipleField):
    """Any number of members of an enum, as ticks."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: str, kind: type[Labelled], required: str | None = None, **kw):
        """`required` is the sentence shown when nothing is ticked."""
        super().__init__(
            label,
            validators=[InputRequired(message=required)] if required else [],
            coerce=kind,
            choices=kind.choices(),
            invalid_value_message=_NOT_OFFERED,
            invalid_choice_message=_NOT_OFFERED,
            **kw,
        )


class TickRowsField(SelectMultipleField):
    """Any number of rows by their ids, of those that the route offers by `offer`, as ticks."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: str, required: str | None = None, **kw):
        """`required` is the sentence shown when nothing is ticked."""
        super().__init__(
            label,
            validators=[InputRequired(message=required)] if required else [],
            coerce=_row_id,
            choices=[],
            invalid_value_message=_NOT_OFFERED,
            invalid_choice_message=_NOT_OFFERED,
            **kw,
        )

    def offer(self, rows: Iterable[tuple[int, str]]) -> None:
        """Offer these rows as (id, what people read)."""
        self.choices = [SelectChoice(str(key), words) for key, words in rows]


def _member_of(kind: type[Labelled]) -> Callable:
    return lambda value: None if value in ("", None) else kind(value)  # type: ignore[call-arg]


def row_id(value) -> int | None:
    """The id that an address or a tick holds, or None when it is none."""
    text = str(value)
    known = text.isascii() and text.isdigit() and len(text) <= 10 and 0 < int(text) <= MAX_INT
    return int(text) if known else None


def _row_id(value) -> int | None:
    if value in ("", None):
        return None
    key = row_id(value)
    if key is None:
        raise ValueError("no row's id")
    return key
