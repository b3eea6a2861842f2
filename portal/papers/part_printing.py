"""The pages of a part on their way to the printing process: one PDF of all, or a file each; a bad one alone is lost."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from portal.papers.merge import merge
from portal.papers.render import FAULTS, PaperFailed, PrintRoom
from portal.papers.workflow import Lost

LETTERS_AT_ONCE = 100_000  # of HTML, some forty pages: what lies laid out together is what a printing process holds
NOT_IN_A_NAME = re.compile(r'[\\/:*?"<>|\s]+')

Keep = Callable[[int], None]  # is told how much of the part is drawn, in hundredths


@dataclass(frozen=True)
class Page:
    """A paper as it goes to the printing process: of which case, by which number it goes."""

    case_id: int
    called: str
    html: str

    def lost(self, reason: str) -> Lost:
        """This paper, which did not come out."""
        return Lost(self.case_id, self.called, reason.rstrip("。"))


def print_together(
    room: PrintRoom, pages: list[Page], options: dict, target: Path, lost: list[Lost], keep: Keep
) -> bool:
    """One PDF of all in `target`; whether there is one."""
    files, done = [], 0
    for some in _in_tasks(pages):
        if pdf := _print_some(room, some, options, lost, partial(keep, 100 * done // len(pages))):
            files.append(io.BytesIO(pdf))
        done += len(some)
    if files:
        merge(files, target)
    return bool(files)


def _in_tasks(pages: list[Page]) -> Iterator[list[Page]]:
    """The same pages in groups that are laid out at once."""
    some, letters = [], 0
    for page in pages:
        if some and letters + len(page.html) > LETTERS_AT_ONCE:
            yield some
            some, letters = [], 0
        some.append(page)
        letters += len(page.html)
    yield some


def _print_some(
    room: PrintRoom, pages: list[Page], options: dict, lost: list[Lost], keep: Callable[[], None]
) -> bytes | None:  # fmt: skip
    """One PDF of a few sheets; None where none of them came out."""
    keep()
    try:
        printed = room.print_many([page.html for page in pages], **options)
    except PaperFailed:
        pages = [page for page in pages if _prints(room, page, lost, keep)]
        if not pages:
            return None
        printed = room.print_many([page.html for page in pages], **options)
    lost += [page.lost(FAULTS[fault]) for page, fault in zip(pages, printed.faults, strict=True) if fault]
    return printed.pdf


def _prints(room: PrintRoom, page: Page, lost: list[Lost], keep: Callable[[], None]) -> bool:
    """Whether a sheet prints by itself: one of a part had ended the printing process."""
    keep()
    try:
        room.print_one(page.html)
    except PaperFailed as failure:
        lost.append(page.lost(failure.sentence))
        return False
    return True


def print_each(room: PrintRoom, pages: list[Page], _options: dict, target: Path, lost: list[Lost], keep: Keep) -> bool:
    """A file of each, named by its number, in one folder of files in `target`; whether there is one."""
    any_came_out = False
    with zipfile.ZipFile(target, "w") as folder:  # stored as they are: a PDF is compressed within
        for done, page in enumerate(pages):
            keep(100 * done // len(pages))
            try:
                add_file(folder, f"{NOT_IN_A_NAME.sub('', page.called)}.pdf", room.print_one(page.html))
                any_came_out = True
            except PaperFailed as failure:
                lost.append(page.lost(failure.sentence))
    return any_came_out


def add_file(folder: zipfile.ZipFile, name: str, content: bytes) -> None:
    """Put a file into a folder of files; where the name is taken (two old numbers alike) under one beside it."""
    stem, taken = name.removesuffix(".pdf"), folder.NameToInfo
    beside = (f"{stem}（{count}）.pdf" for count in range(2, len(taken) + 2))
    folder.writestr(next(beside) if name in taken else name, content)
