"""Which characters no face can print: named before printing, never a box on the sheet."""

from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont

from portal.papers.render import FONTS

FACE_SUFFIXES = {".ttf", ".otf", ".ttc"}
UNSEEN = set(" \n\r\t\u00a0\u00ad\u2002\u2003\u2009\u200b\u3000\ufeff")


def unprintable(text: str, instance_dir: str | Path) -> list[str]:
    """The characters of `text` that neither the portal's nor the site's faces have, in order, each once."""
    own_faces = Path(instance_dir) / "fonts"
    known = _code_points(FONTS, _stamp(FONTS)) | _code_points(own_faces, _stamp(own_faces))
    lacking = (c for c in text if c not in UNSEEN and ord(c) not in known)
    return list(dict.fromkeys(lacking))


def _stamp(folder: Path) -> int:
    """Changes when a face is added to or taken from the folder."""
    return folder.stat().st_mtime_ns if folder.is_dir() else 0


@lru_cache(maxsize=8)
def _code_points(folder: Path, stamp: int) -> frozenset[int]:
    found: set[int] = set()
    if folder.is_dir():
        for path in sorted(folder.iterdir()):
            if path.suffix.lower() in FACE_SUFFIXES:
                found.update(_characters(path))
    return frozenset(found)


def _characters(path: Path) -> set[int]:
    """Code points of a face, or of every face of a collection."""
    if path.suffix.lower() == ".ttc":
        with TTCollection(path, lazy=True) as collection:
            return {code for face in collection.fonts for code in face.getBestCmap() or {}}
    with TTFont(path, lazy=True) as face:
        return set(face.getBestCmap() or {})
