"""One text type for all input: NFC, no control or bidi characters, never longer than its column."""

import datetime as dt
import re
import unicodedata

from sqlalchemy import String
from sqlalchemy.types import TypeDecorator

from portal.errors import BadValue

# Directional overrides can make a printed line read as another one; invisible characters make two equal
# names differ.
_UNSEEN = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\u200b\u2060\ufeff]")
_NEWLINES = re.compile(r"\r\n?|\u2028|\u2029|\u0085")
_SPACES = re.compile(r"[ \t\u00a0\u3000]+")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
MAX_INT = 2**31 - 1


def clean(value: str, lines: bool = False) -> str:
    """The text as it is stored: composed, trimmed, without control, bidi, unpaired or invisible characters."""
    if value.isprintable() and "  " not in value and unicodedata.is_normalized("NFC", value):
        return value.strip()  # nearly all values; only the rest need a closer look
    value = _UNSEEN.sub("", _NEWLINES.sub("\n", unicodedata.normalize("NFC", value)))
    value = "".join(c for c in value if c in "\n\t" or not _is_junk(c))
    if not lines:
        return _SPACES.sub(" ", value.replace("\n", " ")).strip()
    return "\n".join(line.rstrip() for line in value.split("\n")).strip()


def _is_junk(character: str) -> bool:
    # Not by category Cn: a character younger than Python's tables may be somebody's name.
    code = ord(character)
    return unicodedata.category(character) in ("Cc", "Cs") or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def half_width(value: str) -> str:
    """Full-width letters, digits and spaces as their half-width forms (１３８ → 138)."""
    return value.translate(_FULL_WIDTH)


class Text(TypeDecorator):
    """A bounded text column that stores only clean text, whoever writes it."""

    impl = String
    cache_ok = True

    def __init__(self, length: int, lines: bool = False):
        """At most `length` characters; `lines` allows line breaks."""
        super().__init__(length)
        self.length = length
        self.lines = lines

    def coerce_compared_value(self, op, value):
        """What is only looked for may be of any length: it is not found, and no fault."""
        return _Sought()

    def process_bind_param(self, value, dialect):
        """Clean text, or BadValue when it is longer than the column."""
        if value is None:
            return None
        value = clean(value, self.lines)
        if len(value) > self.length:
            raise BadValue(f"文字过长，最多 {self.length} 个字。")
        return value


class _Sought(TypeDecorator):
    """Text that a column is compared with: without the characters that no column holds, of any length."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value, dialect):
        """The text composed and without control characters, its spaces kept."""
        if value is None:
            return None
        return "".join(c for c in unicodedata.normalize("NFC", value) if not _is_junk(c))


_PHONE = re.compile(r"(?:1[3-9]\d{9}|0\d{2,3}\d{7,8}|\d{7,8})", re.ASCII)


def normal_phone(value: str) -> str:
    """A phone number's digits (mobile, or landline with or without area code); '' when it is none."""
    digits = value
    if not (value.isascii() and value.isdigit()):
        digits = re.sub(r"[\s\-()（）－—]", "", half_width(value)).removeprefix("+86")
    return digits if _PHONE.fullmatch(digits) else ""


_DAY = re.compile(r"(\d{4})(?:(\d\d)(\d\d)|\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?)", re.ASCII)


def read_day(value: str) -> dt.date | None:
    """The day written as 2014-05-15, 2014.5.15, 20140515 or 2014年5月15日; None when it is none."""
    match = _DAY.fullmatch(half_width(value).strip())
    if not match:
        return None
    year, *rest = (int(part) for part in match.groups() if part)
    try:
        return dt.date(year, *rest)
    except ValueError:
        return None
