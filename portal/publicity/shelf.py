"""The stories as everybody reads them: public columns only, never who wrote what about whom inside."""

import datetime as dt
from dataclasses import dataclass

import segno
from flask import abort, current_app
from sqlalchemy import func, select

from portal import paging
from portal.extensions import db
from portal.publicity import story_queries
from portal.publicity.models import Appearance, Story, StoryKind

SIZE = 12
BEGINNING = 90  # characters of a story on its card
_CARD = (Story.number, Story.kind, Story.title, func.substr(Story.body, 1, BEGINNING + 1), Story.office,
         Story.published_at)  # fmt: skip


@dataclass(frozen=True)
class Card:
    """A story on the shelf: its first words, who wrote it, when it was published."""

    id: int
    number: str
    kind: StoryKind
    title: str
    beginning: str
    office: str
    published_at: dt.datetime

    @property
    def words(self) -> str:
        """The first words in one line."""
        words = " ".join(self.beginning.split())
        return f"{words[:BEGINNING]}……" if len(self.beginning) > BEGINNING else words


@dataclass(frozen=True)
class Article:
    """One published story, and where else it appeared as (medium, name, day)."""

    id: int
    number: str
    kind: StoryKind
    title: str
    body: str
    office: str
    published_at: dt.datetime
    appearances: tuple = ()


@dataclass(frozen=True)
class Shelf:
    """A page of cards, and the id after which the next one begins."""

    cards: list[Card]
    next: int | None


def page(kind: StoryKind | None, after: str | None) -> Shelf:
    """A page of the published stories, of one kind or all, the newest first."""
    rows = story_queries.published()
    if kind:
        rows = rows.where(Story.kind == kind)
    shown = paging.page_of(rows, after, Story.published_at, newest_first=True, size=SIZE, columns=_CARD)
    return Shelf([Card(*row) for row in shown.rows], shown.next)


def latest(most: int) -> list[Card]:
    """The stories that were published last."""
    rows = story_queries.published().with_only_columns(Story.id, *_CARD)
    rows = rows.order_by(Story.published_at.desc(), Story.id.desc())
    return [Card(*row) for row in db.session.execute(rows.limit(most))]


def one(number: str) -> Article:
    """The published story of this number; 404 where there is none."""
    columns = (Story.id, Story.number, Story.kind, Story.title, Story.body, Story.office, Story.published_at)
    rows = story_queries.published().with_only_columns(*columns).where(Story.number == number)
    found = db.session.execute(rows).first() or abort(404)
    where = select(Appearance.medium, Appearance.name, Appearance.day).where(Appearance.story_id == found.id)
    appeared = db.session.execute(where.order_by(Appearance.day, Appearance.id))
    return Article(*found, appearances=tuple(appeared))


def qr_of(number: str) -> str:
    """A QR of a story's public page, as a data: picture; the address comes from the setting."""
    address = f"{current_app.config['PUBLIC_ADDRESS'].rstrip('/')}/stories/{number}"
    return segno.make(address, error="m").svg_data_uri(scale=4, border=2)
