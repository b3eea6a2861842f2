"""The printing process's own side: HTML in, PDF out. Imported by that process alone (see render.py)."""

import gc
import logging
import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from multiprocessing.connection import Connection

import cssselect2
import weasyprint
from defusedxml import ElementTree
from weasyprint.urls import FatalURLFetchingError

from portal.papers.own_assets import NamedAssetsOnly
from portal.papers.own_styles import ELEMENTS, classes_of, only_for
from portal.papers.pdf_writing import write

SHEET_URL = "paper:/"  # base of every relative address; leads nowhere, so relative addresses are refused
PATIENCE = 5.0  # seconds between two looks whether whoever started this process still lives
GRACE = 3  # seconds in which a sheet stopped for its time comes to an end, before the whole process is
# A blank page, upright or on its side like the page before it.
BLANK_SHEETS = [f'<html lang="zh-CN"><body><p{lies}></p></body></html>' for lies in ("", ' class="paper--blank"')]

# Its warnings may quote what stands on a paper, and papers hold personal data.
weasyprint.LOGGER.setLevel(logging.CRITICAL)
logging.getLogger("fontTools").setLevel(logging.CRITICAL)


class Sheet(weasyprint.HTML):
    """A page of ours: well-formed XML, and none but the elements that papers have."""

    def __init__(self, page: str, fetcher: NamedAssetsOnly) -> None:
        """ParseError where the page is not well-formed, EntitiesForbidden where it declares entities."""
        self.base_url, self.url_fetcher, self.media_type = SHEET_URL, fetcher, "print"
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(ElementTree.fromstring(page))
        self.etree_element = self.wrapper_element.etree_element

    def _ua_stylesheets(self, forms: bool = False) -> list[weasyprint.CSS]:
        return [_elements()]


@lru_cache(maxsize=1)
def _elements() -> weasyprint.CSS:
    return weasyprint.CSS(string=ELEMENTS.read_text(encoding="utf-8"))


class Press:
    """Fonts and stylesheet loaded once, then any number of papers."""

    def __init__(self, stylesheet: str) -> None:
        """`stylesheet` is the text of paper.css."""
        self.fonts = weasyprint.text.fonts.FontConfiguration()
        self.fetcher = NamedAssetsOnly()
        self.text = stylesheet
        self.stylesheets: dict[frozenset[str], weasyprint.CSS] = {}  # by the classes on the sheets: one or two a kind

    def print(
        self,
        sheets: list[str],
        each: list[int],
        whole: int,
        title: str | None = None,
        duplex: bool = False,
        tagged: bool = False,
        first_page: int = 1,
        cut: bool = False,
    ) -> tuple[bytes | None, list[int], list[str], str]:
        """All `sheets` (HTML strings) in one PDF/A-2u, laid out one by one so that a bad one falls out alone.

        `each` may take so many seconds of processor time, writing the `whole` so many. Returns (PDF bytes, or None if
        every sheet failed; pages of each sheet; fault of each sheet, a word of render.FAULTS, or ""; what was cut off).
        With `duplex` every sheet takes whole leaves, so that each begins on an odd page, in files put together too.
        Pages are counted from `first_page`. With `cut` the last page of the one sheet is left away, since its lines are
        to stand on a full one: the id of its first line is told, "" where there is nothing to cut.
        """
        styles = [self._stylesheet([*sheets, *BLANK_SHEETS])] + (
            [self._counted_from(first_page)] if first_page > 1 else []
        )
        laid = [self._lay_out(sheet, seconds, styles) for sheet, seconds in zip(sheets, each, strict=True)]
        good = [document for document, _ in laid if document]
        faults = [fault for _, fault in laid]
        if not good:
            return None, [0] * len(sheets), faults, ""
        pages: list[weasyprint.Page] = []
        blanks = [self._lay_out(sheet, each[0], styles)[0] for sheet in BLANK_SHEETS] if duplex else []
        for document in good:
            pages += document.pages
            if blanks and len(pages) % 2 and (blank := blanks[pages[-1].width > pages[-1].height]):
                pages += blank.pages
        rest = _first_line(pages[-1]) if cut and len(pages) > 1 else ""
        if rest:
            pages.pop()
        file = good[0].copy(pages)
        if title:
            file.metadata.title, file.metadata.keywords = title, []  # not those of the first sheet
        _allow_processor_time(whole)
        counts = [len(document.pages) if document else 0 for document, _ in laid]
        return write(file, tagged), [len(pages)] if cut else counts, faults, rest

    def _stylesheet(self, sheets: list[str]) -> weasyprint.CSS:
        classes = classes_of(sheets)
        if classes not in self.stylesheets:
            self.stylesheets[classes] = weasyprint.CSS(
                string=only_for(self.text, classes),
                font_config=self.fonts,
                base_url=SHEET_URL,
                url_fetcher=self.fetcher,
                media_type="print",
            )
        return self.stylesheets[classes]

    def _counted_from(self, page: int) -> weasyprint.CSS:
        return weasyprint.CSS(string=f"@page :first {{ counter-set: page {page} }}")

    def _lay_out(
        self, sheet: str, seconds: int, styles: list[weasyprint.CSS]
    ) -> tuple[weasyprint.Document | None, str]:
        """One sheet's document, or None and why: it asked for what it may not have, can't be laid out, runs away."""
        try:
            with _no_longer_than(seconds):
                document = Sheet(sheet, self.fetcher).render(
                    font_config=self.fonts, stylesheets=styles, pdf_variant="pdf/a-2u"
                )
        except TooLong:
            return None, "time"
        except MemoryError:
            return None, "memory"
        except (Exception, FatalURLFetchingError):
            return None, "layout"
        return (None, "layout") if document.metadata.attachments else (document, "")


def _first_line(page: weasyprint.Page) -> str:
    """The id of the uppermost element of a page that has one, "" where none has."""
    return min(page.anchors, key=lambda name: page.anchors[name][1], default="")


class TooLong(BaseException):
    """A sheet took more processor time than it may; no layout code catches it for a fault of its own."""


@contextmanager
def _no_longer_than(seconds: int) -> Iterator[None]:
    """Breaks off by TooLong what computes longer; should that go unheard, the system ends the process soon after."""
    _allow_processor_time(seconds + GRACE)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _break_off(*_signal) -> None:
    raise TooLong


def serve(pipe: Connection, stylesheet: str) -> None:
    """Prints what comes through `pipe` until the other side closes it."""
    press, parent = Press(stylesheet), os.getppid()
    signal.signal(signal.SIGPROF, _break_off)
    # Layout makes millions of objects that all live to the end of the task: looking through them again and again for
    # circles took a fifth of the time. They are cleared away once, after the answer; what is there by now stays.
    gc.disable()
    gc.freeze()
    while True:
        while not pipe.poll(PATIENCE):
            if os.getppid() != parent:  # killed without a word: nobody closes the pipe then
                return
        try:
            sheets, options, each, whole = pipe.recv()
        except EOFError:
            return
        try:
            answer = press.print(sheets, each, whole, **options)
        except (Exception, FatalURLFetchingError):
            answer = None, [0] * len(sheets), ["layout"] * len(sheets), ""
        try:
            pipe.send(answer)
        except OSError:
            return
        del answer, sheets
        gc.collect()


def _allow_processor_time(seconds: int) -> None:
    """Lets this process compute for `seconds` more; past that the system ends it."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(usage.ru_utime + usage.ru_stime) + seconds, hard))
