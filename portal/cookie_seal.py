"""What a browser keeps for us and can't read: sealed under the key of the sessions, which every face has of its own."""

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

NONCE_BYTES = 12


def seal(plain: str, purpose: str) -> str:
    """The text encrypted for one purpose, to be put into the session's cookie."""
    nonce = os.urandom(NONCE_BYTES)
    return base64.b64encode(nonce + AESGCM(_key()).encrypt(nonce, plain.encode(), purpose.encode())).decode()


def unseal(kept: str, purpose: str) -> str:
    """The text sealed for this purpose; ValueError when it is none of ours."""
    sealed = base64.b64decode(kept)
    if len(sealed) <= NONCE_BYTES:
        raise ValueError("nothing sealed")
    try:
        return AESGCM(_key()).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], purpose.encode()).decode()
    except InvalidTag as wrong:
        raise ValueError("sealed for something else") from wrong


def _key() -> bytes:
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return HKDF(hashes.SHA256(), 32, salt=None, info=b"portal/cookie").derive(secret)
