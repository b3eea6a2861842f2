"""Files that people send with a case: told by their content, pictures drawn anew, sealed on disk under random names."""

import io
import secrets
import struct
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import current_app
from werkzeug.datastructures import FileStorage

from portal import vault
from portal.errors import BadValue
from portal.labels import Labelled
from portal.pictures import redrawn
from portal.text import clean

MOST = 6  # files of one case, where its room says nothing else
MOST_BYTES = 8 * 1024 * 1024
TITLE_LETTERS = 120
_MOST_ENTRIES = 5_000
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"RIFF")
_OFFICE = "application/vnd.openxmlformats-officedocument."


class FileKind(Labelled):
    """What a file is, by its content and not by its name."""

    PICTURE = "picture", "图片"
    PDF = "pdf", "PDF"
    DOCX = "docx", "Word 文档"
    XLSX = "xlsx", "表格"

    @property
    def ends(self) -> str:
        """How the name of such a file ends."""
        return ".jpg" if self is FileKind.PICTURE else f".{self.value}"

    @property
    def media(self) -> str:
        """The media type of such a file."""
        return _MEDIA[self]


_MEDIA = {
    FileKind.PICTURE: "image/jpeg", FileKind.PDF: "application/pdf",
    FileKind.DOCX: f"{_OFFICE}wordprocessingml.document", FileKind.XLSX: f"{_OFFICE}spreadsheetml.sheet",
}  # fmt: skip
_CALLED = {FileKind.PICTURE: "图片", FileKind.PDF: "PDF", FileKind.DOCX: ".docx", FileKind.XLSX: ".xlsx"}
_INSIDE = {"word/document.xml": FileKind.DOCX, "xl/workbook.xml": FileKind.XLSX}
PICTURES, ANY = (FileKind.PICTURE,), tuple(FileKind)


@dataclass(frozen=True)
class Kept:
    """A file that lies on disk: its random name there, its name for people, what it is, its bytes."""

    file: str
    title: str
    what: FileKind
    size: int


def keep(files: Iterable[FileStorage], most: int = MOST, allowed: Sequence[FileKind] = ANY) -> list[Kept]:
    """Check these files and seal them on disk; BadValue with a Chinese sentence, and none is kept.

    Slow: call it outside the write transaction. A file that no row names is deleted by a sweep.
    """
    chosen = [file for file in files if file.filename]
    if len(chosen) > most:
        raise BadValue(f"最多 {most} 个文件。")
    read = [_checked(file, allowed) for file in chosen]
    return [_seal(*each) for each in read]


def kinds_in_words(allowed: Sequence[FileKind]) -> str:
    """What may be chosen, in words: 图片、PDF."""
    return "、".join(_CALLED[kind] for kind in FileKind if kind in allowed)


def content_of(file: str) -> bytes | None:
    """What the file of this name holds, in clear; None where it is not on this machine."""
    try:
        return vault.unseal_bytes(path_of(file).read_bytes(), _place(file))
    except FileNotFoundError:
        return None


def folder() -> Path:
    """Where the sealed files lie."""
    found = Path(current_app.config["INSTANCE_DIR"]) / "uploads"
    found.mkdir(mode=0o700, exist_ok=True)
    return found


def path_of(file: str) -> Path:
    """Where the sealed file of this name lies."""
    return folder() / f"{file}.sealed"


def _checked(file: FileStorage, allowed: Sequence[FileKind]) -> tuple[str, FileKind, bytes]:
    name, content = clean(file.filename or "")[-200:], file.stream.read()
    what = _kind_of(content)
    if not content:
        raise BadValue(f"“{name}”是空的，请重新选择。")
    if len(content) > MOST_BYTES:
        raise BadValue(f"“{name}”超过 {MOST_BYTES // 1024 // 1024} MB，请压缩后再上传。")
    if what is None or what not in allowed:
        kinds = f"JPG、PNG、WebP {kinds_in_words(allowed)}"
        raise BadValue(f"“{name}”不能上传：请选择{kinds}（.doc、.wps、.xls 请先另存），不要设打开密码。")
    if what is FileKind.PICTURE:
        content = redrawn(content)
    return _title(name, what), what, content


def _kind_of(content: bytes) -> FileKind | None:
    if content.startswith(_PICTURES):
        return FileKind.PICTURE
    if content.startswith(b"%PDF-"):
        return FileKind.PDF
    return _kind_inside(content) if content.startswith(b"PK") else None


def _kind_inside(content: bytes) -> FileKind | None:
    """What an office file is; None of one with macros, locked or damaged. Nothing in it is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, struct.error):
        return None
    names = {entry.filename for entry in entries}
    locked = any(entry.flag_bits & 1 for entry in entries)
    macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    if locked or macros or len(entries) > _MOST_ENTRIES:
        return None
    return next((kind for name, kind in _INSIDE.items() if name in names), None)


def _title(name: str, what: FileKind) -> str:
    """The name for people: without a folder, ending as what the file is ends."""
    stem = name.replace("\\", "/").rsplit("/", 1)[-1].rpartition(".")[0] or what.label
    return stem[: TITLE_LETTERS - len(what.ends)] + what.ends


def _seal(title: str, what: FileKind, content: bytes) -> Kept:
    file = secrets.token_hex(16)
    path = path_of(file)
    path.touch(mode=0o600)
    path.write_bytes(vault.seal_bytes(content, _place(file)))
    return Kept(file, title, what, len(content))


def _place(file: str) -> str:
    return f"uploads.file:{file}"
