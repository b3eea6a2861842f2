"""Printed files kept for some days under names that say what is in them: the same papers are not drawn twice.

A name is a hash of all that stands on the papers and of what they are drawn with, so a file under it is always the
right one, whoever wrote it; it is written under another name and renamed, so it is always whole.
"""

import datetime as dt
import os
import shutil
import uuid
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from flask import current_app

from portal import clock
from portal.papers.render import FONTS, STYLESHEET

TEMPLATES = Path(__file__).parents[2] / "templates" / "papers"
DRAWN_BY = Path(__file__).parent


def key_of(*facts: object) -> str:
    """The name of what is made of these facts with the present templates, faces and programs."""
    return sha256(repr((_made_with(), _stamp_of_own_faces(), facts)).encode()).hexdigest()


def key_of_its_own() -> str:
    """A name that nothing else will ever have: of what is not to be taken for the whole."""
    return uuid.uuid4().hex


def path_of(key: str) -> Path:
    """Where the file of this name lies, if there is one; readable by the portal's own user only."""
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / key


def is_kept(key: str) -> bool:
    """Whether there is a file of this name; if so it is kept for as long again."""
    path, now = path_of(key), clock.now().timestamp()
    try:
        os.utime(path, (now, now))
    except FileNotFoundError:
        return False
    return True


def draft_of(key: str) -> Path:
    """Where to write the file of this name before it is whole."""
    return path_of(f"{key}.{os.getpid()}.draft")


def keep(key: str) -> None:
    """The draft becomes the file, on the disk before anybody is told of it."""
    draft = draft_of(key)
    with draft.open("rb+") as written:
        os.fsync(written.fileno())
    draft.replace(path_of(key))
    is_kept(key)


def clear(before: dt.datetime) -> None:
    """Remove what was last used before a moment."""
    folder = _folder()
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.stat().st_mtime >= before.timestamp():
            continue
        if path.is_dir():  # of a job as older versions kept them
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _folder() -> Path:
    return Path(current_app.config["INSTANCE_DIR"]) / "print"


@lru_cache(maxsize=1)
def _made_with() -> str:
    """The words, looks and programs by which papers are drawn: read once, they change with a new release only."""
    told = sha256(version("weasyprint").encode())
    styles, words, programs = STYLESHEET.parent.glob("*.css"), TEMPLATES.glob("*.html"), DRAWN_BY.glob("*.py")
    for path in (*sorted(styles), *sorted(words), *sorted(programs)):
        told.update(path.read_bytes())
    for face in sorted(FONTS.iterdir()):
        told.update(f"{face.name} {face.stat().st_size}".encode())
    return told.hexdigest()


def _stamp_of_own_faces() -> list[tuple[str, int]]:
    folder = Path(current_app.config["INSTANCE_DIR"]) / "fonts"
    return sorted((each.name, each.stat().st_mtime_ns) for each in folder.iterdir()) if folder.is_dir() else []
