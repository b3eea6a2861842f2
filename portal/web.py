"""What every route shares: find the row, make the move, answer with 303; only here requests are committed."""

import io
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

from flask import abort, current_app, flash, redirect, render_template, request, send_file, url_for
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy import Select
from sqlalchemy.exc import IntegrityError
from werkzeug.routing import BaseConverter, ValidationError

from portal import audit, clock, ics, once
from portal.actors import Actor
from portal.doors import SAFE_METHODS
from portal.errors import NotYours, Refused, TooLate
from portal.extensions import db, set_may_write
from portal.flow import Case, Move, Undo, flow_of
from portal.text import MAX_INT

SAFE_NEXT = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


class NumberConverter(BaseConverter):
    """A case's number in an address: 2026-0012."""

    regex = r"20\d{2}-\d{4,7}"


class RowConverter(BaseConverter):
    """A row's id in an address; too large a number is no address at all."""

    regex = r"[1-9]\d{0,9}"

    def to_python(self, value: str) -> int:
        """The id as a number that every database takes."""
        if int(value) > MAX_INT:
            raise ValidationError
        return int(value)


def safe_next(typed: str | None, otherwise: str) -> str:
    """The address to go on to: the one asked for when it lies in this portal, else the other."""
    return typed if typed and SAFE_NEXT.fullmatch(typed) else otherwise


def me() -> Actor:
    """The acting person of this request, in the appointment in use."""
    return current_user._get_current_object()


def find(rows: Select, address: str | int):
    """The row with this number or id among the rows that may be seen; 404 for a foreign one as for none."""
    model = rows.column_descriptions[0]["entity"]
    key = model.number if isinstance(address, str) else model.id
    row = db.session.scalar(rows.where(key == address))
    return row if row is not None else abort(404)


def address_of(row: Case) -> str:
    """The address of the page on which a case stands."""
    row = flow_of(row).shown_on(row)
    flow = flow_of(row)
    number: Any = getattr(row, "number", None) or row.id
    return url_for(f"{flow.room}.page", **{flow.noun: number})


def move_address(row: Case, verb: str) -> str:
    """The address of a move of this case."""
    return f"{address_of(row)}/{verb}"


def do_move(
    row: Case, verb: str, ask: type[FlaskForm] | Callable | None = None, then: str = "", back: str = "",
    anew: Callable[[], Case] | None = None,
):  # fmt: skip
    """Any move of a case: GET asks, POST does; the answer is a 303 to the case's page.

    `ask` is the form of what the move asks for, or a function of the row that builds it (to fill its choices).
    `then` is another page to lead on to, where the move takes the case out of the person's sight; `back` where one
    comes from, when the case is out of sight already. `anew` finds a case again that a refusal may leave without the
    row that was written for this move.
    """
    move = flow_of(row).all_moves.get(verb) or abort(404)
    build = move.form if ask is None or isinstance(move, Undo) else ask
    form = build() if isinstance(build, type) else build(row)
    if request.method == "GET":
        move.check_open(row, me())
        return _ask(move, row, form, back)
    if not form.validate():
        with suppress(TooLate):
            move.check_open(row, me())  # the choices of a form name people: only who may make the move reads them
        return _ask(move, row, form, back), 422
    try:
        move(row, me(), **form.asked())
    except Refused as refusal:
        return refused_move(move, row, form, refusal, back, anew)
    return done(then or address_of(row), move.done)


def done(location: str, sentence: str = "", kind: str = "success"):
    """Commit, say what was done, and lead on; a form sent twice is led to its first answer."""
    once.remember(location)
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        if first := once.first_answer():
            return first
        raise
    if sentence:
        flash(sentence, kind)
    return redirect(location, 303)


def keep() -> None:
    """Commit what must be kept although the answer is a refusal (a counted try)."""
    db.session.commit()


def keep_each(parts: Iterable):
    """Commit after each part of a long write, so that no lock is held for long; what the last part yielded.

    Commands use it too.
    """
    kept = None
    for part in parts:
        db.session.commit()
        kept = part
    return kept


def download(data: bytes, name: str):
    """A file to be saved under this name; its kind is known by the name's end."""
    return send_file(io.BytesIO(data), as_attachment=True, download_name=name)


def calendar_download(name: str, events: Iterable[ics.Event], file: str):
    """These events as a calendar file to be taken into a phone's calendar; the file's name ends in .ics."""
    host = urlsplit(str(current_app.config["PUBLIC_ADDRESS"])).hostname or "portal"
    return download(ics.calendar_file(name, events, clock.now(), host), file)


@contextmanager
def apart() -> Iterator[None]:
    """One small write in a transaction of its own, so that a page that only reads may note it was read."""
    db.session.rollback()
    set_may_write(True)
    try:
        yield
        db.session.commit()
    finally:
        db.session.rollback()
        set_may_write(request.method not in SAFE_METHODS)


def write_apart(statement) -> None:
    """Run one statement apart from the transaction of a page that only reads."""
    with apart():
        db.session.execute(statement)


def note(by: Actor, act: str, row=None, fields: tuple[str, ...] = ()) -> None:
    """One audit row of a look or a download, apart from the page that only reads."""
    with apart():
        audit.write(by, act, row, fields)


def refused_move(
    move: Move | Undo, row: Case, form: FlaskForm, refusal: Refused, back: str = "",
    anew: Callable[[], Case] | None = None,
):  # fmt: skip
    """Nothing changed: the sentence, the case as it stands now, and what was typed."""
    db.session.rollback()
    if first := once.first_answer():
        return first
    flash(refusal.sentence, "error")
    row = anew() if anew else row
    asks_again = move.open_to(row, me()) and not isinstance(refusal, NotYours | TooLate)
    return _ask(move, row, form if asks_again else None, back), refusal.status


def _ask(move: Move | Undo, row: Case, form: FlaskForm | None, back: str) -> str:
    case = move.flow.shown_on(row)
    flow = flow_of(case)
    shown = {flow.noun: case, "told": move.told(row) if form else "", "back": back or address_of(case)}
    return render_template("move.html", move=move, row=case, form=form, flow=flow, **shown)
