"""What time does to feedback: it compiles the quarter's bulletins, one community a tick.  [三2]"""

import datetime as dt

from portal.feedback import compiling


def compile_bulletins(now: dt.datetime) -> None:
    """Compile the bulletins of the next community; the write lock is held for these alone, the next tick goes on."""
    compiling.compile_next(now)
