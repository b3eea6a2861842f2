"""Files added to a case and others taken away: one form and one page for every room that lets its files be changed."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import render_template

from portal import web
from portal.errors import Refused
from portal.extensions import db
from portal.uploads import Upload


def offer_removal(form: Any, held: Sequence[Upload]) -> None:
    """Let those of the files held be chosen that are to be taken away; without any nothing is asked."""
    form.remove.choices = [(each.file, each.title) for each in held]
    if not form.remove.choices:
        del form.remove


def change_files(
    form: Any, held: Sequence[Upload], change: Callable[[list, list], object], back: str, done: str, **shown: object
):
    """GET shows the form (fields `files` and `remove`), POST carries out `change(added, removed)` and leads `back`."""
    offer_removal(form, held)
    shown |= {"form": form, "row": None, "back": back, "differences": []}
    if not form.validate_on_submit():
        return render_template("edit.html", **shown), 422 if form.errors else 200
    try:
        change(form.files.data, form.remove.data if form.remove else [])
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return render_template("edit.html", **shown), refusal.status
    return web.done(back, done)
