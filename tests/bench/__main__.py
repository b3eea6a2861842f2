"""`make bench`: C1, I1, P1 to P7, W1, W2 and W8 of the targets, one line a figure, `name: value unit (target)`.

Times mean little on shared cores; what is compared are ratios within one run, medians of several rounds.
BENCH_COUNTY=1 measures printing on all record cards of the demo county instead, which takes the better part of an hour.
"""

import os
import tempfile
from pathlib import Path

from tests import race
from tests.bench import county_papers, pages, papers, rosters
from tests.bench.county import DATABASES, county
from tests.bench.figures import figure
from tests.server import serving


def main() -> None:
    """Measure everything, on SQLite and on PostgreSQL."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as scratch:
        folder = Path(scratch)
        if os.environ.get("BENCH_COUNTY"):
            return county_papers.bench(folder / "county")
        for kind in DATABASES:
            bench_race(folder / f"race_{kind}", kind)
            rosters.bench(folder, kind)
        papers.bench(folder / "papers", "sqlite")
        (folder / "hello").mkdir()
        with serving(folder / "hello", "", application="tests.bench.hello:app") as hello:
            for kind in DATABASES:
                pages.bench(folder, kind, hello)


def bench_race(folder: Path, kind: str) -> None:
    """C1: 200 clients on 100 wishes."""
    with county(folder, kind) as (app, cast):
        attempts = race.run(app, cast, folder)
    won = sum(attempt.won for attempt in attempts)
    broken = sum(attempt.answer.status >= 500 for attempt in attempts)
    worst = max(attempt.waited for attempt in attempts)
    figure(f"C1 wishes won, {kind}", won, f"of {race.CLIENTS} presses", f"= {race.WISHES}", won == race.WISHES)
    figure(f"C1 server errors, {kind}", broken, "answers", "= 0", broken == 0)
    figure(f"C1 worst wait, {kind}", worst, "s", "≤ 5", worst <= 5)


if __name__ == "__main__":
    main()
