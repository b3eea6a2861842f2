"""What stands against showing a story to everybody: consents that are missing, words that tell too much.  [四]"""

from collections.abc import Sequence

from portal import wording
from portal.errors import RuleBroken
from portal.publicity.models import Story
from portal.wishes.models import Wish


def faults(story: Story) -> list[str]:
    """What stands against handing this story in, a sentence each; [] when nothing does."""
    named = _lines(story.named)
    found = [] if story.consent else ["请先征得文中写到、照片里认得出的每个人同意，再勾选“都同意公开”。"]
    for text in (story.title, story.body):
        found += [_sentence(text, piece) for piece in wording.pieces(text) if not _agreed(text, piece, named)]
    found += [words for each in story.appearances for words in wording.problems(each.name, says_where=True)]
    words = story.title + story.body
    if story.about is not None and story.about.name in words and story.about.name not in named:
        found.append(f"文中写到{story.about.name}，请把姓名列入“写到了谁”并征得同意。")
    if any(resident in words and resident not in named for resident in _residents(story)):
        found.append("文中有许愿居民的姓名：请改称“一位居民”，或列入“写到了谁”并征得同意。")
    return list(dict.fromkeys(found))


def check(story: Story) -> None:
    """Raise RuleBroken where something stands against publishing this story."""
    if found := faults(story):
        raise RuleBroken("".join(found))


def _agreed(text: str, piece: wording.Piece, named: Sequence[str]) -> bool:
    """Whether a piece is the name of somebody who agreed; a telephone or the like stays one wherever it is listed."""
    return piece.kind == "姓名" and text[piece.start : piece.end] in named


def _sentence(text: str, piece: wording.Piece) -> str:
    words = text[piece.start : piece.end].strip()
    more = "或列入“写到了谁”并征得同意" if piece.kind == "姓名" else ""
    return f"“{words}”像是{piece.kind}，请删去{more}。"


def _lines(named: str | None) -> Sequence[str]:
    return [line.strip() for line in (named or "").splitlines() if line.strip()]


def _residents(story: Story) -> list[str]:
    """The names of whoever made the wish and of whom it is for."""
    wish: Wish | None = story.wish
    return [] if wish is None else [name for name in (wish.name, wish.beneficiary) if name]
