"""The archive's files: the PDF of each final paper, sealed under a random name in the instance's folder."""

import hashlib
import os
import secrets
from pathlib import Path

from flask import current_app

from portal import vault
from portal.archives.models import Damage


def put(content: bytes) -> str:
    """Seal a paper and lay it down; its random name. It is whole on disk before the name is known to anybody."""
    file = secrets.token_hex(16)
    draft = path_of(file).with_suffix(".draft")
    draft.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        opened.write(vault.seal_bytes(content, _place(file)))
        opened.flush()
        os.fsync(opened.fileno())
    draft.replace(path_of(file))
    return file


def read(file: str | None, sha256: str | None) -> bytes | Damage:
    """The stored PDF, byte by byte as it was laid down, or what is wrong with it."""
    if file is None or not path_of(file).is_file():
        return Damage.MISSING
    try:
        content = vault.unseal_bytes(path_of(file).read_bytes(), _place(file))
    except ValueError:
        return Damage.ALTERED
    return content if hashlib.sha256(content).hexdigest() == sha256 else Damage.ALTERED


def discard(file: str | None) -> None:
    """Delete a file, if there is one."""
    if file:
        path_of(file).unlink(missing_ok=True)


def written_before(part: str, moment: float) -> list[Path]:
    """The files in one of the shelf's 256 parts (00 to ff) that were last written before (seconds since 1970)."""
    found = [path for path in (_folder() / part).glob("*") if path.suffix in (".sealed", ".draft")]
    return [path for path in found if path.stat().st_mtime < moment]


def path_of(file: str) -> Path:
    """Where the sealed file of this name lies."""
    return _folder() / file[:2] / f"{file}.sealed"


def _folder() -> Path:
    return Path(current_app.config["INSTANCE_DIR"]) / "archive"


def _place(file: str) -> str:
    return f"archived_papers.file:{file}"
