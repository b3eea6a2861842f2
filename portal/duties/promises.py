"""Promises of a year's pledge that are overdue: arithmetic on values.

An item that is alone of its category is kept by the sums of that category; only where two items share one, it matters
which record went to which, and the records themselves are looked at.
"""

import datetime as dt
from collections.abc import Mapping, Sequence

from portal.labels import Category
from portal.pledges.keeping import Kept, Promise, Service, keeping

Sums = tuple[int, int, int]  # records, times, half hours


def overdue(
    promises: Sequence[Promise], sums: Mapping[Category, Sums], records: Sequence[Service], day: dt.date
) -> int:
    """How many of a member's promises are not kept although their day has passed.

    `records` are those of the categories that two promises share, in the order of their days.
    """
    if len({promise.category for promise in promises}) < len(promises):
        shared = [each for each in promises if _shares(each, promises)]
        alone = [each for each in promises if not _shares(each, promises)]
        return sum(each.is_overdue(day) for each in keeping(shared, records).items) + overdue(alone, sums, (), day)
    return sum(Kept(each, *sums.get(each.category, (0, 0, 0))).is_overdue(day) for each in promises)


def _shares(promise: Promise, promises: Sequence[Promise]) -> bool:
    return sum(each.category is promise.category for each in promises) > 1
