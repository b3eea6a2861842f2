"""Check codes and signed tokens: a paper's two proofs that it was issued here.

The check code is random and looked up; the token in the QR carries the facts with an Ed25519 signature, so
that anyone with the published key can check it without the portal.
"""

import base64
import io
import re
import secrets
from datetime import date
from typing import NamedTuple

import segno
from cryptography.exceptions import InvalidSignature

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # 31 characters, none mistaken for another (no 0 O 1 I L)
CODE_LENGTH = 12
SIGNATURE_LENGTH = 64
TOKEN_LIMIT = 400  # characters; a longer one is none of ours


class Sealed(NamedTuple):
    """What a token says of a paper."""

    kind: str
    number: str
    version: int
    issued_on: date
    check_code: str


def new_check_code():
    """A fresh random check code of 12 characters, without hyphens (about 59 bits)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def shown(check_code):
    """The code as printed: XXX-XXX-XXX-XXX."""
    return "-".join(check_code[i : i + 3] for i in range(0, CODE_LENGTH, 3))


def read_check_code(typed):
    """A typed code as stored, or None if it can't be one; hyphens, spaces, case and full width forgiven."""
    plain = typed.translate({0xFF01 + i: 0x21 + i for i in range(94)})
    code = re.sub(r"[\s\-—－_·]", "", plain).upper()
    return code if re.fullmatch(f"[{ALPHABET}]{{{CODE_LENGTH}}}", code) else None


def sign(sealed, private_key):
    """A URL-safe token for the QR: the facts, then their Ed25519 signature."""
    facts = "|".join(
        (
            sealed.kind,
            sealed.number,
            str(sealed.version),
            sealed.issued_on.strftime("%Y%m%d"),
            sealed.check_code,
        )
    ).encode("ascii")
    return base64.urlsafe_b64encode(facts + private_key.sign(facts)).decode("ascii").rstrip("=")


def verify(token, public_key):
    """What the token says, or None if it was not signed by the key's owner."""
    if len(token) > TOKEN_LIMIT or not re.fullmatch(r"[A-Za-z0-9_-]+", token):
        return None
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        facts, signature = raw[:-SIGNATURE_LENGTH], raw[-SIGNATURE_LENGTH:]
        public_key.verify(signature, facts)
    except (ValueError, InvalidSignature):
        return None
    kind, number, version, day, code = facts.decode("ascii").split("|")
    issued_on = date(int(day[:4]), int(day[4:6]), int(day[6:]))
    return Sealed(kind, number, int(version), issued_on, code)


def qr_picture(text):
    """The text as a QR code: a PNG of one pixel a module in a data: address, for the src of an <img>.

    As SVG it costs a fifth of a sheet's printing time. The mask is fixed: trying all eight costs most of
    the drawing and readers don't need it. The stylesheet keeps the pixels sharp at any size.
    """
    picture = io.BytesIO()
    code = segno.make_qr(text, error="m", boost_error=False, mask=3)
    code.save(picture, kind="png", border=2)
    return "data:image/png;base64," + base64.b64encode(picture.getvalue()).decode("ascii")
