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
from pathlib import Path
from xml.sax.saxutils import escape

STATIC = Path(__file__).parents[2] / "static"
FONTS = STATIC / "fonts"
STYLESHEET = STATIC / "papers" / "paper.css"

MEMORY_LIMIT = 1 << 30  # bytes of address space; 50 sheets take about a third
SECONDS_A_TASK = 15  # of processor time, before what each sheet adds; twice that by the clock
SECONDS_A_SHEET = 1  # several times what a sheet takes on one slow core
START_SECONDS = 30
SHEETS_A_PROCESS = 500

# Spawned, not forked: a fork would copy the web process's database connections and threads.
processes = multiprocessing.get_context("spawn")


class PaperFailed(Exception):
    """A paper could not be printed; the text is a Chinese sentence for whoever asked."""


class PrintRoom:
    """One printing process: started when first needed, renewed after some hundreds of sheets or a mishap."""

    def __init__(self, instance_dir, seconds=SECONDS_A_TASK):
        self.instance_dir = Path(instance_dir)
        self.seconds = seconds
        self._one_at_a_time = threading.Lock()
        self._process = self._pipe = None
        self._printed = 0

    def print_one(self, sheet):
        """One paper as PDF/A-2u bytes, tagged for screen readers; PaperFailed if it can't be printed."""
        pdf, _ = self.print_many([sheet], tagged=True)
        return pdf

    def print_many(self, sheets, title=None, duplex=False, tagged=False):
        """(PDF bytes, pages of each sheet: 0 where that sheet failed); PaperFailed if none came out."""
        options = {"title": title, "duplex": duplex, "tagged": tagged}
        seconds = self.seconds + SECONDS_A_SHEET * len(sheets)
        if not self._one_at_a_time.acquire(timeout=2 * seconds):
            raise PaperFailed("打印的人较多，请稍后再试。")
        try:
            pdf, pages = self._ask((list(sheets), options, seconds))
        finally:
            self._one_at_a_time.release()
        if pdf is None:
            raise PaperFailed("这份表无法排版，请检查其中的内容或联系管理员。")
        return pdf, pages

    def close(self):
        """Ends the printing process; the next paper starts a new one."""
        if self._process is not None:
            self._pipe.close()
            self._process.kill()
            self._process.join()
        self._process = self._pipe = None

    def _ask(self, task):
        self._ensure_process()
        sheets, _, seconds = task
        try:
            self._pipe.send(task)
            if not self._pipe.poll(2 * seconds):
                self.close()
                raise PaperFailed("打印用时过长，已停止，请减少份数后再试。")
            answer = self._pipe.recv()
        except (EOFError, OSError) as exc:
            self.close()
            raise PaperFailed("打印程序意外中断，请再试一次。") from exc
        self._printed += len(sheets)
        return answer

    def _ensure_process(self):
        if self._process is not None and self._printed < SHEETS_A_PROCESS and self._process.is_alive():
            return
        self.close()
        self._printed = 0
        self._pipe, far_end = processes.Pipe()
        self._process = processes.Process(
            target=_printing_process,
            args=(far_end, self.instance_dir),
            daemon=True,
        )
        self._process.start()
        far_end.close()
        if not self._is_ready():
            self.close()
            raise PaperFailed("本机缺少打印所需的系统程序（Pango），暂时不能打印。")

    def _is_ready(self):
        try:
            return self._pipe.poll(START_SECONDS) and self._pipe.recv() == "ready"
        except (EOFError, OSError):
            return False


_rooms = {}


def print_room(instance_dir):
    """This process's own printing room for an instance (never one inherited by a fork)."""
    key = (os.getpid(), str(instance_dir))
    if key not in _rooms:
        _rooms[key] = PrintRoom(instance_dir)
        atexit.register(_rooms[key].close)
    return _rooms[key]


def _printing_process(pipe, instance_dir):
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


def write_fonts_conf(instance_dir):
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
