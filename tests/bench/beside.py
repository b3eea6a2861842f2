"""What printing in bulk is measured against: a document of its own for each sheet, in a process of its own."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from portal.papers.render import STYLESHEET, write_fonts_conf
from tests.bench.figures import figure
from tests.server import TOP

SERIF, SANS = "Noto Serif CJK SC", "Noto Sans CJK SC"  # collections of faces (.ttc), as a system has them


def naive(pages: list[str], folder: Path) -> float:
    """Processor seconds of a sheet as one would first print it, with the system's collection of faces if it has one."""
    style, faces = STYLESHEET.read_text(), {}
    if has_collection():
        style = re.sub(r"font-family:[^;]+;", _as_the_system_has_it, style)
    else:
        faces["FONTCONFIG_FILE"] = str(write_fonts_conf(folder))
    (folder / "pages.json").write_text(json.dumps(pages))
    (folder / "style.css").write_text(style)
    return told("tests.bench.naive", folder / "pages.json", folder / "style.css", **faces)


def _as_the_system_has_it(families: re.Match) -> str:
    """The same looks with the system's faces: 黑体 stays without serifs, all else has them."""
    return f'font-family: "{SANS if re.search("sans-serif", families[0]) else SERIF}";'


def compare(name: str, bulk: float, alone: float) -> None:
    """Print P1: a sheet in bulk beside one alone."""
    ratio = bulk / alone
    if has_collection():
        figure(name, ratio, "x naive", "≤ 0.40", ratio <= 0.4)
    else:
        figure(f"{name}, no collection of faces here: over the portal's own", ratio, "x naive")


def has_collection() -> bool:
    """Whether the system has the collection of faces (.ttc) that a first attempt would print with."""
    return any(Path("/usr/share/fonts").rglob("NotoSerifCJK*.ttc"))


def told(module: str, *arguments: Path | int, **settings: str) -> float:
    """The number that a program says, which measures in a process of its own: what a sheet took, or a batch held."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    answer = subprocess.run(command, cwd=TOP, env=os.environ | settings, capture_output=True, text=True, check=True)
    return float(answer.stdout.split()[-1])
