"""Searching text: the one function by which lists find what was typed."""

from sqlalchemy import and_, true


def contains(column, typed: str):
    """The condition that a text column holds every word typed, anywhere and in either case; true of no word."""
    words = typed.split()
    return and_(true(), *(column.icontains(word, autoescape=True) for word in words))
