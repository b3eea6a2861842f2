"""A certificate's number as people write it: 2026-0012, 凤进社信〔2026〕0012号, or just the serial of this year."""

import re

from portal.numbers import address_number
from portal.text import clean, half_width

_WHOLE = re.compile(r"(?:\D*[信〔(\[（【])?\s*(20\d\d)\s*[〕)\]）】年\-—–/.]+\s*(\d{1,7})\s*号?", re.ASCII)
_SERIAL = re.compile(r"(?:第?\s*)?(\d{1,7})\s*号?", re.ASCII)


def parse(typed: str, year: int) -> str | None:
    """The number as an address holds it (2026-0012), or None when nothing of the kind was typed."""
    text = half_width(clean(typed[:60]))
    if whole := _WHOLE.fullmatch(text):
        return address_number(int(whole[1]), int(whole[2]))
    if serial := _SERIAL.fullmatch(text):
        return address_number(year, int(serial[1]))
    return None
