"""A form sent twice is done once: the second sending gets the first one's answer."""

import datetime as dt
import secrets

from flask import redirect, request
from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, mapped_column

from portal import clock, vault
from portal.clock import Moment
from portal.extensions import Base, db
from portal.text import Text

KEPT = dt.timedelta(days=1)


class OnceKey(Base):
    """The key of a form that was carried out, and where its answer is."""

    __tablename__ = "once_keys"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Text(32), unique=True)
    location: Mapped[str] = mapped_column(Text(300))
    at: Mapped[dt.datetime] = mapped_column(Moment, index=True)


def new_key() -> str:
    """A key for the hidden field `once` of a form."""
    return secrets.token_urlsafe(16)


def first_answer():
    """A redirect to the answer of the same form's first sending, or None."""
    key = _key()
    location = key and db.session.scalar(select(OnceKey.location).where(OnceKey.key == key))
    return redirect(location, 303) if location else None


def remember(location: str) -> None:
    """Keep where this form's answer is, in the transaction that carries it out."""
    if key := _key():
        db.session.add(OnceKey(key=key, location=location, at=clock.now()))


def forget_old() -> None:
    """Delete the keys older than a day."""
    db.session.execute(delete(OnceKey).where(OnceKey.at < clock.now() - KEPT))


def _key() -> str | None:
    typed = request.form.get("once", "") if request.method == "POST" else ""
    return vault.trace("once", f"{request.path}:{typed}") if 16 <= len(typed) <= 64 else None
