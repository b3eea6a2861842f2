"""The proof on a paper: check code and QR with a signed token; the keys stay in the instance's folder."""

import os
from dataclasses import dataclass
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

from portal import clock
from portal.numbers import IssuedPaper
from portal.papers.seal_code import Facts, qr_picture, shown, sign
from portal.wishes.slips import follow_address


@dataclass(frozen=True)
class Proof:
    """What is printed for checking: the picture of the QR, the code in words, where to check it; and the token."""

    qr: str
    code: str
    address: str
    token: str = ""


def proof_of(issued: IssuedPaper) -> Proof:
    """The proof of a paper in the ledger."""
    facts = Facts(issued.kind, issued.number, issued.version, clock.local(issued.issued_at).date(), issued.check_code)
    token = sign(facts, private_key())
    page = f"{current_app.config['PUBLIC_ADDRESS'].rstrip('/')}/verify"
    return Proof(qr_picture(f"{page}/{token}"), shown(issued.check_code), bare(page), token)


def follow_proof(number: str) -> Proof:
    """What a wish slip carries instead: a QR that leads to the follow page with the number, never the code."""
    return Proof(qr_picture(follow_address(number)), "", bare(follow_address()))


def bare(address: str) -> str:
    """An address as people type it, without https://."""
    return address.partition("://")[2] or address


def private_key() -> Ed25519PrivateKey:
    """The county's sealing key, made on first use (mode 600) with its public half beside it."""
    path = _folder() / "seal_key.pem"
    if not path.exists():
        _make_key(path)
    key = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("seal_key.pem holds no Ed25519 key")
    return key


def public_key() -> Ed25519PublicKey:
    """The published key; a public face has only this one, from its key file."""
    if given := current_app.config.get("FACE_KEYS"):
        return read_public_key(given["papers"].encode())
    path = _folder() / "seal_key.pub.pem"
    return read_public_key(path.read_bytes()) if path.exists() else private_key().public_key()


def read_public_key(pem: bytes) -> Ed25519PublicKey:
    """The key of a PEM file; ValueError or TypeError when it is none or of another kind."""
    key = load_pem_public_key(pem)
    if not isinstance(key, Ed25519PublicKey):
        raise TypeError("the file holds no Ed25519 key")
    return key


def public_pem() -> bytes:
    """The published key as a PEM file."""
    return public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _make_key(path: Path) -> None:
    key = Ed25519PrivateKey.generate()
    draft = path.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    try:
        os.link(draft, path)  # of two processes that start at once, one makes the key and both read it
    except FileExistsError:
        return
    finally:
        draft.unlink()
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    path.with_name("seal_key.pub.pem").write_bytes(public)


def _folder() -> Path:
    return Path(current_app.config["INSTANCE_DIR"])
