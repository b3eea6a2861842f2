"""Photos of stories: kept with the case, laid open to the public while the story is published."""

from collections.abc import Iterable

from sqlalchemy import select

from portal import uploads
from portal.extensions import db
from portal.publicity.models import Story, StoryState
from portal.uploads import Upload

MOST_PHOTOS = 6
# Seconds that a browser may keep a photo (no cache between): no longer, since a consent may be taken back.
KEPT = 7 * 86400
_OPEN = (Upload.kind == Story.__tablename__, Upload.open_bytes.is_not(None))


def open_all(story: Story, opened: bool = True) -> None:
    """Lay the photos of a story open to the public, or take them away from there."""
    for upload in uploads.of(story):
        uploads.open_to_public(upload, opened)


def open_files(story_id: int) -> list[str]:
    """The names of the photos of a story that everybody may see, in their order."""
    rows = select(Upload.file).where(*_OPEN, Upload.row_id == story_id).order_by(Upload.id)
    return list(db.session.scalars(rows))


def covers(story_ids: Iterable[int]) -> dict[int, str]:
    """By story, the name of its first photo, of those stories that have one; one query for all."""
    rows = select(Upload.row_id, Upload.file).where(*_OPEN, Upload.row_id.in_(list(story_ids)))
    return dict(iter(db.session.execute(rows.order_by(Upload.id.desc()))))


def open_photo(number: str, file: str) -> bytes | None:
    """A photo of a published story; None where there is none that everybody may see."""
    story = select(Story.id).where(Story.number == number, Story.state == StoryState.PUBLISHED)
    row = select(Upload.open_bytes).where(*_OPEN, Upload.row_id.in_(story), Upload.file == file)
    return db.session.scalar(row)
