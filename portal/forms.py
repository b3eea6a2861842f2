"""The parts that every form is made of: clean text, bounded numbers, Chinese sentences."""

import re

from flask import request
from flask_wtf import FlaskForm
from flask_wtf.form import SUBMIT_METHODS
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import DateField, Field, FileField, HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    StopValidation,
    ValidationError,
)

from portal.text import MAX_INT, clean, half_width, normal_phone, read_day


class _Cleaned:
    """Cleans what was typed before any validator sees it."""

    lines = False
    narrow = False

    def process_formdata(self, valuelist):
        if valuelist:
            value = clean(valuelist[0], self.lines)
            self.data = half_width(value) if self.narrow else value

    def _value(self):
        return self.data or ""


def _rules(maximum: int, required: str | None, extra) -> list:
    first = DataRequired(message=required) if required else Optional()
    return [first, Length(max=maximum, message=f"最多 {maximum} 个字。"), *extra]


class LineField(_Cleaned, StringField):
    """One line of text; `required` is the sentence shown when it is empty."""

    def __init__(self, label: str, maximum: int, required: str | None = None, extra=(), narrow=False, **kw):
        """`narrow` turns full-width digits and letters into half-width ones (numbers, phones, codes)."""
        self.narrow = narrow
        kw.setdefault("render_kw", {}).setdefault("maxlength", maximum)
        super().__init__(label, validators=_rules(maximum, required, extra), **kw)


class LinesField(_Cleaned, TextAreaField):
    """Several lines of text; `required` is the sentence shown when it is empty."""

    lines = True

    def __init__(self, label: str, maximum: int, required: str | None = None, extra=(), **kw):
        """At most `maximum` characters, line breaks included."""
        # No maxlength attribute: browsers would cut a pasted text silently.
        super().__init__(label, validators=_rules(maximum, required, extra), **kw)


class NumberField(IntegerField):
    """A whole number between two bounds; full-width digits are read too."""

    def __init__(self, label: str, minimum: int = 0, maximum: int = MAX_INT, required=None, **kw):
        """`required` is the sentence shown when it is empty; without it the field may stay empty."""
        first = InputRequired(message=required) if required else Optional()
        between = NumberRange(minimum, maximum, message=f"请填写 {minimum} 到 {maximum} 之间的整数。")
        super().__init__(label, validators=[first, between], **kw)

    def process_formdata(self, valuelist):
        """The number typed, or the Chinese sentence why it is none."""
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        typed = half_width(valuelist[0]).strip()
        if not re.fullmatch(r"[+-]?\d{1,12}", typed, re.ASCII):
            self.data = None
            raise ValueError("请填写整数。")
        self.data = int(typed)


class DayField(DateField):
    """A day from 1900 to 2100; 2014-05-15, 2014.5.15, 20140515 and 2014年5月15日 are read."""

    def __init__(self, label: str, required: str | None = None, extra=(), **kw):
        """`required` is the sentence shown when it is empty; without it the field may stay empty."""
        first = InputRequired(message=required) if required else Optional()
        super().__init__(label, validators=[first, *extra], **kw)

    def process_formdata(self, valuelist):
        """The day typed, or the Chinese sentence why it is none."""
        self.data = None
        if not valuelist or not valuelist[0].strip():
            return
        self.data = read_day(valuelist[0])
        if self.data is None:
            raise ValueError("请填写有效的日期，如 2026-05-15。")
        if not 1900 <= self.data.year <= 2100:
            self.data = None
            raise ValueError("年份应在 1900 到 2100 之间。")


def is_phone(form, field: Field) -> None:
    """A WTForms validator: the field holds a Chinese phone number; stores its digits."""
    if not field.data:
        return
    digits = normal_phone(field.data)
    if not digits:
        raise StopValidation("请填写有效的电话号码，如 13891701234 或 0917-7212345。")
    field.data = digits


def is_name(form, field) -> None:
    """A WTForms validator: the field reads like a person's name."""
    if field.data and (
        not any(c.isalpha() for c in field.data) or any(c.isnumeric() and c.isascii() for c in field.data)
    ):
        raise ValidationError("请填写姓名，不要写数字或符号。")


class ChineseForm(FlaskForm):
    """The base of all forms: WTForms' own sentences in Chinese."""

    class Meta(FlaskForm.Meta):
        """Chinese sentences, from WTForms' catalogue."""

        locales = ("zh",)

        def wrap_formdata(self, form, formdata):
            """What was sent: text for every field and files for file fields only, whatever the body holds.

            An empty body is an empty form, not the values that the form was filled with beforehand.
            """
            if formdata is None or hasattr(formdata, "getlist"):
                return formdata
            if request.method not in SUBMIT_METHODS:
                return None
            names = [field.name for field in form if isinstance(field, FileField)]
            # A part of a body may have no name at all.
            words = MultiDict((name, text) for name, text in request.form.items(multi=True) if name)
            return CombinedMultiDict((MultiDict({n: request.files.getlist(n) for n in names}), words))

    def asked(self) -> dict:
        """What was asked for and answered, by field name."""
        return {name: field.data for name, field in self._fields.items() if name != "csrf_token"}


class FilterForm(ChineseForm):
    """Filters of a list, read from the address; what no field understands counts as not filtered."""

    class Meta(ChineseForm.Meta):
        """Nothing is changed by a filter, so no token stands in the address."""

        csrf = False

    def __init__(self, asked: MultiDict | None = None, **kw):
        """Read the present request's address, or what stands for it."""
        super().__init__(formdata=request.args if asked is None else asked, **kw)

    @property
    def chosen(self) -> dict:
        """The filters in use, by field name, as the address holds them."""
        unused = (None, "", [], False)
        used = [name for name, field in self._fields.items() if field.data not in unused]
        return {name: request.args[name] for name in used if name in request.args}


class ReasonForm(ChineseForm):
    """A move that asks for nothing but the reason."""

    reason = LinesField("原因", 500, "请填写原因。")


class UndoForm(ChineseForm):
    """Taking back an act: which one was shown."""

    line = HiddenField()

    def asked(self) -> dict:
        """The line of history that was shown, as it was sent."""
        return {"line": (self.line.raw_data or [""])[0]}
