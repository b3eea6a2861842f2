"""The list of a package's files with their SHA-256, signed; and the check of a folder against it.

The check needs nothing but the folder: no database, no key of this portal. Whoever does not trust the folder's own
public key gives the published one.
"""

import base64
import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from portal.papers import paper_keys

MANIFEST, SIGNATURE, KEY = "manifest.json", "manifest.sig", "paper-key.pem"
FORM = "portal-archive/1"
# Said before what is signed, so that no signature of a paper can pass for one of a package, nor the other way round.
PURPOSE = b"portal/archive-manifest/1\n"
BLOCK = 1 << 20


@dataclass(frozen=True)
class Checked:
    """What came of checking a folder: how many papers it holds, who signed, and each thing that is wrong."""

    papers: int
    key: str
    wrong: list[str]


def seal(folder: Path, facts: dict, key: Ed25519PrivateKey) -> None:
    """Lay down the manifest of everything in the folder, and its signature; without them the package is unfinished."""
    (folder / KEY).write_bytes(paper_keys.pem_of(key.public_key()))
    files = {
        name: {"sha256": sha256_of(folder / name), "size": (folder / name).stat().st_size} for name in _held(folder)
    }
    whole = json.dumps({"form": FORM} | facts | {"files": files}, ensure_ascii=False, indent=1).encode()
    (folder / MANIFEST).write_bytes(whole)
    signature = base64.b64encode(key.sign(PURPOSE + whole))
    (folder / SIGNATURE).write_bytes(signature + b"\n")


def check(folder: Path, keys: list[Ed25519PublicKey] | None = None) -> Checked:
    """The folder against its manifest, the manifest against its signature, by its own key or one of these."""
    try:
        whole = (folder / MANIFEST).read_bytes()
    except OSError:
        return Checked(0, "", [f"没有 {MANIFEST}：不是归档包，或没有做完。"])
    signer, wrong = _signer(folder, whole, keys)
    try:
        said = json.loads(whole)
        files, papers = dict(said["files"]), len(said["papers"])
        known = {str(name): str(each["sha256"]) for name, each in files.items()}
    except (ValueError, KeyError, TypeError):
        return Checked(0, signer, [*wrong, f"{MANIFEST} 已损坏，无法逐件核对。"])
    return Checked(papers, signer, wrong + _differences(folder, known))


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, read in blocks."""
    digest = hashlib.sha256()
    with path.open("rb") as opened:
        while block := opened.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _differences(folder: Path, known: dict[str, str]) -> list[str]:
    """Each file that is missing, altered, or too much; by name."""
    held, wrong = set(_held(folder)), []
    for name, sha256 in known.items():
        if name not in held:
            wrong.append(f"缺少：{name}")
        elif (folder / name).is_symlink() or sha256_of(folder / name) != sha256:
            wrong.append(f"内容被改动：{name}")
    return wrong + [f"多出：{name}" for name in sorted(held - set(known))]


def _held(folder: Path) -> list[str]:
    """The names of all files below the folder besides manifest and signature; a link counts as a file of its own."""
    found = []
    for place, folders, names in os.walk(folder):
        links = [name for name in folders if (Path(place) / name).is_symlink()]
        found += [(Path(place) / name).relative_to(folder).as_posix() for name in (*names, *links)]
    return sorted(name for name in found if name not in (MANIFEST, SIGNATURE))


def _signer(folder: Path, whole: bytes, keys: list[Ed25519PublicKey] | None) -> tuple[str, list[str]]:
    """What the key is called that signed the manifest, and what is wrong with the signature."""
    try:
        tried = keys or paper_keys.read_public_keys((folder / KEY).read_bytes())
        written = (folder / SIGNATURE).read_bytes()
        signature = base64.b64decode(written.strip(), validate=True)
        if written != base64.b64encode(signature) + b"\n":  # written in one way only: not a bit of it can differ
            raise ValueError
    except (OSError, ValueError, TypeError):
        return "", [f"{MANIFEST} 的签名（{SIGNATURE}、{KEY}）缺少或损坏。"]
    for key in tried:
        try:
            key.verify(signature, PURPOSE + whole)
            return paper_keys.called(key), []
        except InvalidSignature:
            continue
    names = "、".join(map(paper_keys.called, tried))
    return "", [f"{MANIFEST} 与签名 {SIGNATURE} 不符（公钥 {names}）：被改动，或不是这个公钥的单位做的。"]
