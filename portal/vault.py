"""Field encryption: personal data is sealed per field, bound to its row and column; keyed blind indexes find it.

A public face holds no key that unseals: what residents write there is sealed to the offices' public key. It has no
key of the blind indexes either, since whoever holds it can find out a telephone number by trying them all.
"""

import base64
import hashlib
import hmac
import os
import secrets
import uuid

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal import sealed_box

NONCE_BYTES = 12
TAG_BYTES = 16
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # 31 letters without 0/O, 1/I/L
_AES, _SM4, _BOX = b"A", b"S", b"X"
_PURPOSES = {"seal": 32, "sm4": 16, "box": 32, "index": 32, "code": 32, "audit": 32, "trace": 32}
_OF_PUBLIC_FACE = ("code", "audit", "trace")


class NoKey(ValueError):
    """A public face seals, and neither unseals nor finds what was sealed."""


class _Keys:
    """The keys of this process, derived from FLASK_FIELD_KEY; a public face has some, and a box to put things into."""

    key_id = b""
    cipher = _AES
    derived: dict[str, bytes] = {}
    box: X25519PublicKey | None = None


def load_key(field_key: str, cipher: str = "aes") -> None:
    """Derive the keys of this process from the field key (base64, 32 bytes); ValueError when it is none."""
    raw = base64.b64decode(field_key, validate=True)
    if len(raw) != 32:
        raise ValueError("the field key must be 32 bytes in base64")
    _Keys.derived = {
        name: HKDF(hashes.SHA256(), size, salt=None, info=f"portal/{name}".encode()).derive(raw)
        for name, size in _PURPOSES.items()
    }
    _Keys.key_id = hashlib.sha256(b"portal/key-id" + raw).digest()[:4]
    _Keys.cipher = {"aes": _AES, "sm4": _SM4}[cipher]
    _Keys.box = None


def public_keys() -> dict[str, str]:
    """What a public face is given (base64): the public half of the box, and the keys of hashes that it must make."""
    box = X25519PrivateKey.from_private_bytes(_key("box")).public_key().public_bytes_raw()
    given = {"key_id": _Keys.key_id, "box": box, **{name: _key(name) for name in _OF_PUBLIC_FACE}}
    return {name: base64.b64encode(value).decode() for name, value in given.items()}


def load_public_keys(given: dict[str, str]) -> None:
    """Let this process be a public face with these keys; ValueError when they are not what `public_keys` gives."""
    try:
        raw = {name: base64.b64decode(given[name], validate=True) for name in ("key_id", "box", *_OF_PUBLIC_FACE)}
    except (KeyError, TypeError) as missing:
        raise ValueError("a key is missing") from missing
    if any(len(value) != (4 if name == "key_id" else 32) for name, value in raw.items()):
        raise ValueError("a key has the wrong length")
    _Keys.derived = {name: raw[name] for name in _OF_PUBLIC_FACE}
    _Keys.key_id, _Keys.box = raw["key_id"], X25519PublicKey.from_public_bytes(raw["box"])


def unseals() -> bool:
    """Whether this process can read what is sealed, and find it."""
    return _Keys.box is None


def seal(plain: str, place: str) -> bytes:
    """The text encrypted for one place (`table.column:row`): key id, cipher, nonce, ciphertext and tag."""
    return seal_bytes(plain.encode(), place)


def unseal(sealed: bytes, place: str) -> str:
    """The text sealed for this place; ValueError when it was moved, altered or sealed with another key."""
    return unseal_bytes(sealed, place).decode()


def seal_bytes(plain: bytes, place: str) -> bytes:
    """A file encrypted for one place, as `seal` does with a text."""
    if _Keys.box is not None:
        return _Keys.key_id + _BOX + sealed_box.put(plain, place, _Keys.box)
    nonce = os.urandom(NONCE_BYTES)
    if _Keys.cipher == _AES:
        body = AESGCM(_key("seal")).encrypt(nonce, plain, place.encode())
    else:
        encryptor = Cipher(algorithms.SM4(_key("sm4")), modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(place.encode())
        body = encryptor.update(plain) + encryptor.finalize() + encryptor.tag
    return _Keys.key_id + _Keys.cipher + nonce + body


def unseal_bytes(sealed: bytes, place: str) -> bytes:
    """The file sealed for this place; ValueError as for `unseal`."""
    key_id, cipher, rest = sealed[:4], sealed[4:5], sealed[5:]
    if key_id != _Keys.key_id:
        raise ValueError("sealed with another key")
    if cipher == _BOX:
        return sealed_box.take(rest, place, X25519PrivateKey.from_private_bytes(_key("box")))
    nonce, body = rest[:NONCE_BYTES], rest[NONCE_BYTES:]
    try:
        if cipher == _AES:
            return AESGCM(_key("seal")).decrypt(nonce, body, place.encode())
        key, tag = algorithms.SM4(_key("sm4")), body[-TAG_BYTES:]
        decryptor = Cipher(key, modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(place.encode())
        return decryptor.update(body[:-TAG_BYTES]) + decryptor.finalize()
    except InvalidTag as wrong:
        raise ValueError("sealed text does not belong here") from wrong


def blind_index(purpose: str, value: str) -> str:
    """A keyed fingerprint of a value, to find equal values without storing them (32 hex digits)."""
    return keyed_hash("index", f"{purpose}:{value}")[:32]


def trace(purpose: str, value: str) -> str:
    """A keyed fingerprint of what is kept for a day, which every face can make (32 hex digits)."""
    return keyed_hash("trace", f"{purpose}:{value}")[:32]


def keyed_hash(purpose: str, value: str) -> str:
    """HMAC-SHA256 of a value under one of the derived keys (`index`, `code`, `audit`, `trace`), as hex."""
    return hmac.digest(_key(purpose), value.encode(), "sha256").hex()


def random_code(length: int) -> str:
    """A random code of letters and digits that can't be mistaken for one another."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(length))


def code_from(secret: str, length: int) -> str:
    """A code derived from a secret, the same each time: a form sent twice shows the same code."""
    number = int(keyed_hash("code", secret), 16)
    letters = []
    for _ in range(length):
        number, rest = divmod(number, len(CODE_LETTERS))
        letters.append(CODE_LETTERS[rest])
    return "".join(letters)


def _key(purpose: str) -> bytes:
    if purpose not in _Keys.derived:
        raise NoKey(f"a public face has no key to {purpose}")
    return _Keys.derived[purpose]


def _new_seal_id() -> str:
    return uuid.uuid4().hex


class Sealable:
    """A row with sealed fields: `seal_id` ties each ciphertext to this row before the row has a number."""

    seal_id: Mapped[str] = mapped_column(String(32), default=_new_seal_id)


class Sealed:
    """A personal field: `phone = Sealed("phone")` reads and writes the column `phone_sealed` in clear text."""

    def __set_name__(self, owner, name: str):
        """Remember the column that keeps the ciphertext."""
        self.name = name
        self.column = f"{name}_sealed"

    def __get__(self, row, owner=None):
        """The clear text, or None when there is none."""
        if row is None:
            return self
        sealed = getattr(row, self.column)
        return None if sealed is None else unseal(sealed, self._place(row))

    def __set__(self, row, value: str | None):
        """Seal the text; empty text is stored as none."""
        setattr(row, self.column, seal(value, self._place(row)) if value else None)

    def _place(self, row) -> str:
        if row.seal_id is None:
            row.seal_id = _new_seal_id()
        return f"{row.__tablename__}.{self.name}:{row.seal_id}"


def sealed_column() -> Mapped[bytes | None]:
    """The column behind a Sealed field."""
    return mapped_column(LargeBinary, nullable=True)
