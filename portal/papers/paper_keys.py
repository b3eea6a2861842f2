"""The keys that seal papers: one signs, and every one that ever signed stays published, so that old papers stay valid.

All lie in the instance's folder. A key's public half is published before it signs for the first time, so that no paper
is signed by a key that nobody can check, whenever the machine stops.
"""

import hashlib
import os
import re
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from flask import current_app

ONE_KEY = re.compile(rb"-----BEGIN PUBLIC KEY-----.+?-----END PUBLIC KEY-----", re.S)


def private_key() -> Ed25519PrivateKey:
    """The county's sealing key, made on first use (mode 600)."""
    path = _path()
    if not path.exists():
        draft = _new_key()
        try:
            os.link(draft, path)  # of two processes that start at once, one makes the key and both read it
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return _read_private_key(path.read_bytes())


@lru_cache(maxsize=4)
def _read_private_key(pem: bytes) -> Ed25519PrivateKey:
    """Reading it costs more than all else of a proof, and a batch asks for it once a sheet."""
    key = load_pem_private_key(pem, None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("seal_key.pem holds no Ed25519 key")
    return key


def rotate() -> tuple[str, str]:
    """Let a new key sign from now on; what the old and the new one are called. The old one is destroyed."""
    old = private_key().public_key()
    _publish(old)
    _new_key().replace(_path())
    return called(old), called(private_key().public_key())


def public_keys() -> list[Ed25519PublicKey]:
    """All published keys, the one that signs now first; a public face has them from its key file."""
    if given := current_app.config.get("FACE_KEYS"):
        return read_public_keys(given["papers"].encode())
    current = private_key().public_key()
    retired = [key for path in sorted(_published().glob("*.pem")) for key in read_public_keys(path.read_bytes())]
    return [current, *(key for key in retired if key != current)]


def read_public_keys(pem: bytes) -> list[Ed25519PublicKey]:
    """The keys of a PEM file, one or several; ValueError or TypeError when it holds none or one of another kind."""
    keys = []
    for each in ONE_KEY.findall(pem):
        key = load_pem_public_key(each)
        if not isinstance(key, Ed25519PublicKey):
            raise TypeError("the file holds no Ed25519 key")
        keys.append(key)
    if not keys:
        raise ValueError("the file holds no public key")
    return keys


def pem_of(key: Ed25519PublicKey) -> bytes:
    """A public key as a PEM file."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def public_pem() -> bytes:
    """All published keys as one PEM file, the one that signs now first."""
    return b"".join(map(pem_of, public_keys()))


def called(key: Ed25519PublicKey) -> str:
    """What a key is called: the first 16 digits of the SHA-256 of its 32 bytes, in fours."""
    digits = hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]
    return "-".join(digits[at : at + 4] for at in range(0, 16, 4))


def _new_key() -> Path:
    """A new private key in a file beside the present one, its public half published already."""
    key = Ed25519PrivateKey.generate()
    _publish(key.public_key())
    draft = _path().with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        file.flush()
        os.fsync(file.fileno())
    return draft


def _publish(key: Ed25519PublicKey) -> None:
    target = _published() / f"{called(key)}.pem"
    if not target.exists():
        draft = target.with_suffix(f".{os.getpid()}")
        draft.write_bytes(pem_of(key))
        draft.replace(target)


def _published() -> Path:
    folder = Path(current_app.config["INSTANCE_DIR"]) / "paper_keys"
    folder.mkdir(exist_ok=True)
    return folder


def _path() -> Path:
    return Path(current_app.config["INSTANCE_DIR"]) / "seal_key.pem"
