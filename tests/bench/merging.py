"""`python -m tests.bench.merging PART TIMES WHOLE`: puts a part together so often, says what MB that took.

In a process of its own, since a fork would begin with all that the bench itself holds.
"""

import os
import sys
from pathlib import Path

from portal.papers.merge import merge
from tests.bench.load import peak_memory


def main(part: str, times: str, whole: str) -> None:
    """Put together and say the peak."""
    merge([Path(part)] * int(times), Path(whole), "bench")
    print(peak_memory(os.getpid()))


if __name__ == "__main__":
    main(*sys.argv[1:])
