"""Check codes and signed tokens: a paper's two proofs that it was issued here.

The check code is random and looked up; the token in the QR carries the facts with an Ed25519 signature, so
that anyone with the published key can check it without the portal.
"""

import base64
import io
import re
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import segno
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from portal.numbers import CHECK_CODE_LETTERS
from portal.text import half_width
from portal.vault import CODE_LETTERS

SIGNATURE_LENGTH = 64
TOKEN_LIMIT = 400  # characters; a longer one is none of ours


class Facts(NamedTuple):
    """What a token says of a paper."""

    kind: str
    number: str
    version: int
    issued_on: date
    check_code: str


def shown(check_code: str) -> str:
    """The code as printed: XXX-XXX-XXX-XXX."""
    return "-".join(check_code[i : i + 3] for i in range(0, CHECK_CODE_LETTERS, 3))


def read_check_code(typed: str) -> str | None:
    """A typed code as stored, or None if it can't be one; hyphens, spaces, case and full width forgiven."""
    code = re.sub(r"[\s\-—_·]", "", half_width(typed)).upper()
    return code if re.fullmatch(f"[{CODE_LETTERS}]{{{CHECK_CODE_LETTERS}}}", code) else None


def sign(said: Facts, private_key: Ed25519PrivateKey) -> str:
    """A URL-safe token for the QR: the facts, then their Ed25519 signature."""
    facts = "|".join(
        (
            said.kind,
            said.number,
            str(said.version),
            said.issued_on.strftime("%Y%m%d"),
            said.check_code,
        )
    ).encode("ascii")
    return base64.urlsafe_b64encode(facts + private_key.sign(facts)).decode("ascii").rstrip("=")


def verify(token: str, public_keys: Iterable[Ed25519PublicKey]) -> Facts | None:
    """What the token says, or None if it was signed by the owner of none of these keys."""
    return next(filter(None, (_signed_by(token, key) for key in public_keys)), None)


def may_be_token(word: str) -> bool:
    """Whether a word is long enough for a signature and of a token's letters, whoever signed it."""
    return SIGNATURE_LENGTH < len(word) <= TOKEN_LIMIT and re.fullmatch(r"[A-Za-z0-9_-]+", word) is not None


def _signed_by(token: str, public_key: Ed25519PublicKey) -> Facts | None:
    if not may_be_token(token):
        return None
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        facts, signature = raw[:-SIGNATURE_LENGTH], raw[-SIGNATURE_LENGTH:]
        public_key.verify(signature, facts)
    except (ValueError, InvalidSignature):
        return None
    kind, number, version, day, code = facts.decode("ascii").split("|")
    issued_on = date(int(day[:4]), int(day[4:6]), int(day[6:]))
    return Facts(kind, number, int(version), issued_on, code)


def qr_picture(text: str) -> str:
    """The text as a QR code: a PNG of one pixel a module in a data: address, for the src of an <img>.

    As SVG it costs a fifth of a sheet's printing time. The mask is fixed: trying all eight costs most of
    the drawing and readers don't need it. The stylesheet keeps the pixels sharp at any size.
    """
    picture = io.BytesIO()
    code = segno.make_qr(text, error="m", boost_error=False, mask=3)
    code.save(picture, kind="png", border=2)
    return "data:image/png;base64," + base64.b64encode(picture.getvalue()).decode("ascii")
