"""Spreadsheets that people send: checked by their outside first, then opened in a process apart.

`read_book(data)` → sheets of plain cells, or SheetRefused with a Chinese sentence; `mark_book(data, marks)` → the
sender's own file with a column 错误原因. What the portal itself writes: sheet_writing.py.
"""

import datetime as dt
import io
import json
import os
import struct
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from portal.errors import Refused
from portal.sheet_process import TROUBLE

MAX_BYTES = 8 * 1024 * 1024
MAX_ROWS = 20_000
MARK_TITLE = "错误原因"
_MAX_ENTRIES = 1_000
_MAX_UNPACKED = 160 * 1024 * 1024
_MAX_RATIO = 150  # a sheet of equal rows packs about 60 to 1
_SMALL = 8 * 1024 * 1024  # below this no ratio hurts
_SECONDS = 90  # by the clock; the process itself may compute for 60
_PROCESS = Path(__file__).with_name("sheet_process.py")
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_SENTENCES = {
    "empty": "这个文件是空的，请重新选择。",
    "heavy": f"文件超过 {MAX_BYTES // 1024 // 1024} MB，请去掉图片等无关内容后再上传。",
    "bomb": "文件解压后异常庞大，已拒绝打开。请新建一个工作簿，只粘贴名册内容后再上传。",
    "damaged": "文件不完整或已损坏（可能没有传完），请用 WPS 或 Excel 打开后另存一份再上传。",
    "died": "文件无法读取（内容过多或已损坏），请新建一个工作簿，只粘贴名册内容后再上传。",
    "password": "文件设有打开密码，请去掉密码后再上传。",
    "rows": "表格超过 {most} 行，请删去多余的行或分成几份上传。",
    "large": "表格文字过多，请只保留名册内容后再上传。",
    "slow": "文件读取用时过长，已停止。请只保留名册内容后再上传。",
    "webpage": "这是网页或 XML 格式的表格，请用 WPS 或 Excel 打开后另存为 .xlsx 再上传。",
    "binary": "这是 .xlsb、.ods 等格式的表格，请用 WPS 或 Excel 打开后另存为 .xlsx 再上传。",
    "other": "这不是 WPS 或 Excel 表格，请上传 .xlsx 或 .xls 文件。",
}

Cell = str | float | int | bool | dt.date


class SheetRefused(Refused):
    """A file that is no usable spreadsheet; the sentence says what to do."""

    status = 422

    def __init__(self, word: str, most: int = MAX_ROWS):
        """`word` is one of those that have a sentence; `most` the rows that are taken."""
        super().__init__(_SENTENCES[word].replace("{most}", str(most)))


@dataclass(frozen=True)
class Sheet:
    """One sheet as plain cells; `rows[0]` is line 1 of the file, an empty cell is an empty text."""

    name: str
    rows: list[list[Cell]]
    hidden: bool = False


@dataclass(frozen=True)
class Marks:
    """What to write behind the lines of one sheet: the line of its head, and words by line (from 1)."""

    sheet: str
    head: int
    words: dict[int, str]


def read_book(data: bytes, max_rows: int = MAX_ROWS) -> list[Sheet]:
    """The sheets of an .xlsx or .xls; SheetRefused when it is none, is damaged, locked, or too much."""
    _check(data)
    answer = json.loads(_apart({"do": "read", "max_rows": max_rows}, data))
    return [Sheet(sheet["name"], [_dated(row) for row in sheet["rows"]], sheet["hidden"]) for sheet in answer]


def mark_book(data: bytes, marks: Sequence[Marks], max_rows: int = MAX_ROWS) -> bytes:
    """The same workbook as .xlsx with a column 错误原因; an .xls comes back as a new .xlsx with the same cells."""
    order = {"max_rows": max_rows, "title": MARK_TITLE, "marks": [vars(marked) for marked in marks]}
    if _check(data) == "xlsx":
        try:
            return _apart({"do": "mark", **order}, data)
        except SheetRefused:
            pass  # openpyxl is stricter than what read it: then the cells alone
    return _apart({"do": "copy", **order}, data)


def _check(data: bytes) -> str:
    """`xlsx` or `xls`, by what the file is and not by its name; SheetRefused before anything opens it."""
    if not data:
        raise SheetRefused("empty")
    if len(data) > MAX_BYTES:
        raise SheetRefused("heavy")
    if data.startswith(b"PK"):
        return _check_zip(data)
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise SheetRefused("password")
        if "Workbook".encode("utf-16-le") in data or "Book".encode("utf-16-le") in data:
            return "xls"
    start = data[:400].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    raise SheetRefused("webpage" if start.startswith((b"<", b"mime-version")) else "other")


def _check_zip(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, struct.error):
        raise SheetRefused("damaged") from None
    unpacked = sum(entry.file_size for entry in entries)
    ratio = unpacked / max(1, sum(entry.compress_size for entry in entries))
    if len(entries) > _MAX_ENTRIES or unpacked > _MAX_UNPACKED or (unpacked > _SMALL and ratio > _MAX_RATIO):
        raise SheetRefused("bomb")
    names = {entry.filename for entry in entries}
    if any(entry.flag_bits & 1 for entry in entries):
        raise SheetRefused("password")
    if "xl/workbook.xml" not in names:
        raise SheetRefused("binary" if names & {"xl/workbook.bin", "content.xml"} else "other")
    return "xlsx"


def _apart(order: dict, data: bytes) -> bytes:
    """What the process apart answers; whatever becomes of it is a sentence here."""
    words = json.dumps(order).encode()
    try:
        run = subprocess.run(
            [sys.executable, "-I", str(_PROCESS)],
            input=struct.pack(">I", len(words)) + words + data,
            capture_output=True,
            timeout=_SECONDS,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
            cwd="/",
        )
    except subprocess.TimeoutExpired:
        raise SheetRefused("slow") from None
    if run.returncode:
        word = run.stdout.decode(errors="replace") if run.returncode == TROUBLE else "died"
        raise SheetRefused(word if word in _SENTENCES else "died", order["max_rows"])
    return run.stdout


def _dated(row: list) -> list[Cell]:
    return [dt.date.fromisoformat(cell[0]) if type(cell) is list else cell for cell in row]
