"""Wishes that may be the same one told twice: by the same telephone, or in much the same words."""

import datetime as dt
import re
from dataclasses import dataclass

from portal.actors import Actor
from portal.extensions import db
from portal.wishes import queries
from portal.wishes.models import Wish, WishState

SAME_PHONE_WITHIN = dt.timedelta(days=90)
COMPARED = 200
ALIKE = 0.5
_NO_WORDS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Alike:
    """Another wish, and why it may be the same."""

    wish: Wish
    why: str


def alike(wish: Wish, by: Actor) -> list[Alike]:
    """The wishes that this person sees and that may be this one told before, newest first."""
    seen = queries.seen(by).where(Wish.id != wish.id, Wish.state != WishState.WITHDRAWN)
    found = {other.id: Alike(other, "同一个电话") for other in _of_phone(seen, wish)}
    words = _pairs(wish.told or "")
    for other in _of_community(seen, wish):
        if other.id not in found and _overlap(words, _pairs(other.told or other.detail or "")) >= ALIKE:
            found[other.id] = Alike(other, "说法相近")
    return sorted(found.values(), key=lambda one: one.wish.id, reverse=True)


def _of_phone(seen, wish: Wish) -> list[Wish]:
    if wish.phone_index is None:
        return []
    since = wish.submitted_at - SAME_PHONE_WITHIN
    rows = seen.where(Wish.phone_index == wish.phone_index, Wish.submitted_at >= since)
    return list(db.session.scalars(rows.order_by(Wish.id.desc()).limit(COMPARED)))


def _of_community(seen, wish: Wish) -> list[Wish]:
    """The last wishes of the community; bounded, so that a review stays quick."""
    here = Wish.community_id == wish.community_id if wish.community_id else Wish.community_id.is_(None)
    return list(db.session.scalars(seen.where(here).order_by(Wish.id.desc()).limit(COMPARED)))


def _pairs(text: str) -> set[str]:
    """The pairs of neighbouring characters, punctuation and spaces aside."""
    plain = _NO_WORDS.sub("", text)
    return {plain[at : at + 2] for at in range(len(plain) - 1)}


def _overlap(one: set[str], other: set[str]) -> float:
    """How much two sets share, from 0 to 1 (Dice)."""
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0
