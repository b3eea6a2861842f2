"""Files added to a case of any room (see files.py for what they may be and how they lie on disk).

A form has a FilesField; its `data`, once valid, are files already kept, so that no write lock was held meanwhile. The
workflow adds them to its row by `attach`; `of` and `of_many` are what a page shows, `answer` is the download. A file
whose row was never written, or is gone, is deleted by a sweep; until then an undone act can be put back.
"""

import datetime as dt
import io
from collections import defaultdict
from collections.abc import Iterable, Sequence

from flask import Response, abort, send_file
from sqlalchemy import Index, LargeBinary, func, select
from sqlalchemy.orm import Mapped, deferred, mapped_column
from werkzeug.datastructures import FileStorage
from wtforms import MultipleFileField
from wtforms.validators import ValidationError

from portal import clock
from portal.actors import Actor
from portal.clock import Moment
from portal.errors import BadValue, RuleBroken
from portal.extensions import Base, db, reading
from portal.files import ANY, MOST, TITLE_LETTERS, FileKind, Kept, content_of, folder, keep, kinds_in_words
from portal.labels import labelled
from portal.text import Text

STRAY_AFTER = dt.timedelta(days=2)  # longer than an act can be undone


class Upload(Base):
    """One file of a case (`kind` is its table): under a random name sealed on disk, under `title` for people.

    `open_bytes` is a picture as the public reads it, laid where a public face without the folder finds it; None unless
    it was opened by `open_to_public`.
    """

    __tablename__ = "uploads"
    __table_args__ = (Index("ix_uploads_case", "kind", "row_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text(32))
    row_id: Mapped[int]
    file: Mapped[str] = mapped_column(Text(40), unique=True)
    title: Mapped[str] = mapped_column(Text(TITLE_LETTERS))
    what: Mapped[FileKind] = labelled(FileKind)
    size: Mapped[int]
    at: Mapped[dt.datetime] = mapped_column(Moment)
    by_name: Mapped[str] = mapped_column(Text(120))
    open_bytes: Mapped[bytes | None] = deferred(mapped_column(LargeBinary, nullable=True))

    @property
    def is_picture(self) -> bool:
        """Whether a page can show it."""
        return self.what is FileKind.PICTURE

    @property
    def weight(self) -> str:
        """How large it is, as people read it."""
        return f"{self.size / 1024 / 1024:.1f} MB" if self.size >= 1024 * 1024 else f"{max(1, self.size // 1024)} KB"


class FilesField(MultipleFileField):
    """Some files; once the form is valid `data` holds them as kept (`Kept`), ready for `attach`."""

    data: list

    def __init__(self, label: str = "附件", most: int = MOST, allowed: Sequence[FileKind] = ANY, **kw):
        """`allowed` are the kinds of files that are taken."""
        self.most, self.allowed = most, allowed
        kw.setdefault("description", f"最多 {most} 个，{kinds_in_words(allowed)}，每个 8 MB 以内。")
        others = [kind.ends for kind in FileKind if kind in allowed and kind is not FileKind.PICTURE]
        accept = ",".join(["image/jpeg,image/png,image/webp", *others])
        kw.setdefault("render_kw", {}).setdefault("accept", accept)
        super().__init__(label, **kw)

    def post_validate(self, form, validation_stopped):
        """Keep the files when nothing else is wrong with the form, without holding the write lock."""
        if any(field.errors for field in form if field is not self):
            return
        try:
            with reading():
                chosen = [file for file in self.data or [] if isinstance(file, FileStorage)]
                self.data = keep(chosen, self.most, self.allowed)
        except BadValue as bad:
            raise ValidationError(bad.sentence) from bad


def attach(row, files: Iterable[Kept], by: Actor, most: int = MOST) -> list[Upload]:
    """Add kept files to a case that has its id; RuleBroken where it would have too many."""
    files = list(files)
    if files and len(of(row)) + len(files) > most:
        raise RuleBroken(f"附件最多 {most} 个，请先删去不需要的。")
    case = {"kind": row.__tablename__, "row_id": row.id, "at": clock.now(), "by_name": by.shown}
    added = [Upload(**case, **vars(file)) for file in files]
    db.session.add_all(added)
    return added


def detach(row, files: Iterable[str]) -> None:
    """Take the files of these names away from a case; the sweep deletes them later."""
    for name in files:
        if upload := one_of(row, name):
            db.session.delete(upload)


def of(row) -> list[Upload]:
    """The files of a case, in the order in which they were added."""
    return of_many([row])[row.id]


def of_many(rows: Iterable) -> dict[int, list[Upload]]:
    """The files of cases of one table, by the case's id; one query for all."""
    found: dict[int, list[Upload]] = defaultdict(list)
    if rows := list(rows):
        for each in db.session.scalars(select(Upload).where(*_of_cases(rows)).order_by(Upload.id)):
            found[each.row_id].append(each)
    return found


def numbers_of(rows: Iterable) -> dict[int, int]:
    """How many files each of these cases of one table has, by the case's id; 0 of others."""
    found: dict[int, int] = defaultdict(int)
    if rows := list(rows):
        counted = select(Upload.row_id, func.count()).where(*_of_cases(rows)).group_by(Upload.row_id)
        found.update((row_id, count) for row_id, count in db.session.execute(counted))
    return found


def _of_cases(rows: list) -> tuple:
    return (Upload.kind == rows[0].__tablename__, Upload.row_id.in_([row.id for row in rows]))


def one_of(row, file: str) -> Upload | None:
    """The file of this name, if it is one of this case."""
    return next((each for each in of(row) if each.file == file), None)


def answer(row, file: str) -> Response:
    """A case's file as an answer: a picture to be shown, anything else to be saved; 404 where there is none."""
    upload = one_of(row, file)
    content = content_of(upload.file) if upload else None
    if upload is None or content is None:
        abort(404)
    return send_file(
        io.BytesIO(content), upload.what.media, as_attachment=not upload.is_picture, download_name=upload.title
    )


def open_to_public(upload: Upload, opened: bool = True) -> None:
    """Lay a picture where the public face reads it, or take it away from there."""
    upload.open_bytes = content_of(upload.file) if opened and upload.is_picture else None


def sweep_uploads(now: dt.datetime) -> None:
    """A sweep: delete the files that no case names and that are older than two days."""
    before = (now - STRAY_AFTER).timestamp()
    old = [path for path in folder().glob("*.sealed") if path.stat().st_mtime < before]
    named = set(db.session.scalars(select(Upload.file))) if old else set()
    for path in old:
        if path.stem not in named:
            path.unlink(missing_ok=True)
