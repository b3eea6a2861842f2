"""Photos of a wish done: re-encoded without EXIF, kept under random names outside the web's reach."""

import datetime as dt
import re
import secrets
from pathlib import Path

from flask import current_app
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from wtforms import MultipleFileField
from wtforms.validators import ValidationError

from portal.errors import BadValue
from portal.extensions import db, reading
from portal.pictures import redrawn
from portal.wishes.models import WishPhoto

MOST = 3
STRAY_AFTER = dt.timedelta(days=1)


def keep(files: list[FileStorage]) -> list[str]:
    """Re-encode up to three pictures as JPEG of at most 1600 px and return their new random names.

    Raises BadValue with a Chinese sentence. Slow: call it outside the write transaction. A file whose row was
    never written is deleted by `sweep`.
    """
    files = [file for file in files if file.filename]
    if len(files) > MOST:
        raise BadValue(f"照片最多 {MOST} 张。")
    pictures = [redrawn(file.stream.read()) for file in files]
    return [_write(picture) for picture in pictures]


def is_name(text: str) -> bool:
    """Whether this could be the name of a picture of ours."""
    return re.fullmatch(r"[0-9a-f]{32}\.jpg", text) is not None


def path_of(name: str) -> Path:
    """Where the picture of this name lies."""
    return _folder() / name


def sweep(now: dt.datetime) -> None:
    """Delete the files that no wish names and that are older than a day (their transaction was refused)."""
    named = set(db.session.scalars(select(WishPhoto.file)))
    before = (now - STRAY_AFTER).timestamp()
    stray = [file for file in _folder().glob("*.jpg") if file.name not in named and file.stat().st_mtime < before]
    for file in stray:
        file.unlink(missing_ok=True)


class PhotosField(MultipleFileField):
    """Up to three pictures; after validation `data` holds the names under which they were kept."""

    data: list

    def __init__(self, label: str = "照片", **kw):
        """The browser offers pictures only, the phone its camera too."""
        kw.setdefault("description", f"最多 {MOST} 张，手机拍的就行；只给社区和许愿人看，不上公开的心愿墙。")
        kw.setdefault("render_kw", {}).setdefault("accept", "image/jpeg,image/png,image/webp")
        super().__init__(label, **kw)

    def post_validate(self, form, validation_stopped):
        """Read the pictures when nothing else is wrong with the form, without holding the write lock."""
        if any(field.errors for field in form if field is not self):
            return
        try:
            with reading():
                self.data = keep([file for file in self.data or [] if isinstance(file, FileStorage)])
        except BadValue as bad:
            raise ValidationError(bad.sentence) from bad


def _write(picture: bytes) -> str:
    name = f"{secrets.token_hex(16)}.jpg"
    path = path_of(name)
    path.touch(mode=0o600)
    path.write_bytes(picture)
    return name


def _folder() -> Path:
    folder = Path(current_app.config["INSTANCE_DIR"]) / "uploads"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
