"""The slip that a resident takes home: number, query code, and a QR that leads to the follow page."""

from itertools import pairwise

import segno
from flask import current_app

GROUPS = (0, 3, 6, 10)  # ABC DEF GHJK is easier to copy than ten letters in a row


def follow_address(number: str = "") -> str:
    """The address of the follow page, with the number only; from the setting, never from the request's host."""
    address = current_app.config["PUBLIC_ADDRESS"].rstrip("/") + "/wishes/follow"
    return f"{address}?number={number}" if number else address


def qr_of(number: str) -> str:
    """A QR of the follow page's address with the number, as a data: picture."""
    return segno.make(follow_address(number), error="m").svg_data_uri(scale=4, border=2)


def grouped(code: str) -> str:
    """The code as it is printed, in three groups."""
    return " ".join(code[start:end] for start, end in pairwise(GROUPS))
