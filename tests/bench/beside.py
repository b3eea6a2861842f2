"""What printing in bulk is measured against: each sheet fetched, filled in and printed alone, as one first does it."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from flask import Flask

from portal.actors import Actor
from portal.extensions import db
from portal.papers.catalogue import PAPERS
from portal.papers.compose import compose, print_html
from portal.papers.render import STYLESHEET, write_fonts_conf
from portal.registrations.models import Registration
from tests.bench.figures import figure
from tests.server import TOP

SERIF, SANS = "Noto Serif CJK SC", "Noto Sans CJK SC"  # collections of faces (.ttc), as a system has them


def naive(app: Flask, by: Actor, kind: str, year: int, ids: Sequence[int], folder: Path) -> float:
    """Processor seconds of a sheet as one would first print it, with the system's collection of faces if it has one."""
    begun = time.process_time()
    pages = [page_of(app, by, kind, year, key) for key in ids]
    return (time.process_time() - begun) / len(ids) + _printed_alone(pages, folder)


def page_of(app: Flask, by: Actor, kind: str, year: int, case_id: int) -> str:
    """The page that goes to the printing process of one case alone."""
    paper = PAPERS[kind]
    with app.test_request_context():
        rows = db.session.scalars(paper.rows(by, year).where(Registration.id == case_id)).all()
        return print_html(paper, compose(paper, paper.cases(rows, year, by)[0], full=True))


def _printed_alone(pages: list[str], folder: Path) -> float:
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
