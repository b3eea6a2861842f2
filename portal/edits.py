"""Edits of plain rows: two people on one form don't overwrite each other; the second sees both texts."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import render_template
from sqlalchemy import select
from wtforms import Field, HiddenField

from portal import web
from portal.errors import Refused
from portal.extensions import db
from portal.filters import day, or_nothing
from portal.forms import ChineseForm


class EditForm(ChineseForm):
    """A form over a stored row: it carries the version that the person saw."""

    version = HiddenField()

    def asked(self) -> dict:
        """What was typed, by field name, without the version."""
        return {name: value for name, value in super().asked().items() if name != "version"}


@dataclass(frozen=True)
class Difference:
    """A field in which what was typed differs from what somebody else has saved meanwhile."""

    label: str
    typed: str
    stored: str


def edit(row, form: EditForm, save: Callable[..., object], back: str, template: str = "edit.html", **shown):
    """Any edit of a row: GET shows the form, POST saves it by `save(**asked)` and leads `back`.

    An answer with errors is 422, one over a newer version 409: with both texts, and the newer version in the
    form, so that sending it again overwrites knowingly.
    """
    shown |= {"row": row, "form": form, "back": back, "differences": []}
    if not form.is_submitted():
        return render_template(template, **shown)
    if not form.validate():
        return render_template(template, **shown), 422
    if not hold(row, form.version.data):
        shown["differences"] = differences(form, row)
        form.version.data = form.version.raw_data = str(row.version)
        return render_template(template, **shown), 409
    try:
        save(**form.asked())
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return render_template(template, **shown), refusal.status
    return web.done(back, "已保存。")


def hold(row, version: str | None) -> bool:
    """Take the row for this transaction if it is still this version, and count the version on."""
    model = type(row)
    now = db.session.scalars(select(model.version).where(model.id == row.id).with_for_update()).one()
    db.session.refresh(row)
    if str(now) != version:
        return False
    row.version = now + 1
    return True


def differences(form: EditForm, row) -> list[Difference]:
    """The fields in which the form and the row as it is stored now differ, in words."""
    stored = type(form)(formdata=None, obj=row)
    for field in form:
        if getattr(field, "choices", None) is not None:
            stored[field.name].choices = field.choices
    return between(form, stored)


def between(form: EditForm, stored: EditForm) -> list[Difference]:
    """The fields in which what was typed and what is stored now differ, both as forms, in words."""
    pairs = ((field, stored[field.name]) for field in form if field.name not in ("version", "csrf_token"))
    return [Difference(a.label.text, words(a), words(b)) for a, b in pairs if (a.data or None) != (b.data or None)]


def words(field: Field) -> str:
    """What a field holds, as people read it."""
    if hasattr(field, "iter_choices"):
        return "、".join(choice.label for choice in field.iter_choices() if choice.selected and choice.value) or "—"
    if isinstance(field.data, bool):
        return "是" if field.data else "否"
    return day(field.data) if hasattr(field.data, "year") else str(or_nothing(field.data))
