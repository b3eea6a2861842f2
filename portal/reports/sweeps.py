"""What time does to reports: it opens a year's reports, follows its deadline, and clears away what was never sent.

[四]
"""

from portal import queue
from portal.reports import freezing, opening, submitting


def register() -> None:
    """Say it to `tick`, and to the worker what it hands in."""
    queue.step(submitting.submit_next)
    queue.sweep(opening.open_due)
    queue.sweep(opening.follow_the_year)
    queue.sweep(freezing.forget_unsent)
