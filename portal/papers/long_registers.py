"""A register of thousands of lines, drawn in parts so that memory stays bounded, and put together as one.

A part ends with its last full page: the lines of the page that is not full begin the next part. So nobody sees where
one part ends, and the pages are numbered through; how many there are stands at the end, since only then it is known.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from flask import Response, current_app

from portal import web
from portal.actors import Actor
from portal.papers.catalogue import Paper
from portal.papers.compose import Sheet, compose, print_html
from portal.papers.merge import merge
from portal.papers.render import FAULTS, PaperFailed, print_room
from portal.papers.yearly_tables import PrintedRegister

PART = 120  # lines, some ten pages: laid out within seconds, in a small part of what a printing process may hold


def pdf(paper: Paper, register: PrintedRegister, by: Actor) -> Response:
    """The register as a file to download; PaperFailed when a part can't be printed."""
    sheet = compose(paper, replace(register, lines=()), full=True)
    web.note(by, f"papers.print.{paper.kind}")
    with tempfile.TemporaryDirectory(dir=current_app.config["INSTANCE_DIR"]) as folder:
        files = [_lay_down(part, Path(folder) / f"{place}.pdf") for place, part in enumerate(_parts(paper, register))]
        whole = Path(folder) / "whole.pdf"
        merge(files, whole, sheet.title)
        return web.download(whole.read_bytes(), sheet.file_name)


def _lay_down(part: bytes, path: Path) -> Path:
    path.write_bytes(part)
    return path


def _parts(paper: Paper, register: PrintedRegister) -> Iterator[bytes]:
    """The PDF of each part, in order."""
    done, page = 0, 1
    while done < register.total:
        lines = register.lines[done : done + PART]
        part = replace(register, lines=lines, before=done, in_parts=True)
        printed = _print(paper, compose(paper, part, full=True), page, ends=done + len(lines) == register.total)
        page += sum(printed.pages)
        done = int(printed.rest.removeprefix("line-")) - 1 if printed.rest else done + len(lines)
        yield printed.pdf


def _print(paper: Paper, sheet: Sheet, first_page: int, ends: bool):
    room = print_room(current_app.config["INSTANCE_DIR"])
    printed = room.print_many([print_html(paper, sheet)], first_page=first_page, cut=not ends)
    if printed.pdf is None:
        raise PaperFailed(FAULTS[printed.faults[0]])
    return printed
