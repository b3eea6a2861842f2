"""The second factor: six digits that change every 30 seconds (RFC 6238, HMAC-SHA-1, as all phone apps do it)."""

import base64
import hashlib
import hmac
import secrets
from urllib.parse import quote, urlencode

STEP_SECONDS = 30
DIGITS = 6
_DRIFT = (0, -1, 1)  # a clock may be half a minute off


def new_secret() -> str:
    """A random secret of 160 bits, in base32 as apps take it."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def code_at(secret: str, step: int) -> str:
    """The code of a step, e.g. 081804."""
    digest = hmac.new(base64.b32decode(secret), step.to_bytes(8, "big"), hashlib.sha1).digest()
    start = digest[-1] & 0xF
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def step_of(secret: str, code: str, now: float, last_step: int | None) -> int | None:
    """The step whose code this is, about the time `now` (seconds since 1970); None when wrong or used before."""
    present = int(now) // STEP_SECONDS
    for step in (present + drift for drift in _DRIFT):
        fresh = last_step is None or step > last_step
        if fresh and hmac.compare_digest(code_at(secret, step).encode(), code.encode()):
            return step
    return None


def address_for(secret: str, issuer: str, username: str) -> str:
    """The otpauth: address that an app reads from a QR code."""
    asked = urlencode({"secret": secret, "issuer": issuer, "digits": DIGITS, "period": STEP_SECONDS})
    return f"otpauth://totp/{quote(issuer)}:{quote(username)}?{asked}"
