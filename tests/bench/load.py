"""Putting one page under load and reading what it cost."""

import os
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.server import Server

CONNECTIONS = 16
SECONDS = 1
# Many short rounds: each spreads its connections over the workers anew, evenly or not.
ROUNDS = 9
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Press:
    """What one round showed: answers a second, and CPU seconds of all the servers' processes per answer."""

    rate: float
    cpu: float


@dataclass(frozen=True)
class Cost:
    """The medians of several rounds, and the spread of the rate (highest less lowest, as a share of it).

    `least` is the CPU time of the round whose connections fell evenly on the workers: what two pages are compared by,
    since an uneven round costs a third more whatever it asks for.
    """

    rate: float
    cpu: float
    spread: float
    least: float


def measure(server: Server, path: str, *headers: str, also: tuple[int, ...] = ()) -> Callable[[], Press]:
    """A function that makes one round on a page; `also` names the processes of the database, if it has its own."""
    command = ["wrk", "-t", "1", "-c", str(CONNECTIONS), "-d", str(SECONDS), "--timeout", "30", server.address + path]
    for header in headers:
        command += ["-H", header]

    def press() -> Press:
        before = cpu_seconds(server.pid, *also)
        report = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        used = cpu_seconds(server.pid, *also) - before
        if bad := re.search(r"Non-2xx or 3xx responses: \d+|Socket errors: .*", report):
            raise AssertionError(f"{path}: {bad[0]}")
        answers = int(re.search(r"(\d+) requests in", report)[1])
        if not answers:
            raise AssertionError(f"{path}: no answer within {SECONDS} s")
        return Press(float(re.search(r"Requests/sec:\s+([\d.]+)", report)[1]), used / answers)

    return press


def in_turns(pages: dict[str, Callable[[], Press]]) -> dict[str, Cost]:
    """The cost of each page; the rounds go in turns, so that a busy moment of the machine hits all alike.

    A first round that doesn't count lets every process compile its templates and open its connections.
    """
    for press in pages.values():
        press()
    seen: dict[str, list[Press]] = {name: [] for name in pages}
    for _ in range(ROUNDS):
        for name, press in pages.items():
            seen[name].append(press())
    return {name: summary(rounds) for name, rounds in seen.items()}


def summary(rounds: list[Press]) -> Cost:
    """The medians of some rounds."""
    rates = [press.rate for press in rounds]
    middle, costs = median(rates), [press.cpu for press in rounds]
    return Cost(middle, median(costs), (max(rates) - min(rates)) / middle, min(costs))


def cpu_seconds(*pids: int) -> float:
    """User and system time of these processes, their children, and the children that have ended."""
    return sum(_ticks(pid) + sum(_ticks(child) for child in children_of(pid)) for pid in pids) / TICKS


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(field) for field in fields[11:15])


def peak_memory(pid: int) -> float:
    """The most memory that a process has held, in MB."""
    return int(re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) / 1024


def children_of(pid: int) -> list[int]:
    """The processes that a process has started, any of its threads, and that still run."""
    found = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for path in found for child in path.read_text().split()]
