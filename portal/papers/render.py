"""Papers as PDF: HTML goes to a warm printing process of its own and comes back as bytes.

The web process never loads the layout library: a page that makes it run away costs a printing process,
not a server, and the portal starts on a machine without Pango.
"""

import atexit
import contextlib
import io
import multiprocessing
import os
import resource
import threading
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

from portal.errors import Refused

STATIC = Path(__file__).parents[2] / "static"
FONTS = STATIC / "fonts"
STYLESHEET = STATIC / "papers" / "paper.css"

MEMORY_LIMIT = 1 << 30  # bytes of address space; 50 sheets take about a third
SECONDS_A_TASK = 15  # of processor time, before what each sheet adds; twice that by the clock
SECONDS_A_SHEET = 1  # several times what a sheet takes on one slow core
LETTERS_A_SHEET = 20_000  # a table of many pages counts as so many sheets
START_SECONDS = 60
SHEETS_A_PROCESS = 500

# Why a sheet did not come out, by the word with which the printing process says it.
FAULTS = {
    "layout": "这份表无法排版，请检查其中的内容或联系管理员。",
    "time": "这份表排版用时过长，已停止，请检查其中过长的内容。",
    "memory": "这份表排版占用的内存过多，已停止，请检查其中过长的内容。",
}

# Spawned, not forked: a fork would copy the web process's database connections and threads.
processes = multiprocessing.get_context("spawn")


class Printed(NamedTuple):
    """What a task came to: the PDF's bytes, None if no sheet came out; of each sheet its pages and its fault.

    Of a sheet that came out the fault is "", of another a word of FAULTS, and it has no page. `rest` is the id of the
    line with which begins what was cut off.
    """

    pdf: bytes | None
    pages: list[int]
    faults: list[str]
    rest: str


class PaperFailed(Refused):
    """A paper could not be printed; nothing was changed, and the sentence says what to do."""

    status = 503


class Printer:
    """One printing process and this side's end of the pipe to it."""

    def __init__(self, instance_dir: Path) -> None:
        """Start the process; PaperFailed when it can't print."""
        self.printed = 0
        self.pipe, far_end = processes.Pipe()
        self.process = processes.Process(target=_printing_process, args=(far_end, instance_dir), daemon=True)
        self.process.start()
        far_end.close()
        if failure := self._failure():
            self.stop()
            raise PaperFailed(failure)

    def is_fresh(self) -> bool:
        """Whether it lives and has not printed its share."""
        return self.printed < SHEETS_A_PROCESS and self.process.is_alive()

    def ask(self, sheets: list[str], options: dict, each: list[int], whole: int) -> Printed:
        """What press.Press.print returns; PaperFailed when the process dies or takes too long.

        `each` sheet may take so many seconds of processor time to lay out, the `whole` to write.
        """
        try:
            self.pipe.send((sheets, options, each, whole))
            if not self.pipe.poll(2 * whole):
                raise PaperFailed("打印用时过长，已停止，请减少份数后再试。")
            answer = Printed(*self.pipe.recv())
        except (EOFError, OSError) as gone:
            raise PaperFailed("打印程序意外中断，请再试一次。") from gone
        self.printed += len(sheets)
        return answer

    def stop(self) -> None:
        """End the process."""
        self.pipe.close()
        self.process.kill()
        self.process.join()

    def _failure(self) -> str:
        """Why it can't print, or '' when it is ready."""
        try:
            if not self.pipe.poll(START_SECONDS):
                return "打印程序启动过慢，请稍后再试。"
            self.pipe.recv()
        except (EOFError, OSError):
            return "本机缺少打印所需的系统程序（Pango），暂时不能打印。"
        return ""


class PrintRoom:
    """A printer at hand: started when first needed, renewed after some hundreds of sheets or a mishap."""

    def __init__(self, instance_dir: str | Path, seconds: int = SECONDS_A_TASK) -> None:
        """`seconds` of processor time are allowed for a task, besides one for each sheet."""
        self.instance_dir = Path(instance_dir)
        self.seconds = seconds
        self.printer: Printer | None = None
        self._one_at_a_time = threading.Lock()

    def print_one(self, sheet: str) -> bytes:
        """One paper as PDF/A-2u bytes, tagged for screen readers; PaperFailed if it can't be printed."""
        printed = self.print_many([sheet], tagged=True)
        if printed.pdf is None:
            raise PaperFailed(FAULTS[printed.faults[0]])
        return printed.pdf

    def print_many(self, sheets: list[str], **options) -> Printed:
        """All sheets in one file, those left out that could not be laid out; PaperFailed when the process gave in.

        The options are those of press.Press.print.
        """
        worth = [SECONDS_A_SHEET * max(1, len(sheet) // LETTERS_A_SHEET) for sheet in sheets]
        each, whole = [self.seconds + more for more in worth], self.seconds + sum(worth)
        if not self._one_at_a_time.acquire(timeout=2 * whole):
            raise PaperFailed("打印的人较多，请稍后再试。")
        try:
            return self._fresh_printer().ask(sheets, options, each, whole)
        except PaperFailed:
            self.close()
            raise
        finally:
            self._one_at_a_time.release()

    def close(self) -> None:
        """End the printing process; the next paper starts a new one."""
        if self.printer is not None:
            self.printer.stop()
        self.printer = None

    def _fresh_printer(self) -> Printer:
        if self.printer is None or not self.printer.is_fresh():
            self.close()
            self.printer = Printer(self.instance_dir)
        return self.printer


_rooms: dict[tuple[int, str], PrintRoom] = {}


def print_room(instance_dir: str | Path) -> PrintRoom:
    """This process's own printing room for an instance (never one inherited by a fork)."""
    key = (os.getpid(), str(instance_dir))
    if key not in _rooms:
        _rooms[key] = PrintRoom(instance_dir)
        atexit.register(_rooms[key].close)
    return _rooms[key]


def _printing_process(pipe: Connection, instance_dir: Path) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.environ["FONTCONFIG_FILE"] = str(write_fonts_conf(instance_dir))
    try:
        # Only here and only now: it loads Pango and reads the font configuration while it is imported.
        with contextlib.redirect_stdout(io.StringIO()):
            from portal.papers import press
    except OSError:
        return  # no Pango: the other side sees the closed pipe and says so
    pipe.send("ready")
    press.serve(pipe, STYLESHEET.read_text(encoding="utf-8"))


def write_fonts_conf(instance_dir: Path) -> Path:
    """Path of a fontconfig file that knows the portal's faces and the site's own folder, nothing else."""
    own_faces = instance_dir / "fonts"
    cache = instance_dir / "cache" / "fonts"
    for folder in (own_faces, cache):
        folder.mkdir(parents=True, exist_ok=True)
    target = cache / "fonts.conf"
    draft = target.with_suffix(f".{os.getpid()}")
    draft.write_text(
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n<fontconfig>\n'
        f"<dir>{escape(str(own_faces))}</dir>\n<dir>{escape(str(FONTS))}</dir>\n"
        f"<cachedir>{escape(str(cache))}</cachedir>\n</fontconfig>\n",
        encoding="utf-8",
    )
    draft.replace(target)
    return target
